/**
 * When a person may be written to, and how often: quiet hours of the business, the sending window of a campaign, and the
 * cap on messages over all campaigns (features.md 5.4, 5.5). Hours only ever delay; they are hours of the person's own day.
 */
import type { FieldProblem } from './campaign.ts'
import { localMinuteOfDay, nextInstantForLocal } from './time.ts'

/** Hours without offers, 'HH:MM' to 'HH:MM' (exclusive); may run over midnight. Column `businesses.quiet_hours`. */
export type QuietHours = { from: string; to: string }
/** Hours in which a campaign may send, within one day; weekdays 1 = Monday … 7 = Sunday. Column `campaigns.sending_window`. */
export type SendingWindow = { from: string; to: string; weekdays: readonly number[] }
/** At most so many offers per person within so many days (of 24 hours). Column `businesses.frequency_cap`. */
export type FrequencyCap = { messages: number; days: number }
export const capMessagesMax = 100
export const capDaysMax = 365

export type SendingHours = { quiet: QuietHours | null; window: SendingWindow | null }

/** Jumps from one closed stretch into the next before it is clear that the two never leave a minute open. */
const jumpsMax = 20

/**
 * The first instant from `at` on at which hours allow an offer to somebody in a zone: `at` itself when they do. Null when
 * quiet hours and window together leave no minute of the week.
 */
export function nextAllowed(at: number, zone: string, { quiet, window }: SendingHours): number | null {
  let instant = at
  for (let jump = 0; jump < jumpsMax; jump++) {
    const { weekday, minute } = localMinuteOfDay(instant, zone)
    let opens: { hour: number; minute: number; weekdays?: readonly number[] } | null = null
    if (quiet && isWithin(minute, quiet)) opens = wallOf(quiet.to)
    else if (window && !(window.weekdays.includes(weekday) && isWithin(minute, window)))
      opens = { ...wallOf(window.from), weekdays: window.weekdays }
    if (opens === null) return instant
    const next = nextInstantForLocal(instant, opens, zone)
    if (next === null) return null
    instant = next.at
  }
  return null
}

function isWithin(minute: number, { from, to }: { from: string; to: string }): boolean {
  const [start, end] = [minutesOf(from), minutesOf(to)]
  return start <= end ? minute >= start && minute < end : minute >= start || minute < end
}

function wallOf(time: string): { hour: number; minute: number } {
  const minutes = minutesOf(time)
  return { hour: Math.floor(minutes / 60), minute: minutes % 60 }
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}

const isTime = (text: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text)

/** What is wrong with hours or a cap from outside; empty: nothing. */
export function sendingPolicyProblems(policy: { quiet: QuietHours | null; cap: FrequencyCap | null }): FieldProblem[] {
  const problems: FieldProblem[] = []
  const { quiet, cap } = policy
  if (quiet && !(isTime(quiet.from) && isTime(quiet.to) && quiet.from !== quiet.to))
    problems.push({ field: 'quietHours', problem: 'Quiet hours run from one time such as 21:00 to another one.' })
  if (cap && !(isWhole(cap.messages, capMessagesMax) && isWhole(cap.days, capDaysMax)))
    problems.push({
      field: 'frequencyCap',
      problem: `A cap is 1 to ${capMessagesMax} messages within 1 to ${capDaysMax} days.`,
    })
  return problems
}

function isWhole(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= max
}

/** What is wrong with a campaign's window, also beside the business's quiet hours; null: nothing. */
export function sendingWindowProblem(window: SendingWindow | null, quiet: QuietHours | null): string | null {
  if (window === null) return null
  const { from, to, weekdays } = window
  if (!(isTime(from) && isTime(to) && from < to))
    return 'A sending window runs from one time to a later one of the same day.'
  if (weekdays.length === 0 || !weekdays.every((day) => isWhole(day, 7)))
    return 'A sending window needs weekdays, 1 for Monday to 7.'
  // A week without a clock change decides; UTC never has one.
  return nextAllowed(0, 'UTC', { quiet, window }) === null
    ? 'The sending window lies wholly within the quiet hours.'
    : null
}
