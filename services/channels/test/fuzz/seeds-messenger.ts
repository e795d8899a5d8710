/** Honest parts of Messenger's and Instagram's bodies, from which the fuzzer makes dishonest ones. Sheet: protocols.md §2, §9. */

/** Parts that stand side by side: what surrounds them, two that must come out whole, and those to be broken. */
export type Family = { around: (parts: string) => string; good: readonly [string, string]; seeds: readonly unknown[] }

const pageId = '801000000000001'
const parties = { sender: { id: '7001' }, recipient: { id: pageId }, timestamp: 1_767_225_600_123 }

export function goodPair(first: unknown, second: unknown): readonly [string, string] {
  return [JSON.stringify(first), JSON.stringify(second)]
}

const messengerSeeds: readonly unknown[] = [
  {
    ...parties,
    message: {
      mid: 'm_1',
      text: 'Où est ma commande ? 😀',
      quick_reply: { payload: 'RED' },
      reply_to: { mid: 'm_0', story: { id: '1', url: 'https://a.b/' } },
      attachments: [
        { type: 'image', payload: { url: 'https://a.b/i', sticker_id: 369239263222822 } },
        { type: 'location', payload: { coordinates: { lat: 1.5, long: 2.5 } } },
        { type: 'fallback', payload: null, title: 't', URL: 'u' },
      ],
      referral: { ref: null, ad_id: 120211, source: 'ADS', ads_context_data: { ad_title: 'x', post_id: '5' } },
    },
  },
  {
    sender: { id: pageId },
    recipient: { id: '7001' },
    message: { mid: 'm_E', is_echo: true, app_id: 1234, metadata: 'send:42', text: 'STOP' },
  },
  {
    ...parties,
    message: { mid: 'm_D', is_deleted: true },
    prior_message: { source: 'checkbox_plugin', identifier: 'u' },
  },
  { ...parties, postback: { mid: 'm_P', title: 'Go', payload: 'STOP', referral: { ref: 'r', source: 'SHORTLINK' } } },
  { ...parties, reaction: { mid: 'm_1', action: 'react', reaction: 'love', emoji: '❤' } },
  { ...parties, message_edit: { mid: 'm_1', text: 'stop', num_edit: '2' } },
  { ...parties, delivery: { watermark: 1767225600000, mids: ['m_1', 'm_2'], seq: 3 } },
  { ...parties, read: { watermark: '1767225600000', mid: 'm_1' } },
  {
    ...parties,
    optin: {
      type: 'notification_messages',
      notification_messages_token: 'tok',
      payload: 'offers',
      token_expiry_timestamp: 1798761600000,
      notification_messages_status: 'STOP NOTIFICATIONS',
    },
  },
  { recipient: { id: pageId }, optin: { ref: 'r', user_ref: 'u-1' } },
  { ...parties, referral: { ref: 'r', source: 'ADS', type: 'OPEN_THREAD', product: { id: 9 } } },
  {
    ...parties,
    pass_thread_control: { previous_owner_app_id: 1, new_owner_app_id: 184719329217930001n, metadata: 'm' },
  },
  { recipient: { id: pageId }, app_roles: { '1234': ['primary_receiver'] } },
  { ...parties, account_linking: { status: 'linked', authorization_code: 'c-1' } },
  { recipient: { id: pageId }, policy_enforcement: { action: 'block', reason: 'r' } },
  {
    ...parties,
    messaging_feedback: {
      feedback_screens: [
        {
          screen_id: 0,
          questions: { q: { type: 'csat', payload: '4', follow_up: { type: 'free_form', payload: 'ok' } } },
        },
      ],
    },
  },
  { ...parties, response_feedback: { feedback: 'Good response', mid: 'm_1' } },
  {
    ...parties,
    order: {
      products: [{ id: 1, retailer_id: 's', name: 'n', unit_price: 9.9, currency: 'EUR', quantity: 2 }],
      note: 'n',
    },
  },
  { ...parties, template: { type: 'coupon', payload: 'p', coupon_code: 'c' } },
  {
    ...parties,
    messaging_customer_information: { screens: [{ screen_id: 's', responses: [{ key: 'k', value: 'v' }] }] },
  },
  { ...parties, game_play: {} },
  { ...parties, thread: { id: 't' }, message: { mid: 'm_T' } },
]

const text = (mid: string) => ({ ...parties, message: { mid, text: 'Hello' } })
const inEntry = (parts: string) => `"id":"${pageId}","time":1767225600500,"messaging":[${parts}]`

export const messengerElements: Family = {
  around: (parts) => `{"object":"page","entry":[{${inEntry(parts)}}]}`,
  good: goodPair(text('m_before'), text('m_after')),
  seeds: messengerSeeds,
}

export const instagramElements: Family = {
  around: (parts) => `{"object":"instagram","entry":[{${inEntry(parts)}}]}`,
  good: messengerElements.good,
  seeds: [
    ...messengerSeeds,
    { ...parties, read: { mid: 'm_1' } },
    {
      ...parties,
      message: {
        mid: 'm_S',
        is_self: true,
        is_unsupported: true,
        attachments: [{ type: 'story_mention', payload: { url: 'u' } }, { type: 'like_heart' }],
      },
    },
    { timestamp: '2026-01-01T00:00:00+0000', message_edit: { mid: 'm_1', text: 't', num_edit: 0 } },
  ],
}

const good = (id: string, mid: string) => ({ id, time: 1767225600500, messaging: [text(mid)] })

export const messengerEntries: Family = {
  around: (parts) => parts,
  good: goodPair(good(pageId, 'm_before'), good('802', 'm_after')),
  seeds: [
    { id: pageId, time: 1767225600500, messaging: messengerSeeds.slice(0, 4), standby: messengerSeeds.slice(4, 6) },
    {
      id: '0',
      time: 1767225600,
      changes: [
        { field: 'messages', value: { sender: { id: '12334' }, recipient: { id: '23245' }, message: { mid: 'test' } } },
      ],
    },
    {
      id: '803',
      time: 1767225600,
      changes: [
        { field: 'feed', value: { item: 'post', created_time: 1767225600, sender_id: 5 } },
        { field: 'mention', value: 'bare' },
      ],
    },
    {
      id: '803',
      changes: [
        { field: 'marketing_message_reads', value: { mid: 'm_1', recipient_id: '7001', timestamp: 1767225600 } },
      ],
    },
    { id: '803', time: 1767225600, field: 'comments', value: { id: '1', text: 't', from: { id: '2', username: 'u' } } },
  ],
}

export function metaBodies(object: string, entries: Family): unknown[] {
  const [first, second] = entries.good.map((entry) => JSON.parse(entry))
  return [
    { object, entry: [first, ...entries.seeds, second] },
    ...entries.seeds.map((entry) => ({ object, entry: [first, entry] })),
  ]
}
