/**
 * Due slots: a slot is a primary key, and whoever inserts it acts (design.md §2.3). No leader is elected, and a clock
 * that jumps cannot make a slot fire twice. Slots are the worker's.
 */
import type { StoreTransaction } from '../postgres/client.ts'

/**
 * Takes a slot inside the caller's transaction: true for exactly one caller, ever. A second caller waits for the first
 * transaction to end; should that roll back, the second one acts.
 */
export async function takeSlot(
  sql: StoreTransaction,
  slot: { key: string; takenBy: string; at: Date },
): Promise<boolean> {
  const taken = await sql`
    insert into slots (key, taken_by, taken_at) values (${slot.key}, ${slot.takenBy}, ${slot.at})
    on conflict (key) do nothing
    returning key`
  return taken.length === 1
}

/** Notes what came of a slot, for people who look. */
export async function finishSlot(
  sql: StoreTransaction,
  slot: { key: string; outcome: string; at: Date },
): Promise<void> {
  await sql`update slots set done_at = ${slot.at}, outcome = ${slot.outcome} where key = ${slot.key}`
}
