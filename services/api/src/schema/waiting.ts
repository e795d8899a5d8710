import type { WaitingNow, WaitingSpell } from '@fidelio/db/queries/types.ts'
import { waitingNow } from '@fidelio/db/queries/waiting.ts'
import type { Here } from '../context.ts'
import { isAllowed } from '../context.ts'
import { pageSize } from '../paging.ts'
import { builder, can, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { ContactRef, loadContact } from './contact.ts'
import { ConversationRef } from './conversation-ref.ts'

type SpellShape = WaitingSpell & { businessId: string }

const WaitingSpellRef = builder.objectRef<SpellShape>('WaitingSpell').implement({
  authScopes: reached,
  fields: (t) => ({
    conversation: t.field({
      type: ConversationRef,
      resolve: async (spell, _args, context) => {
        const here = await context.open(spell.businessId)
        const thread = await here.loaders.thread.load({ accountId: spell.accountId, contactId: spell.contactId })
        // Threads are derived a moment after spells: what the spell knows stands in for the row that is on its way.
        return { ...(thread ?? threadOf(spell)), businessId: spell.businessId }
      },
    }),
    contact: t.field({
      type: ContactRef,
      resolve: async (spell, _args, context) => loadContact(await context.open(spell.businessId), spell.contactId),
    }),
    openedAt: t.expose('openedAt', { type: 'DateTime' }),
    waitedSeconds: t.exposeFloat('waitedSeconds'),
    lastText: t.string({
      nullable: true,
      description: 'null for those who see numbers only',
      resolve: (spell, _args, { viewer }) =>
        isAllowed(viewer, spell.businessId, 'conversation.read') ? spell.lastText : null,
    }),
    burst: t.exposeInt('burst', { description: 'messages the customer sent while waiting' }),
  }),
})

function threadOf(spell: SpellShape) {
  return {
    accountId: spell.accountId,
    contactId: spell.contactId,
    lastMessageAt: spell.openedAt,
    lastText: spell.lastText,
    lastRole: 'customer',
    waitingSince: spell.openedAt,
    messageCount: spell.burst,
  }
}

type WaitingShape = Omit<WaitingNow, 'spells'> & { spells: SpellShape[] }

export const WaitingNowRef = builder.objectRef<WaitingShape>('WaitingNow').implement({
  authScopes: reached,
  fields: (t) => ({
    total: t.exposeInt('total'),
    longestSeconds: t.exposeFloat('longestSeconds', { nullable: true }),
    spells: t.expose('spells', { type: [WaitingSpellRef] }),
  }),
})

export async function askWaitingNow(here: Here, now: number, first: number): Promise<WaitingShape> {
  const answer = await waitingNow(here.db, { now, first })
  return { ...answer, spells: answer.spells.map((spell) => ({ ...spell, businessId: here.businessId })) }
}

builder.objectField(BusinessRef, 'waitingNow', (t) =>
  t.field({
    type: WaitingNowRef,
    authScopes: can('analytics.read'),
    complexity: { field: 20 },
    args: { first: t.arg.int({ defaultValue: 20 }) },
    resolve: (here, { first }, { now }) => askWaitingNow(here, now, pageSize(first, 20)),
  }),
)
