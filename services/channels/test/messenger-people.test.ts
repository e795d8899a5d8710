/** What people do beside writing, and what happens to the account: protocols.md §2.9, written from the sheet. */
import { describe } from 'vitest'
import { customer, customerId, entryAt, eventAt, fromCustomer, pageId } from './fixtures.ts'
import { type Case, testCases } from './messenger-cases.ts'

const person = { namespace: `messenger:${pageId}`, value: customerId }
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
