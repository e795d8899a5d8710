/** Every page of the dashboards, as the tests and the screenshots visit them. */
import type { Page } from 'playwright-core'
import { settled } from './browser.ts'

export type PageVisit = {
  name: string
  path: string
  /** Search parameters beside business, language and theme. */
  search?: string
  /** What must be on the page besides its heading before it counts as there. */
  shows?: string
}

/** The panel beside the steps of a new campaign, once it has counted. */
const reach = 'main aside [aria-live=polite]'
const settingsParts = ['business', 'hours', 'members', 'keys', 'opt-ins'] as const
const connectForms = [
  'messenger',
  'instagram',
  'whatsapp',
  'shopify',
  'woocommerce',
  'stripe',
  'webhook',
  'sandbox',
] as const

/** The pages of one business; the ids of a campaign and a conversation are looked up through its API. */
export async function pagesOf(url: string, apiKey: string): Promise<PageVisit[]> {
  const { campaign, conversation, account } = await examples(url, apiKey)
  return [
    { name: 'overview', path: '/overview', shows: 'main article button' },
    { name: 'response-times', path: '/response-times', shows: 'main canvas' },
    { name: 'retention', path: '/retention', search: 'days=90', shows: 'main canvas' },
    { name: 'campaigns', path: '/campaigns', shows: 'main table' },
    { name: 'campaign', path: `/campaigns/${campaign}`, shows: 'main ol li' },
    { name: 'campaign-who', path: '/campaigns/new', shows: reach },
    { name: 'campaign-what', path: '/campaigns/new', search: 'step=what', shows: reach },
    { name: 'campaign-when', path: '/campaigns/new', search: 'step=when', shows: reach },
    { name: 'campaign-check', path: '/campaigns/new', search: 'step=check', shows: reach },
    { name: 'conversations', path: '/conversations', shows: 'main ul li a' },
    { name: 'conversation', path: `/conversations/${conversation}`, shows: 'main article' },
    { name: 'live', path: '/live', shows: 'main ul li button' },
    { name: 'intake-rejects', path: '/live/rejects', shows: 'main nav a' },
    { name: 'intake-failed', path: '/live/failed', shows: 'main [role=radiogroup]' },
    { name: 'intake-parked', path: '/live/parked', shows: 'main form' },
    { name: 'channels', path: '/channels', shows: 'main li a svg rect' },
    { name: 'channel', path: `/channels/${account}`, shows: 'main h2' },
    { name: 'connect', path: '/channels/connect', shows: 'main li a' },
    ...connectForms.map((kind) => ({ name: `connect-${kind}`, path: `/channels/connect/${kind}`, shows: 'main form' })),
    ...settingsParts.map((part) => ({ name: `settings-${part}`, path: `/settings/${part}`, shows: 'main h2' })),
  ]
}

/** Opens a page and waits until it is whole: no skeletons, its own content there, charts drawn. */
export async function visit(page: Page, url: string, to: PageVisit, search: string): Promise<void> {
  const parameters = [to.search, search].filter(Boolean).join('&')
  await page.goto(`${url}${to.path}?${parameters}`)
  if (to.shows) await page.locator(to.shows).first().waitFor()
  await settled(page)
}

/** The largest campaign that was sent, the conversation with the most to show, and the account heard first. */
async function examples(
  url: string,
  apiKey: string,
): Promise<{ campaign: string; conversation: string; account: string }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({
      query: `{ business {
        campaigns(first: 20, status: DONE) { edges { node { id funnel { sent } } } }
        conversations(first: 30) { edges { node { id messageCount } } }
        accounts { id }
      } }`,
    }),
  })
  const { data } = (await response.json()) as {
    data: {
      business: {
        campaigns: { edges: { node: { id: string; funnel: { sent: number } } }[] }
        conversations: { edges: { node: { id: string; messageCount: number } }[] }
        accounts: { id: string }[]
      }
    }
  }
  const campaign = data.business.campaigns.edges
    .map((edge) => edge.node)
    .toSorted((a, b) => b.funnel.sent - a.funnel.sent)[0]
  const conversation = data.business.conversations.edges
    .map((edge) => edge.node)
    .toSorted((a, b) => b.messageCount - a.messageCount)[0]
  const [account] = data.business.accounts
  if (!campaign || !conversation || !account) {
    throw new Error('The demo has no sent campaign, nobody to talk with, or no account.')
  }
  return { campaign: bareId(campaign.id), conversation: bareId(conversation.id), account: bareId(account.id) }
}

function bareId(id: string): string {
  return id.slice(id.indexOf(':') + 1)
}
