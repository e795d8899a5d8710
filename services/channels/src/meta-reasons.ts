/**
 * Why an update of Meta became an `unknown` event: the closed list its names come from. What is not understood is kept
 * raw and counted by these words; nobody outside can add one. Sheet: protocols.md §0 "Unknown is normal", §1.5, §2.9.
 */

/** Keys of an element whose meaning is known. A value of another shape than promised is told as `malformed:<key>`. */
export const elementKeys = [
  'message',
  'postback',
  'reaction',
  'message_edit',
  'delivery',
  'read',
  'optin',
  'referral',
  'pass_thread_control',
  'take_thread_control',
  'request_thread_control',
  'app_roles',
  'account_linking',
  'policy_enforcement',
  'policy-enforcement',
  'messaging_feedback',
  'response_feedback',
  'order',
  'template',
  'messaging_customer_information',
  'marketing_message_echoes',
  'marketing_message_deliveries',
  'marketing_message_reads',
  'marketing_message_clicks',
  'marketing_message_delivery_failed',
] as const
export type ElementKey = (typeof elementKeys)[number]

/** Keys that are obsolete or not documented. */
export const keptRawKeys = [
  'game_play',
  'payment',
  'pre_checkout',
  'checkout_update',
  'message_request',
  'message_context',
  'messaging_integrity',
  'messaging_in_thread_lead_form_submit',
] as const

/** Fields of `changes[]` that are not conversation. */
export const keptRawFields = [
  // Pages
  'feed',
  'leadgen',
  'mention',
  'inbox_labels',
  'ratings',
  'conversations',
  'message_template_status_update',
  'marketing_messages_subscriber_upload_status',
  // Instagram
  'story_insights',
  'comments',
  'live_comments',
  'mentions',
] as const

export type UnknownReason =
  | `malformed:${ElementKey}`
  | `key:${(typeof keptRawKeys)[number]}`
  | `field:${(typeof fields)[number] | 'other' | 'none'}`
  | 'optin_status'
  | 'template_type'
  | 'group_thread'
  | 'no_known_key'

/** Fields may also name what usually is an element: its value was no element then. */
const elementFields = [
  'messages',
  'message_deliveries',
  'message_echoes',
  'message_edits',
  'message_edit',
  'message_reactions',
  'message_reads',
  'message_context',
  'messaging_seen',
  'messaging_account_linking',
  'messaging_customer_information',
  'messaging_feedback',
  'messaging_game_plays',
  'messaging_handover',
  'messaging_handovers',
  'messaging_in_thread_lead_form_submit',
  'messaging_integrity',
  'messaging_optins',
  'messaging_payments',
  'messaging_pre_checkouts',
  'messaging_checkout_updates',
  'messaging_policy_enforcement',
  'messaging_postbacks',
  'messaging_referral',
  'messaging_referrals',
  'response_feedback',
  'send_cart',
  'standby',
  'marketing_message_echoes',
  'marketing_message_deliveries',
  'marketing_message_reads',
  'marketing_message_clicks',
  'marketing_message_delivery_failed',
] as const
const fields = [...keptRawFields, ...elementFields] as const
const knownFields: ReadonlySet<string> = new Set(fields)

/** The reason for a change that is kept raw. */
export function fieldReason(field: string): UnknownReason {
  if (field === '') return 'field:none'
  return isKnownField(field) ? `field:${field}` : 'field:other'
}

function isKnownField(field: string): field is (typeof fields)[number] {
  return knownFields.has(field)
}

/** Every reason there is. */
export const unknownReasons: ReadonlySet<string> = new Set<UnknownReason>([
  ...elementKeys.map((key) => `malformed:${key}` as const),
  ...keptRawKeys.map((key) => `key:${key}` as const),
  ...fields.map((field) => `field:${field}` as const),
  'field:other',
  'field:none',
  'optin_status',
  'template_type',
  'group_thread',
  'no_known_key',
])
