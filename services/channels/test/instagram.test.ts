/** Instagram as protocols.md §9 tells it apart from Messenger, written from the sheet. */
import type { ParsedEvent } from '@fidelio/core/event.ts'
import { describe, expect, test } from 'vitest'
import { parseInstagram } from '../src/instagram.ts'
import { parseMessenger } from '../src/messenger.ts'
import { entryAt, eventAt, receivedAt } from './fixtures.ts'

const account = '17841400000000001'
const igsid = '184719329217930001'
const person = { identities: [{ namespace: `instagram:${account}`, value: igsid }] }
const inbound = { sender: { id: igsid }, recipient: { id: account }, timestamp: eventAt }
const outbound = { sender: { id: account }, recipient: { id: igsid }, timestamp: eventAt }

function body(entry: object): string {
  return JSON.stringify({ object: 'instagram', entry: [{ id: account, time: entryAt, ...entry }] })
}

function eventsIn(text: string): ParsedEvent[] {
  const { entries, ignored } = parseInstagram(text, receivedAt)
  expect(ignored).toEqual([])
  expect(entries.flatMap((entry) => entry.failures)).toEqual([])
  return entries.flatMap((entry) => entry.events)
}

type Case = [what: string, element: object, expected: Partial<ParsedEvent>[]]

const cases: Case[] = [
  [
    'a message',
    { ...inbound, message: { mid: 'aWdf', text: 'Hello' } },
    [{ kind: 'message.received', role: 'customer', externalId: 'aWdf', identity: 'message:aWdf', contact: person }],
  ],
  [
    'an echo from the app, on the field of messages',
    { ...outbound, message: { mid: 'aWdg', text: 'Hi', is_echo: true } },
    [{ kind: 'message.sent', role: 'human', contact: person }],
  ],
  [
    'an echo of another app',
    { ...outbound, message: { mid: 'aWdh', text: 'Hi', is_echo: true, app_id: 123 } },
    [{ kind: 'message.sent', role: 'bot', appId: '123', contact: person }],
  ],
  [
    'sent by the business, though not marked as an echo',
    { ...outbound, message: { mid: 'aWdi', text: 'Hi' } },
    [{ kind: 'message.sent', contact: person }],
  ],
  [
    'the business to itself: nobody is the customer',
    {
      sender: { id: account },
      recipient: { id: account },
      timestamp: eventAt,
      message: { mid: 's', text: 'x', is_echo: true, is_self: true },
    },
    [{ kind: 'message.sent', contact: null, data: { self: true } }],
  ],
  [
    'unsent',
    { ...inbound, message: { mid: 'aWdf', is_deleted: true } },
    [{ kind: 'message.edited', name: 'deleted', identity: 'deleted:aWdf', refs: ['aWdf'], contact: person }],
  ],
  [
    'view once',
    { ...inbound, message: { mid: 'v', is_unsupported: true } },
    [{ kind: 'message.received', text: '', data: { unsupported: true } }],
  ],
  [
    'a reply to a story, in ISO time',
    {
      ...inbound,
      timestamp: '2026-01-01T00:00:00+0000',
      message: { mid: 'r', text: 'wow', reply_to: { story: { url: 'https://x/y', id: 18047 } } },
    },
    [{ kind: 'message.received', occurredAt: 1_767_225_600_000, data: { replyToStory: '18047' } }],
  ],
  ...['story_mention', 'ig_story', 'story', 'share', 'ig_post', 'ig_reel', 'reel', 'image', 'audio', 'video'].map(
    (type): Case => [
      `an attachment ${type}`,
      { ...inbound, message: { mid: 'a', attachments: [{ type, payload: { url: 'https://x/y' } }] } },
      [{ kind: 'message.received', data: { attachments: [{ type, url: 'https://x/y' }] } }],
    ],
  ),
  [
    'a heart has no payload',
    { ...inbound, message: { mid: 'h', attachments: [{ type: 'like_heart' }] } },
    [{ kind: 'message.received', data: { attachments: [{ type: 'like_heart' }] } }],
  ],
  [
    'seen: a message instead of a time',
    { ...inbound, read: { mid: 'aWdg' } },
    [{ kind: 'read', role: 'customer', refs: ['aWdg'], watermarkAt: 0, contact: person }],
  ],
  [
    'an edit without parties, of a message never seen',
    { timestamp: eventAt, message_edit: { mid: 'never', text: 'Stop', num_edit: 1 } },
    [{ kind: 'message.edited', role: 'system', contact: null, identity: 'edit:never:1', refs: ['never'] }],
  ],
  [
    'an ice breaker without a mid',
    { ...inbound, postback: { title: 'Opening hours', payload: 'HOURS' } },
    [{ kind: 'postback', role: 'customer', externalId: '', text: 'Opening hours', data: { payload: 'HOURS' } }],
  ],
  [
    'a reaction and its end',
    { ...inbound, reaction: { mid: 'aWdg', action: 'unreact' } },
    [{ kind: 'reaction', name: 'unreact', refs: ['aWdg'], contact: person }],
  ],
  [
    'a link into the thread',
    { ...inbound, referral: { ref: 'spring', source: 'IGME_SOURCE', type: 'OPEN_THREAD' } },
    [{ kind: 'referral', data: { via: 'event', ref: 'spring', source: 'IGME_SOURCE' } }],
  ],
  [
    'an ad that began the chat',
    { ...inbound, message: { mid: 'ad', text: 'Hi', referral: { ad_id: 120211, source: 'ADS', type: 'OPEN_THREAD' } } },
    [{ kind: 'message.received' }, { kind: 'referral', data: { via: 'message', adId: '120211' } }],
  ],
  [
    'another app takes the thread',
    { ...inbound, pass_thread_control: { previous_owner_app_id: null, new_owner_app_id: 55, metadata: '' } },
    [{ kind: 'handover', name: 'pass_thread_control', appId: '55', contact: person }],
  ],
  [
    'a STOP ends every topic of Instagram, not of Messenger',
    { ...inbound, message: { mid: 'stop', text: 'STOP' } },
    [
      { kind: 'message.received' },
      {
        kind: 'consent.revoked',
        name: 'stop_word',
        consent: { action: 'revoked', channel: 'instagram', topic: '*', wording: 'STOP' },
      },
    ],
  ],
]

describe('elements of messaging', () => {
  test.each(cases)('%s', (_what, element, expected) => {
    const events = eventsIn(body({ messaging: [element] }))
    expect(events).toMatchObject(expected)
    expect(events).toHaveLength(expected.length)
    for (const event of events) expect(event.raw).toBe(JSON.stringify(element))
  })

  test.each(cases)('in standby, in an array, or as a change: %s', (_what, element, expected) => {
    const [standby] = eventsIn(body({ standby: [element] }))
    expect(standby?.data).toMatchObject({ standby: true })
    expect(eventsIn(`[${body({ messaging: [element] })}]`)).toHaveLength(expected.length)
    const field = 'messages'
    for (const text of [body({ changes: [{ field, value: element }] }), body({ field, value: element })]) {
      expect(eventsIn(text).map((event) => event.kind)).toEqual(expected.map((event, at) => event.kind ?? `${at}`))
    }
  })
})

describe('comments and mentions', () => {
  const comment = {
    id: 17865799348089039n,
    from: { id: '990', username: 'ana.b' },
    media: { id: '1801', media_product_type: 'FEED' },
    parent_id: '1786',
    text: 'Do you ship?',
  }
  const written = JSON.stringify(comment, (_key, value) => (typeof value === 'bigint' ? 'BIG' : value)).replace(
    '"BIG"',
    '17865799348089039',
  )

  test.each(['comments', 'live_comments'])('a change of %s, wrapped or flat on the entry', (field) => {
    for (const text of [
      `{"object":"instagram","entry":[{"id":"${account}","time":1767225600,"changes":[{"field":"${field}","value":${written}}]}]}`,
      `{"object":"instagram","entry":[{"id":"${account}","time":1767225600,"field":"${field}","value":${written}}]}`,
    ]) {
      expect(eventsIn(text)).toMatchObject([
        {
          kind: 'comment',
          name: field,
          role: 'customer',
          externalId: '17865799348089039',
          identity: 'comment:17865799348089039',
          text: 'Do you ship?',
          refs: ['1786', '1801'],
          contact: null,
          occurredAt: 1_767_225_600_000,
          data: { from: { id: '990', username: 'ana.b' }, mediaType: 'FEED' },
        },
      ])
    }
  })

  test('what the business itself comments is no act of a customer', () => {
    const value = { id: '1', from: { id: account }, text: 'Yes' }
    expect(eventsIn(body({ changes: [{ field: 'comments', value }] }))).toMatchObject([
      { kind: 'comment', role: 'system', data: { own: true } },
    ])
  })

  test('mentions in a post and in a comment', () => {
    const changes = [
      { field: 'mentions', value: { media_id: '1', comment_id: '2' } },
      { field: 'mentions', value: { media_id: '1' } },
    ]
    expect(eventsIn(body({ changes }))).toMatchObject([
      { kind: 'mention', name: 'in_comment', identity: 'mention:1:2', refs: ['1', '2'], contact: null },
      { kind: 'mention', name: 'in_post', identity: 'mention:1', refs: ['1'] },
    ])
  })

  test.each([
    ['story_insights', { media_id: '1', reach: 7 }, 'field:story_insights'],
    ['comments', 'a bare text', 'field:comments'],
    ['mentions', undefined, 'field:mentions'],
    ['brand_new', {}, 'field:other'],
  ])('%s that is none is kept raw', (field, value, name) => {
    expect(eventsIn(body({ changes: [{ field, value }] }))).toMatchObject([{ kind: 'unknown', name }])
  })
})

test('the test button and a Page body hold nothing for Instagram, and the other way round', () => {
  const button =
    '{"object":"instagram","entry":[{"id":"0","time":1767225600,"changes":[{"field":"messages","value":{"sender":{"id":"12334"},"recipient":{"id":"23245"},"timestamp":"1527459824","message":{"mid":"test","text":"test"}}}]}]}'
  expect(parseInstagram(button, receivedAt)).toMatchObject({ entries: [], ignored: [{ reason: 'test_button' }] })
  expect(parseInstagram('{"object":"page","entry":[]}', receivedAt).ignored).toMatchObject([{ reason: 'object:page' }])
  expect(parseMessenger(body({}), receivedAt).ignored).toMatchObject([{ reason: 'object:instagram' }])
})
