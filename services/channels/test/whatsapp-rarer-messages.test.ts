/** What is no plain message of protocols.md §8.2: reactions, edits, system messages, ads, what Meta keeps back, written from the sheet. */
import { describe } from 'vitest'
import { byPhone, byUserId, type Case, known, phone, sentAt, testCases, userId } from './whatsapp-cases.ts'

const from = { from: phone, id: 'wamid.AAA', timestamp: sentAt }
const typed = (type: string, object: unknown, more: object = {}) => ({ ...from, type, [type]: object, ...more })
const received = { kind: 'message.received', role: 'customer' } as const

const rarer: Case[] = [
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

describe('rarer messages', () => testCases(rarer))
