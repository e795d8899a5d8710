/** What tenants tell of people: language, zone and attributes, by `identify` or beside an event (features.md 1.8, 2.2). */
import { type ContactFact, tellContacts } from '@fidelio/db/records/contact-attributes.ts'
import type { IngestContext } from './context.ts'
import type { GenericDelivery } from './generic.ts'
import type { Delivery, StepResult } from './pipeline.ts'
import { comeBack, orComeBack } from './store-steps.ts'

/** A delivery, or what was read of a failed one, as far as people are told of in it. */
export type Telling = Pick<GenericDelivery, 'profiles' | 'scope'> & Delivery

/** Committed before the answer. Telling the same twice, or something older later, changes nothing. */
export function tellProfiles(context: IngestContext, delivery: Telling): StepResult | Promise<StepResult> {
  const { profiles, scope } = delivery
  if (profiles.length === 0) return undefined
  const { businessId } = scope
  const resolving = context.contacts.resolve(
    profiles.map(({ contact, toldAt }) => ({ businessId, since: new Date(toldAt), ...contact })),
  )
  if (resolving === null) return comeBack(context, delivery, 'buffer_full', profiles.length)
  const telling = resolving.then(async (contactIds) => {
    const facts = profiles.flatMap(({ contact, attributes, toldAt }, index): ContactFact[] => {
      const contactId = contactIds[index]
      const { locale, timeZone } = contact
      return typeof contactId === 'number'
        ? [{ businessId, contactId, locale, timeZone, attributes, toldAt: new Date(toldAt) }]
        : []
    })
    await context.worker.tx((sql) => tellContacts(sql, facts))
    return undefined
  })
  return orComeBack(context, delivery, telling)
}
