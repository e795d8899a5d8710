/** Proportions as they are always shown: numerator, denominator, value and interval (measures.md §1). */

/** The 97.5 % point of the standard normal distribution: two-sided 95 % intervals. */
export const z95 = 1.959963984540054

export type Rate = {
  numerator: number
  denominator: number
  /** Null when nobody is in the denominator: there is no rate of nothing. */
  value: number | null
  /** Wilson limits, inside [0, 1]; null with the value. */
  lower: number | null
  upper: number | null
}

/** A rate with its Wilson score interval. Throws a RangeError unless 0 <= numerator <= denominator, both whole. */
export function rate(numerator: number, denominator: number, z: number = z95): Rate {
  assertCounts(numerator, denominator)
  if (denominator === 0) return { numerator, denominator, value: null, lower: null, upper: null }
  const interval = wilson(numerator, denominator, z)
  return { numerator, denominator, value: numerator / denominator, ...interval }
}

/**
 * Wilson score interval without continuity correction. It stays inside [0, 1] and is honest at 0 and n, where Wald's
 * shrinks to a point. `denominator` must be at least 1.
 */
export function wilson(numerator: number, denominator: number, z: number = z95): { lower: number; upper: number } {
  assertCounts(numerator, denominator)
  if (denominator === 0) throw new RangeError('no interval without observations')
  const p = numerator / denominator
  const zz = (z * z) / denominator
  const centre = (p + zz / 2) / (1 + zz)
  const half = (z * Math.sqrt((p * (1 - p)) / denominator + zz / (4 * denominator))) / (1 + zz)
  // At the ends the limit is exact; rounding must not leave it beside 0 or 1.
  return {
    lower: numerator === 0 ? 0 : Math.max(0, centre - half),
    upper: numerator === denominator ? 1 : Math.min(1, centre + half),
  }
}

/** Sum of numerators over sum of denominators: the only average of rates there is here (never a mean of percentages). */
export function pooledRate(rates: readonly Pick<Rate, 'numerator' | 'denominator'>[], z: number = z95): Rate {
  let numerator = 0
  let denominator = 0
  for (const part of rates) {
    numerator += part.numerator
    denominator += part.denominator
  }
  return rate(numerator, denominator, z)
}

function assertCounts(numerator: number, denominator: number): void {
  const counts = Number.isInteger(numerator) && Number.isInteger(denominator)
  if (!counts || numerator < 0 || numerator > denominator) {
    throw new RangeError(`not a proportion: ${numerator} of ${denominator}`)
  }
}
