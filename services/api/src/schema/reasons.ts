import type { Language } from '@fidelio/core/metric.ts'
import { reasonLabel } from '@fidelio/core/send.ts'
import type { ReasonCount } from '@fidelio/db/queries/types.ts'
import type { Here } from '../context.ts'
import { builder, reached } from './builder.ts'

export type LabelledReason = ReasonCount & { label: string }

export const ReasonCountRef = builder.objectRef<LabelledReason>('ReasonCount').implement({
  authScopes: reached,
  fields: (t) => ({
    reason: t.exposeString('reason'),
    label: t.exposeString('label'),
    count: t.exposeInt('count'),
  }),
})

export function labelReasons(reasons: readonly ReasonCount[], lang: Language): LabelledReason[] {
  return reasons.map((reason) => ({ ...reason, label: reasonLabel(reason.reason, lang) }))
}

/** Where a field has no locale of its own, the business's speaks. */
export function languageOf(here: Here): Language {
  return here.record.locale.startsWith('fr') ? 'fr' : 'en'
}
