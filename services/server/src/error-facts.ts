/**
 * What a log may say about an error. Drivers quote the values they stumble over (a row in Postgres' `detail`, the text
 * around a syntax error in ClickHouse, every parameter in Drizzle's message), so an error is never printed whole: its
 * kind, its code, the names of the tables and the places in our code tell what happened, and nobody's words are among
 * them (reliability.md §8).
 */

const messageCharactersMax = 200
const framesMax = 12
const causesMax = 3
const issuesMax = 5

/** Fields of a Postgres error that name parts of the schema or of the server, never a value of a row. */
const postgresNames = ['severity', 'routine', 'schema_name', 'table_name', 'column_name', 'constraint_name'] as const

export type ErrorFacts = {
  name: string
  message?: string
  code?: string
  type?: string
  /** Postgres: names of the schema. */
  at?: Record<string, string>
  /** A value of another shape than expected: which field, and how it was wrong. */
  issues?: string[]
  stack?: string
  cause?: ErrorFacts
}

/** The facts of an error; text written about one is shortened, anything else passes as it is. */
export function errorFacts(value: unknown): unknown {
  if (value instanceof Error) return factsOf(value, causesMax)
  if (typeof value !== 'string') return value
  // Postgres' own sentences do not always quote what they repeat.
  return value.startsWith('PostgresError') ? 'PostgresError' : withoutValues(value)
}

/**
 * A message up to where it begins to quote: values stand behind a quotation mark, a bracket or on further lines. What
 * looks like an address or a telephone number goes as well.
 */
export function withoutValues(message: string): string {
  const [plain = ''] = message.split(/["'`“”‘’«»[{<(\n\r]/, 1)
  const nameless = plain.replace(/\S+@\S+/g, '…').replace(/\+?\d{7,}/g, '…')
  const short = nameless.trim().slice(0, messageCharactersMax)
  return plain.length === message.length && short.length === nameless.trim().length ? short : `${short} …`
}

function factsOf(error: Error, causesLeft: number): ErrorFacts {
  const { code, type, issues } = error as { code?: unknown; type?: unknown; issues?: unknown }
  const stack = framesOf(error)
  return {
    name: error.name,
    ...messageOf(error),
    ...(isWord(code) ? { code: String(code) } : {}),
    ...(isWord(type) ? { type: String(type) } : {}),
    ...(isPostgres(error) ? { at: namesOf(error) } : {}),
    ...(Array.isArray(issues) ? { issues: issues.slice(0, issuesMax).map(issueOf) } : {}),
    ...(stack === '' ? {} : { stack }),
    ...(error.cause instanceof Error && causesLeft > 0 ? { cause: factsOf(error.cause, causesLeft - 1) } : {}),
  }
}

function messageOf(error: Error): { message?: string } {
  // Postgres and Drizzle put values into the sentence itself; code, routine and the cause say as much without them.
  if (isPostgres(error) || 'params' in error || 'issues' in error) return {}
  return { message: withoutValues(error.message) }
}

function isPostgres(error: Error): boolean {
  return error.name === 'PostgresError' || 'routine' in error
}

function namesOf(error: Error): Record<string, string> {
  const fields = error as unknown as Record<string, unknown>
  return Object.fromEntries(
    postgresNames.flatMap((name) => (isWord(fields[name]) ? [[name, String(fields[name])] as const] : [])),
  )
}

/** Zod's issues carry what was received; where and how it was wrong is enough. */
function issueOf(issue: unknown): string {
  const { path, code } = issue as { path?: unknown; code?: unknown }
  const steps = Array.isArray(path) ? path.map((step) => (isWord(step) ? String(step) : '…')) : []
  return `${steps.join('.')}: ${isWord(code) ? String(code) : 'wrong'}`
}

/** A name from a program: letters, digits and a few signs, without spaces. Telephone numbers are no names. */
function isWord(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && Math.abs(value) < 1_000_000
  return typeof value === 'string' && /^[A-Za-z0-9_.:-]{1,80}$/.test(value) && !/\d{7,}/.test(value)
}

/** Places in code only: the first lines of a stack repeat the message, however many lines that has. */
function framesOf(error: Error): string {
  const stack = error.stack ?? ''
  const head = `${error.name}: ${error.message}`
  const lines = (stack.startsWith(head) ? stack.slice(head.length) : stack).split('\n')
  const frames = lines.filter((line) =>
    /^\s+at (?:async )?(?:[\w$.<>[\] ]+ \()?(?:file:|node:|\/|[A-Z]:\\)\S*:\d+:\d+\)?$/.test(line),
  )
  return frames
    .slice(0, framesMax)
    .map((line) => line.trim())
    .join(' < ')
}
