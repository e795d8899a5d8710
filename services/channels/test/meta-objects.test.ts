/** One address, several products: protocols.md §1.3. */
import { describe, expect, test } from 'vitest'
import { accountOfUpdate, parseMeta } from '../src/meta-objects.ts'
import { pageBody, pageId, receivedAt, textMessage } from './fixtures.ts'

const page = pageBody([textMessage('m_1')])
const instagram =
  '{"object":"instagram","entry":[{"id":"178","time":1,"messaging":[{"sender":{"id":"1"},"recipient":{"id":"178"},"message":{"mid":"i"}}]}]}'
const whatsapp =
  '{"object":"whatsapp_business_account","entry":[{"id":"9","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"phone_number_id":"4400001"},"messages":[{"from":"15551110002","id":"wamid.A","timestamp":"1767225606","type":"text","text":{"body":"hola"}}]}}]}]}'

function told(text: string): unknown[] {
  return parseMeta(text, receivedAt).map(({ object, channel, entries, ignored }) => [
    object,
    channel,
    entries.map((entry) => [entry.accountExternalId, entry.events.map((event) => event.externalId)]),
    ignored.map((part) => part.reason),
  ])
}

const pageTold = ['page', 'messenger', [[pageId, ['m_1']]], []]
const instagramTold = ['instagram', 'instagram', [['178', ['i']]], []]
const whatsappTold = ['whatsapp_business_account', 'whatsapp', [['4400001', ['wamid.A']]], []]

describe('a body goes to the parser of its object', () => {
  test.each([
    ['page', page, [pageTold]],
    ['instagram', instagram, [instagramTold]],
    ['whatsapp_business_account', whatsapp, [whatsappTold]],
    ['object not in front', `{"entry":${page.slice(page.indexOf('['), -1)},"object":"page"}`, [pageTold]],
    [
      'spaces and line breaks',
      ` {\n "object" : "instagram",${instagram.slice(instagram.indexOf('"entry"'))}`,
      [instagramTold],
    ],
    ['no object at all', page.replace('"object":"page",', ''), [pageTold]],
    ['an array of all three', `[${page}, ${instagram},\n${whatsapp}]`, [pageTold, instagramTold, whatsappTold]],
    ['another product', '{"object":"permissions","entry":[]}', [['page', 'messenger', [], ['object:permissions']]]],
    [
      'an object that is a key of every object',
      '{"object":"constructor"}',
      [['page', 'messenger', [], ['object:other']]],
    ],
    ['an object that is no text', '{"object":7,"entry":[]}', [['page', 'messenger', [], ['object:other']]]],
    ['junk', 'junk', [['page', 'messenger', [], ['malformed_json']]]],
    [
      'an array of junk',
      '[3,null]',
      [
        ['page', 'messenger', [], ['body_not_an_object']],
        ['page', 'messenger', [], ['body_not_an_object']],
      ],
    ],
    ['an empty array', '[]', []],
  ])('%s', (_what, text, expected) => {
    expect(told(text)).toEqual(expected)
  })

  test('the last of repeated keys counts, as for every reader of JSON, and nothing throws', () => {
    expect(told('{"object":"page","object":"instagram","entry":[]}')).toEqual([
      ['page', 'messenger', [], ['object:instagram']],
    ])
  })
})

describe('whose an update is', () => {
  test.each([
    ['page', { id: '1' }, { recipient: { id: '2' } }, 'messaging', '1'],
    ['page', {}, { recipient: { id: '2' } }, 'messaging', '2'],
    ['page', {}, { sender: { id: '3' }, recipient: { id: '2' }, message: { is_echo: true } }, 'standby', '3'],
    ['page', {}, { field: 'messages', value: { recipient: { id: '2' } } }, 'changes', '2'],
    ['instagram', { id: 184719 }, null, 'messaging', '184719'],
    ['whatsapp_business_account', { id: '9' }, { value: { metadata: { phone_number_id: '44' } } }, 'changes', '44'],
    ['whatsapp_business_account', { id: '9' }, { field: 'account_update', value: {} }, 'changes', '9'],
  ] as const)('%s %j %j', (object, entry, update, key, expected) => {
    expect(accountOfUpdate(object, entry, update, key)).toBe(expected)
  })
})
