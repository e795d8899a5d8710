/**
 * The event: one fact that happened between a business and one of its customers.
 *
 * Adapters (services/channels) turn bytes into `ParsedEvent`s; ingest gives each a business, an account, a contact and
 * a row identity, which makes it an `EventRow` of the ClickHouse table `events`. Definitions: measures.md §1,
 * wire facts: protocols.md.
 */

/** Every kind of event Fidelio understands. Whatever else arrives is kept raw as `unknown`, or `custom` when a tenant names it. */
export const eventKinds = [
  'message.received', // the customer wrote
  'message.sent', // the business wrote: a human, a bot or a campaign (see `role`)
  'message.edited',
  'postback', // button, quick menu, get-started
  'reaction',
  'referral',
  'optin', // plugin opt-in without a topic; topic opt-ins become consent.granted / consent.revoked
  'delivery', // receipt: `watermarkAt` and/or `refs` (message ids)
  'read', // receipt: `watermarkAt` and/or `refs`
  'handover',
  'order.created',
  'order.paid',
  'order.refunded',
  'consent.granted',
  'consent.revoked',
  'conversation.closed',
  'message.accepted', // receipt: the provider took a message of the business (`refs`); no sign yet that it arrived
  'message.failed', // receipt: the provider gave up a message of the business (`refs`); why is in `data.errors`
  'identity.changed', // the provider gave a person another number or id: `contact` holds the old and the new one
  'account.changed', // about the account itself, no person: quality, names, templates, policy, errors; `name` says which
  'identity.linked', // the person signed in at the business (account linking): `contact` holds both names of the person
  'identity.unlinked',
  'feedback', // an answer to a rating; the score is in `data`, words in `text`
  'cart', // the customer sent a cart; no order yet
  'coupon', // the customer revealed the code of a coupon
  'form', // the customer filled in a form; which questions is in `data`, the answers only in `raw`
  'click', // a link or button of a paid message was pressed
  'comment', // under a post, not a message: opens no wait and no window
  'mention', // of the business in somebody's post, story or comment
  'custom', // the tenant's own name is in `name`
  'unknown', // kept raw; `name` says which key or shape was not understood
] as const
export type EventKind = (typeof eventKinds)[number]

/** Who acted. Only `customer` and `human` open and close waiting spells (measures.md §5). */
export const roles = ['customer', 'human', 'bot', 'campaign', 'system'] as const
export type Role = (typeof roles)[number]

/** Where people can be written to: a permission is about one of these. */
export const conversationChannels = ['messenger', 'instagram', 'whatsapp', 'webhook', 'sandbox'] as const
/** Systems that tell of customers and orders, and carry no conversation. Their secrets are the provider's own. */
export const storeChannels = ['shopify', 'woocommerce', 'stripe'] as const
/** `webhook` is the generic signed channel (Standard Webhooks) and `POST /v1/events`. */
export const channels = [...conversationChannels, ...storeChannels] as const
export type Channel = (typeof channels)[number]

/**
 * One external name of a person. `namespace` keeps ids of different origins apart:
 * `messenger:<page id>` (page-scoped ids), `instagram:<professional account id>`, `user_ref` (checkbox plugin), `account_link`
 * (code of a sign-in), `app_scoped:<Meta app id>`, `whatsapp:<business account id>` (business-scoped user ids), `whatsapp:parent`,
 * `sandbox:<account external id>`, `shopify:<shop domain>` and `shopify-order:<shop domain>`, `woocommerce:<account>`, `stripe:<account>`,
 * `external` (the tenant's own customer id), `email`, `phone` (digits, see `phoneDigits`).
 */
export type IdentityRef = { namespace: string; value: string }

/** What is known of the customer in one event; the first identity is the strongest. Empty `identities`: no person. */
export type ContactRef = { identities: IdentityRef[]; displayName?: string; locale?: string; timeZone?: string }

/** Why the event's time is not the provider's own, or is remarkable (measures.md §1 "Event time"). */
export type TimeFlag = '' | 'entry_time' | 'received_time' | 'backfill'

export type Money = { amount: string; currency: string }

/** Permission facts carried by an event; ingest applies them to the consent ledger in the acknowledged request. */
export type ConsentFact = {
  action: 'granted' | 'revoked'
  channel: Channel
  /** '*' on revocation means every topic of the channel (STOP words, platform-wide stop). */
  topic: string
  wording: string
  token?: string
  tokenExpiresAt?: number
}

/** One event as an adapter understood it, before it belongs to a business. Times are Unix milliseconds, UTC. */
export type ParsedEvent = {
  kind: EventKind
  /** custom event name, or for `unknown` the reason and key, e.g. `no_known_key`, `key:game_play` */
  name: string
  role: Role
  /** The provider's id of this fact (mid, event id), '' when it has none. Stored digit for digit. */
  externalId: string
  /**
   * What makes this fact the same fact when it is delivered again: hashed with business and account into the row id.
   * With a provider id: `<kind>:<id>`; without one: kind + parties + time + canonical content.
   */
  identity: string
  /** Provider's event time if it gave one that is acceptable; otherwise the fallback, with `timeFlag` set. */
  occurredAt: number
  timeFlag: TimeFlag
  contact: ContactRef | null
  text: string
  /** Ids this event refers to: delivered mids, the message reacted to, `send:<id>` of our own sends found in echo metadata. */
  refs: string[]
  /** Receipts: everything sent before (delivery, strict) / at or before (read, inclusive) this instant; 0 = none. */
  watermarkAt: number
  money: Money | null
  orderId: string
  /** The sending app of an echo, '' if absent: decides human or bot (measures.md §5). */
  appId: string
  consent: ConsentFact | null
  /** Small typed extras worth showing (payload, emoji, attachment types …). */
  data: Record<string, unknown>
  /** The provider's own JSON of this element, digit for digit. */
  raw: string
}

/** One row of `events`. Column order is the insert order: `eventColumns`. */
export type EventRow = {
  business_id: string
  contact_id: number
  account_id: string
  channel: Channel
  kind: EventKind
  role: Role
  name: string
  ts: number
  received_at: number
  time_flag: TimeFlag
  row_id: string
  external_id: string
  text: string
  refs: string[]
  watermark_at: number
  order_id: string
  amount: string
  currency: string
  app_id: string
  data: string
  raw: string
}

export const eventColumns = [
  'business_id',
  'contact_id',
  'account_id',
  'channel',
  'kind',
  'role',
  'name',
  'ts',
  'received_at',
  'time_flag',
  'row_id',
  'external_id',
  'text',
  'refs',
  'watermark_at',
  'order_id',
  'amount',
  'currency',
  'app_id',
  'data',
  'raw',
] as const satisfies readonly (keyof EventRow)[]

/** Events older than this at receipt are kept at their own time but flagged `backfill` (measures.md §1). */
export const backfillAfterDays = 8
/** A provider time further in the future than this is not believed. */
export const futureToleranceMs = 5 * 60_000
/** Provider times before 2010-01-01 are not believed. */
export const earliestEventAt = Date.UTC(2010, 0, 1)

/**
 * Version of what the parsers understand. Raise it with a change that makes readable what was refused before: failed
 * events carry the version that refused them, so that one sees which of them a replay may now help.
 */
export const eventSchemaVersion = 1
