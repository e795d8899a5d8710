/** Paid messages and other elements in every envelope they may come in: protocols.md §1.3, §4.5, §13.1. */
import type { ParsedEvent } from '@fidelio/core/event.ts'
import { describe, expect, test } from 'vitest'
import { parseMessenger } from '../src/messenger.ts'
import { customer, customerId, eventAt, pageBody, pageId, receivedAt } from './fixtures.ts'

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
