/** Messages, echoes and attachments of protocols.md §2.1–2.3, written from the sheet. */
import { describe } from 'vitest'
import { customer, eventAt, fromCustomer, fromPage } from './fixtures.ts'
import { type Case, testCases } from './messenger-cases.ts'

const echo = (message: object) => ({
  ...fromPage,
  message: { mid: 'm_E', text: 'On its way', is_echo: true, ...message },
})
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
    [
      {
        kind: 'message.received',
        contact: { identities: [...customer.identities, { namespace: 'user_ref', value: 'u-1' }] },
        data: { priorMessage: { source: 'checkbox_plugin', id: 'u-1' } },
      },
    ],
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

describe('messages', () => testCases(messages))
describe('echoes', () => testCases(echoes))
describe('attachments', () => testCases(attached))
