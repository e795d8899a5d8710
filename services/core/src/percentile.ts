/**
 * Percentiles as they are shown (measures.md §6). Type numbers are those of R and of Hyndman and Fan (1996).
 * ClickHouse: type 7 = `quantileExactInclusive`, type 6 = `quantileExactExclusive`; `quantileExact` is neither.
 */

/** 7: linear between order statistics, as in spreadsheets, NumPy and R. The default everywhere. 6: as Minitab and SPSS. */
export type QuantileType = 6 | 7

/** A quantile of unordered values, 0 <= p <= 1; null when there are none. Throws a RangeError for other p or a NaN value. */
export function quantile(values: readonly number[], p: number, type: QuantileType = 7): number | null {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`not a probability: ${p}`)
  if (values.some(Number.isNaN)) throw new RangeError('a quantile of NaN has no meaning')
  const sorted = Float64Array.from(values).sort()
  const n = sorted.length
  if (n === 0) return null
  const position = type === 7 ? (n - 1) * p : Math.min(Math.max((n + 1) * p - 1, 0), n - 1)
  const below = Math.floor(position)
  const low = sorted[below] ?? 0
  const high = sorted[Math.min(below + 1, n - 1)] ?? low
  // Without this line an infinite neighbour of weight 0 would make NaN.
  return position === below || low === high ? low : low + (position - below) * (high - low)
}

/** From how many observations a percentile is shown: 10 for p90 and above, 100 for p99 and above, else 1. */
export function observationsNeeded(p: number): number {
  if (p >= 0.99) return 100
  return p >= 0.9 ? 10 : 1
}

export type ShownPercentile = { value: number | null; n: number; state: 'shown' | 'suppressed' | 'empty' }

/** A percentile with its n, suppressed where there are too few observations to say it. */
export function shownPercentile(values: readonly number[], p: number, type: QuantileType = 7): ShownPercentile {
  const n = values.length
  if (n === 0) return { value: null, n, state: 'empty' }
  if (n < observationsNeeded(p)) return { value: null, n, state: 'suppressed' }
  return { value: quantile(values, p, type), n, state: 'shown' }
}
