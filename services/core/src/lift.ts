/**
 * What a campaign changed, against people held back by chance (measures.md §9). Only this is causal.
 *
 * Intention to treat: everybody stays in the arm of the split, sent or not. The difference is treated − control. Its
 * fixed interval is Newcombe's; the verdict rests on the sequential interval, because people look every day.
 */
import { type Rate, rate, wilson, z95 } from './proportion.ts'

/** People of an arm, and those of them who did it (ordered). */
export type ArmCounts = { people: number; converted: number }

export type Arms = { treated: ArmCounts; control: ArmCounts }

export type Interval = { lower: number; upper: number }

export type Difference = Interval & { value: number }

/**
 * Difference of two independent proportions by Newcombe's method 10 (1998): the Wilson limits of both, combined. Finite
 * and honest with zero cells. Null when an arm is empty.
 */
export function differenceOfRates({ treated, control }: Arms, z: number = z95): Difference | null {
  if (treated.people === 0 || control.people === 0) return null
  const pT = treated.converted / treated.people
  const pC = control.converted / control.people
  const t = wilson(treated.converted, treated.people, z)
  const c = wilson(control.converted, control.people, z)
  return {
    value: pT - pC,
    lower: pT - pC - Math.hypot(pT - t.lower, c.upper - pC),
    upper: pT - pC + Math.hypot(t.upper - pT, pC - c.lower),
  }
}

/** Fewer people than this expected in an arm: chi-square would call ordinary luck a fault, so nothing is withheld. */
const expectedPeopleMin = 5
/** Below this probability the split is taken as broken and results are withheld (measures.md §9). */
export const sampleRatioAlpha = 0.001

export type SampleRatio = { chiSquare: number; pValue: number; mismatch: boolean }

/** Chi-square check (1 degree of freedom) that the arms have the sizes the split was meant to give. */
export function sampleRatioCheck(people: { treated: number; control: number }, holdoutShare: number): SampleRatio {
  if (!(holdoutShare >= 0 && holdoutShare <= 1)) throw new RangeError(`not a share: ${holdoutShare}`)
  const total = people.treated + people.control
  const control = total * holdoutShare
  const treated = total - control
  // A share of 0 or 1 leaves an arm without anyone: one person found there is proof enough.
  if (control === 0 || treated === 0) {
    const mismatch = people.control !== control
    return { chiSquare: mismatch ? Number.POSITIVE_INFINITY : 0, pValue: mismatch ? 0 : 1, mismatch }
  }
  const chiSquare = (people.treated - treated) ** 2 / treated + (people.control - control) ** 2 / control
  const pValue = erfc(Math.sqrt(chiSquare / 2))
  const large = Math.min(treated, control) >= expectedPeopleMin
  return { chiSquare, pValue, mismatch: large && pValue < sampleRatioAlpha }
}

/** N*: where the sequential interval is narrowest. Stored with the campaign at launch; changing it later voids the promise. */
export const sequentialPeopleDefault = 5000

export type SequentialOptions = { alpha?: number; plannedPeople?: number }

/**
 * Half-width of the asymptotic confidence sequence, for a standard error seen at n people in both arms together:
 * se·√n·√(2(nρ² + 1)·ln(√(nρ² + 1)/α)/(nρ)²), ρ = √((−2 ln α + ln(1 − 2 ln α))/N*). Valid at every look at once.
 */
export function sequentialHalfWidth(standardError: number, n: number, options: SequentialOptions = {}): number {
  const { alpha = 0.05, plannedPeople = sequentialPeopleDefault } = options
  const rho2 = (-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / plannedPeople
  const m = n * rho2 + 1
  return standardError * Math.sqrt(n) * Math.sqrt((2 * m * Math.log(Math.sqrt(m) / alpha)) / (n * n * rho2))
}

/**
 * Standard error of the difference, from rates with one success and one failure added to each arm (Agresti and Caffo):
 * the plain formula gives 0 for zero cells and would call two lucky orders a proof. Same value in the limit.
 */
export function standardErrorOfDifference({ treated, control }: Arms): number {
  const variance = ({ people, converted }: ArmCounts) => {
    const p = (converted + 1) / (people + 2)
    return (p * (1 - p)) / (people + 2)
  }
  return Math.sqrt(variance(treated) + variance(control))
}

/** The always-valid interval of the difference, inside [−1, 1]; null when an arm is empty. */
export function sequentialInterval(arms: Arms, options: SequentialOptions = {}): Difference | null {
  const difference = differenceOfRates(arms)
  if (difference === null) return null
  const half = sequentialHalfWidth(standardErrorOfDifference(arms), arms.treated.people + arms.control.people, options)
  return {
    value: difference.value,
    lower: Math.max(-1, difference.value - half),
    upper: Math.min(1, difference.value + half),
  }
}

/** `furtherPeople`: how many more, over both arms, if the difference stays what it is; null when it shows none to speak of. */
export type LiftVerdict =
  | { kind: 'positive' }
  | { kind: 'negative' }
  | { kind: 'not_enough'; furtherPeople: number | null }
  | { kind: 'sample_ratio_mismatch' }

export type Lift = {
  treated: Rate
  control: Rate
  sampleRatio: SampleRatio
  verdict: LiftVerdict
  /** Null when an arm is empty or the sample ratio is broken: results are withheld then. */
  difference: Difference | null
  sequential: Difference | null
}

export type LiftOptions = SequentialOptions & { holdoutShare: number }

/** The whole answer for one campaign and one outcome. */
export function assessLift(arms: Arms, options: LiftOptions): Lift {
  const rates = {
    treated: rate(arms.treated.converted, arms.treated.people),
    control: rate(arms.control.converted, arms.control.people),
  }
  const people = { treated: arms.treated.people, control: arms.control.people }
  const sampleRatio = sampleRatioCheck(people, options.holdoutShare)
  if (sampleRatio.mismatch) {
    return { ...rates, sampleRatio, verdict: { kind: 'sample_ratio_mismatch' }, difference: null, sequential: null }
  }
  const sequential = sequentialInterval(arms, options)
  return {
    ...rates,
    sampleRatio,
    verdict: verdictOf(arms, sequential, options),
    difference: differenceOfRates(arms),
    sequential,
  }
}

function verdictOf(arms: Arms, sequential: Difference | null, options: SequentialOptions): LiftVerdict {
  if (sequential === null) return { kind: 'not_enough', furtherPeople: null }
  if (sequential.lower > 0) return { kind: 'positive' }
  if (sequential.upper < 0) return { kind: 'negative' }
  return { kind: 'not_enough', furtherPeople: furtherPeopleNeeded(arms, sequential.value, options) }
}

/** Beyond this no number is given: "a million more people" is not advice. */
const furtherPeopleMax = 1_000_000

function furtherPeopleNeeded(arms: Arms, difference: number, options: SequentialOptions): number | null {
  const now = arms.treated.people + arms.control.people
  const standardError = standardErrorOfDifference(arms)
  const enough = (n: number) =>
    sequentialHalfWidth(standardError * Math.sqrt(now / n), n, options) < Math.abs(difference)
  let few = now
  let many = now + furtherPeopleMax
  if (!enough(many)) return null
  while (many - few > 1) {
    const middle = Math.floor((few + many) / 2)
    if (enough(middle)) many = middle
    else few = middle
  }
  return many - now
}

/** One campaign's contribution to extra orders. */
export type CampaignArms = Arms & { holdoutShare: number }

export type ExtraOrders = {
  /** Null when no campaign can be counted: there is no control to compare with. */
  value: number | null
  lower: number | null
  upper: number | null
  campaignsCounted: number
  /** No control group, or nobody in an arm: nothing causal can be said. */
  campaignsWithoutControl: number
  /** Withheld because the arms have sizes that chance does not explain. */
  campaignsWithheld: number
}

/**
 * Extra orders: Σ (treated rate − control rate) × treated people over campaigns. The interval combines the campaigns'
 * always-valid limits as squares (campaigns are independent), not as plain sums, which would be too wide. They are the
 * limits of the verdict: figures looked at every Monday must not look surer than it.
 */
export function extraOrders(campaigns: readonly CampaignArms[]): ExtraOrders {
  let value = 0
  let below = 0
  let above = 0
  const counted = { campaignsCounted: 0, campaignsWithoutControl: 0, campaignsWithheld: 0 }
  for (const campaign of campaigns) {
    const { treated, control, holdoutShare } = campaign
    const difference = sequentialInterval(campaign)
    if (sampleRatioCheck({ treated: treated.people, control: control.people }, holdoutShare).mismatch) {
      counted.campaignsWithheld += 1
    } else if (difference === null) {
      counted.campaignsWithoutControl += 1
    } else {
      counted.campaignsCounted += 1
      value += difference.value * treated.people
      below += ((difference.value - difference.lower) * treated.people) ** 2
      above += ((difference.upper - difference.value) * treated.people) ** 2
    }
  }
  if (counted.campaignsCounted === 0) return { value: null, lower: null, upper: null, ...counted }
  return { value, lower: value - Math.sqrt(below), upper: value + Math.sqrt(above), ...counted }
}

/** Complementary error function for x >= 0, to about 1e-15 absolute: a series of positive terms, a continued fraction beyond 3. */
function erfc(x: number): number {
  if (x < 3) {
    let term = x
    let sum = x
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * x * x) / (2 * n + 1)
      sum += term
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
  }
  let fraction = x
  for (let n = 60; n >= 1; n--) fraction = x + n / 2 / fraction
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction
}
