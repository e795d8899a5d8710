import { expect, test } from 'vitest'
import { z } from 'zod'
import { createLog } from './telemetry.ts'

const planted = 'Bonjour, je suis Marie Planchet'
const phone = '33612345678'
const email = 'marie@planchet.example'

/** Everything a log wrote while `write` used it, at the lowest level. */
function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  write(createLog('trace', { write: (line: string) => lines.push(line) }))
  return lines.join('')
}

function postgresError(): Error {
  return Object.assign(new Error(`null value for ${planted} ${phone}`), {
    name: 'PostgresError',
    severity: 'ERROR',
    code: '23502',
    routine: 'ExecConstraints',
    table_name: 'contacts',
    constraint_name: 'contacts_pkey',
    detail: `Failing row contains (1, ${planted}, ${phone}).`,
    where: `COPY contacts, line 1: "${planted}"`,
    query: `call remember('${planted}')`,
    parameters: [planted, phone],
  })
}

function zodError(): Error {
  const { error } = z
    .object({ rows: z.array(z.strictObject({ at: z.literal('x') })) })
    .safeParse({ rows: [{ at: planted, [planted]: 1 }] })
  if (!error) throw new Error('The value fits.')
  return error
}

function jsonError(): unknown {
  try {
    return JSON.parse(planted)
  } catch (error) {
    return error
  }
}

const clickHouseError = Object.assign(
  new Error(
    `Cannot parse input: expected ',' before: '${planted}': (at row 1)\nRow 1:\n text, parsed text: ${planted}`,
  ),
  { code: '27', type: 'CANNOT_PARSE_INPUT_ASSERTION_FAILED' },
)
const wrapped = Object.assign(
  new Error(`Failed query: insert\nparams: ${planted},${phone}`, { cause: postgresError() }),
  {
    query: 'insert',
    params: [planted],
  },
)
const manyLines = new Error(`first line\n    at ${planted} (/home/${phone}:1:1)\n  ${planted}`)

test.each([
  ['of Postgres', postgresError()],
  ['of ClickHouse', clickHouseError],
  ['of Drizzle', wrapped],
  ['of a row that has another shape', zodError()],
  ['of the JSON reader', jsonError()],
  ['with a message of several lines', manyLines],
  ['with an address in its message', new Error(`no mail for ${email} at ${phone}`)],
])('an error %s is logged without the values it quotes', (_what, error) => {
  const text = logged((log) => {
    log.error({ err: error }, 'failed')
    log.warn({ error }, 'failed')
    log.warn({ error: String(error) }, 'failed')
    log.error(error as Error)
    log.error({ err: error })
  })
  expect(text.split('\n')).toHaveLength(6)
  for (const part of ['Planchet', 'Marie', phone, email]) expect(text).not.toContain(part)
})

test('what is left tells where to look: code, names of the schema, the place in the code, and the cause', () => {
  const line = JSON.parse(logged((log) => log.error({ err: wrapped }, 'failed')))
  expect(line).toMatchObject({ msg: 'failed', err: { name: 'Error', cause: { name: 'PostgresError', code: '23502' } } })
  expect(line.err.cause.at).toEqual({
    severity: 'ERROR',
    routine: 'ExecConstraints',
    table_name: 'contacts',
    constraint_name: 'contacts_pkey',
  })
  expect(line.err.stack).toContain('telemetry.test.ts')
  const clickHouse = JSON.parse(logged((log) => log.error({ err: clickHouseError }, 'failed')))
  expect(clickHouse.err).toMatchObject({ code: '27', type: 'CANNOT_PARSE_INPUT_ASSERTION_FAILED' })
  expect(clickHouse.err.message).toBe('Cannot parse input: expected …')
  expect(JSON.parse(logged((log) => log.error({ err: zodError() }, 'failed'))).err.issues).toContain(
    'rows.0.at: invalid_value',
  )
})

test('a long message is cut, a plain one is kept whole', () => {
  const message = (text: string) =>
    JSON.parse(logged((log) => log.error({ err: new Error(text) }, 'failed'))).err.message
  expect(message('socket hang up')).toBe('socket hang up')
  expect(message('word '.repeat(100)).length).toBeLessThanOrEqual(202)
})
