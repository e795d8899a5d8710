/**
 * Group commit in its smallest form: while one round runs, callers queue up, and the next round takes all of them. One
 * round is in flight at a time, so the store sees few large statements instead of many small ones.
 */
export type Group<I, O> = {
  /**
   * Resolves with one result per item, in order. Rejects with what the round threw, for every caller of that round.
   * Null: too many items are waiting already.
   */
  add(items: readonly I[]): Promise<O[]> | null
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>
}

type Caller<I, O> = { items: readonly I[]; resolve: (results: O[]) => void; reject: (error: unknown) => void }

export function createGroup<I, O>(options: {
  /** Answers every item, in order. */
  run: (items: I[]) => Promise<O[]>
  itemsPerRoundMax: number
  itemsWaitingMax: number
}): Group<I, O> {
  let waiting: Caller<I, O>[] = []
  let waitingItems = 0
  let running: Promise<void> | undefined

  /** Whole callers only: a caller with more items than a round's limit gets a round of its own. */
  function takeRound(): Caller<I, O>[] {
    let items = 0
    let callers = 0
    for (const caller of waiting) {
      if (callers > 0 && items + caller.items.length > options.itemsPerRoundMax) break
      items += caller.items.length
      callers++
    }
    const round = waiting.slice(0, callers)
    waiting = waiting.slice(callers)
    waitingItems -= items
    return round
  }

  /** Runs these callers together. False: their content was refused, and this was not their last try. */
  async function settles(callers: typeof waiting, last: boolean): Promise<boolean> {
    try {
      const results = await options.run(callers.flatMap((caller) => caller.items))
      let at = 0
      for (const caller of callers) {
        caller.resolve(results.slice(at, at + caller.items.length))
        at += caller.items.length
      }
      return true
    } catch (error) {
      if (!last && isContentRefusal(error)) return false
      for (const caller of callers) caller.reject(error)
      return true
    }
  }

  async function runRounds(): Promise<void> {
    while (waiting.length > 0) {
      const round = takeRound()
      // What one caller brought must not fail the others: such a round is tried again caller by caller.
      if (!(await settles(round, round.length === 1))) for (const caller of round) await settles([caller], true)
    }
    running = undefined
  }

  return {
    add(items) {
      if (waitingItems + items.length > options.itemsWaitingMax && waitingItems > 0) return null
      return new Promise((resolve, reject) => {
        waiting.push({ items, resolve, reject })
        waitingItems += items.length
        running ??= Promise.resolve().then(runRounds)
      })
    },
    async idle() {
      while (running) await running
    },
  }
}

/** Postgres refused what was in the statement (classes 22 data, 23 integrity), and did not merely fail to run it. */
function isContentRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code))
}
