/** Messages of all types and echoes of protocols.md §8.2, written from the sheet. */
import { describe } from 'vitest'
import { type Case, known, phone, sentAt, sentAtMs, testCases } from './whatsapp-cases.ts'

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
]

describe('messages', () => testCases(messages))
