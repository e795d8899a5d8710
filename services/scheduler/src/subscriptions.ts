/** Once a day, and when somebody asks: does Meta still send us what happens on an account? */
import type { AccountCredentials } from '@fidelio/channels/registry.ts'
import { dayMs } from '@fidelio/core/time.ts'
import { dueSubscriptions, recordSubscription, type SubscriptionTarget } from '@fidelio/db/records/account-health.ts'
import { type SendingAccount, sendingAccount } from '@fidelio/db/records/send-accounts.ts'
import { VaultError } from '@fidelio/db/vault.ts'
import type { SchedulerContext } from './deps.ts'
import { eachAtMost } from './parallel.ts'

/** Accounts per tick: a thousand Pages are looked at within minutes, and the Graph sees no burst. */
const accountsPerTickMax = 10
const atOnceMax = 4

/** Looks at the accounts that are due; returns how many. Two replicas may look at the same one, which changes nothing. */
export async function checkSubscriptions(context: SchedulerContext): Promise<number> {
  const { stores, clock } = context
  const before = new Date(clock.now().getTime() - dayMs)
  const due = await stores.forWorker().tx((sql) => dueSubscriptions(sql, before, accountsPerTickMax))
  await eachAtMost(atOnceMax, due, (target) => check(context, target))
  return due.length
}

async function check(context: SchedulerContext, target: SubscriptionTarget): Promise<void> {
  const { stores, clock, registry } = context
  const { accountId, businessId, channel, externalId, appId } = target
  const adapter = registry.adapterOf(channel)
  if (!adapter?.checkSubscription) return
  // The instant of the question: whoever asks while Meta answers asks again.
  const at = clock.now()
  const subscription = await adapter.checkSubscription(externalId, appId, await credentialsOf(context, target))
  await stores.forWorker().tx((sql) => recordSubscription(sql, { accountId, businessId, subscription, at }))
}

async function credentialsOf(context: SchedulerContext, target: SubscriptionTarget): Promise<AccountCredentials> {
  const account = await context.stores.forWorker().tx((sql) => sendingAccount(sql, target))
  return account ? opened(context, target, account) : {}
}

/** Without a token that opens nothing can be asked, which is an answer of its own and no reason to try every second. */
function opened(
  { vault, log }: SchedulerContext,
  { businessId, accountId }: SubscriptionTarget,
  { accessToken, metaApp }: SendingAccount,
): AccountCredentials {
  try {
    return {
      ...(accessToken ? { accessToken: vault.open(accessToken, { businessId, rowId: accountId }) } : {}),
      ...(metaApp
        ? { appSecret: vault.open(metaApp.secret, { businessId: metaApp.businessId, rowId: metaApp.id }) }
        : {}),
    }
  } catch (error) {
    if (!(error instanceof VaultError)) throw error
    log.error({ accountId, error: error.message }, 'An access token cannot be opened')
    return {}
  }
}
