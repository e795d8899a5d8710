/** The finer choices of a retention question, the same for the matrix and for the rows behind its cells. */
import { eventChoiceOf } from '@fidelio/core/event-choice.ts'
import type { RetentionArgs, RetentionOptions } from '@fidelio/db/queries/types.ts'
import { invalid } from '../errors.ts'
import { requireWithin } from '../input.ts'
import { builder } from './builder.ts'
import { RetentionBreakdownEnum, RetentionTimingEnum, WeekStartEnum } from './enums.ts'

const columnsMax = 31
const intervalsMax = 400
const occurrencesMax = 1000

export const RetentionOptionsInput = builder.inputType('RetentionOptionsInput', {
  description: 'The finer choices of a retention question.',
  fields: (t) => ({
    weekStart: t.field({ type: WeekStartEnum, description: 'left out: MONDAY' }),
    timing: t.field({ type: RetentionTimingEnum, description: 'left out: CALENDAR' }),
    returnActivity: t.string({ description: 'what counts as coming back, as `activity`; left out: the same' }),
    minOccurrences: t.int({ description: 'so many returns within one interval, at least; left out: 1' }),
    horizon: t.int({ description: 'for BOUNDED: so many further intervals are looked at; left out: 0' }),
    brackets: t.intList({
      description: 'for BRACKET: the last interval of each, rising; [1, 3, 7] are the brackets 1, 2–3 and 4–7',
    }),
    breakdown: t.field({ type: RetentionBreakdownEnum }),
  }),
})
type OptionsAsked = typeof RetentionOptionsInput.$inferInput

/** @throws VALIDATION naming the field that is wrong. */
export function optionsOf(options: OptionsAsked | null | undefined, field: string): RetentionOptions {
  if (!options) return {}
  const { minOccurrences, horizon, brackets, returnActivity } = options
  if (returnActivity != null) requireActivity(`${field}.returnActivity`, returnActivity)
  if (minOccurrences != null) requireWithin(`${field}.minOccurrences`, minOccurrences, 1, occurrencesMax)
  if (horizon != null) requireWithin(`${field}.horizon`, horizon, 0, intervalsMax)
  if (brackets != null) requireBrackets(`${field}.brackets`, brackets)
  return {
    weekStart: options.weekStart ?? undefined,
    timing: options.timing ?? undefined,
    returnActivity: returnActivity ?? undefined,
    minOccurrences: minOccurrences ?? undefined,
    horizon: horizon ?? undefined,
    brackets: brackets ?? undefined,
    breakdown: options.breakdown ?? undefined,
  }
}

function requireBrackets(field: string, brackets: readonly number[]): void {
  const rising = brackets.every((end, index) => end > (brackets[index - 1] ?? 0) && end <= intervalsMax)
  if (brackets.length === 0 || brackets.length >= columnsMax || !rising) {
    throw invalid(field, `Use 1 to ${columnsMax - 1} rising numbers from 1 to ${intervalsMax}.`)
  }
}

/** @throws VALIDATION for what is neither an event kind, `active` nor `custom:<name>`. */
export function requireActivity(field: string, activity: string): string {
  if (eventChoiceOf(activity) === null) throw invalid(field, 'Use an event kind, active, or custom: and a name.')
  return activity
}

/** @throws VALIDATION for choices that do not go together. */
export function requireAnswerable(asked: Pick<RetentionArgs, 'return' | 'timing' | 'brackets'>, field: string): void {
  if (asked.return === 'on_or_after' && asked.timing === 'rolling') {
    throw invalid(`${field}.timing`, 'Rolling windows have no “on or after”: ask for BOUNDED.')
  }
  if (asked.return === 'bracket' && asked.brackets === undefined) {
    throw invalid(`${field}.brackets`, 'Name the last interval of each bracket, such as [1, 3, 7].')
  }
}
