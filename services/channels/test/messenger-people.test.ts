/** What people do beside writing, and what happens to the account: protocols.md §2.9 and §4.5, written from the sheet. */
import type { ParsedEvent } from '@fidelio/core/event.ts'
import { describe, expect, test } from 'vitest'
import { parseMessenger } from '../src/messenger.ts'
import { customer, customerId, entryAt, eventAt, fromCustomer, pageBody, pageId, receivedAt } from './fixtures.ts'
import { type Case, testCases } from './messenger-cases.ts'

const person = customer.identities[0]
const feedback = (screens: unknown) => ({ ...fromCustomer, messaging_feedback: { feedback_screens: screens } })

const signingIn: Case[] = [
  [
    'signed in at the business',
    { ...fromCustomer, account_linking: { status: 'linked', authorization_code: 'code-1' } },
    [
      {
        kind: 'identity.linked',
        name: 'account_linking',
        role: 'customer',
        contact: {
          identities: [
            { namespace: `messenger:${pageId}`, value: customerId },
            { namespace: 'account_link', value: 'code-1' },
          ],
        },
        data: { status: 'linked', authorizationCode: 'code-1' },
      },
    ],
  ],
  [
    'signed in without a code',
    { ...fromCustomer, account_linking: { status: 'linked' } },
    [{ kind: 'identity.linked', contact: customer, data: { status: 'linked', authorizationCode: '' } }],
  ],
  [
    'a code in digits a double cannot hold stays as it is',
    { ...fromCustomer, account_linking: { status: 'linked', authorization_code: '184719329217930001' } },
    [{ contact: { identities: [person, { namespace: 'account_link', value: '184719329217930001' }] } }],
  ],
  [
    'signed out',
    { ...fromCustomer, account_linking: { status: 'unlinked' } },
    [{ kind: 'identity.unlinked', contact: customer, data: { status: 'unlinked', authorizationCode: '' } }],
  ],
  [
    'a linking of no known status',
    { ...fromCustomer, account_linking: { status: 'half' } },
    [{ kind: 'unknown', name: 'malformed:account_linking' }],
  ],
  [
    'somebody nameless signed in',
    { recipient: { id: pageId }, timestamp: eventAt, account_linking: { status: 'linked', authorization_code: 'c' } },
    [{ kind: 'identity.linked', contact: null }],
  ],
]

const policies: Case[] = [
  ...['policy_enforcement', 'policy-enforcement'].map(
    (key): Case => [
      `a block under the key ${key}`,
      { recipient: { id: pageId }, timestamp: eventAt, [key]: { action: 'block', reason: 'spam' } },
      [
        {
          kind: 'account.changed',
          name: 'policy_block',
          role: 'system',
          contact: null,
          data: { action: 'block', reason: 'spam' },
        },
      ],
    ],
  ),
  [
    'an end of a block',
    { recipient: { id: pageId }, timestamp: eventAt, policy_enforcement: { action: 'unblock' } },
    [{ kind: 'account.changed', name: 'policy_unblock', data: { action: 'unblock', reason: '' } }],
  ],
  [
    'an action nobody knows',
    { recipient: { id: pageId }, timestamp: eventAt, policy_enforcement: { action: 'frown' } },
    [{ kind: 'account.changed', name: 'policy_other', data: { action: 'frown' } }],
  ],
]

const ratings: Case[] = [
  [
    'a score with words, without time',
    {
      sender: { id: customerId },
      recipient: { id: pageId },
      messaging_feedback: {
        feedback_screens: [
          {
            screen_id: 0,
            questions: { hauydmns8: { type: 'csat', payload: '4', follow_up: { type: 'free_form', payload: 'Nice' } } },
          },
        ],
      },
    },
    [
      {
        kind: 'feedback',
        name: 'csat',
        role: 'customer',
        contact: customer,
        occurredAt: entryAt,
        timeFlag: 'entry_time',
        text: 'Nice',
        data: { screenId: '0', questionId: 'hauydmns8', score: '4' },
      },
    ],
  ],
  [
    'several questions, each for itself',
    feedback([
      {
        screen_id: 'a',
        questions: { one: { type: 'nps', payload: '10' }, two: { type: 'free_form', payload: 'More tea' } },
      },
      { screen_id: 'b', questions: { three: { type: 'stars', payload: 3 }, four: 'no object' } },
    ]),
    [
      { name: 'nps', text: '', data: { screenId: 'a', questionId: 'one', score: '10' } },
      { name: 'free_form', text: 'More tea', data: { screenId: 'a', questionId: 'two', score: '' } },
      { name: 'other', text: '', data: { screenId: 'b', questionId: 'three', score: '3' } },
    ],
  ],
  [
    'feedback without an answer',
    feedback([{ screen_id: 'a' }]),
    [{ kind: 'unknown', name: 'malformed:messaging_feedback' }],
  ],
  ['feedback that is no list', feedback('x'), [{ kind: 'unknown', name: 'malformed:messaging_feedback' }]],
  [
    'a verdict on one reply',
    { ...fromCustomer, response_feedback: { feedback: 'Good response', mid: 'm_7' } },
    [{ kind: 'feedback', name: 'response', refs: ['m_7'], contact: customer, data: { score: 'Good response' } }],
  ],
]

const shopping: Case[] = [
  [
    'a cart, with ids as numbers',
    {
      ...fromCustomer,
      order: {
        products: [
          { id: 123, retailer_id: 'sku-1', name: 'Cup', unit_price: 9.5, currency: 'EUR', quantity: 2 },
          'junk',
        ],
        note: 'blue please',
      },
    },
    [
      {
        kind: 'cart',
        role: 'customer',
        text: 'blue please',
        money: null,
        orderId: '',
        data: {
          products: [{ id: '123', retailerId: 'sku-1', name: 'Cup', unitPrice: 9.5, currency: 'EUR', quantity: 2 }],
        },
      },
    ],
  ],
  [
    'a coupon revealed',
    { ...fromCustomer, template: { type: 'coupon', payload: 'SPRING', coupon_code: 'TEA10' } },
    [{ kind: 'coupon', role: 'customer', contact: customer, data: { payload: 'SPRING', code: 'TEA10' } }],
  ],
  ['another template', { ...fromCustomer, template: { type: 'quiz' } }, [{ kind: 'unknown', name: 'template_type' }]],
  [
    'a form: the answers stay out of what is shown',
    {
      ...fromCustomer,
      messaging_customer_information: {
        screens: [
          {
            screen_id: 's1',
            responses: [
              { key: 'phone', value: '+33612345678' },
              { key: 'name', value: 'Ana' },
            ],
          },
        ],
      },
    },
    [
      {
        kind: 'form',
        name: 'customer_information',
        role: 'customer',
        text: '',
        data: { screens: ['s1'], questions: ['phone', 'name'] },
      },
    ],
  ],
]

const attachments: Case[] = [
  [
    'a reel whose id is a long number, an appointment and a question about products',
    {
      ...fromCustomer,
      message: {
        mid: 'm_A',
        attachments: [
          { type: 'ig_reel', payload: { reel_video_id: '18471932921793000177', title: 'Tea' } },
          {
            type: 'appointment_booking',
            payload: { booking_id: 5, status: 'confirmed', start_time: 1767225600, end_time: 1767229200 },
          },
          { type: 'template', payload: { product: { elements: [{ id: '1', retailer_id: 'sku-1' }, { id: 2 }] } } },
          { type: 'like_heart' },
        ],
      },
    },
    [
      {
        kind: 'message.received',
        data: {
          attachments: [
            { type: 'ig_reel', title: 'Tea', reelId: '18471932921793000177' },
            {
              type: 'appointment_booking',
              booking: { id: '5', status: 'confirmed', startsAt: 1_767_225_600_000, endsAt: 1_767_229_200_000 },
            },
            { type: 'template', products: ['sku-1', '2'] },
            { type: 'like_heart' },
          ],
        },
      },
    ],
  ],
]

describe('signing in', () => testCases(signingIn))
describe('policy', () => testCases(policies))
describe('ratings', () => testCases(ratings))
describe('shopping', () => testCases(shopping))
describe('attachments', () => testCases(attachments))

const paid = {
  recipient_id: customerId,
  page_id: pageId,
  app_id: 263902037430900,
  timestamp: 1767225600,
  mid: 'm_P',
  marketing_message_tracking_id: 'trk-1',
  messenger_subscription_token: 'secret-token',
  message_id: '184719329217930001',
}
const { mid: _mid, ...withoutMid } = paid
const { recipient_id: _person, ...uploaded } = withoutMid

const paidCases: [field: string, value: object, expected: Partial<ParsedEvent>][] = [
  [
    'marketing_message_echoes',
    paid,
    {
      kind: 'message.sent',
      role: 'campaign',
      externalId: 'm_P',
      identity: 'message:m_P',
      refs: ['trk-1'],
      contact: customer,
    },
  ],
  [
    'marketing_message_deliveries',
    paid,
    { kind: 'delivery', role: 'system', refs: ['m_P', 'trk-1'], contact: customer },
  ],
  ['marketing_message_deliveries', uploaded, { kind: 'delivery', refs: ['trk-1'], contact: null }],
  ['marketing_message_reads', withoutMid, { kind: 'read', role: 'customer', refs: ['trk-1'], watermarkAt: 0 }],
  ['marketing_message_clicks', paid, { kind: 'click', role: 'customer', contact: customer }],
  [
    'marketing_message_delivery_failed',
    { ...uploaded, business_id: '4', error_message: 'Person unavailable' },
    {
      kind: 'message.failed',
      role: 'system',
      contact: null,
      data: { campaignId: '184719329217930001', trackingId: 'trk-1', errors: [{ message: 'Person unavailable' }] },
    },
  ],
]

describe('paid messages, in whichever envelope they come', () => {
  test.each(paidCases)('%s', (field, value, expected) => {
    const bodies = [
      JSON.stringify({ object: 'page', entry: [{ id: pageId, time: 1767225601, changes: [{ field, value }] }] }),
      JSON.stringify({ object: 'page', entry: [{ id: pageId, time: 1767225601, field, value }] }),
      // Without an id on the entry the value names the Page.
      JSON.stringify({ object: 'page', entry: [{ time: 1767225601, changes: [{ field, value }] }] }),
      pageBody([{ [field]: value }]),
    ]
    const identities = new Set<string>()
    for (const body of bodies) {
      const { entries, ignored } = parseMessenger(body, receivedAt)
      expect(ignored).toEqual([])
      expect(entries).toMatchObject([{ accountExternalId: pageId, failures: [] }])
      const events = entries[0]?.events ?? []
      expect(events).toHaveLength(1)
      expect(events[0]).toMatchObject({ name: 'marketing_message', occurredAt: 1_767_225_600_000, ...expected })
      expect(JSON.stringify({ ...events[0], raw: '' })).not.toContain('secret-token')
      identities.add(events[0]?.identity ?? '')
    }
    expect(identities.size).toBe(1)
  })

  test('the ordinary echo of a paid message is the same fact', () => {
    const echo = {
      sender: { id: pageId },
      recipient: { id: customerId },
      timestamp: eventAt,
      message: { mid: 'm_P', is_echo: true, text: 'x' },
    }
    const [ordinary] = parseMessenger(pageBody([echo]), receivedAt).entries[0]?.events ?? []
    const [marketing] =
      parseMessenger(pageBody([{ marketing_message_echoes: paid }]), receivedAt).entries[0]?.events ?? []
    expect(ordinary?.identity).toBe(marketing?.identity)
  })

  test('a value that is no object is kept raw', () => {
    const body = JSON.stringify({
      object: 'page',
      entry: [{ id: pageId, changes: [{ field: 'marketing_message_reads', value: 7 }] }],
    })
    expect(parseMessenger(body, receivedAt).entries[0]?.events).toMatchObject([
      { kind: 'unknown', name: 'field:marketing_message_reads' },
    ])
  })
})

describe('elements written as changes', () => {
  test.each([
    [
      'messaging_feedback',
      {
        recipient: { id: pageId },
        messaging_feedback: { feedback_screens: [{ questions: { q: { type: 'ces', payload: '2' } } }] },
      },
      'feedback',
    ],
    [
      'response_feedback',
      { sender: { id: '1' }, recipient: { id: pageId }, response_feedback: { feedback: 'Bad response', mid: 'm' } },
      'feedback',
    ],
    ['send_cart', { sender: { id: '1' }, recipient: { id: pageId }, order: { products: [] } }, 'cart'],
    ['message_edits', { message_edit: { mid: 'm', text: 't', num_edit: 1 } }, 'message.edited'],
    [
      'messaging_policy_enforcement',
      { recipient: { id: pageId }, policy_enforcement: { action: 'warning' } },
      'account.changed',
    ],
  ])('%s', (field, value, kind) => {
    const body = JSON.stringify({
      object: 'page',
      entry: [{ id: pageId, time: 1767225600, changes: [{ field, value }] }],
    })
    expect(parseMessenger(body, receivedAt).entries[0]?.events).toMatchObject([{ kind, raw: JSON.stringify(value) }])
  })

  test('a field nobody knows is told by one word, so that nobody outside invents reasons', () => {
    const fields = ['brand_new', 'message_template_status_update', '', 'Ω', 7]
    const names = fields.map((field) => {
      const body = JSON.stringify({ object: 'page', entry: [{ id: pageId, changes: [{ field, value: {} }] }] })
      return parseMessenger(body, receivedAt).entries[0]?.events[0]?.name
    })
    expect(names).toEqual([
      'field:other',
      'field:message_template_status_update',
      'field:none',
      'field:none',
      'field:none',
    ])
  })
})
