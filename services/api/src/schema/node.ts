import { findCampaign } from '@fidelio/db/records/campaigns.ts'
import { findSend } from '@fidelio/db/records/sends.ts'
import { findThread } from '@fidelio/db/records/threads.ts'
import { GraphQLError } from 'graphql'
import type { ApiContext, Here } from '../context.ts'
import { contactIdOf, conversationIdOf, type NodeType, splitId, uuidOf } from '../ids.ts'
import { builder, known, sees } from './builder.ts'

/** Looks for an object in one business; null when it is not there. */
const finders: Record<NodeType, (here: Here, id: string) => Promise<object | null>> = {
  Business: async (here, id) => (uuidOf('Business', id, 'business') === here.businessId ? here : null),
  ChannelAccount: (here, id) => here.loaders.account.load(uuidOf('ChannelAccount', id, 'account')),
  Contact: async (here, id) => {
    const { businessId, contactId } = contactIdOf(id)
    // A bare number means nothing outside a business.
    return businessId === here.businessId ? here.loaders.contact.load(contactId) : null
  },
  Conversation: async (here, id) => {
    const thread = await findThread(here.db, conversationIdOf(id))
    return thread && { ...thread, businessId: here.businessId }
  },
  Campaign: (here, id) => findCampaign(here.db, uuidOf('Campaign', id, 'campaign')),
  Send: async (here, id) => {
    const send = await findSend(here.db, uuidOf('Send', id, 'send'))
    return send && { ...send, businessId: here.businessId }
  },
}

builder.queryField('node', (t) =>
  t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    description: 'Any object by its global id; null when there is none, or it is not yours.',
    authScopes: known,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, context) => findNode(context, id),
  }),
)

async function findNode(context: ApiContext, globalId: string): Promise<object | null> {
  const split = splitId(globalId)
  if (!split) return null
  for (const businessId of candidates(context, split)) {
    if (!sees(context, businessId)) continue
    const found = await inBusiness(context, businessId, split)
    if (found) return found
  }
  return null
}

/** Ids that name their business need one look; the others one per business of the asker. The operator names the business. */
function candidates({ viewer }: ApiContext, { type, id }: { type: NodeType; id: string }): string[] {
  if (type === 'Business') return [id]
  if (type === 'Contact') return [id.split('.')[0] ?? '']
  if (viewer.kind === 'person') return [...viewer.roles.keys()]
  return viewer.kind === 'key' ? [viewer.businessId] : []
}

async function inBusiness(
  context: ApiContext,
  businessId: string,
  { type, id }: { type: NodeType; id: string },
): Promise<object | null> {
  try {
    return await finders[type](await context.open(businessId), id)
  } catch (error) {
    // A malformed or foreign id is no object: `node` answers null for both.
    if (error instanceof GraphQLError && error.extensions.code === 'NOT_FOUND') return null
    throw error
  }
}
