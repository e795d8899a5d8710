/**
 * How long people wait when some are still waiting (measures.md §5).
 *
 * Kaplan–Meier takes who still waits as censored: it assumes that being cut off says nothing about the wait. That holds
 * for "open right now" and fails for "gave up", which is why `abandoned` is a competing event: where it occurs, answers
 * are described by the Aalen–Johansen incidence, since 1 − S overstates them. Both agree with R's `survival`.
 *
 * Times are in any one unit (seconds, by convention) and at least 0. At equal times, ends come before censorings.
 * Limits are Greenwood's and take waits as independent. Waits of one person resemble each other, so where few people wait
 * often the true limits are somewhat wider; screens that show limits say "waits taken as independent".
 */
import { z95 } from './proportion.ts'
import { secondMs } from './time.ts'
import { type SpellOutcome, type WaitingSpell, waitedMs } from './waiting-spell.ts'

export type TimedOutcome = { time: number; outcome: SpellOutcome }

/** How many waits ended, each way, or were cut off at one time: what a query that groups by time returns. */
export type CountsAtTime = { time: number; answered: number; abandoned: number; waiting: number }

/** Waits in seconds, those still open cut off at `now`. A spell that opened after `now` has waited 0 s. */
export function timedOutcomes(
  spells: readonly Pick<WaitingSpell, 'openedAt' | 'closedAt' | 'outcome'>[],
  now: number,
): TimedOutcome[] {
  return spells.map((spell) => ({ time: waitedMs(spell, now) / secondMs, outcome: spell.outcome }))
}

export type SurvivalStep = {
  time: number
  /** Still under observation just before `time`. */
  atRisk: number
  answered: number
  abandoned: number
  /** Censored at `time`. */
  waiting: number
  /** S(time): the share for whom nothing has happened by then. */
  survival: number
  /** Greenwood's sum: var(S) = S² · greenwood. Unchanged by the last step if S falls to 0 there, as S's limits then have no meaning. */
  greenwood: number
  /** Aalen–Johansen: the share answered by then, with abandonment as a competing event. */
  answeredIncidence: number
  abandonedIncidence: number
  /** Variance of `answeredIncidence` (delta method, Marubini and Valsecchi); without abandonments and ties Greenwood's. */
  answeredVariance: number
}

/** A quantile with its 95 % limits; null means "not reached", and is never replaced by a number. */
export type SurvivalQuantile = { value: number | null; lower: number | null; upper: number | null }

/** R compares with a tolerance too: 0.5 must be reached by 1 − 5/10 as well as by a product of fractions. */
const tolerance = 1e-9

/**
 * One step per distinct time. S falls at every end, answered or abandoned, and so describes the wait itself; without
 * abandonments 1 − S = `answeredIncidence`. To treat abandonment as censoring knowingly, rename it first.
 */
export function survivalSteps(observations: readonly TimedOutcome[]): SurvivalStep[] {
  const counts = new Map<number, CountsAtTime>()
  for (const { time, outcome } of observations) {
    const atTime = counts.get(time) ?? { time, answered: 0, abandoned: 0, waiting: 0 }
    atTime[outcome] += 1
    counts.set(time, atTime)
  }
  return survivalStepsOfCounts([...counts.values()])
}

/** The same from counts, one element per distinct time, in any order. Throws a RangeError for a time that is none, or twice. */
export function survivalStepsOfCounts(counts: readonly CountsAtTime[]): SurvivalStep[] {
  const sizeOf = (at: CountsAtTime) => at.answered + at.abandoned + at.waiting
  const ordered = counts.filter((at) => sizeOf(at) > 0).sort((a, b) => a.time - b.time)
  let atRisk = ordered.reduce((sum, at) => sum + sizeOf(at), 0)
  let survival = 1
  let greenwood = 0
  let answeredIncidence = 0
  let abandonedIncidence = 0
  let before = -1
  const variance = incidenceVariance()
  return ordered.map(({ time, answered, abandoned, waiting }) => {
    if (!(time >= 0 && time > before && time < Number.POSITIVE_INFINITY))
      throw new RangeError(`not a next time: ${time}`)
    before = time
    const ends = answered + abandoned
    const beforeStep = survival
    answeredIncidence += (survival * answered) / atRisk
    abandonedIncidence += (survival * abandoned) / atRisk
    survival *= 1 - ends / atRisk
    if (ends < atRisk) greenwood += ends / (atRisk * (atRisk - ends))
    const answeredVariance = variance({ before: beforeStep, atRisk, answered, ends, incidence: answeredIncidence })
    const incidence = { answeredIncidence, abandonedIncidence, answeredVariance }
    const step = { time, atRisk, answered, abandoned, waiting, survival, greenwood, ...incidence }
    atRisk -= ends + waiting
    return step
  })
}

/**
 * The variance of the answered incidence F from step to step: Σ (F(t) − F(tᵢ))² e/(n(n−e)) + Σ S² d(n−d)/n³
 * − 2 Σ (F(t) − F(tᵢ)) S d/n², with the squares multiplied out, so that each step costs the same. Without censoring it is
 * F (1 − F) / n, that of a share.
 */
function incidenceVariance() {
  let [v1, v2, v3, v4, v5, v6] = [0, 0, 0, 0, 0, 0]
  return (at: { before: number; atRisk: number; answered: number; ends: number; incidence: number }): number => {
    const { before: s, atRisk: n, answered: d, ends: e, incidence: f } = at
    const hazard = e === n ? 0 : e / (n * (n - e))
    v1 += hazard
    v2 += f * hazard
    v3 += f * f * hazard
    v4 += (s * s * d * (n - d)) / n ** 3
    v5 += (s * d) / n ** 2
    v6 += (f * s * d) / n ** 2
    return Math.max(0, f * f * v1 - 2 * f * v2 + v3 + v4 - 2 * (f * v5 - v6))
  }
}

/** S(t): the share still waiting after t. 1 before the first step; the last known value after the last one. */
export function survivalAt(steps: readonly SurvivalStep[], t: number): number {
  return lastStepAt(steps, t)?.survival ?? 1
}

/** The share answered within t (Aalen–Johansen; 1 − S(t) when nobody abandons). */
export function answeredWithin(steps: readonly SurvivalStep[], t: number): number {
  return lastStepAt(steps, t)?.answeredIncidence ?? 0
}

/** Log-transformed limits of S at a step (R's default): S · exp(± z √greenwood), at most 1; null where S is 0. */
export function survivalLimits(step: SurvivalStep, z: number = z95): { lower: number; upper: number } | null {
  if (step.survival <= 0) return null
  const half = z * Math.sqrt(step.greenwood)
  return { lower: step.survival * Math.exp(-half), upper: Math.min(1, step.survival * Math.exp(half)) }
}

/**
 * The p-quantile of the wait: the least t with S(t) <= 1 − p; its limits are where the limits of S cross the same line.
 * p = 0.5 is the median. Null where it is not reached.
 */
export function survivalQuantile(steps: readonly SurvivalStep[], p: number, z: number = z95): SurvivalQuantile {
  const line = 1 - p + tolerance
  const first = (crosses: (step: SurvivalStep) => boolean) => steps.find(crosses)?.time ?? null
  return {
    value: first((step) => step.survival <= line),
    lower: first((step) => (survivalLimits(step, z)?.lower ?? 1) <= line),
    upper: first((step) => (survivalLimits(step, z)?.upper ?? 1) <= line),
  }
}

/**
 * The p-quantile of the time to an answer when some give up: the least t by which a share p of all who began to wait was
 * answered. Null when fewer than p ever are ("not reached").
 */
export function answeredQuantile(steps: readonly SurvivalStep[], p: number): number | null {
  return steps.find((step) => step.answeredIncidence >= p - tolerance)?.time ?? null
}

/** Limits of the share not answered at a step, on the logarithmic scale as those of S; null where everybody was answered. */
function unansweredLimits(step: SurvivalStep, z: number): { lower: number; upper: number } | null {
  const unanswered = 1 - step.answeredIncidence
  if (unanswered <= 1e-12) return null
  const half = (z * Math.sqrt(step.answeredVariance)) / unanswered
  return { lower: unanswered * Math.exp(-half), upper: Math.min(1, unanswered * Math.exp(half)) }
}

/**
 * What the screens show: the Kaplan–Meier quantile with limits, or, as soon as one wait was abandoned, the quantile of
 * the answered incidence, its limits where those of the incidence cross the same line. `method` is printed beside it.
 */
export function waitQuantile(
  steps: readonly SurvivalStep[],
  p: number,
): SurvivalQuantile & { method: 'kaplan_meier' | 'aalen_johansen' } {
  const competing = steps.some((step) => step.abandoned > 0)
  if (!competing) return { method: 'kaplan_meier', ...survivalQuantile(steps, p) }
  const line = 1 - p + tolerance
  const first = (side: 'lower' | 'upper') =>
    steps.find((step) => (unansweredLimits(step, z95)?.[side] ?? 1) <= line)?.time ?? null
  return { method: 'aalen_johansen', value: answeredQuantile(steps, p), lower: first('lower'), upper: first('upper') }
}

/** Restricted mean: the mean of min(wait, tau), the area under S up to tau. After the last step S stays as it was. */
export function restrictedMean(steps: readonly SurvivalStep[], tau: number): number {
  let area = 0
  let time = 0
  let survival = 1
  for (const step of steps) {
    if (step.time >= tau) break
    area += (step.time - time) * survival
    time = step.time
    survival = step.survival
  }
  return area + Math.max(0, tau - time) * survival
}

/**
 * The restricted mean with its 95 % limits, as R's `survfit` has them: the variance is Σ A² e/(n(n−e)), A the area still to
 * come after each end. Limits stay within 0 and tau.
 */
export function restrictedMeanLimits(
  steps: readonly SurvivalStep[],
  tau: number,
  z: number = z95,
): { value: number; standardError: number; lower: number; upper: number } {
  const value = restrictedMean(steps, tau)
  let variance = 0
  let toCome = 0
  let until = tau
  for (const { time, survival, atRisk, answered, abandoned } of steps.toReversed()) {
    if (time >= tau) continue
    toCome += (until - time) * survival
    until = time
    const ends = answered + abandoned
    if (ends < atRisk) variance += (toCome * toCome * ends) / (atRisk * (atRisk - ends))
  }
  const standardError = Math.sqrt(variance)
  const half = z * standardError
  return { value, standardError, lower: Math.max(0, value - half), upper: Math.min(tau, value + half) }
}

function lastStepAt(steps: readonly SurvivalStep[], t: number): SurvivalStep | undefined {
  return steps.findLast((step) => step.time <= t)
}
