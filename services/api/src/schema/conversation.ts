/** Conversations: the list, the thread behind any number, and its waits. Message text needs `conversation.read`. */
import { threadPage, threadSpells } from '@fidelio/db/queries/conversation.ts'
import type { SpellRow, ThreadEvent } from '@fidelio/db/queries/types.ts'
import { findThread, listThreads } from '@fidelio/db/records/threads.ts'
import { z } from 'zod'
import { notFound } from '../errors.ts'
import { conversationIdOf } from '../ids.ts'
import { decodeCursor, encodeCursor, pageOf, pageSize } from '../paging.ts'
import { ChannelAccountRef } from './account.ts'
import { builder, can, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { ContactRef, loadContact } from './contact.ts'
import { ConversationRef } from './conversation-ref.ts'
import { SpellOutcomeEnum } from './enums.ts'
import { detailOf } from './event-detail.ts'
import { FilterInput, filterOf } from './filter.ts'

const MessageRef = builder.objectRef<ThreadEvent>('Message').implement({
  description:
    'anything shown in a thread: messages, postbacks, reactions, orders, consent, answers to ratings and forms, what other systems report',
  authScopes: reached,
  fields: (t) => ({
    id: t.id({ resolve: (event) => event.rowId }),
    kind: t.exposeString('kind'),
    role: t.exposeString('role'),
    at: t.expose('at', { type: 'DateTime' }),
    text: t.exposeString('text'),
    name: t.exposeString('name', {
      description: 'what sort of its kind: the tenant’s own word for a custom event, what happened in a handover …',
    }),
    detail: t.string({ resolve: detailOf }),
    amount: t.exposeFloat('amount', { nullable: true }),
    currency: t.string({ nullable: true, resolve: (event) => event.currency || null }),
    delivered: t.exposeBoolean('delivered', { nullable: true }),
    read: t.exposeBoolean('read', { nullable: true }),
  }),
})
const MessageConnection = builder.connectionObject(
  { type: MessageRef, name: 'MessageConnection' },
  { name: 'MessageEdge' },
)

const SpellRef = builder.objectRef<SpellRow>('Spell').implement({
  authScopes: reached,
  fields: (t) => ({
    openedAt: t.expose('openedAt', { type: 'DateTime' }),
    closedAt: t.expose('closedAt', { type: 'DateTime', nullable: true }),
    outcome: t.expose('outcome', { type: SpellOutcomeEnum }),
    seconds: t.exposeFloat('seconds'),
    isFirst: t.exposeBoolean('isFirst'),
    burst: t.exposeInt('burst'),
    botAt: t.expose('botAt', { type: 'DateTime', nullable: true }),
  }),
})

const threadCursor = z.tuple([z.number().int(), z.string()])

builder.node(ConversationRef, {
  id: { resolve: (thread) => `${thread.accountId}.${thread.contactId}` },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'lastMessageAt' in value,
  authScopes: can('business.read'),
  fields: (t) => ({
    contact: t.field({
      type: ContactRef,
      resolve: async (thread, _args, context) => loadContact(await context.open(thread.businessId), thread.contactId),
    }),
    account: t.field({
      type: ChannelAccountRef,
      resolve: async (thread, _args, context) => {
        const account = await (await context.open(thread.businessId)).loaders.account.load(thread.accountId)
        if (!account) throw notFound('account')
        return account
      },
    }),
    lastMessageAt: t.expose('lastMessageAt', { type: 'DateTime' }),
    lastText: t.exposeString('lastText', { authScopes: can('conversation.read') }),
    lastRole: t.exposeString('lastRole'),
    waitingSince: t.expose('waitingSince', { type: 'DateTime', nullable: true }),
    messageCount: t.exposeInt('messageCount'),
    messages: t.field({
      type: MessageConnection,
      description: 'oldest first within the page; `before` pages back in time',
      authScopes: can('conversation.read'),
      complexity: ({ last }) => ({ field: 10, multiplier: last ?? 100 }),
      args: { last: t.arg.int({ defaultValue: 100 }), before: t.arg.string() },
      resolve: async (thread, { last, before }, context) => {
        const { db } = await context.open(thread.businessId)
        const position = decodeCursor(before, threadCursor, 'before')
        const { events, hasEarlier } = await threadPage(db, {
          accountId: thread.accountId,
          contactId: thread.contactId,
          last: pageSize(last, 100, 'last'),
          ...(position ? { before: { at: position[0], rowId: position[1] } } : {}),
        })
        const ends = { hasNextPage: position !== undefined, hasPreviousPage: hasEarlier }
        return pageOf(events, ends, (event) => encodeCursor([event.at, event.rowId]))
      },
    }),
    spells: t.field({
      type: [SpellRef],
      authScopes: can('analytics.read'),
      resolve: async (thread, _args, context) => {
        const { db } = await context.open(thread.businessId)
        return threadSpells(db, { accountId: thread.accountId, contactId: thread.contactId, now: context.now })
      },
    }),
  }),
})

const ConversationConnection = builder.connectionObject(
  { type: ConversationRef, name: 'ConversationConnection' },
  { name: 'ConversationEdge' },
)
const listCursor = z.tuple([z.number().int(), z.number().int(), z.uuid()])

builder.objectFields(BusinessRef, (t) => ({
  conversations: t.field({
    type: ConversationConnection,
    authScopes: can('conversation.read'),
    complexity: ({ first }) => ({ field: 5, multiplier: first ?? 30 }),
    args: {
      first: t.arg.int({ defaultValue: 30 }),
      after: t.arg.string(),
      waitingOnly: t.arg.boolean({ defaultValue: false }),
      search: t.arg.string(),
      filter: t.arg({ type: FilterInput }),
    },
    resolve: async (here, { first, after, waitingOnly, search, filter }) => {
      const position = decodeCursor(after, listCursor)
      const { threads, hasMore } = await listThreads(here.db, {
        first: pageSize(first, 30),
        waitingOnly: waitingOnly ?? false,
        search: search?.trim() || undefined,
        filter: await filterOf(here, filter),
        after: position && { lastMessageAt: position[0], contactId: position[1], accountId: position[2] },
      })
      const shapes = threads.map((thread) => ({ ...thread, businessId: here.businessId }))
      const ends = { hasNextPage: hasMore, hasPreviousPage: position !== undefined }
      return pageOf(shapes, ends, (row) => encodeCursor([row.lastMessageAt, row.contactId, row.accountId]))
    },
  }),
  conversation: t.field({
    type: ConversationRef,
    authScopes: can('conversation.read'),
    args: { id: t.arg.id({ required: true }) },
    resolve: async (here, { id }) => {
      const thread = await findThread(here.db, conversationIdOf(id))
      if (!thread) throw notFound('conversation')
      return { ...thread, businessId: here.businessId }
    },
  }),
}))
