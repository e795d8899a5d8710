/**
 * What stands behind the one address of Meta's webhooks: the `object` of a body says which product speaks, and so which
 * channel and parser the body is for. Sheet: protocols.md §1.3.
 */
import type { Channel } from '@fidelio/core/event.ts'
import { parseInstagram } from './instagram.ts'
import { elementSpans, parseJson } from './json.ts'
import { parseMessenger } from './messenger.ts'
import { accountOfElement } from './meta-envelope.ts'
import type { ParsedBody } from './parsed-event.ts'
import { parseWhatsapp, whatsappAccountOf } from './whatsapp.ts'
import { idText, isObject, type JsonObject } from './wire.ts'

type MetaObject = {
  channel: Channel
  parse: (text: string, receivedAt: number) => ParsedBody
  /** The account one update is about, '' if it names none: an element of `messaging[]`, or the `value` of a change. */
  accountOf: (entryId: string, update: unknown) => string
}

/** The objects that carry conversations. A further one is a line here and a parser. */
const metaObjects = {
  page: { channel: 'messenger', parse: parseMessenger, accountOf: entryFirst },
  instagram: { channel: 'instagram', parse: parseInstagram, accountOf: entryFirst },
  whatsapp_business_account: { channel: 'whatsapp', parse: parseWhatsapp, accountOf: whatsappAccountOf },
} as const satisfies Record<string, MetaObject>

export type MetaObjectName = keyof typeof metaObjects

/** A body, or one body of several in an array, with the channel its accounts belong to. */
export type MetaPart = ParsedBody & { object: MetaObjectName; channel: Channel; text: string }

/** Meta writes `object` first. Any other order costs one more look at the body, nothing else. */
const objectFirst = /^\{"object":"([a-z_]{1,40})"/

/**
 * Reads a body of any object; almost always one part. Never throws: text that is not JSON, and objects that carry no
 * conversations, are parts with nothing but ignored pieces. `receivedAt` in Unix milliseconds.
 */
export function parseMeta(text: string, receivedAt: number): MetaPart[] {
  const first = objectFirst.exec(text)?.[1]
  if (first !== undefined) return [partOf(first, text, receivedAt)]
  return bodiesOf(text).map((body) => partOf(body.object, body.text, receivedAt))
}

function partOf(object: string, text: string, receivedAt: number): MetaPart {
  // What is no object of ours is read as `page`, whose parser says why there is nothing in it for us.
  const name = isKnown(object) ? object : 'page'
  const { channel, parse } = metaObjects[name]
  const { entries, ignored } = parse(text, receivedAt)
  return { object: name, channel, text, entries, ignored }
}

function entryFirst(entryId: string, update: unknown): string {
  return entryId || accountOfElement(update)
}

/** Where an entry may hold updates. An entry may also be an update itself, with `field` and `value`. */
export const updateKeys = ['messaging', 'standby', 'changes'] as const

/** The account that one update of an entry is about, as the parser of its object sees it. */
export function accountOfUpdate(
  object: MetaObjectName,
  entry: JsonObject,
  update: unknown,
  key: (typeof updateKeys)[number],
): string {
  const told = key === 'changes' ? isObject(update) && update.value : update
  return metaObjects[object].accountOf(idText(entry.id), told)
}

function isKnown(object: string): object is MetaObjectName {
  return Object.hasOwn(metaObjects, object)
}

/** Some documentation samples wrap the body in an array; its bodies may be of different objects. */
function bodiesOf(text: string): { object: string; text: string }[] {
  const root = readJson(text)
  if (!Array.isArray(root)) return [{ object: objectOf(root), text }]
  const spans = elementSpans(text, 0)
  return root.map((body, index) => {
    const span = spans[index]
    return { object: objectOf(body), text: span ? text.slice(span.start, span.end) : '' }
  })
}

function readJson(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function objectOf(body: unknown): string {
  return isObject(body) && typeof body.object === 'string' ? body.object : 'page'
}
