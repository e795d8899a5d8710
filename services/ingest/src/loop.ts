import type { StoreLog } from '@fidelio/db/log.ts'

/** Work repeated with a pause between runs; a run that fails is logged and the next one tries again. */
export type Loop = {
  start(): void
  /** Resolves when no run is under way. */
  stop(): Promise<void>
}

export function createLoop(options: { everyMs: number; work: () => Promise<unknown>; log: StoreLog }): Loop {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let started = false

  function schedule(): void {
    timer = setTimeout(run, options.everyMs)
  }

  function run(): void {
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
    async stop() {
      started = false
      clearTimeout(timer)
      await running
    },
  }
}
