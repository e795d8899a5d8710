/** How the accounts of a business are: facts from both stores, brought to the one place that decides (core/account-health). */
import { type AccountDiagnosis, diagnoseAccount } from '@fidelio/core/account-health.ts'
import { dayMs, hourMs, minuteMs } from '@fidelio/core/time.ts'
import type { WorkerDb } from '@fidelio/db/index.ts'
import { type AccountPulse, accountPulses } from '@fidelio/db/queries/account-activity.ts'
import { type AccountFacts, readAccountFacts } from '@fidelio/db/records/account-health.ts'
import type { AccountRecord } from '@fidelio/db/records/accounts.ts'
import { countSignatureFailures, listIntakeCounts } from '@fidelio/db/records/intake-counters.ts'
import type { ApiContext, Here } from './context.ts'

export type AccountState = {
  account: AccountRecord
  facts: AccountFacts
  diagnosis: AccountDiagnosis
  lastEventAt: Date | null
  usualGapSeconds: number | null
  signatureFailures: { lastHour: number; lastDay: number }
}

type Asking = Pick<ApiContext, 'worker' | 'now'>

/** What is usual is read from so many days. */
const pulseDays = 28
/** What is usual changes slowly, and asking costs the event store more than the rest of a page's frame. */
const pulseMinutesMax = 5

type RememberedPulses = { at: number; pulses: Promise<AccountPulse[]> }
const rememberedPulses = new WeakMap<WorkerDb, Map<string, RememberedPulses>>()
const statesOfRequest = new WeakMap<Here, Promise<AccountState[]>>()

/** Of every account of the business, oldest first; read once per request. */
export function accountStates(here: Here, asking: Asking): Promise<AccountState[]> {
  const known = statesOfRequest.get(here)
  if (known) return known
  const reading = readStates(here, asking)
  statesOfRequest.set(here, reading)
  return reading
}

export async function accountStateOf(here: Here, account: AccountRecord, asking: Asking): Promise<AccountState> {
  const states = await accountStates(here, asking)
  const state = states.find((one) => one.account.id === account.id)
  // The account came from the same business a moment ago; it can only have been removed meanwhile.
  if (!state) throw new Error('An account vanished while it was read.')
  return state
}

/** Accounts that have been silent longer than is usual for them, or that were connected a day ago and never spoke. */
export async function silentAccounts(here: Here, asking: Asking): Promise<AccountRecord[]> {
  const states = await accountStates(here, asking)
  return states
    .filter(({ account, diagnosis, lastEventAt }) => {
      if (account.status !== 'connected') return false
      if (lastEventAt === null) return asking.now - account.createdAt.getTime() > dayMs
      return diagnosis.silentFrom !== null && asking.now >= diagnosis.silentFrom
    })
    .map(({ account }) => account)
}

async function readStates(here: Here, { worker, now }: Asking): Promise<AccountState[]> {
  const { businessId } = here
  const [accounts, facts, pulses, { failures, counts }] = await Promise.all([
    here.loaders.accounts(),
    worker.tx((sql) => readAccountFacts(sql, businessId)),
    pulsesOf(here, worker, now),
    here.db.tx(async (sql) => ({
      failures: await countSignatureFailures(sql, businessId, new Date(now)),
      counts: await listIntakeCounts(sql, businessId, { from: new Date(now - 2 * hourMs), to: new Date(now + hourMs) }),
    })),
  ])
  return accounts.flatMap((account) => {
    const own = facts.find((one) => one.accountId === account.id)
    if (!own) return []
    const pulse = pulses.find((one) => one.accountId === account.id)
    const signatureFailures = failures.find((one) => one.accountId === account.id) ?? { lastHour: 0, lastDay: 0 }
    const lastEventAt = latest(account.lastEventAt, pulse?.lastEventAt ?? null)
    const usualGapSeconds = pulse?.usualGapSeconds ?? null
    const overQuotaLastHour = counts
      .filter((count) => count.accountId === account.id && count.reason === 'over_quota')
      .reduce((sum, count) => sum + count.events, 0)
    const diagnosis = diagnoseAccount({
      now,
      status: account.status,
      createdAt: account.createdAt.getTime(),
      lastEventAt: lastEventAt?.getTime() ?? null,
      usualGapSeconds,
      silenceFactor: own.silenceFactor,
      signatureFailures,
      subscription: own.subscription,
      overQuotaLastHour,
    })
    return [{ account, facts: own, diagnosis, lastEventAt, usualGapSeconds, signatureFailures }]
  })
}

function latest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a > b ? a : b
}

function pulsesOf(here: Here, worker: WorkerDb, now: number): Promise<AccountPulse[]> {
  const remembered = rememberedPulses.get(worker) ?? new Map<string, RememberedPulses>()
  rememberedPulses.set(worker, remembered)
  const known = remembered.get(here.businessId)
  if (known && Math.abs(now - known.at) < pulseMinutesMax * minuteMs) return known.pulses
  const pulses = accountPulses(here.db, { from: new Date(now - pulseDays * dayMs), to: new Date(now + minuteMs) })
  // What failed is asked again by the next who wants to know.
  pulses.catch(() => remembered.delete(here.businessId))
  remembered.set(here.businessId, { at: now, pulses })
  return pulses
}
