/** The loops of what is stored later: replays that were asked for, and parked entries of accounts connected since. */
import { accountsChangedChannel } from '@fidelio/db/records/accounts.ts'
import { replayChannel } from '@fidelio/db/records/replays.ts'
import type { IngestContext } from './context.ts'
import { createLoop } from './loop.ts'
import { createReplay } from './replay.ts'
import { createUnpark } from './unpark.ts'

export type Replays = {
  /** Both once, to their end. */
  process(): Promise<void>
  /** From now on both run whenever any process asks for a replay or connects an account. */
  start(): Promise<void>
  stop(): Promise<void>
}

export function createReplays(context: IngestContext): Replays {
  const { worker, log, limits } = context
  const replay = createReplay(context)
  const unpark = createUnpark(context)
  const replayLoop = createLoop({ everyMs: limits.replayEveryMs, work: () => replay.run(), log })
  const unparkLoop = createLoop({ everyMs: limits.replayEveryMs, work: () => unpark.run(), log })
  let listening: AsyncDisposable[] = []
  return {
    async process() {
      await unpark.run()
      await replay.run()
    },
    async start() {
      listening = [
        await worker.listen(replayChannel, replayLoop.wake),
        await worker.listen(accountsChangedChannel, unparkLoop.wake),
      ]
      replayLoop.start()
      unparkLoop.start()
      // What was asked for, or connected, while no process ran.
      replayLoop.wake()
      unparkLoop.wake()
    },
    async stop() {
      for (const channel of listening) await channel[Symbol.asyncDispose]()
      await Promise.all([replayLoop.stop(), unparkLoop.stop()])
    },
  }
}
