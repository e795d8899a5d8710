/** What a WhatsApp message holds, by type: its text, the payload of a tap, and small extras. Sheet: protocols.md §8.2. */
import { arrayAt, idText, isObject, type JsonObject, objectAt, textOf } from './wire.ts'

export type Content = {
  text: string
  /** The business's own name of the button that was tapped, '' if none was. */
  payload: string
  data: JsonObject
  /** A fact that the message tells beside being one. */
  also?: { kind: 'cart' | 'form'; name: string; data: JsonObject }
}

type Reader = (value: JsonObject, message: JsonObject) => Content

const mediaTypes = ['image', 'video', 'audio', 'voice', 'document', 'sticker'] as const

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['text', (value) => plain(textOf(value.body))],
  ...mediaTypes.map((type): [string, Reader] => [type, (value) => media(type, value)]),
  ['location', location],
  // Other people's cards: how many is told, who is in them stays in the raw element.
  [
    'contacts',
    (_, message) => plain('', { attachments: [{ type: 'contacts', cards: arrayAt(message, 'contacts').length }] }),
  ],
  ['button', (value) => tap(textOf(value.text), textOf(value.payload))],
  ['interactive', interactive],
  ['order', order],
  ['unsupported', () => plain('', { unsupported: true })],
  ['unknown', () => plain('', { unsupported: true })],
])

/** Types that come first when a message leaves its type out. */
const types = [...readers.keys(), 'reaction', 'edit', 'revoke', 'system', 'request_welcome']

export function isContentType(type: string): boolean {
  return readers.has(type)
}

/** The message's type; one that is left out is known by the object named like it. '' when neither says it. */
export function typeOf(message: JsonObject): string {
  return textOf(message.type) || (types.find((type) => message[type] !== undefined) ?? '')
}

/** Never throws; the object of the type may be missing altogether. */
export function contentOf(type: string, message: JsonObject): Content {
  return readers.get(type)?.(objectAt(message, type), message) ?? plain('')
}

function plain(text: string, data: JsonObject = {}): Content {
  return { text, payload: '', data }
}

/** A tapped button is a message whose text is the button's title, as quick replies are on Messenger. */
function tap(text: string, payload: string, data: JsonObject = {}): Content {
  return { text, payload, data: { quickReply: payload, ...data } }
}

function media(type: (typeof mediaTypes)[number], value: JsonObject): Content {
  const mediaId = idText(value.id)
  const title = textOf(value.filename)
  const mimeType = textOf(value.mime_type)
  const isVoice = type === 'voice' || value.voice === true
  const attachment = {
    type: type === 'voice' ? 'audio' : type,
    ...(mediaId && { mediaId }),
    ...(mimeType && { mimeType }),
    ...(title && { title }),
    ...(isVoice && { voice: true }),
  }
  return plain(textOf(value.caption), { attachments: [attachment] })
}

function location(value: JsonObject): Content {
  const { latitude: lat, longitude: long } = value
  const title = textOf(value.name) || textOf(value.address)
  const url = textOf(value.url)
  const attachment = {
    type: 'location',
    ...(typeof lat === 'number' && typeof long === 'number' && { lat, long }),
    ...(title && { title }),
    ...(url && { url }),
  }
  return plain('', { attachments: [attachment] })
}

function interactive(value: JsonObject): Content {
  const type = textOf(value.type)
  const reply = objectAt(value, type)
  if (type === 'button_reply' || type === 'list_reply') {
    return tap(textOf(reply.title), idText(reply.id), { interactive: type })
  }
  if (type === 'nfm_reply') {
    // `response_json` is JSON inside a string, sometimes broken, with what the person typed into a form: it stays raw.
    const flow = textOf(reply.name)
    const also = { kind: 'form' as const, name: 'flow', data: { flow } }
    return { ...plain(textOf(reply.body), { interactive: type, flow }), also }
  }
  if (type === 'call_permission_reply') return plain('', { interactive: type, response: textOf(reply.response) })
  return plain('', { interactive: 'other' })
}

/** Products of one cart that are shown; a longer cart is in the raw element. */
const productsMax = 50

/**
 * A cart sent from the catalogue is a wish, not a sale: the shop's own order counts as one (`order.created`), and a cart
 * counted beside it would be the same money twice.
 */
function order(value: JsonObject): Content {
  const products = arrayAt(value, 'product_items')
    .filter(isObject)
    .slice(0, productsMax)
    .map((item) => ({
      retailerId: idText(item.product_retailer_id),
      quantity: numberText(item.quantity),
      unitPrice: numberText(item.item_price),
      currency: textOf(item.currency),
    }))
  const also = { kind: 'cart' as const, name: '', data: { catalogId: idText(value.catalog_id), products } }
  return { ...plain(textOf(value.text)), also }
}

/** A number as text, digit for digit: quantities and prices come as numbers and as strings. */
function numberText(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : ''
  return textOf(value).slice(0, 40)
}
