/**
 * A list of opt-ins, with what people were asked and where the list comes from as proof. Every line is answered: new, on
 * record already, or rejected with a word of a closed list. Rejected lines never keep their neighbours out.
 */
import type { Channel, IdentityRef } from '@fidelio/core/event.ts'
import { earliestEventAt, futureToleranceMs } from '@fidelio/core/event.ts'
import { phoneDigits } from '@fidelio/core/phone.ts'
import { type ConsentRecord, recordConsents } from '@fidelio/db/records/consents.ts'
import { resolveContacts } from '@fidelio/db/records/contacts.ts'
import { consentRowId, externalIdentity } from './consent-facts.ts'
import type { ApiContext } from './context.ts'
import { type CsvRow, isFormula, parseCsv } from './csv.ts'
import { invalid, notFound } from './errors.ts'

export const importLinesMax = 5000
const csvCharactersMax = 2_000_000
const cellCharactersMax = 200
const factsPerTransaction = 1000

export type ConsentImport = {
  businessId: string
  channel: Channel
  topic: string
  wording: string
  source: string
  csv: string
  actor: string
}

type RejectReason = 'columns' | 'formula' | 'no_identity' | 'email' | 'phone' | 'occurred_at' | 'too_long'
type Line = { line: number; identities: IdentityRef[]; name: string; occurredAt: number | null }
export type ImportOutcome = { accepted: number; duplicates: number; rejected: { line: number; reason: string }[] }

const columns = ['externalId', 'email', 'phone', 'name', 'occurredAt'] as const
type Column = (typeof columns)[number]

export async function importConsents(
  context: Pick<ApiContext, 'worker' | 'now'>,
  input: ConsentImport,
): Promise<ImportOutcome> {
  const { header, rows } = readTable(input.csv)
  const rejected: ImportOutcome['rejected'] = []
  const lines: Line[] = []
  for (const row of rows) {
    const read = readLine(row, header, context.now)
    if (typeof read === 'string') rejected.push({ line: row.line, reason: read })
    else lines.push(read)
  }
  let accepted = 0
  for (let at = 0; at < lines.length; at += factsPerTransaction) {
    accepted += await storeLines(context, input, lines.slice(at, at + factsPerTransaction))
  }
  return { accepted, duplicates: lines.length - accepted, rejected }
}

function readTable(csv: string): { header: Map<Column, number>; rows: CsvRow[] } {
  if (csv.length > csvCharactersMax) throw invalid('input.csv', `At most ${csvCharactersMax} characters.`)
  const parsed = parseCsv(csv)
  if (!parsed) throw invalid('input.csv', 'A quote is never closed.')
  const [first, ...rows] = parsed
  const header = new Map<Column, number>()
  for (const [index, cell] of (first?.cells ?? []).entries()) {
    const column = columns.find((known) => known.toLowerCase() === cell.trim().toLowerCase())
    if (!column)
      throw invalid('input.csv', `The header may name ${columns.join(', ')}; it names "${cell.slice(0, 40)}".`)
    header.set(column, index)
  }
  if (!header.has('externalId') && !header.has('email') && !header.has('phone')) {
    throw invalid('input.csv', 'The header must name externalId, email or phone.')
  }
  if (rows.length > importLinesMax) throw invalid('input.csv', `At most ${importLinesMax} lines.`)
  return { header, rows }
}

function readLine(row: CsvRow, header: ReadonlyMap<Column, number>, now: number): Line | RejectReason {
  if (row.cells.length !== header.size) return 'columns'
  const cells = row.cells.map((cell) => cell.trim())
  if (cells.some((cell) => cell.length > cellCharactersMax)) return 'too_long'
  if (cells.some((cell) => isFormula(cell) || cell.includes('\u0000'))) return 'formula'
  const cell = (column: Column) => cells[header.get(column) ?? -1] ?? ''
  const identities: IdentityRef[] = []
  if (cell('externalId')) identities.push(externalIdentity(cell('externalId')))
  if (cell('email')) {
    const email = cell('email').toLowerCase()
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) return 'email'
    identities.push({ namespace: 'email', value: email })
  }
  if (cell('phone')) {
    const phone = phoneDigits(cell('phone'))
    if (phone === null) return 'phone'
    identities.push({ namespace: 'phone', value: phone })
  }
  if (identities.length === 0) return 'no_identity'
  const occurredAt = cell('occurredAt') === '' ? null : Date.parse(cell('occurredAt'))
  if (occurredAt !== null && !(occurredAt >= earliestEventAt && occurredAt <= now + futureToleranceMs))
    return 'occurred_at'
  return { line: row.line, identities, name: cell('name'), occurredAt }
}

/** @returns how many permissions were new. */
function storeLines(
  { worker, now }: Pick<ApiContext, 'worker' | 'now'>,
  input: ConsentImport,
  lines: readonly Line[],
): Promise<number> {
  const { businessId, channel, topic, wording, source, actor } = input
  return worker.tx(async (sql) => {
    const requests = lines.map(({ identities, name }) => ({ businessId, identities, displayName: name || undefined }))
    const { contacts } = await resolveContacts(sql, requests)
    const facts = lines.map(({ line, occurredAt }, index): ConsentRecord => {
      const contactId = contacts[index]?.contactId
      if (contactId === undefined) throw notFound('business')
      const moment = occurredAt === null ? `import ${source} ${wording}` : new Date(occurredAt).toISOString()
      const place = { businessId, contactId, channel, topic }
      return {
        ...place,
        eventRowId: consentRowId(place, 'granted', moment),
        action: 'granted',
        occurredAt: new Date(occurredAt ?? now),
        source: 'import',
        actor,
        wording,
        proof: { source, line },
      }
    })
    return recordConsents(sql, facts)
  })
}
