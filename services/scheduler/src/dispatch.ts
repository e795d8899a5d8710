/**
 * From claimed to known: small groups of people are committed as `sending`, called in parallel outside any transaction,
 * and written down. A crash at any point leaves at most the groups in flight unknown, and nobody with two messages.
 */
import type { AccountCredentials, ChannelAdapter } from '@fidelio/channels/registry.ts'
import type { SendOutcome } from '@fidelio/channels/send-outcome.ts'
import {
  type CampaignHoldReason,
  compileMessage,
  contactContext,
  type MessageRenderer,
  messageCharactersMax,
} from '@fidelio/core/campaign.ts'
import type { Channel } from '@fidelio/core/event.ts'
import { secondMs } from '@fidelio/core/time.ts'
import { type CampaignRun, holdInterrupted, sendingCampaigns, stepCampaign } from '@fidelio/db/records/campaign-runs.ts'
import { markTokenBroken, recordExclusions, sendingAccount } from '@fidelio/db/records/send-accounts.ts'
import {
  type ClaimedSend,
  claimSends,
  recordResults,
  releaseClaims,
  startSends,
  withdrawClaims,
} from '@fidelio/db/records/send-claims.ts'
import type { SchedulerContext } from './deps.ts'
import { type Consequence, consequenceOf } from './outcome.ts'
import { eachAtMost } from './parallel.ts'

export type DispatchRun = {
  called: number
  accepted: number
  withdrawn: number
  /** Writes refused because another attempt owned the row: each is a double send that did not happen. */
  fenced: number
  failed: number
}

/** One round over every campaign that is sending. A campaign that fails does not keep the others. */
export async function dispatch(context: SchedulerContext): Promise<DispatchRun> {
  const { stores, clock, log, limits } = context
  const run: DispatchRun = { called: 0, accepted: 0, withdrawn: 0, fenced: 0, failed: 0 }
  const campaigns = await stores.forWorker().tx((sql) => sendingCampaigns(sql))
  await eachAtMost(limits.campaignsAtOnceMax, campaigns, async (campaign) => {
    try {
      await dispatchCampaign(context, campaign, run)
    } catch (error) {
      run.failed++
      log.error({ err: error, campaignId: campaign.id }, 'sending a campaign was interrupted')
    }
  })
  if (run.fenced > 0) log.warn({ fenced: run.fenced, at: clock.now() }, 'claims that another worker had taken over')
  return run
}

/** Holds what stood still too long. Before the first send after a start, and then once a minute. */
export function holdStandstill({ stores, clock, limits }: SchedulerContext): Promise<number> {
  const now = clock.now()
  const stillSince = new Date(now.getTime() - limits.interruptedAfterSeconds * secondMs)
  return stores.forWorker().tx((sql) => holdInterrupted(sql, stillSince, now))
}

/** What one campaign's round shares between its groups; `stop` ends it early. */
type Round = {
  context: SchedulerContext
  campaign: CampaignRun
  adapter: ChannelAdapter
  credentials: AccountCredentials
  render: MessageRenderer
  run: DispatchRun
  stop: boolean
}

async function dispatchCampaign(context: SchedulerContext, campaign: CampaignRun, run: DispatchRun): Promise<void> {
  const { registry, clock, limits, pace, ownerId, stores } = context
  const adapter = registry.adapterOf(campaign.channel as Channel)
  if (!adapter) throw new Error(`no adapter sends on the channel ${campaign.channel}`)
  if (campaign.accountStatus !== 'connected') return holdCampaign(context, campaign, 'token_broken')
  const perSecond = limits.messagesPerSecondMax[campaign.channel] ?? limits.messagesPerSecondDefault
  const now = clock.now().getTime()
  if (pace.isPaused(appKey(campaign), now)) return
  let allowance = pace.take(campaign.accountId, perSecond, perSecond, now)
  if (allowance === 0) return
  const credentials = await openCredentials(context, campaign)
  const render = compileMessage(campaign.messageText)
  const round: Round = { context, campaign, adapter, credentials, render, run, stop: false }
  while (allowance > 0 && !round.stop && !context.stopping) {
    const claim = { ownerId, at: clock.now(), leaseSeconds: limits.leaseSeconds }
    const limit = Math.min(allowance, limits.claimBatchMax)
    const { claimed, withdrawn, deferred } = await stores
      .forWorker()
      .tx((sql) => claimSends(sql, campaign, { ...claim, limit }))
    run.withdrawn += withdrawn
    if (claimed.length + withdrawn + deferred === 0) break
    allowance -= claimed.length
    await eachAtMost(limits.groupsAtOnceMax, groupsOf(claimed, limits.groupMax), (group) => sendGroup(round, group))
  }
  pace.giveBack(campaign.accountId, allowance)
}

function groupsOf<T>(items: readonly T[], size: number): T[][] {
  const groups: T[][] = []
  for (let start = 0; start < items.length; start += size) groups.push(items.slice(start, start + size))
  return groups
}

async function sendGroup(round: Round, claims: readonly ClaimedSend[]): Promise<void> {
  const { context, campaign, run } = round
  const { stores, clock } = context
  const worker = stores.forWorker()
  if (round.stop || context.stopping) {
    await worker.tx((sql) => releaseClaims(sql, claims, clock.now()))
    return
  }
  const texts = new Map(claims.map((claim) => [claim.id, textFor(round, claim)]))
  const tooLong = claims.filter((claim) => (texts.get(claim.id) ?? '').length > messageCharactersMax)
  if (tooLong.length > 0) await worker.tx((sql) => withdrawClaims(sql, tooLong, 'message_too_long', clock.now()))
  const sendable = claims.filter((claim) => !tooLong.includes(claim))
  if (sendable.length === 0) return
  const { started, withdrawn, refused } = await worker.tx((sql) => startSends(sql, campaign, sendable, clock.now()))
  run.withdrawn += withdrawn + tooLong.length
  run.fenced += refused
  // The commit above is what makes the calls below safe; nothing may be called that is not in `started`.
  const consequences = await Promise.all(started.map((send) => call(round, send, texts.get(send.id) ?? '')))
  run.called += started.length
  await settle(round, started, consequences)
}

function textFor({ campaign, render }: Round, { displayName }: ClaimedSend): string {
  const { businessName, name } = campaign
  return render({ contact: contactContext(displayName), business: { name: businessName }, campaign: { name } })
}

async function call({ context, campaign, adapter, credentials }: Round, send: ClaimedSend, text: string) {
  const { clock, limits, log } = context
  let answer: SendOutcome
  try {
    answer = await adapter.send(
      {
        accountExternalId: campaign.accountExternalId,
        recipient: send.recipient,
        text,
        sendId: send.id,
        // An offer inside the window is unprompted (protocols.md §3).
        messagingType: 'UPDATE',
      },
      credentials,
    )
  } catch (error) {
    // Adapters do not throw for what the network does. Whatever this was, the message may have gone out.
    log.error({ err: error, campaignId: campaign.id }, 'an adapter failed')
    answer = { outcome: 'unknown', reason: 'adapter_failed' }
  }
  return consequenceOf(send, answer, clock.now().getTime(), limits)
}

/** Writes down what became of a group, and what follows from it for people, account and campaign. */
async function settle(
  round: Round,
  sends: readonly ClaimedSend[],
  consequences: readonly Consequence[],
): Promise<void> {
  const { context, campaign, run } = round
  const { clock, pace } = context
  if (sends.length === 0) return
  const results = consequences.map((consequence) => consequence.result)
  const excluded = consequences.flatMap(({ exclusion }, index) => {
    const contactId = sends[index]?.contactId
    return exclusion && contactId !== undefined ? [{ contactId, reason: exclusion }] : []
  })
  const at = clock.now()
  const recorded = await withRetries(context, () =>
    context.stores.forWorker().tx(async (sql) => {
      await recordExclusions(sql, campaign.businessId, campaign.channel, excluded, at)
      return recordResults(sql, results, at)
    }),
  )
  run.fenced += recorded.refused
  run.accepted += results.filter((result) => result.status === 'accepted').length
  for (const { pause } of consequences) {
    if (!pause) continue
    pace.pause(pause.scope === 'app' ? appKey(campaign) : campaign.accountId, pause.until)
    round.stop = true
  }
  const hold = consequences.find((consequence) => consequence.hold)?.hold
  if (hold) {
    round.stop = true
    await holdCampaign(context, campaign, hold)
  }
}

/** The answers exist only here: a store that is away for a moment must not turn them into unknowns. */
async function withRetries<T>({ limits, log }: SchedulerContext, write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write()
    } catch (error) {
      if (attempt >= limits.recordTriesMax) throw error
      log.warn({ err: error, attempt }, 'what became of sends could not be written, trying again')
      await new Promise((resolve) => setTimeout(resolve, 100 * attempt))
    }
  }
}

async function holdCampaign(
  { stores, clock, log }: SchedulerContext,
  campaign: CampaignRun,
  reason: CampaignHoldReason,
): Promise<void> {
  const at = clock.now()
  await stores.forWorker().tx(async (sql) => {
    if (reason === 'token_broken') await markTokenBroken(sql, campaign)
    await stepCampaign(sql, campaign, { from: ['sending'], to: 'held', reason, at })
  })
  log.warn({ campaignId: campaign.id, reason }, 'a campaign was held')
}

async function openCredentials(
  { stores, vault }: SchedulerContext,
  campaign: CampaignRun,
): Promise<AccountCredentials> {
  const account = await stores.forWorker().tx((sql) => sendingAccount(sql, campaign))
  if (!account) return {}
  const { accessToken, metaApp } = account
  const { businessId, accountId } = campaign
  return {
    ...(accessToken ? { accessToken: vault.open(accessToken, { businessId, rowId: accountId }) } : {}),
    ...(metaApp
      ? { appSecret: vault.open(metaApp.secret, { businessId: metaApp.businessId, rowId: metaApp.id }) }
      : {}),
  }
}

/** A limit of the whole app rests every account of the channel in this process. */
function appKey(campaign: CampaignRun): string {
  return `app:${campaign.channel}`
}
