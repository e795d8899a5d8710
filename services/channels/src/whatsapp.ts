/**
 * WhatsApp Cloud webhooks: body text → events, grouped by phone number. Sheet: protocols.md §8.
 *
 * One entry is a WhatsApp business account, and its changes may be about several of its numbers; changes without a number
 * are about the account itself. Everything is read update by update: what cannot be read costs itself alone.
 */
import type { ParsedEvent } from '@fidelio/core/event.ts'
import { phoneDigits } from '@fidelio/core/phone.ts'
import { elementNodes, memberNode, type Node, nodeText, rootNode } from './json-node.ts'
import { elementMark, entryOf, eventOf, type IgnoredPart, type ParsedBody, type ParsedEntry } from './parsed-event.ts'
import { factsOf, type Place, profilesOf } from './whatsapp-facts.ts'
import { messageEvents } from './whatsapp-messages.ts'
import { changeEvents, numberErrorEvents, preferenceEvents, statusEvents, userIdEvents } from './whatsapp-updates.ts'
import { contentDigest, idText, isObject, type JsonObject, objectAt, readTime } from './wire.ts'

type Collector = { text: string; receivedAt: number; byAccount: Map<string, ParsedEntry>; ignored: IgnoredPart[] }

const object = 'whatsapp_business_account'

/** The id the dashboard's test button uses in place of an account. The only id that is dropped instead of parked. */
const testButtonId = '0'

/**
 * Reads the body of a `whatsapp_business_account` webhook; accounts are `phone_number_id`s, or the business account where
 * no number is named. Never throws; text that is not JSON is one ignored part, `malformed_json`. `receivedAt` in Unix
 * milliseconds: the fallback for missing times and the measure of unbelievable ones.
 */
export function parseWhatsapp(text: string, receivedAt: number): ParsedBody {
  const collector: Collector = { text, receivedAt, byAccount: new Map(), ignored: [] }
  const root = rootNode(text)
  if (root === null) {
    collector.ignored.push({ reason: 'malformed_json', raw: text })
  } else {
    for (const body of Array.isArray(root.value) ? elementNodes(text, root) : [root]) readBody(collector, body)
  }
  return { entries: [...collector.byAccount.values()], ignored: collector.ignored }
}

/** The account a change is about: the number of its value, otherwise the business account. '' when neither is named. */
export function whatsappAccountOf(wabaId: string, value: unknown): string {
  return (isObject(value) && idText(objectAt(value, 'metadata').phone_number_id)) || wabaId
}

function readBody(collector: Collector, body: Node): void {
  if (!isObject(body.value)) {
    ignore(collector, 'body_not_an_object', body)
    return
  }
  // A missing `object` is read as the one expected: the entries say what they are, and nothing is lost by looking.
  if (body.value.object !== undefined && body.value.object !== object) {
    ignore(collector, 'object:other', body)
    return
  }
  if (body.value.entry !== undefined && !Array.isArray(body.value.entry)) ignore(collector, 'entry_not_a_list', body)
  for (const entry of elementNodes(collector.text, memberNode(collector.text, body, 'entry')))
    readEntry(collector, entry)
}

function readEntry(collector: Collector, entry: Node): void {
  const { text } = collector
  if (!isObject(entry.value)) {
    ignore(collector, 'entry_not_an_object', entry, envelope(elementMark))
    return
  }
  const wabaId = idText(entry.value.id)
  if (wabaId === testButtonId) {
    ignore(collector, 'test_button', entry)
    return
  }
  const from = { wabaId, entryTime: readTime(entry.value.time) }
  const changes = elementNodes(text, memberNode(text, entry, 'changes'))
  for (const change of changes) readChange(collector, change, from)
  const isChange = typeof entry.value.field === 'string'
  if (isChange) readChange(collector, entry, from)
  if (changes.length > 0 || isChange) return
  // An entry that speaks in a way nobody has seen yet is kept; one that says nothing is counted.
  const { id: _, time: __, changes: listed, ...others } = entry.value
  const isEmpty = (listed === undefined || Array.isArray(listed)) && Object.keys(others).length === 0
  ignore(collector, isEmpty ? 'entry_without_updates' : 'entry_not_understood', entry, envelope(elementMark))
}

type Origin = { wabaId: string; entryTime: number | null }

/** Lists of updates in a value, and who reads them. */
const lists: ReadonlyMap<string, (update: JsonObject, place: Place, raw: string) => ParsedEvent[]> = new Map([
  ['messages', (update, place, raw) => messageEvents(update, place, /echoes$/.test(place.field), raw)],
  ['message_echoes', (update, place, raw) => messageEvents(update, place, true, raw)],
  ['statuses', statusEvents],
  ['user_preferences', preferenceEvents],
  ['user_id_update', userIdEvents],
  ['errors', numberErrorEvents],
])

/** What a value says about all its updates. */
const commonKeys = ['messaging_product', 'metadata', 'contacts', 'timestamp']

function readChange(collector: Collector, change: Node, { wabaId, entryTime }: Origin): void {
  const { text, receivedAt } = collector
  const value = memberNode(text, change, 'value')
  const accountId = whatsappAccountOf(wabaId, value?.value)
  const told = isObject(change.value) ? idText(change.value.field) : ''
  const around = (inner: string) => envelopeOfChange(wabaId, entryTime, inner)
  if (accountId === '') {
    ignore(collector, 'no_account', change, around(elementMark))
    return
  }
  const common = isObject(value?.value) ? value.value : {}
  const place: Place = {
    field: told,
    // Without the account's id a user id is told apart by the number it wrote to.
    wabaId: wabaId || accountId,
    businessPhone: phoneDigits(idText(objectAt(common, 'metadata').display_phone_number)) ?? '',
    profiles: profilesOf(common),
    entryTime,
    receivedAt,
  }
  const entry = entryOf(collector.byAccount, accountId)
  const raw = nodeText(text, change)
  const keys = Object.keys(common).filter((key) => !commonKeys.includes(key))
  if (!value || !keys.some((key) => lists.has(key) && Array.isArray(common[key]) && common[key].length > 0)) {
    read(
      entry,
      raw,
      () => around(elementMark),
      () => changeEvents(value?.value, place, raw),
    )
    return
  }
  for (const key of keys) {
    const part = memberNode(text, value, key)
    if (part) readPart(entry, { text, key, part, place, around, value })
  }
}

type Part = { text: string; key: string; part: Node; place: Place; around: (inner: string) => string; value: Node }

/** One list of a value, or a key beside the lists that nobody has seen yet. */
function readPart(entry: ParsedEntry, { text, key, part, place, around, value }: Part): void {
  const readUpdate = lists.get(key)
  // The names and the number stand beside the updates: a second reading of one update needs them too.
  const shared = () =>
    commonKeys.flatMap((name) => {
      const node = memberNode(text, value, name)
      return node ? [`${JSON.stringify(name)}:${nodeText(text, node)},`] : []
    })
  const wrap = (inner: string) =>
    around(`{"field":${JSON.stringify(place.field)},"value":{${shared().join('')}${JSON.stringify(key)}:${inner}}}`)
  if (!readUpdate || !Array.isArray(part.value)) {
    const raw = nodeText(text, part)
    const name = readUpdate ? `malformed:${key}` : 'key:other'
    read(
      entry,
      raw,
      () => wrap(elementMark),
      () => [keptRaw(name, part.value, place, raw)],
    )
    return
  }
  for (const update of elementNodes(text, part)) {
    const raw = nodeText(text, update)
    const { value: told } = update
    const inEnvelope = () => wrap(`[${elementMark}]`)
    if (isObject(told)) read(entry, raw, inEnvelope, () => readUpdate(told, place, raw))
    else entry.failures.push({ reason: 'not_an_object', detail: '', raw, envelope: inEnvelope() })
  }
}

function keptRaw(name: string, value: unknown, place: Place, raw: string): ParsedEvent {
  const { base } = factsOf({}, place, {}, raw)
  return eventOf(base, {
    kind: 'unknown',
    name,
    role: 'system',
    identity: `unknown:${name}:${contentDigest(value ?? null)}`,
  })
}

/** A shape the parser was not written for (nesting beyond the stack, say) costs this update alone. */
function read(entry: ParsedEntry, raw: string, envelopeOf: () => string, told: () => ParsedEvent[]): void {
  try {
    for (const event of told()) entry.events.push(event)
  } catch (error) {
    // The name of the error is kept, not its message: that may quote the customer.
    const detail = error instanceof Error ? error.name : 'unknown'
    entry.failures.push({ reason: 'parser_error', detail, raw, envelope: envelopeOf() })
  }
}

function envelope(entry: string): string {
  return `{"object":"${object}","entry":[${entry}]}`
}

function envelopeOfChange(wabaId: string, entryTime: number | null, change: string): string {
  const id = wabaId === '' ? '' : `"id":${JSON.stringify(wabaId)},`
  const time = entryTime === null ? '' : `"time":${entryTime},`
  return envelope(`{${id}${time}"changes":[${change}]}`)
}

function ignore(collector: Collector, reason: string, part: Node, around?: string): void {
  const raw = nodeText(collector.text, part)
  collector.ignored.push({ reason, raw, ...(around === undefined ? {} : { envelope: around }) })
}
