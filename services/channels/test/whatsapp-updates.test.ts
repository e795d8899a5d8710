/** Statuses, preferences, new ids and error classes of protocols.md §8.3–8.6, written from the sheet. */
import { describe, expect, test } from 'vitest'
import { classifyWhatsappError } from '../src/whatsapp-errors.ts'
import {
  byPhone,
  byUserId,
  type Case,
  change,
  known,
  numberValue,
  phone,
  sentAt,
  sentAtMs,
  testCases,
  userId,
  wabaId,
  whatsappBody,
  whatsappEvents,
} from './whatsapp-cases.ts'

const status = (word: string, more: object = {}) => ({
  id: 'wamid.BBB',
  status: word,
  timestamp: sentAt,
  recipient_id: phone,
  ...more,
})

const statuses: Case[] = [
  [
    'sent, with our send id and its price',
    'statuses',
    status('sent', {
      biz_opaque_callback_data: 'send:42',
      conversation: { id: 'c', origin: { type: 'marketing' } },
      pricing: { billable: true, pricing_model: 'PMP', type: 'regular', category: 'marketing' },
    }),
    [
      {
        kind: 'message.accepted',
        role: 'system',
        externalId: 'wamid.BBB',
        identity: 'status:sent:wamid.BBB',
        occurredAt: sentAtMs,
        refs: ['wamid.BBB', 'send:42'],
        contact: known,
        data: {
          status: 'sent',
          pricing: { billable: true, model: 'PMP', type: 'regular', category: 'marketing' },
          conversationOrigin: 'marketing',
        },
      },
    ],
  ],
  [
    'delivered, with data that is not ours',
    'statuses',
    status('delivered', { biz_opaque_callback_data: 'order-7' }),
    [{ kind: 'delivery', role: 'system', identity: 'status:delivered:wamid.BBB', refs: ['wamid.BBB'], watermarkAt: 0 }],
  ],
  [
    'read without delivered',
    'statuses',
    status('read'),
    [{ kind: 'read', name: '', role: 'customer', identity: 'status:read:wamid.BBB', refs: ['wamid.BBB'] }],
  ],
  [
    'played: listened to is read',
    'statuses',
    status('played'),
    [{ kind: 'read', name: 'played', identity: 'status:played:wamid.BBB', refs: ['wamid.BBB'] }],
  ],
  [
    'failed, with what it means',
    'statuses',
    status('failed', {
      errors: [{ code: 131047, title: 'Re-engagement', error_data: { details: 'More than 24 hours' } }],
    }),
    [
      {
        kind: 'message.failed',
        role: 'system',
        identity: 'status:failed:wamid.BBB',
        refs: ['wamid.BBB'],
        data: {
          status: 'failed',
          errors: [{ code: '131047', title: 'Re-engagement', details: 'More than 24 hours', class: 'window_closed' }],
        },
      },
    ],
  ],
  [
    'failed because the person stopped offers',
    'statuses',
    status('failed', { errors: [{ code: 131050, title: 'Stopped', details: 'd' }] }),
    [
      { kind: 'message.failed', data: { errors: [{ class: 'opted_out' }] } },
      {
        kind: 'consent.revoked',
        name: 'status_131050',
        identity: 'consent.revoked:status:failed:wamid.BBB',
        contact: known,
        consent: { action: 'revoked', channel: 'whatsapp', topic: '*', wording: '' },
      },
    ],
  ],
  [
    'deleted',
    'statuses',
    status('deleted'),
    [{ kind: 'message.edited', name: 'deleted', role: 'system', refs: ['wamid.BBB'] }],
  ],
  [
    'to a person without a number',
    'statuses',
    status('read', { recipient_id: undefined, recipient_user_id: userId, recipient_parent_user_id: 'US.ENT.5' }),
    [{ contact: { identities: [byUserId, { namespace: 'whatsapp:parent', value: 'US.ENT.5' }] } }],
  ],
  [
    'the parent id in its other spelling',
    'statuses',
    status('read', { parent_recipient_user_id: 'US.ENT.5' }),
    [{ contact: { identities: [byPhone, { namespace: 'whatsapp:parent', value: 'US.ENT.5' }] } }],
  ],
  [
    'a word nobody knows',
    'statuses',
    status('warped'),
    [{ kind: 'unknown', name: 'status', data: { status: 'warped' } }],
  ],
  ['no message id', 'statuses', { status: 'read' }, [{ kind: 'unknown', name: 'malformed:statuses' }]],
  [
    'of a group',
    'statuses',
    status('read', { recipient_type: 'group', recipient_id: 'g', recipient_participant_id: phone }),
    [{ kind: 'unknown', name: 'group_thread', contact: known }],
  ],
  ['of a call', 'statuses', status('RINGING'), [{ kind: 'unknown', name: 'call_status' }], 'calls'],
]

const preference = (value: string, more: object = {}) => ({
  wa_id: phone,
  user_id: userId,
  detail: 'User requested to stop marketing messages',
  category: 'marketing_messages',
  value,
  timestamp: 1767225600,
  ...more,
})
const person = { identities: [byUserId, byPhone] }

const preferences: Case[] = [
  [
    'stop ends every topic',
    'user_preferences',
    preference('stop'),
    [
      {
        kind: 'consent.revoked',
        name: 'user_preferences',
        role: 'customer',
        occurredAt: sentAtMs,
        contact: person,
        consent: {
          action: 'revoked',
          channel: 'whatsapp',
          topic: '*',
          wording: 'User requested to stop marketing messages',
        },
      },
    ],
    'user_preferences',
  ],
  [
    'resume opens what it is about',
    'user_preferences',
    preference('resume'),
    [
      {
        kind: 'consent.granted',
        contact: person,
        consent: {
          action: 'granted',
          channel: 'whatsapp',
          topic: 'marketing_messages',
          wording: 'User requested to stop marketing messages',
        },
        data: { preference: 'resume' },
      },
    ],
    'user_preferences',
  ],
  [
    'signup keeps its proof',
    'user_preferences',
    preference('signup', { signup_id: 'su-1' }),
    [{ kind: 'consent.granted', consent: { topic: 'marketing_messages', token: 'su-1' } as never }],
    'user_preferences',
  ],
  [
    'a word nobody knows is no permission',
    'user_preferences',
    preference('maybe'),
    [{ kind: 'unknown', name: 'preference', consent: null }],
    'user_preferences',
  ],
  [
    'a yes to nothing is no permission',
    'user_preferences',
    preference('resume', { category: '*' }),
    [{ kind: 'unknown', name: 'preference', consent: null }],
    'user_preferences',
  ],
]

const newIds: Case[] = [
  [
    'the former user id first, so that the new one is linked to it',
    'user_id_update',
    { wa_id: phone, user_id: { previous: userId, current: 'US.2' }, timestamp: sentAt },
    [
      {
        kind: 'identity.changed',
        name: 'user_id_update',
        contact: { identities: [byUserId, byPhone, { namespace: `whatsapp:${wabaId}`, value: 'US.2' }] },
        data: { previous: [userId], current: ['US.2'] },
      },
    ],
    'user_id_update',
  ],
  [
    'without any id',
    'user_id_update',
    { timestamp: sentAt },
    [{ kind: 'unknown', name: 'malformed:user_id_update' }],
    'user_id_update',
  ],
]

describe('statuses', () => testCases(statuses))
describe('preferences', () => testCases(preferences))
describe('new user ids', () => testCases(newIds))

test('each status of a message is one fact, whatever comes first and however often', () => {
  const words = ['read', 'sent', 'failed', 'delivered', 'played']
  const twice = [...words, ...words.reverse()].map((word, index) =>
    status(word, { timestamp: String(1767225600 + index) }),
  )
  const events = whatsappEvents(whatsappBody(change(numberValue({ statuses: twice }))))
  expect(events).toHaveLength(10)
  expect(new Set(events.map((event) => event.identity)).size).toBe(5)
})

test.each([
  ['131026', 'too_soon'],
  ['131049', 'too_soon'],
  ['131056', 'slow_down'],
  ['131048', 'abuse'],
  ['131016', 'retry'],
  ['132015', 'bad_request'],
  ['131062', 'bad_request'],
  ['190', 'token'],
  ['0', 'token'],
  ['299', 'token'],
  ['300', 'unrecognised'],
  ['', 'unrecognised'],
])('error %j is %s', (code, expected) => expect(classifyWhatsappError(code).class).toBe(expected))
