/** Open outcomes: what echoes and receipts prove, and what silence ends. Proof is looked for before anything is given up. */
import { sendingStaleSeconds, unknownFinalAfterSeconds } from '@fidelio/core/send.ts'
import { hourMs, secondMs } from '@fidelio/core/time.ts'
import {
  acceptByProof,
  findProofs,
  giveUpUnknown,
  markStaleUnknown,
  returnExpiredClaims,
  type UnresolvedSend,
  unresolvedSends,
} from '@fidelio/db/records/send-proofs.ts'
import type { SchedulerContext } from './deps.ts'

export type ReconcileRun = { returned: number; proven: number; becameUnknown: number; givenUp: number }

export async function reconcile({ stores, clock, log, limits }: SchedulerContext): Promise<ReconcileRun> {
  const worker = stores.forWorker()
  const now = clock.now()
  const ago = (seconds: number) => new Date(now.getTime() - seconds * secondMs)
  const returned = await worker.tx((sql) => returnExpiredClaims(sql, now))
  const finalSince = new Date(now.getTime() - limits.lateProofHours * hourMs)
  const unresolved = await worker.tx((sql) => unresolvedSends(sql, { finalSince, limit: limits.unresolvedMax }))
  let proven = 0
  for (const [businessId, sends] of byBusiness(unresolved)) {
    const proofs = await findProofs(stores.forBusiness(businessId), sends)
    if (proofs.length > 0) proven += await worker.tx((sql) => acceptByProof(sql, businessId, proofs, now))
  }
  const becameUnknown = await worker.tx((sql) => markStaleUnknown(sql, ago(sendingStaleSeconds), now))
  const givenUp = await worker.tx((sql) => giveUpUnknown(sql, ago(unknownFinalAfterSeconds), now))
  if (becameUnknown + givenUp > 0) log.warn({ becameUnknown, givenUp }, 'sends without an answer')
  return { returned, proven, becameUnknown, givenUp }
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
