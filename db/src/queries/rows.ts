import { indexOfLocalDate, intervalDate, intervalOf } from '@fidelio/core/interval-index.ts'
import { cameBackDays as cameBackSpan } from '@fidelio/core/retention.ts'
import { reachableRows } from '../records/reachable.ts'
import type { BusinessDb } from '../tenancy.ts'
import { activePeople } from './actives.ts'
import { lastWholeDay, observableDays } from './came-back.ts'
import { outcomeParamsOf, statusesOfStage } from './funnel.ts'
import { everyone, finishedCampaigns } from './lift.ts'
import { boundFilter, calendarOf, instantsOf } from './period.ts'
import { waitRows } from './response-sql.ts'
import { targetVerdicts, targetWaits } from './response-target.ts'
import { waitParams } from './response-times.ts'
import { retentionPeople } from './retention-people.ts'
import { cameBackPeople } from './retention-sql.ts'
import { lateEventRows, revisionParams } from './revisions.ts'
import { funnelRows, liftRows } from './send-outcomes-sql.ts'
import type { MetricRow, MetricRows, RowsArgs, RowsMetric, SpellOutcome } from './types.ts'
import { volumeRows } from './volumes.ts'

/** The rows behind a number of the screens: `total` equals the number (screens.md, measures.md B17). */
export async function metricRows(db: BusinessDb, args: RowsArgs): Promise<MetricRows> {
  const offset = args.after === undefined ? 0 : Number(args.after) + 1
  if (!(Number.isInteger(offset) && offset >= 0)) throw new RangeError('Not a cursor of these rows.')
  const page: Page = { limit: args.first, offset }
  const { rows, total } = await readers[args.metric](db, args, page)
  return {
    total,
    rows: rows.map((row, index) => ({ ...row, cursor: String(offset + index) })),
    hasMore: offset + rows.length < total,
  }
}

interface Page {
  limit: number
  offset: number
}
type Row = Omit<MetricRow, 'cursor'>
type Read = (db: BusinessDb, args: RowsArgs, page: Page) => Promise<{ rows: Row[]; total: number }>

const readers: Record<RowsMetric, Read> = {
  active_customers: activeCustomerRows,
  waits: waitRowsOf(''),
  waits_answered: waitRowsOf('answered'),
  waits_waiting: waitRowsOf('waiting'),
  waits_abandoned: waitRowsOf('abandoned'),
  waits_target: targetRowsOf,
  came_back: cameBackRows(true),
  came_back_cohort: cameBackRows(false),
  reachable: reachablePeople(true),
  not_reachable: reachablePeople(false),
  extra_orders: extraOrderRows,
  retention_cell: retentionRows,
  retention_average: retentionRows,
  retention_average_of: retentionRows,
  volumes: volumeRowsOf,
  late_events: lateRowsOf,
  funnel: funnelRowsOf,
}

const person = { accountId: null, seconds: null, outcome: null, detail: '' }

function startOfDay(date: string, timeZone: string): number {
  const calendar = calendarOf(timeZone)
  return intervalOf(indexOfLocalDate(date, 'day', calendar), 'day', calendar).start
}

async function activeCustomerRows(db: BusinessDb, args: RowsArgs, page: Page) {
  const rows = await db.ask(activePeople, { time_zone: args.timeZone, ...args.period, ...page })
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map((row) => ({
      ...person,
      contactId: row.contact_id,
      at: startOfDay(row.last_day, args.timeZone),
      label: 'active_days',
      detail: String(row.days),
    })),
  }
}

/** Far above every wait. */
const endlessMs = 1e15
/** An hour no clock shows. */
const anyHour = 24
const bucketShape = /^(\d{0,9})-(\d{0,9})$/
const withinShape = /^<=(\d{1,9})$/
const beyondShape = /^>(\d{1,9})$/

/** Whether a text names a stretch of waits: `300-900` with its end excluded, `900-`, `<=900` with its end, `>900` without. */
export function isBucket(bucket: string): boolean {
  return bucket === '' || [bucketShape, withinShape, beyondShape].some((shape) => shape.test(bucket))
}

function bucketMs(bucket: string): { ms_from: number; ms_to: number } {
  const within = withinShape.exec(bucket)?.[1]
  // Waits are whole milliseconds: one more takes the end in.
  if (within !== undefined) return { ms_from: 0, ms_to: Number(within) * 1000 + 1 }
  const beyond = beyondShape.exec(bucket)?.[1]
  if (beyond !== undefined) return { ms_from: Number(beyond) * 1000 + 1, ms_to: endlessMs }
  const [, from = '', to = ''] = bucketShape.exec(bucket) ?? []
  return { ms_from: Number(from) * 1000, ms_to: to === '' ? endlessMs : Number(to) * 1000 }
}

function waitRowsOf(state: SpellOutcome | ''): Read {
  return async (db, args, page) => {
    const kind = args.kind ?? 'first'
    const rows = await db.ask(waitRows, {
      ...(await waitParams(db, { ...args, kind, responder: args.responder ?? 'human' }, args.period)),
      ...page,
      state: state || (args.stage ?? ''),
      ...bucketMs(args.bucket ?? ''),
      time_zone: args.timeZone,
      weekday: args.weekday ?? 0,
      hour: args.hour ?? anyHour,
      app: args.app ?? '*',
    })
    return {
      total: rows[0]?.total ?? 0,
      rows: rows.map((row) => ({
        contactId: row.contact_id,
        accountId: row.account_id,
        at: row.opened_ms,
        seconds: row.t,
        outcome: row.outcome,
        label: `${kind}_response`,
        detail: String(row.burst),
      })),
    }
  }
}

/** First waits by what became of the promise: `stage` is kept, breached, running, left or free. */
async function targetRowsOf(db: BusinessDb, args: RowsArgs, page: Page) {
  const verdict = targetVerdicts.find((known) => known === args.stage) ?? 'breached'
  const rows = await targetWaits(db, { ...args, ...page, verdict })
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map((row) => ({
      contactId: row.contact_id,
      accountId: row.account_id,
      at: row.opened_ms,
      seconds: row.taken,
      outcome: row.outcome,
      label: 'first_response',
      detail: String(row.burst),
    })),
  }
}

function cameBackRows(returned: boolean): Read {
  return async (db, args, page) => {
    const days = observableDays(args.period, args.timeZone, lastWholeDay(args))
    if (days.last < days.first) return { total: 0, rows: [] }
    const rows = await db.ask(cameBackPeople, {
      time_zone: args.timeZone,
      ...days,
      ...page,
      horizon: cameBackSpan.to,
      returned,
    })
    const calendar = calendarOf(args.timeZone)
    return {
      total: rows[0]?.total ?? 0,
      rows: rows.map((row) => ({
        ...person,
        contactId: row.contact_id,
        at: intervalOf(row.day, 'day', calendar).start,
        label: returned ? 'came_back' : 'first_message',
        detail: intervalDate(row.day, 'day', calendar),
      })),
    }
  }
}

function reachablePeople(reachable: boolean): Read {
  return async (db, args, page) => {
    const end = Math.min(instantsOf(args.period, args.timeZone).to.getTime(), args.now)
    const rows = await reachableRows(db, { at: new Date(end), reachable, reason: args.stage ?? '', ...page })
    return {
      total: rows[0]?.total ?? 0,
      rows: rows.map((row) => ({
        ...person,
        contactId: row.contactId,
        at: row.since.getTime(),
        label: reachable ? 'reachable' : row.label,
        detail: reachable ? row.label : '',
      })),
    }
  }
}

async function extraOrderRows(db: BusinessDb, args: RowsArgs, page: Page) {
  // One campaign is asked about by its own report, from the moment it was planned; a period, about those that ended in it.
  const params =
    args.campaignId === undefined
      ? everyone(await finishedCampaigns(db, args))
      : await outcomeParamsOf(db, args.campaignId, null)
  if (params === null || params.campaign_ids.length === 0) return { total: 0, rows: [] }
  const rows = await db.ask(liftRows, { ...params, ...page, arm: args.stage ?? '' })
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map((row) => ({
      ...person,
      contactId: row.contact_id,
      accountId: row.account_id,
      at: row.at_ms,
      label: 'ordered',
      detail: row.arm,
    })),
  }
}

async function retentionRows(db: BusinessDb, args: RowsArgs, page: Page) {
  const { total, people } = await retentionPeople(db, args, page)
  return {
    total,
    rows: people.map(({ contactId, cohort, column, returned }) => ({
      ...person,
      contactId,
      at: startOfInterval(cohort, args),
      label: returned ? 'returned' : 'cohort',
      detail: `${cohort}+${column}`,
    })),
  }
}

function startOfInterval(date: string, { grain = 'week', timeZone }: RowsArgs): number {
  const calendar = calendarOf(timeZone)
  return intervalOf(indexOfLocalDate(date, grain, calendar), grain, calendar).start
}

async function volumeRowsOf(db: BusinessDb, args: RowsArgs, page: Page) {
  const rows = await db.ask(volumeRows, {
    ...instantsOf(args.period, args.timeZone),
    ...boundFilter(args.filter),
    ...page,
    time_zone: args.timeZone,
    stage: args.stage ?? '',
  })
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map((row) => ({
      ...person,
      contactId: row.contact_id,
      accountId: row.account_id,
      at: row.at_ms,
      label: row.series,
      detail: row.text,
    })),
  }
}

/** The events that revised days; `seconds` is how long after it happened an event arrived. */
async function lateRowsOf(db: BusinessDb, args: RowsArgs, page: Page) {
  const measure = args.stage === 'waits' ? 'waits' : 'volumes'
  const rows = await db.ask(lateEventRows, { ...revisionParams({ ...args, measure }), ...page })
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map((row) => ({
      ...person,
      contactId: row.contact_id,
      accountId: row.account_id,
      at: row.at_ms,
      seconds: row.late_ms / 1000,
      label: row.series,
      detail: row.text,
    })),
  }
}

const reachedStages = ['delivered', 'delivered_raw', 'read', 'read_raw', 'replied', 'ordered']

async function funnelRowsOf(db: BusinessDb, args: RowsArgs, page: Page) {
  const params = args.campaignId === undefined ? null : await outcomeParamsOf(db, args.campaignId, null)
  if (params === null) return { total: 0, rows: [] }
  // `excluded:opted_out` is the part of a stage with one reason.
  const [stage = 'targeted', reason = ''] = (args.stage ?? 'targeted').split(':')
  const statuses = reachedStages.includes(stage) || stage === 'targeted' ? [] : statusesOfStage(stage)
  if (statuses.length === 0 && !reachedStages.includes(stage) && stage !== 'targeted') return { total: 0, rows: [] }
  const rows = await db.ask(funnelRows, { ...params, ...page, statuses, reason, stage })
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map((row) => ({
      ...person,
      contactId: row.contact_id,
      accountId: row.account_id,
      at: row.at_ms,
      label: row.reason || row.status,
      detail: row.status,
    })),
  }
}
