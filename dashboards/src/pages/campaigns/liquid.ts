/**
 * The message as its author sees it while writing. The server compiles the same text with the same rules at save (a
 * variable only, with a default where somebody may have no name); this is its small image, for an instant preview.
 */

export const variables = ['contact.firstName', 'contact.name', 'business.name', 'campaign.name'] as const
export type Variable = (typeof variables)[number]
/** May be missing for somebody. */
const optional: ReadonlySet<string> = new Set(['contact.firstName', 'contact.name'])

export type MessageContext = Partial<Record<Variable, string>>
export type Piece = { text: string; variable: Variable | null; fallback: boolean }
/** What is wrong, as a key of the catalogue and the part of the text it is about. */
export type MessageProblem = {
  kind: 'empty' | 'long' | 'tag' | 'variable' | 'filter' | 'default' | 'open'
  what: string
}

export const messageCharactersMax = 2000

const output = /\{\{-?\s*(.*?)\s*-?\}\}/gs
const filters: Record<string, (value: string, argument: string) => string> = {
  default: (value, argument) => (value === '' ? argument : value),
  capitalize: (value) => value.charAt(0).toUpperCase() + value.slice(1).toLowerCase(),
  upcase: (value) => value.toUpperCase(),
  downcase: (value) => value.toLowerCase(),
  strip: (value) => value.trim(),
  truncate: (value, argument) => {
    const length = Number(argument) || 50
    return value.length > length ? `${value.slice(0, Math.max(0, length - 3))}...` : value
  },
}

type Parsed = { variable: string; filters: { name: string; argument: string }[] }

function parse(inside: string): Parsed {
  // A pipe within quotes belongs to the text of a default.
  const [variable, ...rest] = inside.split(/\|(?=(?:[^"']*["'][^"']*["'])*[^"']*$)/).map((part) => part.trim())
  return {
    variable: variable ?? '',
    filters: rest.map((filter) => {
      const found = /^(\w+)\s*(?::\s*(.*))?$/s.exec(filter)
      return { name: found?.[1] ?? filter, argument: (found?.[2] ?? '').trim().replace(/^["'](.*)["']$/s, '$1') }
    }),
  }
}

/** The message for one person, in pieces, so that what was filled in can be marked. */
export function renderMessage(text: string, context: MessageContext): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const found of text.matchAll(output)) {
    if (found.index > from) pieces.push({ text: text.slice(from, found.index), variable: null, fallback: false })
    from = found.index + found[0].length
    const { variable, filters: applied } = parse(found[1] ?? '')
    const known = variables.find((each) => each === variable)
    const value = known === undefined ? '' : (context[known] ?? '')
    const said = applied.reduce((now, { name, argument }) => filters[name]?.(now, argument) ?? now, value)
    pieces.push({ text: said, variable: known ?? null, fallback: value === '' && said !== '' })
  }
  if (from < text.length) pieces.push({ text: text.slice(from), variable: null, fallback: false })
  return pieces
}

export function messageProblems(text: string): MessageProblem[] {
  if (text.trim() === '') return [{ kind: 'empty', what: '' }]
  const problems: MessageProblem[] = []
  const tag = /\{%.*?(%\}|$)/s.exec(text)
  if (tag !== null) problems.push({ kind: 'tag', what: tag[0] })
  if (/\{\{(?![\s\S]*?\}\})/.test(text.replaceAll(output, ''))) problems.push({ kind: 'open', what: '{{' })
  for (const found of text.matchAll(output)) {
    const { variable, filters: applied } = parse(found[1] ?? '')
    if (!variables.some((each) => each === variable)) problems.push({ kind: 'variable', what: variable })
    for (const { name } of applied) if (!(name in filters)) problems.push({ kind: 'filter', what: name })
    const fallback = applied.some(({ name, argument }) => name === 'default' && argument !== '')
    if (optional.has(variable) && !fallback) problems.push({ kind: 'default', what: found[0] })
  }
  if (renderMessage(text, {}).reduce((sum, piece) => sum + piece.text.length, 0) > messageCharactersMax)
    problems.push({ kind: 'long', what: '' })
  return problems
}

/** What a variable is written as, with a default where one is needed. */
export function written(variable: Variable, fallback: string): string {
  return optional.has(variable) ? `{{ ${variable} | default: "${fallback}" }}` : `{{ ${variable} }}`
}
