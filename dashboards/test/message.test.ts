import { describe, expect, it } from 'vitest'
import { messageProblems, renderMessage, variables, written } from '../src/pages/campaigns/liquid.ts'

const marie = { 'contact.firstName': 'Marie', 'contact.name': 'Marie Lefèvre', 'business.name': 'Maison Lumière' }
const said = (text: string, context: Record<string, string>) =>
  renderMessage(text, context)
    .map((piece) => piece.text)
    .join('')

describe('the preview of a message', () => {
  it('fills in what is known and falls back where nothing is', () => {
    const text = 'Hello {{ contact.firstName | default: "there" }}, from {{business.name|upcase}}.'
    expect(said(text, marie)).toBe('Hello Marie, from MAISON LUMIÈRE.')
    expect(said(text, { 'business.name': 'Shop' })).toBe('Hello there, from SHOP.')
    expect(renderMessage(text, {})[1]).toEqual({ text: 'there', variable: 'contact.firstName', fallback: true })
  })

  it('takes a pipe and braces within a default as text, and a name never as Liquid', () => {
    expect(said('{{ contact.name | default: "you | all" }}', {})).toBe('you | all')
    expect(said('Hi {{ contact.name | default: "x" }}', { 'contact.name': '{{ business.name }}' })).toBe(
      'Hi {{ business.name }}',
    )
  })

  it('names what the server would refuse', () => {
    const kinds = (text: string) => messageProblems(text).map((problem) => problem.kind)
    expect(kinds('  ')).toEqual(['empty'])
    expect(kinds('Hi {{ contact.name }}')).toEqual(['default'])
    expect(kinds('Hi {{ contact.name | default: "" }}')).toEqual(['default'])
    expect(kinds('Hi {{ contact.age | default: "x" }}')).toEqual(['variable'])
    expect(kinds('Hi {{ business.name | shout }}')).toEqual(['filter'])
    expect(kinds('{% if true %}x{% endif %}')).toEqual(['tag'])
    expect(kinds('Hi {{ business.name')).toEqual(['open'])
    expect(kinds('x'.repeat(2001))).toEqual(['long'])
    expect(kinds('Plain words.')).toEqual([])
  })

  it('inserts variables in a form that passes', () => {
    for (const variable of variables) expect(messageProblems(`Hi ${written(variable, 'there')}`)).toEqual([])
  })
})
