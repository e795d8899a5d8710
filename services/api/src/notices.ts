/** What needs a person: broken connections, accounts gone silent, campaigns held back, customers waiting too long. */
import { campaignReasonLabel } from '@fidelio/core/campaign.ts'
import type { Language } from '@fidelio/core/metric.ts'
import { waitingNow } from '@fidelio/db/queries/waiting.ts'
import type { AccountRecord } from '@fidelio/db/records/accounts.ts'
import { listCampaigns } from '@fidelio/db/records/campaigns.ts'
import { silentAccounts } from './account-states.ts'
import type { ApiContext, Here } from './context.ts'
import { duration, whole } from './words.ts'

export type Notice = { kind: string; text: string; link: string | null }

const waitTooLongHours = 4
const heldCampaignsMax = 5

export async function noticesOf(
  here: Here,
  { now, worker }: Pick<ApiContext, 'now' | 'worker'>,
  lang: Language,
): Promise<Notice[]> {
  const [accounts, silent, waiting, held] = await Promise.all([
    here.loaders.accounts(),
    silentAccounts(here, { now, worker }),
    waitingNow(here.db, { now, first: 1 }),
    listCampaigns(here.db, { first: heldCampaignsMax, status: 'held' }),
  ])
  return [
    ...accountNotices(accounts, silent, now, lang),
    ...waitingNotices(waiting.total, waiting.longestSeconds, lang),
    ...held.campaigns.map((campaign) => ({
      kind: 'campaign_held',
      text:
        lang === 'fr'
          ? `La campagne « ${campaign.name} » est suspendue : ${campaignReasonLabel(campaign.statusReason, lang)}`
          : `The campaign “${campaign.name}” is on hold: ${campaignReasonLabel(campaign.statusReason, lang)}`,
      link: `/campaigns/${campaign.id}`,
    })),
  ]
}

function accountNotices(
  accounts: readonly AccountRecord[],
  silent: readonly AccountRecord[],
  now: number,
  lang: Language,
): Notice[] {
  if (accounts.length === 0) {
    const text =
      lang === 'fr' ? 'Aucun compte n’est connecté : rien n’arrive.' : 'No account is connected: nothing comes in.'
    return [{ kind: 'no_account', text, link: '/channels/connect' }]
  }
  const broken = accounts.filter((account) => account.status === 'token_broken')
  return [
    ...broken.map((account) => ({
      kind: 'token_broken',
      text:
        lang === 'fr'
          ? `${account.name} doit être reconnecté pour envoyer.`
          : `${account.name} must be reconnected before it can send.`,
      link: `/channels/${account.id}`,
    })),
    ...silent.map((account) => {
      const pause = duration((now - (account.lastEventAt ?? account.createdAt).getTime()) / 1000, lang)
      const text =
        lang === 'fr'
          ? `${account.name} n’a rien envoyé depuis ${pause}.`
          : `${account.name} has sent nothing for ${pause}.`
      return { kind: 'account_silent', text, link: `/channels/${account.id}` }
    }),
  ]
}

function waitingNotices(total: number, longestSeconds: number | null, lang: Language): Notice[] {
  if (longestSeconds === null || longestSeconds < waitTooLongHours * 3600) return []
  const longest = duration(longestSeconds, lang)
  const text =
    lang === 'fr'
      ? `${whole(total, lang)} ${total === 1 ? 'client attend' : 'clients attendent'}, le plus ancien depuis ${longest}.`
      : `${whole(total, lang)} ${total === 1 ? 'customer is' : 'customers are'} waiting, the longest for ${longest}.`
  return [{ kind: 'waiting_long', text, link: '/conversations?waiting=1' }]
}
