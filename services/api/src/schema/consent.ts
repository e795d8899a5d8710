/** Recording permissions: one at a time, or a list with proof. */
import { isTopic } from '@fidelio/core/consent.ts'
import { type Channel, futureToleranceMs } from '@fidelio/core/event.ts'
import { isStoreChannel } from '@fidelio/db/records/accounts.ts'
import { type ConsentRecord, recordConsents } from '@fidelio/db/records/consents.ts'
import { resolveContacts } from '@fidelio/db/records/contacts.ts'
import { consentRowId, externalIdentity } from '../consent-facts.ts'
import { importConsents } from '../consent-import.ts'
import { type ApiContext, type Here, targetBusiness } from '../context.ts'
import { invalid, notFound } from '../errors.ts'
import { requireText } from '../input.ts'
import { actorOf } from '../viewer.ts'
import { builder, canIn, reached } from './builder.ts'
import { ConsentRef, type ConsentShape, consentsOf, requireContact } from './contact.ts'
import { ChannelEnum, ConsentActionEnum } from './enums.ts'

const wordingCharactersMax = 2000

const RecordConsentInput = builder.inputType('RecordConsentInput', {
  fields: (t) => ({
    businessId: t.id(),
    contactId: t.id(),
    externalId: t.string(),
    channel: t.field({ type: ChannelEnum, required: true }),
    topic: t.string({ required: true }),
    action: t.field({ type: ConsentActionEnum, required: true }),
    wording: t.string({ required: true }),
    occurredAt: t.field({ type: 'DateTime' }),
  }),
})
type RecordAsked = typeof RecordConsentInput.$inferInput

/** Nobody is written to on a shop or through a payment provider. */
function requireConversation(channel: Channel): void {
  if (isStoreChannel(channel)) {
    throw invalid('input.channel', 'Name the channel people are written to on: a shop or payment provider is none.')
  }
}

builder.mutationField('recordConsent', (t) =>
  t.field({
    type: ConsentRef,
    authScopes: canIn('consent.write'),
    args: { input: t.arg({ type: RecordConsentInput, required: true }) },
    async resolve(_root, { input }, context) {
      const here = await context.open(targetBusiness(context.viewer, input.businessId))
      const { topic, action } = input
      requireConversation(input.channel)
      const everyTopic = topic === '*' && action === 'revoked'
      if (!isTopic(topic) && !everyTopic)
        throw invalid('input.topic', 'This cannot be a topic ("*" only when revoked).')
      const occurredAt = input.occurredAt ?? context.now
      if (occurredAt > context.now + futureToleranceMs) throw invalid('input.occurredAt', 'This is in the future.')
      const wording = requireText('input.wording', input.wording, wordingCharactersMax)
      const contactId = await contactOf(here, input, context)
      const place = { businessId: here.businessId, contactId, channel: input.channel, topic }
      const fact: ConsentRecord = {
        ...place,
        eventRowId: consentRowId(place, action, new Date(occurredAt).toISOString()),
        action,
        occurredAt: new Date(occurredAt),
        source: context.viewer.kind === 'person' ? 'person' : 'api',
        actor: actorOf(context.viewer),
        wording,
        proof: {},
      }
      await context.worker.tx((sql) => recordConsents(sql, [fact]))
      return answerOf(here, fact)
    },
  }),
)

/** The contact named, or the one an external id belongs to, who is made when nobody has it yet. */
async function contactOf(here: Here, input: RecordAsked, context: ApiContext): Promise<number> {
  if (input.contactId) return (await requireContact(here, input.contactId)).id
  if (!input.externalId) throw invalid('input.contactId', 'Name the person by contactId or externalId.')
  const identity = externalIdentity(requireText('input.externalId', input.externalId, 200))
  const request = { businessId: here.businessId, identities: [identity] }
  const { contacts } = await context.worker.tx((sql) => resolveContacts(sql, [request]))
  const [contact] = contacts
  if (!contact) throw notFound('business')
  return contact.contactId
}

async function answerOf(here: Here, fact: ConsentRecord): Promise<ConsentShape> {
  const answers = await consentsOf(here, fact.contactId)
  const answer = answers.find(({ channel, topic }) => channel === fact.channel && topic === fact.topic)
  if (answer) return answer
  const { channel, topic } = fact
  const ledger = answers.find((other) => other.channel === channel)?.ledger.filter((line) => line.topic === '*') ?? []
  return { channel, topic, granted: false, since: fact.occurredAt, ledger }
}

const ImportRejectRef = builder.objectRef<{ line: number; reason: string }>('ImportReject').implement({
  authScopes: reached,
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'in the text, the header being 1' }),
    reason: t.exposeString('reason', {
      description: 'columns, formula, no_identity, email, phone, occurred_at or too_long',
    }),
  }),
})

type ImportShape = { accepted: number; duplicates: number; rejected: { line: number; reason: string }[] }
const ImportResultRef = builder.objectRef<ImportShape>('ImportResult').implement({
  authScopes: reached,
  fields: (t) => ({
    accepted: t.exposeInt('accepted', { description: 'permissions that are new' }),
    duplicates: t.exposeInt('duplicates', { description: 'permissions that were on record already' }),
    rejected: t.expose('rejected', { type: [ImportRejectRef] }),
  }),
})

const ImportConsentsInput = builder.inputType('ImportConsentsInput', {
  fields: (t) => ({
    channel: t.field({ type: ChannelEnum, required: true }),
    topic: t.string({ required: true }),
    wording: t.string({ required: true }),
    source: t.string({ required: true }),
    csv: t.string({
      required: true,
      description: 'CSV with a header: externalId,email,phone,name,occurredAt (any of the first three)',
    }),
  }),
})

builder.mutationField('importConsents', (t) =>
  t.field({
    type: ImportResultRef,
    description: 'Opt-ins with proof, at most 5 000 lines; each line answered.',
    authScopes: canIn('consent.write'),
    complexity: { field: 500 },
    args: { businessId: t.arg.id(), input: t.arg({ type: ImportConsentsInput, required: true }) },
    async resolve(_root, { businessId, input }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      if (!isTopic(input.topic)) throw invalid('input.topic', 'This cannot be a topic.')
      requireConversation(input.channel)
      return importConsents(context, {
        businessId: here.businessId,
        channel: input.channel,
        topic: input.topic,
        wording: requireText('input.wording', input.wording, wordingCharactersMax),
        source: requireText('input.source', input.source, 200),
        csv: input.csv,
        actor: actorOf(context.viewer),
      })
    },
  }),
)
