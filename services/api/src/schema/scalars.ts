import { GraphQLError, Kind } from 'graphql'
import { builder } from './builder.ts'

const instantShape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/
const dayShape = /^\d{4}-\d{2}-\d{2}$/

const wrong = (message: string) => new GraphQLError(message, { extensions: { code: 'VALIDATION' } })

/** Unix milliseconds of an RFC 3339 instant; an instant without an offset would be somebody's guess. */
export function parseInstant(value: unknown): number {
  if (typeof value !== 'string' || !instantShape.test(value)) {
    throw wrong('DateTime must be an RFC 3339 instant with an offset, such as 2026-11-22T09:00:00Z.')
  }
  const at = Date.parse(value)
  if (Number.isNaN(at)) throw wrong('DateTime names an instant that does not exist.')
  return at
}

function parseDay(value: unknown): string {
  const parsed = typeof value === 'string' && dayShape.test(value) ? new Date(`${value}T00:00:00Z`) : null
  if (parsed === null || Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== value) {
    throw wrong('Date must be a calendar day, such as 2026-11-22.')
  }
  return parsed.toISOString().slice(0, 10)
}

builder.scalarType('DateTime', {
  description: 'An instant, RFC 3339 with offset; answers are in UTC with milliseconds.',
  serialize: (at) => new Date(at).toISOString(),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : null),
})

builder.scalarType('Date', {
  description: 'A local calendar day of the business, YYYY-MM-DD.',
  serialize: (day) => day,
  parseValue: parseDay,
  parseLiteral: (node) => parseDay(node.kind === Kind.STRING ? node.value : null),
})

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
})
