/** What all parsers share: the result types and the making of one event. */
import type { ContactRef, ParsedEvent } from '@fidelio/core/event.ts'

/** One element that could not be read at all. It is kept for the failed-events table, beside its neighbours. */
export type ParseFailure = { reason: string; detail: string; raw: string }

/** Everything one body says about one account (Page, shop, …). */
export type ParsedEntry = { accountExternalId: string; events: ParsedEvent[]; failures: ParseFailure[] }

/** A part of a body that is no business of ours; counted by reason. */
export type IgnoredPart = { reason: string; raw: string }

export type ParsedBody = { entries: ParsedEntry[]; ignored: IgnoredPart[] }

/** What an element says before it is known what kind of fact it is. */
export type EventBase = Pick<ParsedEvent, 'occurredAt' | 'timeFlag' | 'raw'> & { contact: ContactRef | null }

type Told = Pick<ParsedEvent, 'kind' | 'role' | 'identity'> & Partial<ParsedEvent>

/** An event with every field that was not told left empty. */
export function eventOf(base: EventBase, told: Told): ParsedEvent {
  return {
    kind: told.kind,
    name: told.name ?? '',
    role: told.role,
    externalId: told.externalId ?? '',
    identity: told.identity,
    occurredAt: base.occurredAt,
    timeFlag: base.timeFlag,
    contact: base.contact,
    text: told.text ?? '',
    refs: told.refs ?? [],
    watermarkAt: told.watermarkAt ?? 0,
    money: told.money ?? null,
    orderId: told.orderId ?? '',
    appId: told.appId ?? '',
    consent: told.consent ?? null,
    data: told.data ?? {},
    raw: base.raw,
  }
}
