/**
 * Meta's "very responsive" badge of a Page, as its help describes it (measures.md §5, protocols.md §9), beside ours.
 *
 * It counts only FIRST messages: those after 24 hours in which nobody wrote. Over the last seven days at least 90 % of them
 * must be answered, and the mean of the FASTEST 90 % of the answers must be at most 15 minutes. Automatic replies do not
 * count as answers. So it forgives the slowest tenth of the answers and, below the 90 %, everybody without one: it is not
 * how long people wait, and a plain mean never equals it. The wording varies by edition, hence the rule is data.
 *
 * "What regains it" is found, not guessed: answers to people who already wait are as slow as they have become, new ones can
 * be fast. Both steps are tried against the rule itself, the fewest that suffice are told.
 */
import { minuteMs, secondMs } from './time.ts'

export type BadgeRule = {
  answeredShareMin: number
  meanSecondsMax: number
  /** The mean is that of this share of the answers, the fastest. */
  fastestShare: number
}

export const badgeRule: BadgeRule = { answeredShareMin: 0.9, meanSecondsMax: 900, fastestShare: 0.9 }
export const badgeDays = 7
/** What "answer fast" means when new messages are to repair the mean. */
export const fastAnswerMs = 5 * minuteMs
/** More new conversations than this are no advice any more. */
const newFastMax = 10_000

export type FirstMessage = {
  openedAt: number
  /** Null: not answered by a person. */
  answeredAt: number | null
  /** Whether an answer would still reach somebody who waits. */
  waiting: boolean
}

export type Badge = {
  messages: number
  answered: number
  waiting: number
  responseSeconds: number | null
  held: boolean
  /** The fewest of those who wait to answer; 0 when it is held, or when answering them does not help. */
  answerNow: number
  /** The latest instant, to the minute, at which those answers still suffice; null where they do not, or none is needed. */
  answerBy: number | null
  /** The fewest new first messages to answer within five minutes besides; null: more than is sensible to name. */
  newFast: number | null
}

/** @param until the end of the day: for as long as no first message leaves the seven days, the advice holds */
export function metaBadge(
  firsts: readonly FirstMessage[],
  { now, until, rule = badgeRule }: { now: number; until: number; rule?: BadgeRule },
): Badge {
  const times = firsts.flatMap(({ openedAt, answeredAt }) => (answeredAt === null ? [] : [answeredAt - openedAt]))
  times.sort((a, b) => a - b)
  // Who wrote last waited least: their answers cost the mean least.
  const open = firsts.filter(({ waiting }) => waiting).map(({ openedAt }) => openedAt)
  open.sort((a, b) => b - a)
  const total = firsts.length
  const tried = (answers: number, fast: number, at: number) => {
    const late = open.slice(0, answers).map((openedAt) => at - openedAt)
    const all = [...times, ...late, ...Array<number>(fast).fill(fastAnswerMs)].sort((a, b) => a - b)
    return holds(all, total + fast, rule)
  }
  const neededWith = (fast: number) =>
    Math.min(open.length, Math.max(0, Math.ceil(rule.answeredShareMin * (total + fast) - 1e-9) - times.length - fast))
  const works = (fast: number, at = now) => tried(neededWith(fast), fast, at)
  const known = {
    messages: total,
    answered: times.length,
    waiting: open.length,
    responseSeconds: fastestMean(times, rule),
    held: holds(times, total, rule),
  }
  if (known.held) return { ...known, answerNow: 0, answerBy: null, newFast: 0 }
  const newFast = fewest(works)
  if (newFast === null) return { ...known, answerNow: 0, answerBy: null, newFast: null }
  const answerNow = neededWith(newFast)
  const minutes = Math.max(0, Math.floor((until - now) / minuteMs))
  const lastMinute = answerNow === 0 ? null : lastWorking(minutes, (minute) => works(newFast, now + minute * minuteMs))
  return { ...known, answerNow, answerBy: lastMinute === null ? null : now + lastMinute * minuteMs, newFast }
}

function holds(times: readonly number[], total: number, rule: BadgeRule): boolean {
  const mean = fastestMean(times, rule)
  return mean !== null && times.length >= rule.answeredShareMin * total - 1e-9 && mean <= rule.meanSecondsMax
}

/** Of times in order: the mean of the fastest share, at least one, in seconds. */
function fastestMean(times: readonly number[], rule: BadgeRule): number | null {
  if (times.length === 0) return null
  const counted = Math.max(1, Math.floor(rule.fastestShare * times.length + 1e-9))
  return times.slice(0, counted).reduce((sum, time) => sum + time, 0) / counted / secondMs
}

/** The least number for which a condition holds that holds for every greater one. */
function fewest(works: (count: number) => boolean): number | null {
  let [low, high] = [-1, 1]
  if (works(0)) return 0
  while (!works(high)) {
    if (high >= newFastMax) return null
    low = high
    high = Math.min(newFastMax, high * 2)
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (works(middle)) high = middle
    else low = middle
  }
  return high
}

/** The last minute of 0 … minutes at which a condition holds that, once lost, stays lost. It holds at 0. */
function lastWorking(minutes: number, works: (minute: number) => boolean): number {
  let [low, high] = [0, minutes + 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (works(middle)) low = middle
    else high = middle
  }
  return low
}
