/** The parsers under the fuzzer: how each is asked, what it said, and the honest bodies its inputs are made from. */
import type { ParsedEvent } from '@fidelio/core/event.ts'
import { parseGenericBody } from '../../src/generic-events.ts'
import { parseInstagram } from '../../src/instagram.ts'
import { parseMessenger } from '../../src/messenger.ts'
import { parseMeta } from '../../src/meta-objects.ts'
import type { ParsedBody } from '../../src/parsed-event.ts'
import { parseShopify } from '../../src/shopify.ts'
import type { StoreDelivery, StoreParse } from '../../src/store-facts.ts'
import { parseStripe } from '../../src/stripe.ts'
import { parseWhatsapp } from '../../src/whatsapp.ts'
import { parseWooCommerce } from '../../src/woocommerce.ts'
import { receivedAt } from '../fixtures.ts'
import * as messenger from './seeds-messenger.ts'
import * as stores from './seeds-stores.ts'
import * as whatsapp from './seeds-whatsapp.ts'

/** What a parser said of a body. */
export type Said = {
  events: readonly ParsedEvent[]
  /** Everything that has a trace, one text each: events with their account, failures, ignored parts, refusals. */
  traces: readonly string[]
}

/** A place in a body where a part may stand among others: elements in an entry, entries in a body. */
export type Level = {
  wrap: (parts: readonly string[]) => string
  good: readonly [string, string]
  seeds: readonly unknown[]
  /** Whole bodies: one without entries is nothing to speak of. */
  maySayNothing?: true
}

export type Target = {
  name: string
  /** `topic` chooses the header of a store's delivery; the others have none. */
  parse: (text: string, topic: number) => Said
  /** Empty: a body is about one thing, and has no neighbours. */
  levels: readonly Level[]
  bodies: readonly unknown[]
}

function saidOf({ entries, ignored }: ParsedBody): Said {
  return {
    events: entries.flatMap((entry) => entry.events),
    traces: [
      ...entries.flatMap(({ accountExternalId, events, failures }) => [
        ...events.map((event) => JSON.stringify([accountExternalId, event])),
        ...failures.map((failed) => JSON.stringify([accountExternalId, failed])),
      ]),
      ...ignored.map((part) => JSON.stringify(part)),
    ],
  }
}

function saidOfStore(parse: StoreParse): Said {
  if (parse.outcome === 'refused') return { events: [], traces: [JSON.stringify(parse)] }
  return { events: parse.events, traces: parse.events.map((event) => JSON.stringify(event)) }
}

function saidOfGeneric(text: string): Said {
  const parse = parseGenericBody(text, receivedAt, { webhookId: 'wh_1' })
  if (parse.outcome === 'refused') return { events: [], traces: [JSON.stringify(parse)] }
  return {
    events: parse.items.flatMap(({ event, also }) => (event ? [event, ...also] : [])),
    // The place of an item in its body is not what it says.
    traces: parse.items.map(({ index: _, ...item }) => JSON.stringify(item)),
  }
}

function envelopes(object: string, element: messenger.Family, entry: messenger.Family): Level[] {
  return [
    { ...element, wrap: (parts) => element.around(parts.join(',')) },
    { ...entry, wrap: (parts) => `{"object":"${object}","entry":[${parts.join(',')}]}` },
  ]
}

function storeTarget(
  name: string,
  parse: (delivery: StoreDelivery) => StoreParse,
  headers: readonly Record<string, string>[],
  bodies: readonly unknown[],
): Target {
  return {
    name,
    levels: [],
    bodies,
    parse: (text, topic) =>
      saidOfStore(
        parse({
          text,
          headers: headers[topic % headers.length] ?? {},
          accountExternalId: stores.storeAccount,
          receivedAt,
        }),
      ),
  }
}

const messengerLevels = envelopes('page', messenger.messengerElements, messenger.messengerEntries)
const whatsappLevels = [
  ...envelopes('whatsapp_business_account', whatsapp.whatsappUpdates, whatsapp.whatsappEntries),
  { ...whatsapp.whatsappChanges, wrap: (parts: readonly string[]) => whatsapp.whatsappChanges.around(parts.join(',')) },
]

export const targets: readonly Target[] = [
  {
    name: 'messenger',
    parse: (text) => saidOf(parseMessenger(text, receivedAt)),
    levels: messengerLevels,
    bodies: messenger.metaBodies('page', messenger.messengerEntries),
  },
  {
    name: 'instagram',
    parse: (text) => saidOf(parseInstagram(text, receivedAt)),
    levels: envelopes('instagram', messenger.instagramElements, messenger.messengerEntries),
    bodies: messenger.metaBodies('instagram', messenger.messengerEntries),
  },
  {
    name: 'whatsapp',
    parse: (text) => saidOf(parseWhatsapp(text, receivedAt)),
    levels: whatsappLevels,
    bodies: messenger.metaBodies('whatsapp_business_account', whatsapp.whatsappEntries),
  },
  {
    name: 'meta',
    parse: (text) => {
      const parts = parseMeta(text, receivedAt).map(saidOf)
      return { events: parts.flatMap((part) => part.events), traces: parts.flatMap((part) => part.traces) }
    },
    // Bodies of several objects in one array, each a neighbour of the others.
    levels: [
      {
        wrap: (parts) => `[${parts.join(',')}]`,
        maySayNothing: true,
        good: [
          messengerLevels[0]?.wrap(messenger.messengerElements.good) ?? '',
          whatsappLevels[0]?.wrap(whatsapp.whatsappUpdates.good) ?? '',
        ],
        seeds: [
          ...messenger.metaBodies('page', messenger.messengerEntries),
          ...messenger.metaBodies('whatsapp_business_account', whatsapp.whatsappEntries),
        ],
      },
    ],
    bodies: messenger.metaBodies('instagram', messenger.messengerEntries),
  },
  {
    name: 'generic',
    parse: saidOfGeneric,
    levels: [{ ...stores.genericItems, wrap: (parts) => stores.genericItems.around(parts.join(',')) }],
    bodies: stores.genericItems.seeds,
  },
  storeTarget('shopify', parseShopify, stores.shopifyHeaders, stores.shopifyBodies),
  storeTarget('woocommerce', parseWooCommerce, stores.wooHeaders, stores.wooBodies),
  storeTarget('stripe', parseStripe, [{}], stores.stripeBodies),
]
