/** What is about the number or the account itself of protocols.md §8.1, written from the sheet. */
import { describe, expect, test } from 'vitest'
import { parseWhatsapp } from '../src/whatsapp.ts'
import { receivedAt } from './fixtures.ts'
import { type Case, numberId, testCases, wabaId } from './whatsapp-cases.ts'

const numberErrors: Case[] = [
  [
    'about the number itself',
    'errors',
    { code: 130429, title: 'Rate limit hit', error_data: { details: 'd' } },
    [
      {
        kind: 'account.changed',
        name: 'error',
        contact: null,
        timeFlag: 'received_time',
        data: { errors: [{ code: '130429', title: 'Rate limit hit', details: 'd', class: 'slow_down' }] },
      },
    ],
  ],
]

describe('errors', () => testCases(numberErrors))

describe('account changes', () => {
  const at = 1767225590
  const tell = (field: string, value: unknown) =>
    parseWhatsapp(
      JSON.stringify({
        object: 'whatsapp_business_account',
        entry: [{ id: wabaId, time: at, changes: [{ field, value }] }],
      }),
      receivedAt,
    )

  test.each([
    [
      'message_template_status_update',
      {
        event: 'REJECTED',
        message_template_id: 594425479261596,
        message_template_name: 'spring',
        message_template_language: 'en_US',
        reason: 'PROMOTIONAL',
      },
      {
        event: 'REJECTED',
        templateId: '594425479261596',
        templateName: 'spring',
        templateLanguage: 'en_US',
        reason: 'PROMOTIONAL',
      },
    ],
    [
      'message_template_quality_update',
      { previous_quality_score: 'GREEN', new_quality_score: 'RED', message_template_id: 1 },
      { previousQuality: 'GREEN', quality: 'RED', templateId: '1' },
    ],
    [
      'template_category_update',
      { previous_category: 'UTILITY', new_category: 'MARKETING' },
      { previousCategory: 'UTILITY', category: 'MARKETING' },
    ],
    [
      'phone_number_quality_update',
      { display_phone_number: '15550000001', event: 'FLAGGED', current_limit: 'TIER_1K' },
      { phoneNumber: '15550000001', event: 'FLAGGED', limit: 'TIER_1K' },
    ],
    [
      'phone_number_name_update',
      { display_phone_number: '15550000001', decision: 'APPROVED', requested_verified_name: 'Cups' },
      { phoneNumber: '15550000001', decision: 'APPROVED', requestedName: 'Cups' },
    ],
    ['account_update', { event: 'DISABLED_UPDATE', ban_info: {} }, { event: 'DISABLED_UPDATE' }],
    ['account_review_update', { decision: 'APPROVED' }, { decision: 'APPROVED' }],
    ['business_username_update', { username: 'cups', status: 'approved' }, { username: 'cups', status: 'approved' }],
    ['account_update', undefined, {}],
    ['account_update', 'bare text', {}],
  ])('%s %j', (field, value, data) => {
    const [entry, ...others] = tell(field, value).entries
    expect(others).toEqual([])
    // No number is named: it is about the business account.
    expect(entry?.accountExternalId).toBe(wabaId)
    expect(entry?.events).toMatchObject([
      {
        kind: 'account.changed',
        name: field,
        role: 'system',
        contact: null,
        occurredAt: at * 1000,
        timeFlag: 'entry_time',
      },
    ])
    expect(entry?.events[0]?.data).toEqual(data)
    expect(JSON.parse(entry?.events[0]?.raw ?? '')).toEqual({ field, ...(value !== undefined && { value }) })
  })

  test.each([
    ['calls', 'field:calls'],
    ['history', 'field:history'],
    ['group_participants_update', 'field:group'],
    ['messages', 'field:messages'],
    ['brand_new_field', 'field:other'],
    ['', 'field:other'],
  ])('field %j is kept raw as %s', (field, name) => {
    expect(tell(field, { metadata: { phone_number_id: numberId }, x: 1 }).entries).toMatchObject([
      { accountExternalId: numberId, events: [{ kind: 'unknown', name }] },
    ])
  })
})
