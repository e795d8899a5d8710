/** Trouble that meets every request at once is told once a second, with how many requests it met. */
import type { StoreLog } from '@fidelio/db/log.ts'

const tellEveryMs = 1000

export type Trouble = {
  /** `sentence`: what it means for the caller. */
  tell(error: unknown, sentence: string): void
}

export function createTrouble(log: StoreLog): Trouble {
  let silentUntil = 0
  let untold = 0
  return {
    tell(error, sentence) {
      untold++
      const now = performance.now()
      if (now < silentUntil) return
      silentUntil = now + tellEveryMs
      log.error({ requests: untold, error: String(error) }, sentence)
      untold = 0
    },
  }
}
