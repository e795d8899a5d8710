/**
 * Who posts to `/webhooks/{channel}/{account}`, and how each proves itself and is read. One door, a row per channel: a
 * provider differs in its signature and its words, and in nothing that comes after them.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { type GenericResult, parseGenericBody } from '@fidelio/channels/generic-events.ts'
import { parseShopify, verifyShopify } from '@fidelio/channels/shopify.ts'
import { verifyStandardWebhook } from '@fidelio/channels/standard-webhooks.ts'
import type { StoreDelivery, StoreParse, StoreRefusal } from '@fidelio/channels/store-facts.ts'
import { parseStripe, verifyStripe } from '@fidelio/channels/stripe.ts'
import { isWooCommercePing, parseWooCommerce, verifyWooCommerce } from '@fidelio/channels/woocommerce.ts'

export type Signed = { rawBody: Buffer; headers: IncomingHttpHeaders; secrets: readonly string[]; now: number }

/** `ping`: asks only whether somebody is there. `webhookId`: the sender's own id of the delivery. */
export type SenderCheck =
  | { ok: true; webhookId: string }
  | { ok: false; reason: 'missing' | 'malformed' | 'too_old' | 'too_new' | 'mismatch' | 'ping' }

/** What is read again later is read with the same headers: a store writes the topic beside its body. */
export type SignedText = {
  text: string
  headers: IncomingHttpHeaders
  webhookId: string
  accountExternalId: string
  receivedAt: number
}

export type SenderRead =
  | { outcome: 'parsed'; items: GenericResult[] }
  | { outcome: 'refused'; id: string; reason: StoreRefusal | 'too_many_events' }

type Sender = { check(signed: Signed): SenderCheck; read(delivery: SignedText): SenderRead }

const senders = {
  webhook: { check: checkStandard, read: (delivery) => readGeneric('webhook', delivery) },
  sandbox: { check: checkStandard, read: (delivery) => readGeneric('sandbox', delivery) },
  shopify: {
    check: ({ rawBody, headers, secrets }) => withoutId(verifyShopify(rawBody, headers, secrets)),
    read: (delivery) => readStore(parseShopify, delivery),
  },
  woocommerce: {
    check({ rawBody, headers, secrets }) {
      if (isWooCommercePing(rawBody, headers)) return { ok: false, reason: 'ping' }
      return withoutId(verifyWooCommerce(rawBody, headers, secrets))
    },
    read: (delivery) => readStore(parseWooCommerce, delivery),
  },
  stripe: {
    check: ({ rawBody, headers, secrets, now }) => withoutId(verifyStripe(rawBody, headers, secrets, now)),
    read: (delivery) => readStore(parseStripe, delivery),
  },
} as const satisfies Record<string, Sender>

export type SenderChannel = keyof typeof senders

export function isSenderChannel(channel: string): channel is SenderChannel {
  return Object.hasOwn(senders, channel)
}

/** Whether the account's secrets sign these bytes. */
export function checkSender(channel: SenderChannel, signed: Signed): SenderCheck {
  return senders[channel].check(signed)
}

/** Reads a delivery whose signature was right. Never throws. */
export function readSender(channel: SenderChannel, delivery: SignedText): SenderRead {
  return senders[channel].read(delivery)
}

function checkStandard({ rawBody, headers, secrets, now }: Signed): SenderCheck {
  return verifyStandardWebhook(rawBody, headers, secrets, now)
}

function withoutId(check: Exclude<SenderCheck, { ok: true }> | { ok: true }): SenderCheck {
  return check.ok ? { ok: true, webhookId: '' } : check
}

function readGeneric(channel: 'webhook' | 'sandbox', delivery: SignedText): SenderRead {
  const { text, webhookId, accountExternalId, receivedAt } = delivery
  const account = { channel, externalId: accountExternalId }
  const parse = parseGenericBody(text, receivedAt, { webhookId, account })
  return parse.outcome === 'parsed' ? parse : { ...parse, id: webhookId }
}

/** A store's delivery is one item; what its body tells besides goes with it. */
function readStore(parse: (delivery: StoreDelivery) => StoreParse, delivery: SignedText): SenderRead {
  const { text, headers, accountExternalId, receivedAt } = delivery
  const read = parse({ text, headers, accountExternalId, receivedAt })
  if (read.outcome === 'refused') return read
  const [event, ...also] = read.events
  if (!event) throw new Error('A parser of a store read a delivery and told nothing.')
  return { outcome: 'parsed', items: [{ index: 0, id: read.id, event, also, raw: text }] }
}

const storeHeaders =
  /^(x-)?(shopify|wc-webhook)-(topic|event|resource|event-id|webhook-id|delivery-id|shop-domain|test)$/

/** The headers that a second reading of a failed delivery needs; none of them names a person. */
export function headersToKeep(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string' && storeHeaders.test(name)) kept[name] = value
  }
  return kept
}
