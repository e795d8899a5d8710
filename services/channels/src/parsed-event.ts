/** What all parsers share: the result types and the making of one event. */
import type { ContactRef, ParsedEvent } from '@fidelio/core/event.ts'

/**
 * One element that could not be read at all. It is kept for the failed-events table, beside its neighbours. `envelope`: a
 * body around it, with `elementMark` in its place, so that it can be read again as it stood; without one `raw` is a body.
 */
export type ParseFailure = { reason: string; detail: string; raw: string; envelope?: string }

/** Stands in an envelope where the element was. Nothing but closing brackets follows its last occurrence. */
export const elementMark = '$element'

/** The element put back into its envelope: a body that can be parsed. */
export function inEnvelope(envelope: string | undefined, element: string): string {
  if (envelope === undefined) return element
  const at = envelope.lastIndexOf(elementMark)
  return at < 0 ? element : `${envelope.slice(0, at)}${element}${envelope.slice(at + elementMark.length)}`
}

/** Everything one body says about one account (Page, shop, …). */
export type ParsedEntry = { accountExternalId: string; events: ParsedEvent[]; failures: ParseFailure[] }

/** A part of a body that is no business of ours, or of nobody we could tell; counted by reason. */
export type IgnoredPart = { reason: string; raw: string; envelope?: string }

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

/** What a body says about one account: an entry of its own per account, made when it is first spoken of. */
export function entryOf(byAccount: Map<string, ParsedEntry>, accountExternalId: string): ParsedEntry {
  const known = byAccount.get(accountExternalId)
  if (known) return known
  const entry: ParsedEntry = { accountExternalId, events: [], failures: [] }
  byAccount.set(accountExternalId, entry)
  return entry
}
