/** Messages of all types and echoes of protocols.md §8.2, written from the sheet. */
import { describe, expect, test } from 'vitest'
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

const from = { from: phone, id: 'wamid.AAA', timestamp: sentAt }
const typed = (type: string, object: unknown, more: object = {}) => ({ ...from, type, [type]: object, ...more })
const received = { kind: 'message.received', role: 'customer' } as const

const messages: Case[] = [
  [
    'a text, its time in seconds as text',
    'messages',
    typed('text', { body: 'hola' }),
    [
      {
        ...received,
        externalId: 'wamid.AAA',
        identity: 'message:wamid.AAA',
        occurredAt: sentAtMs,
        timeFlag: '',
        contact: known,
        text: 'hola',
        refs: [],
        data: {},
      },
    ],
  ],
  [
    'an answer to a message, forwarded',
    'messages',
    typed('text', { body: 'yes' }, { context: { from: '15550000001', id: 'wamid.P', frequently_forwarded: true } }),
    [{ ...received, refs: ['wamid.P'], data: { forwarded: true } }],
  ],
  [
    'a context without an id',
    'messages',
    typed('text', { body: 'yes' }, { context: { forwarded: true } }),
    [{ ...received, refs: [], data: { forwarded: true } }],
  ],
  [
    'an image with a caption',
    'messages',
    typed('image', { id: '9007199254740993', mime_type: 'image/jpeg', sha256: 'x', caption: 'broken' }),
    [
      {
        ...received,
        text: 'broken',
        data: { attachments: [{ type: 'image', mediaId: '9007199254740993', mimeType: 'image/jpeg' }] },
      },
    ],
  ],
  ['a video', 'messages', typed('video', { id: '1' }), [{ data: { attachments: [{ type: 'video', mediaId: '1' }] } }]],
  [
    'a recorded voice',
    'messages',
    typed('audio', { id: '1', voice: true }),
    [{ data: { attachments: [{ type: 'audio', mediaId: '1', voice: true }] } }],
  ],
  [
    'a voice under its other name',
    'messages',
    typed('voice', { id: '1' }),
    [{ data: { attachments: [{ type: 'audio', mediaId: '1', voice: true }] } }],
  ],
  [
    'a document',
    'messages',
    typed('document', { id: '1', filename: 'invoice.pdf' }),
    [{ data: { attachments: [{ type: 'document', mediaId: '1', title: 'invoice.pdf' }] } }],
  ],
  [
    'a sticker',
    'messages',
    typed('sticker', { id: '1', animated: true }),
    [{ data: { attachments: [{ type: 'sticker', mediaId: '1' }] } }],
  ],
  [
    'a place',
    'messages',
    typed('location', { latitude: 48.8, longitude: 2.3, name: 'Café' }),
    [{ data: { attachments: [{ type: 'location', lat: 48.8, long: 2.3, title: 'Café' }] } }],
  ],
  [
    'cards of other people, of whom only the number is told',
    'messages',
    typed('contacts', [{ name: { formatted_name: 'Ann' } }, {}]),
    [{ ...received, text: '', data: { attachments: [{ type: 'contacts', cards: 2 }] } }],
  ],
  [
    'the button of a template',
    'messages',
    typed('button', { text: 'Tell me more', payload: 'MORE' }),
    [{ ...received, text: 'Tell me more', data: { quickReply: 'MORE' } }],
  ],
  [
    'the button that says STOP by its payload',
    'messages',
    typed('button', { text: 'Not interested', payload: 'STOP' }),
    [
      { ...received, text: 'Not interested' },
      {
        kind: 'consent.revoked',
        name: 'stop_word',
        identity: 'consent.revoked:message:wamid.AAA',
        contact: known,
        consent: { action: 'revoked', channel: 'whatsapp', topic: '*', wording: 'STOP' },
      },
    ],
  ],
  [
    'a STOP word',
    'messages',
    typed('text', { body: 'Arrêt' }),
    [
      received,
      { kind: 'consent.revoked', consent: { action: 'revoked', channel: 'whatsapp', topic: '*', wording: 'Arrêt' } },
    ],
  ],
  [
    'a reply button',
    'messages',
    typed('interactive', { type: 'button_reply', button_reply: { id: 'yes-1', title: 'Yes' } }),
    [{ ...received, text: 'Yes', data: { quickReply: 'yes-1', interactive: 'button_reply' } }],
  ],
  [
    'a line of a list',
    'messages',
    typed('interactive', { type: 'list_reply', list_reply: { id: 'm', title: 'Medium', description: 'd' } }),
    [{ ...received, text: 'Medium', data: { quickReply: 'm', interactive: 'list_reply' } }],
  ],
  [
    'a form whose answers are broken JSON',
    'messages',
    typed('interactive', { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"a":' } }),
    [
      { ...received, text: 'Sent', data: { interactive: 'nfm_reply', flow: 'flow' } },
      { kind: 'form', name: 'flow', role: 'customer', identity: 'form:message:wamid.AAA', data: { flow: 'flow' } },
    ],
  ],
  [
    'a permission to call',
    'messages',
    typed('interactive', { type: 'call_permission_reply', call_permission_reply: { response: 'accept' } }),
    [{ ...received, data: { interactive: 'call_permission_reply', response: 'accept' } }],
  ],
  [
    'an interactive answer without its object',
    'messages',
    { ...from, type: 'interactive' },
    [{ ...received, text: '', data: { interactive: 'other' } }],
  ],
  [
    'a cart: a message and a cart, not a sale',
    'messages',
    typed('order', {
      catalog_id: 184719329217930,
      text: 'before noon?',
      product_items: [{ product_retailer_id: 'sku-1', quantity: 2, item_price: '9.90', currency: 'EUR' }],
    }),
    [
      { ...received, text: 'before noon?' },
      {
        kind: 'cart',
        role: 'customer',
        identity: 'cart:message:wamid.AAA',
        money: null,
        orderId: '',
        data: {
          catalogId: '184719329217930',
          products: [{ retailerId: 'sku-1', quantity: '2', unitPrice: '9.90', currency: 'EUR' }],
        },
      },
    ],
  ],
  [
    'content Meta does not pass on is still a message',
    'messages',
    { ...from, type: 'unsupported', errors: [{ code: 131051, title: 'Unsupported', details: 'Message type unknown' }] },
    [
      {
        ...received,
        data: {
          unsupported: true,
          errors: [{ code: '131051', title: 'Unsupported', details: 'Message type unknown' }],
        },
      },
    ],
  ],
  [
    'an unknown content with the details in their other place',
    'messages',
    { ...from, type: 'unknown', errors: [{ code: 131051, message: 'M', error_data: { details: 'D' } }] },
    [{ ...received, data: { unsupported: true, errors: [{ code: '131051', title: 'M', details: 'D' }] } }],
  ],
  [
    'a type nobody knows',
    'messages',
    typed('hologram', { id: '1' }),
    [{ kind: 'unknown', name: 'message_type', role: 'system', contact: known }],
  ],
  ['a message whose type is left out', 'messages', { ...from, text: { body: 'hi' } }, [{ ...received, text: 'hi' }]],
  [
    'a message of a group',
    'messages',
    typed('text', { body: 'STOP' }, { group_id: 'g-1' }),
    [{ kind: 'unknown', name: 'group_thread' }],
  ],
  [
    'a click on an ad',
    'messages',
    typed(
      'text',
      { body: 'hi' },
      {
        referral: {
          source_url: 'https://fb.me/x',
          source_id: '120211',
          source_type: 'ad',
          headline: 'Spring',
          ctwa_clid: 'c1',
        },
      },
    ),
    [
      { ...received, identity: 'message:wamid.AAA' },
      {
        kind: 'referral',
        role: 'customer',
        identity: 'referral:message:wamid.AAA',
        data: {
          via: 'message',
          source: 'ADS',
          adId: '120211',
          adTitle: 'Spring',
          postId: '',
          refererUri: 'https://fb.me/x',
          clickId: 'c1',
        },
      },
    ],
  ],
  [
    'a reaction',
    'messages',
    typed('reaction', { message_id: 'wamid.P', emoji: '\ud83d\udc4d' }),
    [
      {
        kind: 'reaction',
        name: 'react',
        role: 'customer',
        identity: 'reaction:wamid.AAA',
        refs: ['wamid.P'],
        data: { action: 'react', emoji: '👍' },
      },
    ],
  ],
  [
    'a reaction taken back',
    'messages',
    typed('reaction', { message_id: 'wamid.P' }),
    [{ kind: 'reaction', name: 'unreact', refs: ['wamid.P'] }],
  ],
  [
    'an edit that says STOP',
    'messages',
    typed('edit', { original_message_id: 'wamid.O', message: { type: 'text', text: { body: 'stop' } } }),
    [
      { kind: 'message.edited', name: '', identity: 'edit:wamid.AAA', text: 'stop', refs: ['wamid.O'] },
      { kind: 'consent.revoked', identity: 'consent.revoked:edit:wamid.AAA' },
    ],
  ],
  [
    'a message taken back',
    'messages',
    typed('revoke', { original_message_id: 'wamid.O' }),
    [
      {
        kind: 'message.edited',
        name: 'deleted',
        identity: 'deleted:wamid.O',
        refs: ['wamid.O'],
        data: { deleted: true },
      },
    ],
  ],
  [
    'a new number: both are the same person',
    'messages',
    typed('system', { type: 'user_changed_number', body: 'b', wa_id: '15559990009', user_id: userId }),
    [
      {
        kind: 'identity.changed',
        name: 'user_changed_number',
        role: 'system',
        contact: { identities: [byPhone, byUserId, { namespace: 'phone', value: '15559990009' }] },
        data: { previous: [phone], current: [userId, '15559990009'] },
      },
    ],
  ],
  [
    'a new number under its other key',
    'messages',
    typed('system', { type: 'user_changed_number', body: 'b', new_wa_id: '15559990009' }),
    [{ kind: 'identity.changed', contact: { identities: [byPhone, { namespace: 'phone', value: '15559990009' }] } }],
  ],
  [
    'a new device links nobody',
    'messages',
    typed('system', { type: 'customer_identity_changed', body: 'b', wa_id: '15559990009' }),
    [{ kind: 'identity.changed', name: 'customer_identity_changed', contact: known }],
  ],
  [
    'a system message of another type',
    'messages',
    typed('system', { type: 'weather', body: 'b' }),
    [{ kind: 'unknown', name: 'system_type' }],
  ],
  [
    'the first opening of a chat is no activity',
    'messages',
    { ...from, type: 'request_welcome' },
    [{ kind: 'referral', name: 'request_welcome', identity: 'welcome:wamid.AAA' }],
  ],
]

const echo = { from: '15550000001', to: phone, id: 'wamid.E', timestamp: sentAt, type: 'text', text: { body: 'STOP' } }
const sent = { kind: 'message.sent', externalId: 'wamid.E', identity: 'message:wamid.E', contact: known } as const

const echoes: Case[] = [
  ['typed in the phone app: a human', 'message_echoes', echo, [{ ...sent, role: 'human' }], 'smb_message_echoes'],
  [
    'to a person without a number',
    'message_echoes',
    { ...echo, to: undefined, to_user_id: userId },
    [{ ...sent, role: 'human', contact: { identities: [byUserId] } }],
    'smb_message_echoes',
  ],
  [
    'of an app',
    'message_echoes',
    { ...echo, app_id: 77 },
    [{ ...sent, role: 'bot', appId: '77' }],
    'smb_message_echoes',
  ],
  [
    'of our own send',
    'message_echoes',
    { ...echo, app_id: 77, biz_opaque_callback_data: 'send:42' },
    [{ ...sent, role: 'campaign', refs: ['send:42'] }],
    'smb_message_echoes',
  ],
  ['listed as messages of an echo field', 'messages', echo, [{ ...sent, role: 'human' }], 'smb_message_echoes'],
  ['among the messages, told by its sender alone', 'messages', echo, [{ ...sent, role: 'human' }]],
  [
    'taken back',
    'message_echoes',
    { ...echo, type: 'revoke', text: undefined, revoke: { original_message_id: 'wamid.O' } },
    [{ kind: 'message.edited', name: 'deleted', role: 'system', refs: ['wamid.O'] }],
    'smb_message_echoes',
  ],
]

const text = { id: 'wamid.B', timestamp: sentAt, type: 'text', text: { body: 'x' } }
const inPortfolios = 'US.ENT.11815799212886844830'

const people: Case[] = [
  [
    'by number and user id, the user id first',
    'messages',
    { ...text, from: phone, from_user_id: userId },
    [{ contact: { identities: [byUserId, byPhone] } }],
  ],
  ['by user id alone', 'messages', { ...text, from_user_id: userId }, [{ contact: { identities: [byUserId] } }]],
  [
    'by a user id in the place of the number',
    'messages',
    { ...text, from: userId },
    [{ contact: { identities: [byUserId] } }],
  ],
  [
    'with the id that linked portfolios share',
    'messages',
    { ...text, from_user_id: userId, from_parent_user_id: inPortfolios },
    [{ contact: { identities: [byUserId, { namespace: 'whatsapp:parent', value: inPortfolios }] } }],
  ],
  ['by nothing at all', 'messages', { ...text }, [{ kind: 'message.received', contact: null }]],
  [
    'by a number written as a number',
    'messages',
    { ...text, from: 15551110002, id: 9007199254740991 },
    [{ contact: known, externalId: '9007199254740991' }],
  ],
]

describe('messages', () => testCases(messages))
describe('echoes', () => testCases(echoes))
describe('people', () => testCases(people))

describe('names', () => {
  const card = (wa_id: string | undefined, name: string, user_id?: string) => ({ wa_id, user_id, profile: { name } })
  const contactOf = (contacts: unknown, message: object) =>
    whatsappEvents(whatsappBody(change(numberValue({ contacts, messages: [{ ...text, ...message }] }))))[0]?.contact

  test('a card is found by its id, not by its place', () => {
    const contacts = [card('15550009999', 'Other'), card(phone, 'Kim', userId)]
    expect(contactOf(contacts, { from: phone })).toEqual({ identities: [byUserId, byPhone], displayName: 'Kim' })
    expect(contactOf(contacts, { from_user_id: userId })).toEqual({
      identities: [byUserId, byPhone],
      displayName: 'Kim',
    })
  })

  test('a card that disagrees with the message says nothing about its sender', () => {
    expect(contactOf([card('15550009999', 'Other')], { from: phone })).toEqual(known)
  })

  test('without a name the username is shown, and no card at all is normal', () => {
    const contacts = [{ wa_id: phone, profile: { username: 'kim.cups' } }]
    expect(contactOf(contacts, { from: phone })).toEqual({ identities: [byPhone], displayName: 'kim.cups' })
    expect(contactOf(undefined, { from: phone })).toEqual(known)
    expect(contactOf('none', { from: phone })).toEqual(known)
  })

  test('user ids of two business accounts are different people', () => {
    const body = whatsappBody(change(numberValue({ messages: [{ ...text, from: userId }] })))
    const [first] = whatsappEvents(body)
    const [second] = whatsappEvents(body.replace(wabaId, '777'))
    expect([first, second].map((event) => event?.contact?.identities[0]?.namespace)).toEqual([
      `whatsapp:${wabaId}`,
      'whatsapp:777',
    ])
  })
})
