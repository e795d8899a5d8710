import { expect, test } from 'vitest'
import {
  audienceProblems,
  campaignProblems,
  compileMessage,
  contactContext,
  dueDecision,
  messageProblems,
} from './campaign.ts'
import { hourMs } from './time.ts'

test.each([
  ['Hello {{ contact.firstName | default: "there" }}'],
  ['{{ business.name | upcase }}: {{ campaign.name }}'],
  ['No variable at all, é 😀'],
])('%s can be sent to anybody', (text) => {
  expect(messageProblems(text)).toEqual([])
})

test.each([
  ['Hi {{ contact.name }},', 'may be empty'],
  ['Hi {{ contact.name | default: contact.firstName }}', 'may be empty'],
  ['Hi {{ contact.name | default: " " }}', 'may be empty'],
  ['Hi {{ contact.phone }}', 'no variable contact.phone'],
  ['Hi {{ contact[business.name] }}', 'no variable'],
  ['Hi {{ contact.name', 'cannot be read'],
  ['{% for x in (1..1000000) %}x{% endfor %}', 'Only variables'],
  ['{{ contact.name | default: "x" | date: "%s" }}', 'filter date is not allowed'],
  ['   ', 'empty'],
  ['x'.repeat(2001), 'longer than 2000'],
])('%s is refused when it is saved', (text, problem) => {
  expect(messageProblems(text).join(' ')).toContain(problem)
})

test('a message is filled for a person, known or not', () => {
  const render = compileMessage('Hi {{ contact.firstName | default: "there" }}, from {{ business.name }}')
  const rest = { business: { name: 'Shop' }, campaign: { name: 'C' } }
  expect(render({ ...rest, contact: contactContext('Ada Lovelace') })).toBe('Hi Ada, from Shop')
  expect(render({ ...rest, contact: contactContext('  ') })).toBe('Hi there, from Shop')
  // A name is data: it is never read as Liquid.
  expect(render({ ...rest, contact: contactContext('{{business.name}}') })).toBe('Hi {{business.name}}, from Shop')
  expect(() => compileMessage('{{ contact.name }}')).toThrow('unsendable')
})

test('a campaign found late is held, and one whose offer ended is missed', () => {
  const scheduledAt = Date.UTC(2026, 0, 1)
  const decide = (offerEndsAt: number | null, now: number) =>
    dueDecision({ scheduledAt, offerEndsAt, misfire: 'ask' }, now).kind
  expect(decide(null, scheduledAt)).toBe('plan')
  expect(decide(null, scheduledAt + hourMs)).toBe('plan')
  expect(decide(null, scheduledAt + hourMs + 1)).toBe('held')
  expect(decide(scheduledAt + 60_000, scheduledAt + 60_000)).toBe('missed')
  expect(decide(scheduledAt + 2 * hourMs, scheduledAt + 3 * hourMs)).toBe('missed')
  const late = (misfire: 'skip' | 'send', offerEndsAt: number | null) =>
    dueDecision({ scheduledAt, offerEndsAt, misfire }, scheduledAt + 2 * hourMs).kind
  expect(late('skip', null)).toBe('missed')
  expect(late('send', null)).toBe('plan')
  expect(late('send', scheduledAt + hourMs)).toBe('missed')
})

test('a draft from outside is told everything that is wrong with it at once', () => {
  const draft = {
    name: ' ',
    topic: '*',
    messageText: '{{ contact.name }}',
    audience: { minOrders: 0 },
    holdoutPercent: 60,
    conversionDays: 0,
  }
  expect(campaignProblems(draft).map((problem) => problem.field)).toEqual([
    'name',
    'topic',
    'messageText',
    'audience',
    'audience',
    'holdoutPercent',
    'conversionDays',
  ])
  expect(audienceProblems({ wroteWithinDays: 30, orderedWithinDays: 90, minOrders: 2 })).toEqual([])
  expect(campaignProblems({ ...draft, holdoutPercent: 10.25 }).some((each) => each.field === 'holdoutPercent')).toBe(
    true,
  )
})
