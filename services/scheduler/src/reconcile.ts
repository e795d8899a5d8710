/** Open outcomes: what echoes and receipts prove, and what silence ends. Proof is looked for before anything is given up. */
import { sendingStaleSeconds, unknownFinalAfterSeconds } from '@fidelio/core/send.ts'
import { hourMs, minuteMs, secondMs } from '@fidelio/core/time.ts'
import {
  acceptByProof,
  findProofs,
  givenUpSends,
  giveUpUnknown,
  markStaleUnknown,
  returnExpiredClaims,
  type UnresolvedSend,
  unresolvedSends,
} from '@fidelio/db/records/send-proofs.ts'
import type { SchedulerContext } from './deps.ts'

export type ReconcileRun = { returned: number; proven: number; becameUnknown: number; givenUp: number }

export async function reconcile(context: SchedulerContext): Promise<ReconcileRun> {
  const { stores, clock, log } = context
  const worker = stores.forWorker()
  const now = clock.now()
  const ago = (seconds: number) => new Date(now.getTime() - seconds * secondMs)
  const returned = await worker.tx((sql) => returnExpiredClaims(sql, now))
  let proven = 0
  for (const [businessId, sends] of byBusiness(await openOutcomes(context, now))) {
    const proofs = await findProofs(stores.forBusiness(businessId), sends)
    if (proofs.length > 0) proven += await worker.tx((sql) => acceptByProof(sql, businessId, proofs, now))
  }
  const becameUnknown = await worker.tx((sql) => markStaleUnknown(sql, ago(sendingStaleSeconds), now))
  const givenUp = await worker.tx((sql) => giveUpUnknown(sql, ago(unknownFinalAfterSeconds), now))
  if (becameUnknown + givenUp > 0) log.warn({ becameUnknown, givenUp }, 'sends without an answer')
  return { returned, proven, becameUnknown, givenUp }
}

/** What waits for proof, and once a minute what no longer does: few late echoes come, and nobody waits for them. */
async function openOutcomes(context: SchedulerContext, now: Date): Promise<UnresolvedSend[]> {
  const { stores, limits } = context
  const worker = stores.forWorker()
  const waiting = await worker.tx((sql) => unresolvedSends(sql, limits.unresolvedMax))
  if (Math.abs(now.getTime() - context.givenUpLookedAt) < minuteMs) return waiting
  context.givenUpLookedAt = now.getTime()
  const since = new Date(now.getTime() - limits.lateProofHours * hourMs)
  return [...waiting, ...(await worker.tx((sql) => givenUpSends(sql, since, limits.unresolvedMax)))]
}

function byBusiness(sends: readonly UnresolvedSend[]): Map<string, UnresolvedSend[]> {
  const groups = new Map<string, UnresolvedSend[]>()
  for (const send of sends) {
    const group = groups.get(send.businessId)
    if (group) group.push(send)
    else groups.set(send.businessId, [send])
  }
  return groups
}
