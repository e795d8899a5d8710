/** Opening hours as callers write them: { "mon": [["09:00", "12:30"], ["14:00", "18:00"]], … }; a day left out is closed. */
import { z } from 'zod'
import { invalid } from './errors.ts'

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/)
const span = z.tuple([time, time]).refine(([from, to]) => from < to, 'opens after it closes')
const day = z
  .array(span)
  .max(4)
  .refine((spans) => spans.every(([from], index) => index === 0 || (spans[index - 1]?.[1] ?? '') <= from), 'overlap')
const week = z.strictObject({
  mon: day.optional(),
  tue: day.optional(),
  wed: day.optional(),
  thu: day.optional(),
  fri: day.optional(),
  sat: day.optional(),
  sun: day.optional(),
})

export const holidaysMax = 100

/** @throws VALIDATION naming the first thing that is wrong. */
export function requireWeek(field: string, value: unknown): Record<string, [string, string][]> {
  const parsed = week.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = [field, ...(issue?.path ?? []).map(String)].join('.')
    throw invalid(
      where,
      'Use weekdays mon to sun, each with times in order such as [["09:00", "12:30"], ["14:00", "18:00"]].',
    )
  }
  const days = Object.entries(parsed.data).filter(
    (entry): entry is [string, [string, string][]] => entry[1] !== undefined,
  )
  return Object.fromEntries(days)
}
