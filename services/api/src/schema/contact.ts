import { contactOrders } from '@fidelio/db/queries/orders.ts'
import type { OrderRow } from '@fidelio/db/queries/types.ts'
import { type ContactAttribute, listAttributes } from '@fidelio/db/records/contact-attributes.ts'
import {
  type ConsentAnswer,
  type ConsentLedgerLine,
  type ContactRecord,
  type IdentityRecord,
  listConsentLedger,
  listConsents,
  listIdentities,
  pageContacts,
} from '@fidelio/db/records/contact-pages.ts'
import { threadsOfContact } from '@fidelio/db/records/threads.ts'
import { z } from 'zod'
import type { Here } from '../context.ts'
import { notFound } from '../errors.ts'
import { contactIdOf } from '../ids.ts'
import { decodeCursor, encodeCursor, pageOf, pageSize } from '../paging.ts'
import { builder, can, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { ConversationRef } from './conversation-ref.ts'
import { ChannelEnum, ConsentActionEnum } from './enums.ts'

export const ContactRef = builder.objectRef<ContactRecord>('Contact')

export const IdentityRef = builder.objectRef<IdentityRecord>('Identity').implement({
  authScopes: reached,
  fields: (t) => ({
    namespace: t.exposeString('namespace'),
    value: t.exposeString('value'),
    shared: t.exposeBoolean('shared', {
      description: 'too many people were told with it to say who somebody is',
      complexity: 0,
    }),
  }),
})

const ContactAttributeRef = builder.objectRef<ContactAttribute>('ContactAttribute').implement({
  authScopes: reached,
  fields: (t) => ({
    name: t.exposeString('name'),
    value: t.field({ type: 'JSON', description: 'a text, a number, true or false', resolve: ({ value }) => value }),
    toldAt: t.field({ type: 'DateTime', resolve: ({ toldAt }) => toldAt.getTime() }),
  }),
})

const ConsentEntryRef = builder.objectRef<ConsentLedgerLine>('ConsentEntry').implement({
  authScopes: reached,
  fields: (t) => ({
    action: t.expose('action', { type: ConsentActionEnum }),
    topic: t.exposeString('topic', { description: "'*': every topic of the channel" }),
    occurredAt: t.field({ type: 'DateTime', resolve: (line) => line.occurredAt.getTime() }),
    recordedAt: t.field({ type: 'DateTime', resolve: (line) => line.recordedAt.getTime() }),
    source: t.exposeString('source'),
    actor: t.exposeString('actor'),
    wording: t.exposeString('wording'),
  }),
})

export type ConsentShape = ConsentAnswer & { ledger: ConsentLedgerLine[] }
export const ConsentRef = builder.objectRef<ConsentShape>('Consent').implement({
  authScopes: reached,
  fields: (t) => ({
    channel: t.expose('channel', { type: ChannelEnum }),
    topic: t.exposeString('topic'),
    granted: t.exposeBoolean('granted'),
    since: t.field({ type: 'DateTime', resolve: (consent) => consent.since.getTime() }),
    ledger: t.expose('ledger', { type: [ConsentEntryRef] }),
  }),
})

const OrderRef = builder.objectRef<OrderRow>('Order').implement({
  authScopes: reached,
  fields: (t) => ({
    orderId: t.exposeString('orderId'),
    at: t.expose('at', { type: 'DateTime' }),
    amount: t.exposeFloat('amount'),
    currency: t.exposeString('currency'),
    status: t.exposeString('status'),
  }),
})

builder.node(ContactRef, {
  id: { resolve: (contact) => `${contact.businessId}.${contact.id}` },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'displayName' in value && !('status' in value),
  authScopes: can('business.read'),
  fields: (t) => ({
    name: t.string({ resolve: (contact) => contact.displayName ?? `#${contact.id}` }),
    locale: t.exposeString('locale', { nullable: true }),
    createdAt: t.field({ type: 'DateTime', resolve: (contact) => contact.createdAt.getTime() }),
    identities: t.field({
      type: [IdentityRef],
      authScopes: can('conversation.read'),
      resolve: async (contact, _args, context) => {
        const { db } = await context.open(contact.businessId)
        return db.tx((sql) => listIdentities(sql, contact.businessId, contact.id))
      },
    }),
    consents: t.field({
      type: [ConsentRef],
      authScopes: can('conversation.read'),
      resolve: async (contact, _args, context) => consentsOf(await context.open(contact.businessId), contact.id),
    }),
    attributes: t.field({
      type: [ContactAttributeRef],
      authScopes: can('conversation.read'),
      description: 'What your own systems told of the person (identify): per name the value told last in time',
      resolve: async (contact, _args, context) => {
        const { db } = await context.open(contact.businessId)
        return db.tx((sql) => listAttributes(sql, contact.businessId, contact.id))
      },
    }),
    conversations: t.field({
      type: [ConversationRef],
      authScopes: can('conversation.read'),
      resolve: async (contact, _args, context) => {
        const { db, businessId } = await context.open(contact.businessId)
        const threads = await threadsOfContact(db, { contactId: contact.id })
        return threads.map((thread) => ({ ...thread, businessId }))
      },
    }),
    orders: t.field({
      type: [OrderRef],
      authScopes: can('conversation.read'),
      resolve: async (contact, _args, context) => {
        const { db } = await context.open(contact.businessId)
        return contactOrders(db, { contactId: contact.id })
      },
    }),
  }),
})

/** Answers with the lines of the ledger that bear on them: their own topic's, and those about every topic. */
export function consentsOf(here: Here, contactId: number): Promise<ConsentShape[]> {
  return here.db.tx(async (sql) => {
    const answers = await listConsents(sql, here.businessId, contactId)
    const lines = await listConsentLedger(sql, here.businessId, contactId)
    return answers.map((answer) => ({
      ...answer,
      ledger: lines.filter(
        (line) => line.channel === answer.channel && (line.topic === answer.topic || line.topic === '*'),
      ),
    }))
  })
}

/** The contact a row speaks of. A row without one is a fault of ours, not an answer. */
export async function loadContact(here: Here, contactId: number): Promise<ContactRecord> {
  const contact = await here.loaders.contact.load(contactId)
  // A person the event store knows and the other does not (yet): shown by number rather than refused.
  return (
    contact ?? { businessId: here.businessId, id: contactId, displayName: null, locale: null, createdAt: new Date(0) }
  )
}

/** The contact of an id given from outside. @throws NOT_FOUND */
export async function requireContact(here: Here, id: string): Promise<ContactRecord> {
  const { businessId, contactId } = contactIdOf(id)
  if (businessId !== null && businessId !== here.businessId) throw notFound('contact')
  const contact = await here.loaders.contact.load(contactId)
  if (!contact) throw notFound('contact')
  return contact
}

const ContactConnection = builder.connectionObject(
  { type: ContactRef, name: 'ContactConnection' },
  { name: 'ContactEdge' },
)

builder.objectFields(BusinessRef, (t) => ({
  contacts: t.field({
    type: ContactConnection,
    authScopes: can('conversation.read'),
    complexity: ({ first }) => ({ field: 5, multiplier: first ?? 30 }),
    args: { first: t.arg.int({ defaultValue: 30 }), after: t.arg.string(), search: t.arg.string() },
    resolve: async (here, { first, after, search }) => {
      const before = decodeCursor(after, z.tuple([z.number().int()]))?.[0]
      const page = { first: pageSize(first, 30), before, search: search?.trim() || undefined }
      const { contacts, hasMore } = await here.db.tx((sql) => pageContacts(sql, here.businessId, page))
      const ends = { hasNextPage: hasMore, hasPreviousPage: before !== undefined }
      return pageOf(contacts, ends, (contact) => encodeCursor([contact.id]))
    },
  }),
  contact: t.field({
    type: ContactRef,
    authScopes: can('conversation.read'),
    args: { id: t.arg.id({ required: true }) },
    resolve: (here, { id }) => requireContact(here, id),
  }),
}))
