/** Small seeded randomness, so that every demo tells the same story. */
export type Random = {
  /** uniform in [0, 1) */
  next(): number
  chance(p: number): boolean
  int(from: number, to: number): number
  pick<T>(list: readonly T[]): T
  /** log-normal with the given median and spread (σ of the logarithm) */
  logNormal(median: number, spread: number): number
  poisson(mean: number): number
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  return {
    next,
    chance: (p) => next() < p,
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (list) => list[Math.floor(next() * list.length)] as (typeof list)[number],
    logNormal: (median, spread) => median * Math.exp(spread * normal()),
    poisson(mean) {
      let count = 0
      for (let product = next(); product > Math.exp(-mean); product *= next()) count += 1
      return count
    },
  }
}
