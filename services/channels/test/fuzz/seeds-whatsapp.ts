/** Honest parts of WhatsApp's bodies, from which the fuzzer makes dishonest ones. Sheet: protocols.md §8. */
import { type Family, goodPair } from './seeds-messenger.ts'

const from = { from: '15551110002', from_user_id: 'US.1349', id: 'wamid.S', timestamp: '1767225600' }
const typed = (type: string, object: unknown) => ({ ...from, type, [type]: object })
const messageSeeds: readonly unknown[] = [
  {
    ...typed('text', { body: 'stop' }),
    context: { id: 'wamid.P', from: '1', forwarded: true },
    referral: { source_type: 'ad', source_id: 1, headline: 'h', source_url: 'u', ctwa_clid: 'c' },
  },
  typed('image', { id: 184719329217930001n, mime_type: 'image/jpeg', caption: 'c' }),
  typed('audio', { id: '1', voice: true }),
  typed('document', { id: '1', filename: 'f' }),
  typed('location', { latitude: 1.5, longitude: 2.5, name: 'n', url: 'u' }),
  typed('contacts', [{ name: { formatted_name: 'A' } }]),
  typed('button', { text: 'No', payload: 'STOP' }),
  typed('interactive', { type: 'button_reply', button_reply: { id: '1', title: 't' } }),
  typed('interactive', { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'b', response_json: '{"a":' } }),
  typed('order', {
    catalog_id: 1,
    text: 't',
    product_items: [{ product_retailer_id: 's', quantity: 2, item_price: 9.9, currency: 'EUR' }],
  }),
  typed('reaction', { message_id: 'wamid.P', emoji: '👍' }),
  typed('edit', { original_message_id: 'wamid.P', message: { type: 'text', text: { body: 'STOP' } } }),
  typed('revoke', { original_message_id: 'wamid.P' }),
  typed('system', { type: 'user_changed_number', body: 'b', wa_id: '15559990009', user_id: 'US.9' }),
  { ...from, type: 'unsupported', errors: [{ code: 131051, title: 't', error_data: { details: 'd' } }] },
  { ...from, type: 'request_welcome' },
  { ...typed('text', { body: 'b' }), group_id: 'g' },
]
const statusSeeds: readonly unknown[] = [
  {
    id: 'wamid.B',
    status: 'read',
    timestamp: '1767225600',
    recipient_id: '15551110002',
    recipient_user_id: 'US.1',
    biz_opaque_callback_data: 'send:42',
    pricing: { billable: true, pricing_model: 'PMP' },
    conversation: { id: 'c', origin: { type: 'service' } },
  },
  {
    id: 'wamid.B',
    status: 'failed',
    timestamp: '1767225600',
    recipient_id: '15551110002',
    errors: [{ code: 131050, title: 't' }],
  },
  { id: 'wamid.B', status: 'delivered', recipient_type: 'group', recipient_participant_id: '15551110002' },
]
const otherSeeds = {
  user_preferences: [
    {
      wa_id: '15551110002',
      user_id: 'US.1',
      detail: 'd',
      category: 'marketing_messages',
      value: 'resume',
      timestamp: 1767225600,
      signup_id: 's',
    },
  ],
  user_id_update: [
    {
      wa_id: '15551110002',
      user_id: { previous: 'US.1', current: 'US.2' },
      parent_user_id: 'US.ENT.1',
      timestamp: '1767225600',
    },
  ],
  message_echoes: [{ ...typed('text', { body: 'b' }), from: '15550000001', to: '15551110002', to_user_id: 'US.1' }],
  errors: [{ code: 130429, title: 't', error_data: { details: 'd' } }],
}

const wabaId = '102290129340398'
const common = {
  messaging_product: 'whatsapp',
  metadata: { display_phone_number: '15550000001', phone_number_id: '4400001' },
  contacts: [{ profile: { name: 'Kim', username: 'kim' }, wa_id: '15551110002', user_id: 'US.1349' }],
}
const goodMessage = (id: string) => ({ ...typed('text', { body: 'Hello' }), id })
const changeOf = (lists: object, field = 'messages') => ({ field, value: { ...common, ...lists } })
const changeSeeds: readonly unknown[] = [
  changeOf({ messages: messageSeeds.slice(0, 5), statuses: statusSeeds, errors: otherSeeds.errors }),
  changeOf({ user_preferences: otherSeeds.user_preferences }, 'user_preferences'),
  changeOf({ user_id_update: otherSeeds.user_id_update }, 'user_id_update'),
  changeOf({ message_echoes: otherSeeds.message_echoes }, 'smb_message_echoes'),
  {
    field: 'message_template_status_update',
    value: { event: 'REJECTED', message_template_id: 184719329217930001n, reason: 'r' },
  },
  {
    field: 'phone_number_quality_update',
    value: { display_phone_number: '1', event: 'FLAGGED', current_limit: 'TIER_1K' },
  },
  { field: 'history', value: { metadata: { phone_number_id: '4400002' }, history: [{ threads: [] }] } },
]

const inWaba = (changes: string) =>
  `{"object":"whatsapp_business_account","entry":[{"id":"${wabaId}","changes":[${changes}]}]}`

export const whatsappUpdates: Family = {
  around: (parts) =>
    inWaba(`{"field":"messages","value":{${JSON.stringify(common).slice(1, -1)},"messages":[${parts}]}}`),
  good: goodPair(goodMessage('wamid.before'), goodMessage('wamid.after')),
  seeds: [...messageSeeds, ...statusSeeds],
}

export const whatsappChanges: Family = {
  around: inWaba,
  good: goodPair(
    changeOf({ messages: [goodMessage('wamid.before')] }),
    changeOf({ statuses: [{ id: 'wamid.after', status: 'read', recipient_id: '1555111000' }] }),
  ),
  seeds: changeSeeds,
}

export const whatsappEntries: Family = {
  around: (parts) => parts,
  good: goodPair(
    { id: wabaId, changes: [changeOf({ messages: [goodMessage('wamid.before')] })] },
    { id: '103', changes: [changeOf({ messages: [goodMessage('wamid.after')] })] },
  ),
  seeds: [
    { id: wabaId, time: 1767225600, changes: changeSeeds },
    { id: '0', changes: [changeSeeds[0]] },
    { id: '104', time: 1767225600, field: 'account_update', value: { event: 'DISABLED_UPDATE' } },
  ],
}
