/**
 * The envelope that Page and Instagram webhooks share: body text → elements and changes, grouped by account.
 * Sheet: protocols.md §1.3, §1.6.
 *
 * It is read leniently, element by element: an element that cannot be read becomes a failure or an `unknown` event, and
 * its neighbours are untouched. Meta disables a webhook whose bodies are refused as a whole.
 */
import type { ParsedEvent } from '@fidelio/core/event.ts'
import { elementNodes, memberNode, type Node, nodeText, rootNode } from './json-node.ts'
import { isElement } from './messenger-events.ts'
import type { ElementContext } from './messenger-facts.ts'
import {
  elementMark,
  entryOf,
  type IgnoredPart,
  type ParsedBody,
  type ParsedEntry,
  type ParseFailure,
} from './parsed-event.ts'
import { idText, isObject, type JsonObject, objectAt, readTime } from './wire.ts'

/** What one product says in this envelope. */
export type Dialect = {
  /** The `object` of its bodies. */
  object: 'page' | 'instagram'
  channel: 'messenger' | 'instagram'
  /** An element of `messaging[]` or `standby[]`, or a change that holds one. */
  element: (element: JsonObject, context: ElementContext) => ParsedEvent[]
  /** Any other change. */
  change: (change: Change) => ParsedEvent[]
}

/** An update of `changes[]`, or one written flat on its entry. */
export type Change = {
  /** '' when it is no word. */
  field: string
  /** Usually an object, sometimes a bare text, sometimes missing. */
  value: unknown
  accountId: string
  entryTime: number | null
  receivedAt: number
  raw: string
}

type Collector = {
  text: string
  receivedAt: number
  dialect: Dialect
  byAccount: Map<string, ParsedEntry>
  ignored: IgnoredPart[]
}

/** The id the dashboard's test button uses in place of an account. The only id that is dropped instead of parked. */
const testButtonId = '0'

/**
 * Reads a body. Never throws; text that is not JSON is one ignored part, `malformed_json`. `receivedAt` in Unix
 * milliseconds: the fallback for missing times and the measure of unbelievable ones.
 */
export function parseEnvelope(text: string, receivedAt: number, dialect: Dialect): ParsedBody {
  const collector: Collector = { text, receivedAt, dialect, byAccount: new Map(), ignored: [] }
  const root = rootNode(text)
  if (root === null) {
    collector.ignored.push({ reason: 'malformed_json', raw: text })
  } else {
    // Some documentation samples wrap the body in an array.
    for (const body of Array.isArray(root.value) ? elementNodes(text, root) : [root]) readBody(collector, body)
  }
  return { entries: [...collector.byAccount.values()], ignored: collector.ignored }
}

function readBody(collector: Collector, body: Node): void {
  if (!isObject(body.value)) {
    ignore(collector, 'body_not_an_object', body)
    return
  }
  const kind = body.value.object
  // A missing `object` is read as the one expected: the entries say what they are, and nothing is lost by looking.
  if (kind !== undefined && kind !== collector.dialect.object) {
    ignore(collector, `object:${objectName(kind)}`, body)
    return
  }
  if (body.value.entry !== undefined && !Array.isArray(body.value.entry)) ignore(collector, 'entry_not_a_list', body)
  for (const entry of elementNodes(collector.text, memberNode(collector.text, body, 'entry')))
    readEntry(collector, entry)
}

/** Objects of other products that a Meta app may be subscribed to. A closed list keeps counter labels few. */
const otherObjects = ['page', 'instagram', 'whatsapp_business_account', 'user', 'permissions', 'application']

function objectName(kind: unknown): string {
  return typeof kind === 'string' && otherObjects.includes(kind) ? kind : 'other'
}

function readEntry(collector: Collector, entry: Node): void {
  const { text } = collector
  if (!isObject(entry.value)) {
    ignore(collector, 'entry_not_an_object', entry, envelopeOf(collector, elementMark))
    return
  }
  const entryId = idText(entry.value.id)
  if (entryId === testButtonId) {
    ignore(collector, 'test_button', entry)
    return
  }
  const entryTime = readTime(entry.value.time)
  let updates = 0
  for (const key of ['messaging', 'standby'] as const) {
    for (const element of elementNodes(text, memberNode(text, entry, key))) {
      updates++
      readElement(collector, element, { entryId, entryTime, standby: key === 'standby' })
    }
  }
  for (const change of elementNodes(text, memberNode(text, entry, 'changes'))) {
    updates++
    readChange(collector, change, entryId, entryTime)
  }
  if (typeof entry.value.field === 'string') {
    updates++
    readChange(collector, entry, entryId, entryTime)
  }
  if (updates === 0) ignore(collector, 'entry_without_updates', entry)
}

type Place = { entryId: string; entryTime: number | null; standby: boolean }

function readElement(collector: Collector, element: Node, place: Place): void {
  const raw = nodeText(collector.text, element)
  const accountId = place.entryId || accountOfElement(element.value)
  if (accountId === '') {
    ignore(collector, 'no_account', element, envelopeOfElement(collector, place))
    return
  }
  const entry = entryOf(collector.byAccount, accountId)
  const { value } = element
  if (!isObject(value)) {
    entry.failures.push({ reason: 'not_an_object', detail: '', raw, envelope: envelopeOfElement(collector, place) })
    return
  }
  const { dialect, receivedAt } = collector
  const { entryTime, standby } = place
  const { channel } = dialect
  try {
    entry.events.push(...dialect.element(value, { channel, accountId, entryTime, standby, receivedAt, raw }))
  } catch (error) {
    entry.failures.push({ ...parserError(error, raw), envelope: envelopeOfElement(collector, place) })
  }
}

function envelopeOfElement(collector: Collector, place: Place): string {
  return envelopeIn(collector, place, place.standby ? 'standby' : 'messaging')
}

/** A body around one element or change of an entry, for a second reading of it alone. */
function envelopeIn(
  collector: Collector,
  { entryId, entryTime }: Pick<Place, 'entryId' | 'entryTime'>,
  key: 'messaging' | 'standby' | 'changes',
): string {
  const id = entryId === '' ? '' : `"id":${JSON.stringify(entryId)},`
  const time = entryTime === null ? '' : `"time":${entryTime},`
  return envelopeOf(collector, `{${id}${time}"${key}":[${elementMark}]}`)
}

function envelopeOf(collector: Collector, entry: string): string {
  return `{"object":"${collector.dialect.object}","entry":[${entry}]}`
}

/**
 * A shape the parser was not written for (nesting beyond the stack, say) costs its element alone. The name of the error
 * is kept, not its message: that may quote the customer.
 */
function parserError(error: unknown, raw: string): ParseFailure {
  return { reason: 'parser_error', detail: error instanceof Error ? error.name : 'unknown', raw }
}

/** The account an element belongs to when its entry names none: the receiver, or for echoes the sender (protocols.md §0). */
export function accountOfElement(value: unknown): string {
  if (!isObject(value)) return ''
  const isEcho = objectAt(value, 'message').is_echo === true
  return idText(objectAt(value, isEcho ? 'sender' : 'recipient').id) || idText(value.page_id)
}

/** Fields whose changes are ordinary messaging elements in another envelope, as the test button sends them. */
const messagingField = /^(messages|message_\w+|messaging_\w+|standby|response_feedback|send_cart)$/

function readChange(collector: Collector, change: Node, entryId: string, entryTime: number | null): void {
  const { text, receivedAt, dialect } = collector
  const field = isObject(change.value) && typeof change.value.field === 'string' ? change.value.field : ''
  const value = memberNode(text, change, 'value')
  if (messagingField.test(field) && value && isObject(value.value) && isElement(value.value)) {
    readElement(collector, value, { entryId, entryTime, standby: field === 'standby' })
    return
  }
  const accountId = entryId || accountOfElement(value?.value)
  if (accountId === '') {
    ignore(collector, 'no_account', change, envelopeIn(collector, { entryId, entryTime }, 'changes'))
    return
  }
  const raw = nodeText(text, change)
  const content = isObject(change.value) ? change.value.value : change.value
  const told = { field: /^\w{1,60}$/.test(field) ? field : '', value: content, accountId, entryTime, receivedAt, raw }
  const entry = entryOf(collector.byAccount, accountId)
  try {
    entry.events.push(...dialect.change(told))
  } catch (error) {
    const envelope = envelopeIn(collector, { entryId, entryTime }, 'changes')
    entry.failures.push({ ...parserError(error, raw), envelope })
  }
}

function ignore(collector: Collector, reason: string, part: Node, envelope?: string): void {
  const raw = nodeText(collector.text, part)
  collector.ignored.push({ reason, raw, ...(envelope === undefined ? {} : { envelope }) })
}
