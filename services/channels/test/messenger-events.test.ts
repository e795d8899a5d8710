/** Every kind of element of protocols.md §2, written from the sheet, with the events it must become. */
import type { ParsedEvent } from '@fidelio/core/event.ts'
import { describe, expect, test } from 'vitest'
import { parseMessenger } from '../src/messenger.ts'
import {
  customer,
  customerId,
  eventAt,
  eventsOf,
  fromCustomer,
  fromPage,
  pageBody,
  pageId,
  receivedAt,
} from './fixtures.ts'

type Case = [what: string, element: unknown, expected: Partial<ParsedEvent>[]]

const echo = (message: object) => ({
  ...fromPage,
  message: { mid: 'm_E', text: 'On its way', is_echo: true, ...message },
})
const reaction = (reaction: object) => ({ ...fromCustomer, reaction: { mid: 'm_R', ...reaction } })
const optin = (optin: object) => ({ ...fromCustomer, optin: { type: 'notification_messages', ...optin } })
const weekly = { notification_messages_token: 'tok_2', payload: 'offers', title: 'Weekly offers' }
const attachments = (...attachments: unknown[]) => ({ ...fromCustomer, message: { mid: 'm_A', attachments } })

const messages: Case[] = [
  [
    'a tapped quick reply that answers a message',
    {
      ...fromCustomer,
      message: { mid: 'm_Q1', text: 'Red', quick_reply: { payload: 'COLOUR_RED' }, reply_to: { mid: 'm_P9' } },
    },
    [
      {
        kind: 'message.received',
        role: 'customer',
        externalId: 'm_Q1',
        identity: 'message:m_Q1',
        occurredAt: eventAt,
        timeFlag: '',
        contact: customer,
        text: 'Red',
        refs: ['m_P9'],
        data: { quickReply: 'COLOUR_RED' },
      },
    ],
  ],
  [
    'a reply to a story',
    { ...fromCustomer, message: { mid: 'm_S', text: 'nice', reply_to: { story: { url: 'https://a.b', id: '99' } } } },
    [{ kind: 'message.received', refs: [], data: { replyToStory: '99' } }],
  ],
  [
    'a message with is_echo false and ids as numbers',
    {
      sender: { id: 7001 },
      recipient: { id: 801000000000001 },
      timestamp: eventAt,
      message: { mid: 'm_1', text: 'x', is_echo: false },
    },
    [{ kind: 'message.received', role: 'customer', contact: customer }],
  ],
  [
    'content Meta does not pass on is still a message',
    { ...fromCustomer, message: { mid: 'm_U', is_unsupported: true } },
    [{ kind: 'message.received', text: '', data: { unsupported: true } }],
  ],
  [
    'an unsent message',
    { ...fromCustomer, message: { mid: 'm_D', is_deleted: true } },
    [{ kind: 'message.edited', name: 'deleted', identity: 'deleted:m_D', refs: ['m_D'], data: { deleted: true } }],
  ],
  [
    'the first message after a checkbox plugin',
    {
      ...fromCustomer,
      message: { mid: 'm_C', text: 'hi' },
      prior_message: { source: 'checkbox_plugin', identifier: 'u-1' },
    },
    [{ kind: 'message.received', data: { priorMessage: { source: 'checkbox_plugin', id: 'u-1' } } }],
  ],
  [
    'a click-to-message ad',
    {
      ...fromCustomer,
      message: {
        mid: 'm_Ad',
        text: 'hi',
        referral: {
          ref: null,
          ad_id: 120211,
          source: 'ADS',
          type: 'OPEN_THREAD',
          ads_context_data: { ad_title: 'Spring', post_id: '5' },
        },
      },
    },
    [
      { kind: 'message.received', identity: 'message:m_Ad' },
      {
        kind: 'referral',
        identity: 'referral:message:m_Ad',
        data: {
          via: 'message',
          ref: '',
          source: 'ADS',
          type: 'OPEN_THREAD',
          adId: '120211',
          adTitle: 'Spring',
          postId: '5',
          productId: '',
          refererUri: '',
        },
      },
    ],
  ],
  [
    'a STOP word beside the message that holds it',
    { ...fromCustomer, message: { mid: 'm_Stop', text: ' Arrêt ! ' } },
    [
      { kind: 'message.received', text: ' Arrêt ! ' },
      {
        kind: 'consent.revoked',
        identity: 'consent.revoked:message:m_Stop',
        contact: customer,
        consent: { action: 'revoked', channel: 'messenger', topic: '*', wording: ' Arrêt ! ' },
      },
    ],
  ],
  ['a STOP word of the business revokes nothing', echo({ text: 'STOP' }), [{ kind: 'message.sent' }]],
]

const echoes: Case[] = [
  ['an echo without app is a human', echo({}), [{ kind: 'message.sent', role: 'human', contact: customer, appId: '' }]],
  [
    'an echo of the Page inbox is a human',
    echo({ app_id: 263902037430900 }),
    [{ role: 'human', appId: '263902037430900' }],
  ],
  ['the other spelling of the inbox', echo({ app_id: '26390203743090' }), [{ role: 'human', appId: '26390203743090' }]],
  [
    'an echo of another app is a bot',
    echo({ app_id: '1234', metadata: 'x' }),
    [{ role: 'bot', appId: '1234', refs: [] }],
  ],
  ['an echo of our own send', echo({ app_id: 1234, metadata: 'send:42' }), [{ role: 'campaign', refs: ['send:42'] }]],
  ['metadata that only begins like ours', echo({ app_id: 1234, metadata: 'send:' }), [{ role: 'bot', refs: [] }]],
  [
    'the sender alone shows that the business wrote',
    { ...fromPage, message: { mid: 'm_O', text: 'x' } },
    [{ kind: 'message.sent', role: 'human', contact: customer }],
  ],
]

const attached: Case[] = [
  [
    'an image',
    attachments({ type: 'image', payload: { url: 'https://c.d/i.png' } }),
    [{ data: { attachments: [{ type: 'image', url: 'https://c.d/i.png' }] } }],
  ],
  [
    'a place',
    attachments({ type: 'location', payload: { coordinates: { lat: 48.8, long: 2.3 } } }),
    [{ data: { attachments: [{ type: 'location', lat: 48.8, long: 2.3 }] } }],
  ],
  [
    'one sticker that comes as two entries',
    attachments(
      { type: 'image', payload: { url: 'u', sticker_id: 369239263222822 } },
      { type: 'sticker', payload: { url: 'u', sticker_id: 369239263222822 } },
    ),
    [{ data: { attachments: [{ type: 'sticker', url: 'u', stickerId: '369239263222822' }] } }],
  ],
  [
    'a sticker named beside its image',
    {
      ...fromCustomer,
      message: { mid: 'm_L', sticker_id: 369239263222822, attachments: [{ type: 'image', payload: { url: 'u' } }] },
    },
    [{ data: { attachments: [{ type: 'sticker', url: 'u', stickerId: '369239263222822' }] } }],
  ],
  [
    'a shared link without payload',
    attachments({ type: 'fallback', payload: null, title: 'T', URL: 'https://e.f' }),
    [{ data: { attachments: [{ type: 'fallback', url: 'https://e.f', title: 'T' }] } }],
  ],
  [
    'an attachment without payload',
    attachments({ type: 'like_heart' }),
    [{ data: { attachments: [{ type: 'like_heart' }] } }],
  ],
  [
    'attachments that are none',
    { ...fromCustomer, message: { mid: 'm_N', text: 'x', attachments: 'none' } },
    [{ kind: 'message.received', data: {} }],
  ],
]

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
    [{ kind: 'handover', name: 'app_roles', contact: null }],
  ],
  [
    'an old policy key',
    { recipient: { id: pageId }, timestamp: eventAt, 'policy-enforcement': { action: 'block', reason: 'spam' } },
    [{ kind: 'unknown', name: 'key:policy_enforcement', contact: null }],
  ],
  ...[
    'account_linking',
    'policy_enforcement',
    'messaging_feedback',
    'response_feedback',
    'order',
    'template',
    'messaging_customer_information',
    'game_play',
    'payment',
    'pre_checkout',
    'checkout_update',
    'message_request',
  ].map(
    (key): Case => [
      `kept raw: ${key}`,
      { ...fromCustomer, [key]: { a: 1 } },
      [{ kind: 'unknown', name: `key:${key}` }],
    ],
  ),
  [
    'an element nobody knows',
    { ...fromCustomer, brand_new: {} },
    [{ kind: 'unknown', name: 'no_known_key', contact: customer }],
  ],
  ['an empty element', {}, [{ kind: 'unknown', name: 'no_known_key', contact: null }]],
  ['a message that is a text', { ...fromCustomer, message: 'hi' }, [{ kind: 'unknown', name: 'malformed:message' }]],
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
    [{ kind: 'optin', contact: null, data: { ref: 'basket', userRef: 'u-9', payload: '' } }],
  ],
  [
    'a one-time request',
    { ...fromCustomer, optin: { type: 'one_time_notif_req', one_time_notif_token: 't', payload: 'p' } },
    [{ kind: 'optin', name: 'one_time_notif_req', consent: null }],
  ],
]

describe.each([
  ['messages', messages],
  ['echoes', echoes],
  ['attachments', attached],
  ['other elements', others],
  ['consent', consents],
])('%s', (_, cases) => {
  test.each(cases)('%s', (_what, element, expected) => {
    const events = eventsOf(element)
    expect(events).toMatchObject(expected)
    expect(events).toHaveLength(expected.length)
    for (const event of events) expect(JSON.parse(event.raw)).toEqual(JSON.parse(JSON.stringify(element)))
  })
})

describe('the same fact twice', () => {
  test('a message that comes through messaging and standby has one identity', () => {
    const element = { ...fromCustomer, message: { mid: 'm_1', text: 'x' } }
    const [live] = parseMessenger(pageBody([element]), receivedAt).entries
    const [standby] = parseMessenger(pageBody([element], 'standby'), receivedAt).entries
    expect(standby?.events[0]?.identity).toBe(live?.events[0]?.identity)
    expect(standby?.events[0]?.data).toEqual({ standby: true })
  })

  test.each([...messages, ...echoes, ...others, ...consents])('a later redelivery of: %s', (_what, element) => {
    const later = pageBody([element]).replace(/"time":\d+/, '"time":1767229200000')
    const redelivered = parseMessenger(later, receivedAt + 3_600_000).entries.flatMap((entry) => entry.events)
    expect(redelivered.map((event) => event.identity)).toEqual(eventsOf(element).map((event) => event.identity))
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
