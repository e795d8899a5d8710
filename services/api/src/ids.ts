/**
 * Global ids are readable: `Campaign:0198…`, `Contact:<business>.<number>`, `Conversation:<account>.<contact number>`. Wherever
 * an id is asked for, the part after the colon works too. A malformed id is an id that does not exist.
 */
import { notFound } from './errors.ts'

export const nodeTypes = ['Business', 'ChannelAccount', 'Conversation', 'Contact', 'Campaign', 'Send'] as const
export type NodeType = (typeof nodeTypes)[number]

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const contactNumberMax = 4_294_967_295 // UInt32, as in ClickHouse

export function encodeId(type: NodeType, id: string): string {
  return `${type}:${id}`
}

/** Splits a global id; null when it has no type we know. */
export function splitId(text: string): { type: NodeType; id: string } | null {
  const colon = text.indexOf(':')
  const type = nodeTypes.find((known) => known === text.slice(0, colon))
  return colon > 0 && type ? { type, id: text.slice(colon + 1) } : null
}

export function isUuid(text: string): boolean {
  return uuidShape.test(text)
}

/** The uuid of an id of this type. @throws NOT_FOUND for an id of another type or shape. */
export function uuidOf(type: NodeType, text: string, what: string): string {
  const bare = bareId(type, text, what).toLowerCase()
  if (!isUuid(bare)) throw notFound(what)
  return bare
}

/** A conversation is one contact on one account. */
export function conversationIdOf(text: string): { accountId: string; contactId: number } {
  const [accountId = '', number = '', ...rest] = bareId('Conversation', text, 'conversation').toLowerCase().split('.')
  const contactId = contactNumberOf(number)
  if (!isUuid(accountId) || contactId === null || rest.length > 0) throw notFound('conversation')
  return { accountId, contactId }
}

/** A contact is a number inside its business; the bare number means the business at hand. */
export function contactIdOf(text: string): { businessId: string | null; contactId: number } {
  const parts = bareId('Contact', text, 'contact').toLowerCase().split('.')
  const contactId = contactNumberOf(parts.at(-1) ?? '')
  const businessId = parts.length === 2 ? (parts[0] ?? '') : null
  if (contactId === null || parts.length > 2 || (businessId !== null && !isUuid(businessId))) throw notFound('contact')
  return { businessId, contactId }
}

function bareId(type: NodeType, text: string, what: string): string {
  if (!text.includes(':')) return text
  const split = splitId(text)
  if (split?.type !== type) throw notFound(what)
  return split.id
}

function contactNumberOf(text: string): number | null {
  if (!/^[1-9]\d{0,9}$/.test(text)) return null
  const number = Number(text)
  return number <= contactNumberMax ? number : null
}
