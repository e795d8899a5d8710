/** Who is who of protocols.md §8.1–8.2: echoes, numbers, user ids and names, written from the sheet. */
import { describe, expect, test } from 'vitest'
import {
  byPhone,
  byUserId,
  type Case,
  change,
  known,
  numberValue,
  phone,
  sentAt,
  testCases,
  userId,
  wabaId,
  whatsappBody,
  whatsappEvents,
} from './whatsapp-cases.ts'

const echo = { from: '15550000001', to: phone, id: 'wamid.E', timestamp: sentAt, type: 'text', text: { body: 'STOP' } }
const sent = { kind: 'message.sent', externalId: 'wamid.E', identity: 'message:wamid.E', contact: known } as const

const echoes: Case[] = [
  ['typed in the phone app: a human', 'message_echoes', echo, [{ ...sent, role: 'human' }], 'smb_message_echoes'],
  [
    'to a person without a number',
    'message_echoes',
    { ...echo, to: undefined, to_user_id: userId },
    [{ ...sent, role: 'human', contact: { identities: [byUserId] } }],
    'smb_message_echoes',
  ],
  [
    'of an app',
    'message_echoes',
    { ...echo, app_id: 77 },
    [{ ...sent, role: 'bot', appId: '77' }],
    'smb_message_echoes',
  ],
  [
    'of our own send',
    'message_echoes',
    { ...echo, app_id: 77, biz_opaque_callback_data: 'send:42' },
    [{ ...sent, role: 'campaign', refs: ['send:42'] }],
    'smb_message_echoes',
  ],
  ['listed as messages of an echo field', 'messages', echo, [{ ...sent, role: 'human' }], 'smb_message_echoes'],
  ['among the messages, told by its sender alone', 'messages', echo, [{ ...sent, role: 'human' }]],
  [
    'taken back',
    'message_echoes',
    { ...echo, type: 'revoke', text: undefined, revoke: { original_message_id: 'wamid.O' } },
    [{ kind: 'message.edited', name: 'deleted', role: 'system', refs: ['wamid.O'] }],
    'smb_message_echoes',
  ],
]

const text = { id: 'wamid.B', timestamp: sentAt, type: 'text', text: { body: 'x' } }
const inPortfolios = 'US.ENT.11815799212886844830'

const people: Case[] = [
  [
    'by number and user id, the user id first',
    'messages',
    { ...text, from: phone, from_user_id: userId },
    [{ contact: { identities: [byUserId, byPhone] } }],
  ],
  ['by user id alone', 'messages', { ...text, from_user_id: userId }, [{ contact: { identities: [byUserId] } }]],
  [
    'by a user id in the place of the number',
    'messages',
    { ...text, from: userId },
    [{ contact: { identities: [byUserId] } }],
  ],
  [
    'with the id that linked portfolios share',
    'messages',
    { ...text, from_user_id: userId, from_parent_user_id: inPortfolios },
    [{ contact: { identities: [byUserId, { namespace: 'whatsapp:parent', value: inPortfolios }] } }],
  ],
  ['by nothing at all', 'messages', { ...text }, [{ kind: 'message.received', contact: null }]],
  [
    'by a number written as a number',
    'messages',
    { ...text, from: 15551110002, id: 9007199254740991 },
    [{ contact: known, externalId: '9007199254740991' }],
  ],
]

describe('echoes', () => testCases(echoes))
describe('people', () => testCases(people))

describe('names', () => {
  const card = (wa_id: string | undefined, name: string, user_id?: string) => ({ wa_id, user_id, profile: { name } })
  const contactOf = (contacts: unknown, message: object) =>
    whatsappEvents(whatsappBody(change(numberValue({ contacts, messages: [{ ...text, ...message }] }))))[0]?.contact

  test('a card is found by its id, not by its place', () => {
    const contacts = [card('15550009999', 'Other'), card(phone, 'Kim', userId)]
    expect(contactOf(contacts, { from: phone })).toEqual({ identities: [byUserId, byPhone], displayName: 'Kim' })
    expect(contactOf(contacts, { from_user_id: userId })).toEqual({
      identities: [byUserId, byPhone],
      displayName: 'Kim',
    })
  })

  test('a card that disagrees with the message says nothing about its sender', () => {
    expect(contactOf([card('15550009999', 'Other')], { from: phone })).toEqual(known)
  })

  test('without a name the username is shown, and no card at all is normal', () => {
    const contacts = [{ wa_id: phone, profile: { username: 'kim.cups' } }]
    expect(contactOf(contacts, { from: phone })).toEqual({ identities: [byPhone], displayName: 'kim.cups' })
    expect(contactOf(undefined, { from: phone })).toEqual(known)
    expect(contactOf('none', { from: phone })).toEqual(known)
  })

  test('user ids of two business accounts are different people', () => {
    const body = whatsappBody(change(numberValue({ messages: [{ ...text, from: userId }] })))
    const [first] = whatsappEvents(body)
    const [second] = whatsappEvents(body.replace(wabaId, '777'))
    expect([first, second].map((event) => event?.contact?.identities[0]?.namespace)).toEqual([
      `whatsapp:${wabaId}`,
      'whatsapp:777',
    ])
  })
})
