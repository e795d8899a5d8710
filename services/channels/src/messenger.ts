/**
 * Messenger webhooks: body text → events, grouped by Page. Sheet: protocols.md §1.3, §1.6, §2.
 *
 * The envelope is read leniently, element by element: an element that cannot be read becomes a failure or an `unknown`
 * event, and its neighbours are untouched. Meta disables a webhook whose bodies are refused as a whole.
 */
import { elementSpans, memberSpan, parseJson, type Span } from './json.ts'
import { parseElement } from './messenger-events.ts'
import { eventOf, type IgnoredPart, type ParsedBody, type ParsedEntry } from './parsed-event.ts'
import { chooseTime, contentDigest, idText, isObject, type JsonObject, objectAt, readTime } from './wire.ts'

/** A value and where its text stands in the body. */
type Node = { value: unknown; span: Span }

type Collector = { text: string; receivedAt: number; byAccount: Map<string, ParsedEntry>; ignored: IgnoredPart[] }

/** The id the dashboard's test button uses in place of a Page. The only id that is dropped instead of parked. */
const testButtonPageId = '0'

/**
 * Reads the body of a `page` webhook. Never throws; text that is not JSON is one ignored part, `malformed_json`.
 * `receivedAt` in Unix milliseconds: the fallback for missing times and the measure of unbelievable ones.
 */
export function parseMessenger(text: string, receivedAt: number): ParsedBody {
  const collector: Collector = { text, receivedAt, byAccount: new Map(), ignored: [] }
  const root = readRoot(text)
  if (root === null) {
    collector.ignored.push({ reason: 'malformed_json', raw: text })
  } else {
    // Some documentation samples wrap the body in an array.
    for (const body of Array.isArray(root.value) ? elements(text, root) : [root]) readBody(collector, body)
  }
  return { entries: [...collector.byAccount.values()], ignored: collector.ignored }
}

function readRoot(text: string): Node | null {
  try {
    return { value: parseJson(text), span: { start: 0, end: text.length } }
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function readBody(collector: Collector, body: Node): void {
  if (!isObject(body.value)) {
    ignore(collector, 'body_not_an_object', body)
    return
  }
  const kind = body.value.object
  // A missing `object` is read as `page`: the entries say what they are, and nothing is lost by looking.
  if (kind !== undefined && kind !== 'page') {
    ignore(collector, `object:${objectName(kind)}`, body)
    return
  }
  for (const entry of elements(collector.text, member(collector.text, body, 'entry'))) readEntry(collector, entry)
}

/** Objects of other products that a Meta app may be subscribed to. A closed list keeps counter labels few. */
const otherObjects = ['instagram', 'whatsapp_business_account', 'user', 'permissions', 'application']

function objectName(kind: unknown): string {
  return typeof kind === 'string' && otherObjects.includes(kind) ? kind : 'other'
}

function readEntry(collector: Collector, entry: Node): void {
  const { text } = collector
  if (!isObject(entry.value)) {
    ignore(collector, 'entry_not_an_object', entry)
    return
  }
  const pageId = idText(entry.value.id)
  if (pageId === testButtonPageId) {
    ignore(collector, 'test_button', entry)
    return
  }
  const entryTime = readTime(entry.value.time)
  let updates = 0
  for (const key of ['messaging', 'standby'] as const) {
    for (const element of elements(text, member(text, entry, key))) {
      updates++
      readElement(collector, element, { pageId, entryTime, standby: key === 'standby' })
    }
  }
  for (const change of elements(text, member(text, entry, 'changes'))) {
    updates++
    readChange(collector, change, pageId, entryTime)
  }
  if (typeof entry.value.field === 'string') {
    updates++
    readChange(collector, entry, pageId, entryTime)
  }
  if (updates === 0) ignore(collector, 'entry_without_updates', entry)
}

type Place = { pageId: string; entryTime: number | null; standby: boolean }

function readElement(collector: Collector, element: Node, place: Place): void {
  const raw = collector.text.slice(element.span.start, element.span.end)
  const accountId = place.pageId || accountOf(element.value)
  if (accountId === '') {
    ignore(collector, 'no_account', element)
    return
  }
  const entry = entryOf(collector, accountId)
  if (!isObject(element.value)) {
    entry.failures.push({ reason: 'not_an_object', detail: '', raw })
    return
  }
  try {
    const { entryTime, standby } = place
    entry.events.push(
      ...parseElement(element.value, { accountId, entryTime, standby, receivedAt: collector.receivedAt, raw }),
    )
  } catch (error) {
    // A shape the parser was not written for (nesting beyond the stack, say) costs this element alone. The name of the
    // error is kept, not its message: that may quote the customer.
    entry.failures.push({ reason: 'parser_error', detail: error instanceof Error ? error.name : 'unknown', raw })
  }
}

/** The Page an element belongs to when its entry names none: the receiver, or for echoes the sender (protocols.md §0). */
function accountOf(value: unknown): string {
  if (!isObject(value)) return ''
  const isEcho = objectAt(value, 'message').is_echo === true
  return idText(objectAt(value, isEcho ? 'sender' : 'recipient').id)
}

/** Fields whose changes are ordinary messaging elements in another envelope, as the test button sends them. */
const messagingField = /^(messages|message_\w+|messaging_\w+|standby)$/

function readChange(collector: Collector, change: Node, pageId: string, entryTime: number | null): void {
  const { text } = collector
  const field = isObject(change.value) && typeof change.value.field === 'string' ? change.value.field : ''
  const value = member(text, change, 'value')
  if (messagingField.test(field) && value && isObject(value.value) && isElement(value.value)) {
    readElement(collector, value, { pageId, entryTime, standby: field === 'standby' })
    return
  }
  if (pageId === '') {
    ignore(collector, 'no_account', change)
    return
  }
  keepChangeRaw(collector, change, { pageId, field, entryTime })
}

function isElement(value: JsonObject): boolean {
  return isObject(value.sender) || isObject(value.recipient)
}

/** Posts, leads, labels, template states: not conversation, kept raw and counted by field. */
function keepChangeRaw(
  collector: Collector,
  change: Node,
  from: { pageId: string; field: string; entryTime: number | null },
): void {
  const value = isObject(change.value) ? objectAt(change.value, 'value') : {}
  const own = readTime(value.created_time ?? value.timestamp)
  const name = /^\w{1,60}$/.test(from.field) ? `field:${from.field}` : 'field:none'
  const base = {
    ...chooseTime(own, from.entryTime, collector.receivedAt),
    contact: null,
    raw: collector.text.slice(change.span.start, change.span.end),
  }
  const content = isObject(change.value) ? change.value.value : change.value
  const identity = `unknown:${name}:${own ?? ''}:${contentDigest(content ?? null)}`
  entryOf(collector, from.pageId).events.push(eventOf(base, { kind: 'unknown', name, role: 'system', identity }))
}

function entryOf(collector: Collector, accountExternalId: string): ParsedEntry {
  const known = collector.byAccount.get(accountExternalId)
  if (known) return known
  const entry: ParsedEntry = { accountExternalId, events: [], failures: [] }
  collector.byAccount.set(accountExternalId, entry)
  return entry
}

function ignore(collector: Collector, reason: string, part: Node): void {
  collector.ignored.push({ reason, raw: collector.text.slice(part.span.start, part.span.end) })
}

function member(text: string, parent: Node, key: string): Node | null {
  if (!isObject(parent.value) || parent.value[key] === undefined) return null
  const span = memberSpan(text, parent.span.start, key)
  return span && { value: parent.value[key], span }
}

function elements(text: string, array: Node | null): Node[] {
  if (!array || !Array.isArray(array.value)) return []
  const { value } = array
  return elementSpans(text, array.span.start).map((span, index) => ({ value: value[index], span }))
}
