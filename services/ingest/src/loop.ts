import type { StoreLog } from '@fidelio/db/log.ts'

/** Work repeated with a pause between runs; a run that fails is logged and the next one tries again. */
export type Loop = {
  start(): void
  /** Runs now, or again at once when a run is under way: something is known to wait. Nothing before `start`. */
  wake(): void
  /** Resolves when no run is under way. */
  stop(): Promise<void>
}

export function createLoop(options: { everyMs: number; work: () => Promise<unknown>; log: StoreLog }): Loop {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let started = false
  let again = false

  function schedule(): void {
    timer = setTimeout(run, again ? 0 : options.everyMs)
  }

  function run(): void {
    again = false
    running = options
      .work()
      .then(
        () => {},
        (error: unknown) => options.log.warn({ error: String(error) }, 'A background run of ingest failed'),
      )
      .finally(() => {
        running = undefined
        if (started) schedule()
      })
  }

  return {
    start() {
      if (started) return
      started = true
      schedule()
    },
    wake() {
      if (!started) return
      again = true
      if (running) return
      clearTimeout(timer)
      schedule()
    },
    async stop() {
      started = false
      clearTimeout(timer)
      await running
    },
  }
}
