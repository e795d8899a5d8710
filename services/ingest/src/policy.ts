/** What a provider's verdict on an account does at once (protocols.md §2.9). */
import { holdBlockedAccount } from '@fidelio/db/records/account-policy.ts'
import type { IngestContext } from './context.ts'
import type { Delivery, Item, StepResult } from './pipeline.ts'
import { orComeBack } from './store-steps.ts'

/** A provider that blocks an account is obeyed before the answer: what is queued for it waits for a person's word. */
export function heedBlocks(context: IngestContext, delivery: Delivery): StepResult | Promise<StepResult> {
  if (!delivery.items.some(isBlock)) return undefined
  const blocks = delivery.items.filter(isBlock)
  const holding = context.worker.tx(async (sql) => {
    const at = context.clock.now()
    for (const { scope, rowId } of blocks) {
      const { businessId, accountId } = scope
      const held = await holdBlockedAccount(sql, { businessId, accountId, rowId, at })
      if (held > 0) context.log.warn({ accountId, campaigns: held }, 'An account was blocked: its campaigns are held')
    }
    return undefined
  })
  return orComeBack(context, delivery, holding)
}

function isBlock({ event }: Item): boolean {
  return event.kind === 'account.changed' && event.name === 'policy_block'
}
