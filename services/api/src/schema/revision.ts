/** That a day's number moved after the day had ended, and by what. */
import type { Language } from '@fidelio/core/metric.ts'
import type { DayRevision, RevisedMeasure } from '@fidelio/db/queries/types.ts'
import { revisionSentence } from '../revision-sentences.ts'
import { builder, reached } from './builder.ts'
import { RowsRefRef, type RowsRefShape } from './metric.ts'

type DayRevisionShape = DayRevision & { sentence: string; rows: RowsRefShape }

export const DayRevisionRef = builder.objectRef<DayRevisionShape>('DayRevision').implement({
  description:
    'A day is revised when events of it arrived more than an hour after it had ended. Redeliveries do not count.',
  authScopes: reached,
  fields: (t) => ({
    revisedAt: t.expose('revisedAt', { type: 'DateTime', description: 'when the last of them arrived' }),
    lateEvents: t.exposeInt('lateEvents'),
    backfilledEvents: t.exposeInt('backfilledEvents', {
      description: 'those of them that arrived more than eight days after they happened',
    }),
    sentence: t.exposeString('sentence'),
    rowsRef: t.field({
      type: RowsRefRef,
      description: 'what to give to `rows` for the late events themselves',
      resolve: ({ rows }) => rows,
    }),
  }),
})

/** The revision of a day in words and with its rows; null when there was none. */
export function revisionOf(
  { day, revision }: { day: string; revision: DayRevision | null },
  measure: RevisedMeasure,
  { lang, timeZone }: { lang: Language; timeZone: string },
): DayRevisionShape | null {
  if (revision === null) return null
  return {
    ...revision,
    sentence: revisionSentence(revision, timeZone, lang),
    rows: { metric: 'late_events', stage: measure, from: day, to: day },
  }
}
