/**
 * Rebuilds of derived facts that somebody asked for, with every figure before and after: the proof that incremental
 * deriving and a rebuild from the events agree, or the list of what was wrong (features.md 1.9).
 */
import { z } from 'zod'
import type { StoreLog } from '../log.ts'
import { overviewNumbers } from '../queries/overview.ts'
import { responseTimes } from '../queries/response-times.ts'
import { retentionMatrix } from '../queries/retention.ts'
import type { Period } from '../queries/types.ts'
import { volumes } from '../queries/volumes.ts'
import { claimRebuild, type Figure, failRebuild, finishRebuild } from '../records/rebuilds.ts'
import type { BusinessDb, Tenancy } from '../tenancy.ts'
import { deriveLock } from './deriver.ts'
import { rebuildBusiness } from './rebuild.ts'
import { type DerivedMarks, deriveTouched } from './touched.ts'

/**
 * Works off one rebuild that was asked for; false when none waits, or another process derives at the moment. A rebuild
 * that fails is recorded as failed and its error thrown.
 */
export async function runAskedRebuild(
  stores: Tenancy,
  { log, marks }: { log: StoreLog; marks: DerivedMarks },
  now: Date,
): Promise<boolean> {
  const worker = stores.forWorker()
  let claimed: string | null = null
  try {
    return await worker.tx(async (sql) => {
      // The transaction holds the claim and the deriving lock, idle, for as long as a rebuild may take.
      await sql`set local idle_in_transaction_session_timeout = 0`
      const asked = await claimRebuild(sql)
      if (!asked) return false
      const [lock] = await sql<{ taken: boolean }[]>`select pg_try_advisory_xact_lock(${deriveLock}) as taken`
      if (!lock?.taken) return false
      claimed = asked.id
      // What was stored and not yet derived would look like a figure that was wrong.
      await deriveTouched(worker, { log, marks })
      const db = stores.forBusiness(asked.businessId)
      const look = () => figuresOf(db, { timeZone: asked.timeZone, now: now.getTime(), period: asked.period })
      const before = await look()
      await rebuildBusiness(worker, asked.businessId)
      await finishRebuild(sql, asked.id, { at: now, figures: compare(before, await look()) })
      return true
    })
  } catch (error) {
    if (claimed !== null) await failedRebuild(stores, claimed, now)
    throw error
  }
}

function failedRebuild(stores: Tenancy, id: string, at: Date): Promise<void> {
  return stores.forWorker().tx((sql) => failRebuild(sql, id, at))
}

type Figures = ReadonlyMap<string, number | null>

/** Every number that the overview, response times, volumes and retention show of a period, by a readable path. */
async function figuresOf(
  db: BusinessDb,
  { period, ...setting }: { timeZone: string; now: number; period: Period },
): Promise<Figures> {
  const asked = { ...setting, period, compared: null }
  const waits = { ...asked, kind: 'first', responder: 'human' } as const
  const answers = {
    overview: await overviewNumbers(db, asked),
    firstResponse: await responseTimes(db, waits),
    nextResponse: await responseTimes(db, { ...waits, kind: 'next' }),
    botResponse: await responseTimes(db, { ...waits, responder: 'bot' }),
    volumes: await volumes(db, asked),
    retention: await retentionMatrix(db, {
      ...asked,
      grain: 'week',
      entry: 'recurring',
      return: 'on',
      activity: 'active',
      columns: 9,
    }),
  }
  const figures = new Map<string, number | null>()
  collect(answers, '', figures)
  return figures
}

const named = z.object({ day: z.string().optional(), seconds: z.number().optional(), column: z.number().optional() })

/** Numbers, by where they stand; elements of a list are called by what names them. */
function collect(value: unknown, path: string, figures: Map<string, number | null>): void {
  if (typeof value === 'number' || value === null) {
    figures.set(path, value)
  } else if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      const name = named.safeParse(element).data
      collect(element, `${path}[${name?.day ?? name?.seconds ?? name?.column ?? index}]`, figures)
    }
  } else if (typeof value === 'object') {
    for (const [key, part] of Object.entries(value)) collect(part, path === '' ? key : `${path}.${key}`, figures)
  }
}

function compare(before: Figures, after: Figures): Figure[] {
  const names = [...new Set([...before.keys(), ...after.keys()])]
  return names.map((name) => ({ name, before: before.get(name) ?? null, after: after.get(name) ?? null }))
}
