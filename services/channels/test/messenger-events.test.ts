/** Every other kind of element of protocols.md §2.4–2.9, written from the sheet. */

import { describe, expect, test } from 'vitest'
import { parseMessenger } from '../src/messenger.ts'
import { elementKeys, keptRawKeys } from '../src/meta-reasons.ts'
import { customer, customerId, eventAt, eventsOf, fromCustomer, pageBody, pageId, receivedAt } from './fixtures.ts'
import { type Case, testCases } from './messenger-cases.ts'

const reaction = (reaction: object) => ({ ...fromCustomer, reaction: { mid: 'm_R', ...reaction } })
const optin = (optin: object) => ({ ...fromCustomer, optin: { type: 'notification_messages', ...optin } })
const weekly = { notification_messages_token: 'tok_2', payload: 'offers', title: 'Weekly offers' }

const others: Case[] = [
  [
    'an edit',
    { ...fromCustomer, message_edit: { mid: 'm_1', text: 'Blue', num_edit: '2' } },
    [{ kind: 'message.edited', identity: 'edit:m_1:2', text: 'Blue', refs: ['m_1'], data: { edits: 2 } }],
  ],
  [
    'a reaction',
    reaction({ action: 'react', reaction: 'love', emoji: '❤' }),
    [
      {
        kind: 'reaction',
        name: 'react',
        role: 'customer',
        refs: ['m_R'],
        identity: `reaction:m_R:${customerId}:react:❤:${eventAt}`,
      },
    ],
  ],
  ['a reaction taken back', reaction({ action: 'unreact' }), [{ kind: 'reaction', name: 'unreact' }]],
  [
    'a delivery without a time of its own',
    {
      sender: { id: customerId },
      recipient: { id: pageId },
      delivery: { watermark: '1767225600000', mids: ['m_2', 'm_1'] },
    },
    [
      {
        kind: 'delivery',
        role: 'system',
        watermarkAt: 1_767_225_600_000,
        refs: ['m_2', 'm_1'],
        timeFlag: 'entry_time',
        contact: customer,
        identity: `delivery:${customerId}:1767225600000:m_1,m_2`,
      },
    ],
  ],
  [
    'a delivery without ids',
    { ...fromCustomer, delivery: { watermark: 1767225600000 } },
    [{ kind: 'delivery', refs: [] }],
  ],
  ['a delivery of nothing', { ...fromCustomer, delivery: {} }, [{ kind: 'unknown', name: 'malformed:delivery' }]],
  [
    'a read',
    { ...fromCustomer, read: { watermark: 1767225600 } },
    [{ kind: 'read', role: 'customer', watermarkAt: 1_767_225_600_000, identity: `read:${customerId}:1767225600000:` }],
  ],
  [
    'a postback with its time in seconds and a referral',
    {
      ...fromCustomer,
      timestamp: 1767225600,
      postback: {
        mid: 'm_P',
        title: 'Get started',
        payload: 'START',
        referral: { ref: 'poster', source: 'SHORTLINK', type: 'OPEN_THREAD' },
      },
    },
    [
      {
        kind: 'postback',
        identity: 'postback:m_P',
        text: 'Get started',
        occurredAt: 1_767_225_600_000,
        data: { payload: 'START' },
      },
      { kind: 'referral', identity: 'referral:postback:m_P' },
    ],
  ],
  [
    'a button that says STOP',
    { ...fromCustomer, postback: { mid: 'm_P', title: 'No more', payload: 'STOP' } },
    [
      { kind: 'postback' },
      { kind: 'consent.revoked', consent: { action: 'revoked', channel: 'messenger', topic: '*', wording: 'STOP' } },
    ],
  ],
  [
    'a referral into a thread',
    {
      ...fromCustomer,
      referral: { ref: null, source: 'CUSTOMER_CHAT_PLUGIN', type: 'OPEN_THREAD', is_guest_user: true },
    },
    [{ kind: 'referral', role: 'customer' }],
  ],
  [
    'a thread passed on',
    {
      ...fromCustomer,
      pass_thread_control: { previous_owner_app_id: null, new_owner_app_id: 263902037430900, metadata: 'm' },
    },
    [{ kind: 'handover', name: 'pass_thread_control', appId: '263902037430900', role: 'system' }],
  ],
  [
    'a thread taken',
    { ...fromCustomer, take_thread_control: { previous_owner_app_id: '12', new_owner_app_id: '13' } },
    [{ kind: 'handover', name: 'take_thread_control', appId: '13' }],
  ],
  [
    'a thread asked for',
    { ...fromCustomer, request_thread_control: { requested_owner_app_id: 123456789, metadata: '' } },
    [{ kind: 'handover', name: 'request_thread_control', appId: '123456789' }],
  ],
  [
    'roles without sender',
    { recipient: { id: pageId }, timestamp: eventAt, app_roles: { '123': ['primary_receiver'] } },
    [
      {
        kind: 'handover',
        name: 'app_roles',
        contact: null,
        appId: '123',
        data: { roles: [{ appId: '123', roles: ['primary_receiver'] }] },
      },
    ],
  ],
  ...[...keptRawKeys].map(
    (key): Case => [
      `kept raw: ${key}`,
      { ...fromCustomer, [key]: { a: 1 } },
      [{ kind: 'unknown', name: `key:${key}`, contact: customer }],
    ],
  ),
  ...[...elementKeys].map(
    (key): Case => [
      `of another shape than promised: ${key}`,
      { ...fromCustomer, [key]: 'a text' },
      [{ kind: 'unknown', name: `malformed:${key}` }],
    ],
  ),
  [
    'an element nobody knows',
    { ...fromCustomer, brand_new: {} },
    [{ kind: 'unknown', name: 'no_known_key', contact: customer }],
  ],
  ['an empty element', {}, [{ kind: 'unknown', name: 'no_known_key', contact: null }]],
  [
    'a group thread',
    { ...fromCustomer, thread: { id: 't_1' }, message: { mid: 'm_G', text: 'x' } },
    [{ kind: 'unknown', name: 'group_thread' }],
  ],
]

const consents: Case[] = [
  [
    'a yes to a topic',
    optin({
      ...weekly,
      notification_messages_timezone: 'Asia/Manila',
      token_expiry_timestamp: 1798761600000,
      user_token_status: 'NOT_REFRESHED',
    }),
    [
      {
        kind: 'consent.granted',
        role: 'customer',
        contact: customer,
        consent: {
          action: 'granted',
          channel: 'messenger',
          topic: 'offers',
          wording: 'Weekly offers',
          token: 'tok_2',
          tokenExpiresAt: 1_798_761_600_000,
        },
        data: { timeZone: 'Asia/Manila', tokenStatus: 'NOT_REFRESHED' },
      },
    ],
  ],
  ...['STOP NOTIFICATIONS', 'STOP_NOTIFICATIONS'].map(
    (status): Case => [
      status,
      optin({ ...weekly, notification_messages_status: status }),
      [
        {
          kind: 'consent.revoked',
          consent: {
            action: 'revoked',
            channel: 'messenger',
            topic: 'offers',
            wording: 'Weekly offers',
            token: 'tok_2',
          },
        },
      ],
    ],
  ),
  ...['RESUME NOTIFICATIONS', 'RESUME_NOTIFICATIONS'].map(
    (status): Case => [
      status,
      optin({ ...weekly, notification_messages_status: status }),
      [{ kind: 'consent.granted' }],
    ],
  ),
  [
    'a stop without a topic ends all',
    optin({ notification_messages_status: 'STOP_NOTIFICATIONS' }),
    [{ consent: { action: 'revoked', channel: 'messenger', topic: '*', wording: '' } }],
  ],
  [
    'a status nobody knows is no yes',
    optin({ ...weekly, notification_messages_status: 'PAUSED' }),
    [{ kind: 'unknown', name: 'optin_status', consent: null }],
  ],
  [
    'a plugin',
    { ...fromCustomer, optin: { ref: 'basket' } },
    [{ kind: 'optin', name: 'plugin', consent: null, contact: customer }],
  ],
  [
    'a plugin before the person is known',
    { recipient: { id: pageId }, timestamp: 1767225600, optin: { ref: 'basket', user_ref: 'u-9' } },
    [
      {
        kind: 'optin',
        contact: { identities: [{ namespace: 'user_ref', value: 'u-9' }] },
        data: { ref: 'basket', userRef: 'u-9', payload: '' },
      },
    ],
  ],
  [
    'a one-time request',
    { ...fromCustomer, optin: { type: 'one_time_notif_req', one_time_notif_token: 't', payload: 'p' } },
    [{ kind: 'optin', name: 'one_time_notif_req', consent: null }],
  ],
]

describe('elements', () => testCases(others))
describe('consent', () => testCases(consents))

describe('the same fact twice', () => {
  test('a message that comes through messaging and standby has one identity', () => {
    const element = { ...fromCustomer, message: { mid: 'm_1', text: 'x' } }
    const [live] = parseMessenger(pageBody([element]), receivedAt).entries
    const [standby] = parseMessenger(pageBody([element], 'standby'), receivedAt).entries
    expect(standby?.events[0]?.identity).toBe(live?.events[0]?.identity)
    expect(standby?.events[0]?.data).toEqual({ standby: true })
  })

  test('messages without an id are told apart by time and content', () => {
    const identities = [
      { ...fromCustomer, message: { text: 'a' } },
      { ...fromCustomer, message: { text: 'b' } },
      { ...fromCustomer, timestamp: eventAt + 1, message: { text: 'a' } },
      { ...fromCustomer, sender: { id: '7002' }, message: { text: 'a' } },
    ].map((element) => eventsOf(element)[0]?.identity)
    expect(new Set(identities).size).toBe(4)
  })
})
