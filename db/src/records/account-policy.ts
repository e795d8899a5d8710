/** What a provider's verdict on an account means for what is being sent through it (protocols.md §2.9 "On block"). */
import type { StoreTransaction } from '../postgres/client.ts'
import { takeSlot } from './slots.ts'

/**
 * Holds every campaign that is being sent through a blocked account; people release them again. Each block acts once,
 * however often it is delivered: one that comes again days later must not undo a release. Returns how many were held.
 */
export async function holdBlockedAccount(
  sql: StoreTransaction,
  block: { businessId: string; accountId: string; rowId: string; at: Date },
): Promise<number> {
  const { businessId, accountId, rowId, at } = block
  if (!(await takeSlot(sql, { key: `policy:${rowId}`, takenBy: 'ingest', at }))) return 0
  const held = await sql`
    update campaigns set status = 'held', status_reason = 'account_restricted', updated_at = ${at}
     where business_id = ${businessId} and account_id = ${accountId} and status = 'sending'
    returning id`
  return held.length
}
