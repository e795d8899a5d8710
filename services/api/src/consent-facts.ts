/** Permission facts that come in through the API, one by one or as a file, on their way to the ledger. */
import { createHash } from 'node:crypto'
import type { Channel, IdentityRef } from '@fidelio/core/event.ts'
import type { ConsentRecord } from '@fidelio/db/records/consents.ts'

export type ConsentPlace = { businessId: string; contactId: number; channel: Channel; topic: string }

/**
 * The identity of a fact: the same person, topic, answer and moment is the same fact however often it is told. Without a
 * moment of its own (a list that only says "agreed"), the source and wording stand for it, so that importing a list again
 * never brings back a permission somebody has taken back since.
 */
export function consentRowId(place: ConsentPlace, action: ConsentRecord['action'], moment: string): string {
  const parts = [place.businessId, 'consent', place.contactId, place.channel, place.topic, action, moment]
  const hex = createHash('sha256').update(parts.join('\u001f')).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}

/** `messenger:<page id>:<psid>` names a person on a channel; anything else is the tenant's own id (ARCHITECTURE.md "Doors"). */
export function externalIdentity(externalId: string): IdentityRef {
  const [, channel, account, value] = /^(messenger|sandbox):([^:]+):(.+)$/.exec(externalId) ?? []
  if (channel && account && value) return { namespace: `${channel}:${account}`, value }
  return { namespace: 'external', value: externalId }
}
