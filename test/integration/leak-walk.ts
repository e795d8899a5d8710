/** Questions made from the schema itself, so that a field added tomorrow is walked tomorrow. */
import { schema } from '@fidelio/api/schema/index.ts'
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isScalarType,
} from 'graphql'

export interface Question {
  /** `Business.rows(metric=waits)`, for messages of failed tests. */
  name: string
  query: string
  variables: Record<string, unknown>
}

type Field = GraphQLField<unknown, unknown>
type Input = GraphQLArgument | GraphQLInputField

/** Where an id can be written: the argument, or a path into an input object. */
export type IdPlace = readonly string[]

/** Fields of a type, nested so deep; fields that need arguments are asked on their own. Lists are kept short. */
export function selectionOf(type: GraphQLNamedType | undefined, depth: number): string {
  if (!isObjectType(type)) return ''
  const parts = Object.values(type.getFields()).flatMap((field) => {
    if (field.args.some(isRequiredArgument)) return []
    const inner = getNamedType(field.type)
    const short = field.args.some((arg) => arg.name === 'first' || arg.name === 'last')
    const args = short ? `(${field.args.some((arg) => arg.name === 'first') ? 'first' : 'last'}: 2)` : ''
    if (isScalarType(inner) || isEnumType(inner)) return [`${field.name}${args}`]
    // Wrappers of a page do not count: what is in it does.
    const cost = /Connection$|Edge$|^PageInfo$/.test(inner.name) ? 0.4 : 1
    const selection = depth >= cost ? selectionOf(inner, depth - cost) : ''
    return selection === '' ? [] : [`${field.name}${args} ${selection}`]
  })
  return parts.length === 0 ? '' : `{ __typename ${parts.join(' ')} }`
}

const samples: Record<string, unknown> = {
  Int: 3,
  Float: 10,
  Boolean: false,
  DateTime: '2026-11-01T00:00:00Z',
  Date: '2026-11-10',
  JSON: { mon: [['09:00', '17:00']] },
}
const textSamples: Record<string, string> = {
  email: 'someone@new.example',
  name: 'New name',
  timeZone: 'UTC',
  currency: 'EUR',
  locale: 'en',
  slug: 'new-slug',
  topic: 'offers',
  messageText: 'Hello',
  csv: 'email\nnew@list.example',
  activity: 'message.received',
  metric: 'waits',
}

/** A plausible value; ids come from the caller. Optional parts are left out. */
export function sampleOf(input: Input, period: { from: string; to: string }, id: string): unknown {
  return valueFor(input.type, input.name, period, id)
}

function valueFor(type: GraphQLInputType, name: string, period: { from: string; to: string }, id: string): unknown {
  if (isNonNullType(type)) return valueFor(type.ofType, name, period, id)
  if (isListType(type)) return []
  if (isEnumType(type)) return type.getValues()[0]?.name
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(isRequiredInputField)
    return Object.fromEntries(required.map((field) => [field.name, valueFor(field.type, field.name, period, id)]))
  }
  if (type.name === 'ID') return id
  if (name === 'from' || name === 'to') return period[name]
  if (type.name === 'String') return textSamples[name] ?? 'text'
  return samples[type.name]
}

/** Every place among a field's arguments that takes an id, however deep. */
export function idPlaces(field: Field): IdPlace[] {
  const inside = (type: GraphQLInputType, path: string[]): IdPlace[] => {
    const named = getNamedType(type)
    if (named.name === 'ID') return [path]
    if (!isInputObjectType(named)) return []
    return Object.values(named.getFields()).flatMap((sub) => inside(sub.type, [...path, sub.name]))
  }
  return field.args.flatMap((arg) => inside(arg.type, [arg.name]))
}

/** A field asked on its own, inside `wrap` ('' for root fields), with its required arguments and those given. */
export function questionOf(
  operation: 'query' | 'mutation',
  owner: string,
  field: Field,
  wrap: string,
  given: {
    period: { from: string; to: string }
    id: string
    set?: { place: IdPlace; value: unknown }
    extra?: Record<string, unknown>
  },
): Question {
  const variables: Record<string, unknown> = {}
  for (const arg of field.args) {
    if (isRequiredArgument(arg)) variables[arg.name] = sampleOf(arg, given.period, given.id)
  }
  if (given.set) assign(variables, given.set.place, given.set.value, field, given)
  for (const [key, value] of Object.entries(given.extra ?? {})) {
    const target = variables[key]
    variables[key] = typeof target === 'object' && target !== null ? { ...target, ...(value as object) } : value
  }
  const used = field.args.filter((arg) => arg.name in variables)
  const declared = used.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ')
  const passed = used.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
  const selection = selectionOf(getNamedType(field.type), 2)
  const call = `${field.name}${passed ? `(${passed})` : ''} ${selection}`
  const body = wrap === '' ? call : `${wrap} { ${call} }`
  const label = given.set ? `${given.set.place.join('.')}=${String(given.set.value)}` : ''
  return {
    name: `${owner}.${field.name}(${label})`,
    query: `${operation}${declared ? ` (${declared})` : ''} { ${body} }`,
    variables,
  }
}

function assign(
  variables: Record<string, unknown>,
  [first = '', ...rest]: IdPlace,
  value: unknown,
  field: Field,
  given: { period: { from: string; to: string }; id: string },
): void {
  if (rest.length === 0) {
    variables[first] = value
    return
  }
  const arg = field.args.find((one) => one.name === first)
  const base = variables[first] ?? (arg ? sampleOf(arg, given.period, given.id) : {})
  variables[first] = nested(base, rest, value)
}

function nested(base: unknown, [first = '', ...rest]: IdPlace, value: unknown): unknown {
  const object = typeof base === 'object' && base !== null ? (base as Record<string, unknown>) : {}
  return { ...object, [first]: rest.length === 0 ? value : nested(object[first], rest, value) }
}

export function fieldsOf(typeName: string): Field[] {
  const type = schema.getType(typeName)
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type`)
  return Object.values(type.getFields())
}

/** What of a business can be recognised in a text. Empty: nothing. */
export function tracesIn(text: string, business: { word: string; secrets: readonly string[] }): string[] {
  return [business.word, ...business.secrets].filter((trace) => trace !== '' && text.includes(trace))
}
