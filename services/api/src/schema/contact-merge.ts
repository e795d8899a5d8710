/** Several contacts that are one person: why, what merging would do, doing it and taking it back (features.md 2.2, 2.3). */
import { sharedBeyond } from '@fidelio/core/contact-groups.ts'
import {
  listMergedContacts,
  listMerges,
  listSharedIdentities,
  type MergedContact,
  type MergeOutcome,
  type MergePreview,
  type MergeRecord,
  mergePeople,
  type PersonParts,
  previewMerge,
  type SharedIdentityRecord,
  undoMerge,
} from '@fidelio/db/records/people-merging.ts'
import { type Here, targetBusiness } from '../context.ts'
import { apiError, notFound } from '../errors.ts'
import { contactIdOf, isUuid } from '../ids.ts'
import { pageSize } from '../paging.ts'
import { actorOf } from '../viewer.ts'
import { builder, can, canIn, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { ConsentRef, ContactRef, IdentityRef, loadContact } from './contact.ts'

const MergeReasonEnum = builder.enumType('MergeReason', {
  values: {
    TOLD_TOGETHER: { value: 'told_together', description: 'one event named both' },
    SAME_EMAIL: { value: 'same_email' },
    SAME_PHONE: { value: 'same_phone' },
    BY_HAND: { value: 'by_hand', description: 'somebody decided it' },
  },
} as const)

const ContactMergeRef = builder.objectRef<MergeRecord>('ContactMerge').implement({
  description: 'Why two contacts are one person, or were.',
  authScopes: reached,
  fields: (t) => ({
    id: t.exposeID('id'),
    contactNumbers: t.intList({
      description: 'the two contacts, by number; the one known longer first',
      resolve: (merge) => [merge.otherContactId, merge.contactId],
    }),
    reason: t.expose('reason', { type: MergeReasonEnum }),
    value: t.exposeString('value', { description: 'the e-mail or phone both were told with, or empty' }),
    eventRowId: t.exposeID('eventRowId', { nullable: true, description: 'the event that said so' }),
    by: t.exposeString('actor', { description: 'the person or key that decided it; empty for an event' }),
    at: t.field({ type: 'DateTime', resolve: (merge) => merge.createdAt.getTime() }),
    undoneAt: t.field({ type: 'DateTime', nullable: true, resolve: (merge) => merge.undoneAt?.getTime() ?? null }),
    undoneBy: t.exposeString('undoneBy', {
      description: 'the person or key that took it back; empty when too many people turned out to share the address',
    }),
  }),
})

const MergedContactRef = builder.objectRef<MergedContact>('MergedContact').implement({
  authScopes: reached,
  fields: (t) => ({
    number: t.exposeInt('contactId'),
    name: t.string({ resolve: (contact) => contact.displayName ?? `#${contact.contactId}` }),
    createdAt: t.field({ type: 'DateTime', resolve: (contact) => contact.createdAt.getTime() }),
  }),
})

builder.objectFields(ContactRef, (t) => ({
  mergedFrom: t.field({
    type: [MergedContactRef],
    description: 'the other contacts that are counted as this person',
    complexity: { field: 5, multiplier: 0 },
    authScopes: can('conversation.read'),
    resolve: async (contact, _args, context) => {
      const { db } = await context.open(contact.businessId)
      return db.tx((sql) => listMergedContacts(sql, contact.businessId, contact.id))
    },
  }),
  merges: t.field({
    type: [ContactMergeRef],
    description: 'what makes several contacts this person, and what was taken back; newest first',
    complexity: { field: 5, multiplier: 0 },
    authScopes: can('conversation.read'),
    resolve: async (contact, _args, context) => {
      const { db } = await context.open(contact.businessId)
      return db.tx((sql) => listMerges(sql, contact.businessId, contact.id))
    },
  }),
}))

type Parts = PersonParts & { businessId: string }
const PersonPartsRef = builder.objectRef<Parts>('PersonParts').implement({
  authScopes: reached,
  fields: (t) => ({
    contact: t.field({
      type: ContactRef,
      resolve: async (parts, _args, context) => loadContact(await context.open(parts.businessId), parts.personId),
    }),
    identities: t.expose('identities', { type: [IdentityRef] }),
    consents: t.field({
      type: [ConsentRef],
      resolve: (parts) => parts.consents.map((consent) => ({ ...consent, ledger: [] })),
    }),
    conversations: t.exposeInt('conversations', { description: 'accounts on which there is a conversation' }),
    contacts: t.exposeInt('contacts', { description: 'contacts they came in under' }),
  }),
})

type Preview = MergePreview & { businessId: string }
const MergePreviewRef = builder.objectRef<Preview>('ContactMergePreview').implement({
  description: 'What merging two people would do; nothing is done.',
  authScopes: reached,
  fields: (t) => ({
    kept: t.field({ type: PersonPartsRef, resolve: ({ before, businessId }) => ({ ...before[0], businessId }) }),
    moved: t.field({ type: PersonPartsRef, resolve: ({ before, businessId }) => ({ ...before[1], businessId }) }),
    after: t.field({ type: PersonPartsRef, resolve: ({ after, businessId }) => ({ ...after, businessId }) }),
    peopleBefore: t.exposeInt('peopleBefore', { description: 'people of the business' }),
    peopleAfter: t.exposeInt('peopleAfter'),
  }),
})

const SharedIdentityRef = builder.objectRef<SharedIdentityRecord>('SharedIdentity').implement({
  description: 'An e-mail or phone that too many different people were told with: it links nobody.',
  authScopes: reached,
  fields: (t) => ({
    namespace: t.exposeString('namespace'),
    value: t.exposeString('value'),
    people: t.exposeInt('contacts', { description: 'different names it was told beside' }),
    lastToldAt: t.field({ type: 'DateTime', resolve: (identity) => identity.lastToldAt.getTime() }),
  }),
})

builder.objectFields(BusinessRef, (t) => ({
  contactMergePreview: t.field({
    type: MergePreviewRef,
    authScopes: can('conversation.read'),
    complexity: 20,
    args: { contactId: t.arg.id({ required: true }), otherContactId: t.arg.id({ required: true }) },
    resolve: async (here, { contactId, otherContactId }) => {
      const preview = settled(await previewMerge(here.db, [numberIn(here, contactId), numberIn(here, otherContactId)]))
      return { ...preview, businessId: here.businessId }
    },
  }),
  sharedIdentities: t.field({
    type: [SharedIdentityRef],
    authScopes: can('conversation.read'),
    args: { first: t.arg.int({ defaultValue: 50 }) },
    resolve: (here, { first }) =>
      here.db.tx((sql) => listSharedIdentities(sql, here.businessId, { sharedBeyond, first: pageSize(first, 50) })),
  }),
}))

type Merged = { here: Here; personId: number; mergeId: string }
const MergeResultRef = builder.objectRef<Merged>('MergeResult').implement({
  authScopes: reached,
  fields: (t) => ({
    contact: t.field({ type: ContactRef, resolve: ({ here, personId }) => loadContact(here, personId) }),
    mergeId: t.exposeID('mergeId', { description: 'takes it back with unmergeContact' }),
  }),
})

type Unmerged = { here: Here; personIds: number[]; stillOne: boolean }
const UnmergeResultRef = builder.objectRef<Unmerged>('UnmergeResult').implement({
  authScopes: reached,
  fields: (t) => ({
    contacts: t.field({
      type: [ContactRef],
      resolve: ({ here, personIds }) => Promise.all(personIds.map((personId) => loadContact(here, personId))),
    }),
    stillOne: t.exposeBoolean('stillOne', { description: 'something else says that they are one person' }),
  }),
})

builder.mutationFields((t) => ({
  mergeContacts: t.field({
    type: MergeResultRef,
    description: 'Makes two people one, until it is taken back. Events keep the name they came in under.',
    authScopes: canIn('contact.merge'),
    args: {
      businessId: t.arg.id(),
      contactId: t.arg.id({ required: true }),
      otherContactId: t.arg.id({ required: true }),
    },
    async resolve(_root, { businessId, contactId, otherContactId }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const pair = [numberIn(here, contactId), numberIn(here, otherContactId)] as const
      return { here, ...settled(await mergePeople(here.db, pair, actorOf(context.viewer))) }
    },
  }),
  unmergeContact: t.field({
    type: UnmergeResultRef,
    description: 'Takes a merge back: both people are as they were, and no event merges them again.',
    authScopes: canIn('contact.merge'),
    args: { businessId: t.arg.id(), mergeId: t.arg.id({ required: true }) },
    async resolve(_root, { businessId, mergeId }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const undone = isUuid(mergeId) ? await undoMerge(here.db, mergeId, actorOf(context.viewer)) : null
      if (!undone) throw notFound('merge')
      return { here, ...undone }
    },
  }),
}))

function numberIn(here: Here, id: string): number {
  const { businessId, contactId } = contactIdOf(id)
  if (businessId !== null && businessId !== here.businessId) throw notFound('contact')
  return contactId
}

function settled<T>(outcome: MergeOutcome<T>): T {
  if (outcome.kind === 'done') return outcome.result
  if (outcome.kind === 'unknown') throw notFound('contact')
  throw apiError('CONFLICT', 'These two are one person already.')
}
