/** The last steps of the walk: what is met before, beside and after the demo. Registered by walk.test.ts, in this order. */
import type { Browser, BrowserContext } from 'playwright-core'
import { expect, test } from 'vitest'
import { seriousFindings, sidewaysOverflow } from '../support/axe.ts'
import { calmContext, collectComplaints, settled, sizes, switchScheme } from '../support/browser.ts'
import type { Product } from '../support/product.ts'
import { postGraphql, textOf } from './walk-support.ts'

export const walkOperatorKey = 'a-walk-of-the-operator'

/** @param world what the walk opened; the context is of the demo's owner, signed in */
export function lastSteps(world: () => { product: Product; browser: Browser; context: BrowserContext }): void {
  test('Run in GraphiQL answers a signed-in person at once, and nothing is loaded from elsewhere', async () => {
    const { product, context } = world()
    const page = await context.newPage()
    const complaints = collectComplaints(page)
    const hosts = new Set<string>()
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url())
      if (protocol !== 'data:' && protocol !== 'blob:') hosts.add(host)
    })
    await page.goto(`${product.url}/graphql`)
    await page.locator('.graphiql-execute-button').click()
    const answer = page.locator('.graphiql-response')
    await expect.poll(() => textOf(answer), { timeout: 20_000 }).toContain('lastText')
    expect(await textOf(answer)).toContain('PERSON')
    expect([...hosts]).toEqual([new URL(product.url).host])
    expect(complaints.all).toEqual([])
    await page.close()
  })

  test('GraphiQL shows a stranger where a key goes, and no key', async () => {
    const { product, browser } = world()
    await using stranger = await strangerOf(browser)
    const response = await stranger.page.goto(`${product.url}/graphql`)
    await stranger.page.locator('.graphiql-execute-button').waitFor()
    const html = (await response?.text()) ?? ''
    expect(html).toContain('Bearer fid_…')
    for (const key of Object.values(product.apiKeys)) expect(html).not.toContain(key)
    expect(response?.headers()['content-security-policy']).toContain("script-src 'self'")
    expect(response?.headers()['content-security-policy']).not.toContain('unsafe-eval')
    expect(stranger.complaints.all).toEqual([])
  })

  test('the sign-in page is accessible in both themes and fits a phone', async () => {
    const { product, browser } = world()
    await using stranger = await strangerOf(browser)
    const { page } = stranger
    await page.goto(`${product.url}/sign-in`)
    await page.getByRole('button', { name: 'Send me a link' }).waitFor()
    expect(await findingsOf(page)).toEqual([])
    expect(stranger.complaints.all).toEqual([])
  })

  test('an empty business begins with a checklist, each step a link', async () => {
    const { product, browser } = world()
    await using newcomer = await strangerOf(browser)
    const { page } = newcomer
    const made = await operate<{ createBusiness: { id: string } }>(
      product,
      'mutation { createBusiness(input: { name: "Empty Shop", timeZone: "Europe/Paris" }) { id } }',
    )
    const link = await operate<{ createSignInLink: { url: string } }>(
      product,
      `mutation { createSignInLink(businessId: "${made.createBusiness.id}", email: "new@empty.example") { url } }`,
    )
    await page.goto(link.createSignInLink.url)
    await page.waitForURL('**/overview**')
    await settled(page)
    const steps = page.getByRole('main').getByRole('listitem').getByRole('link')
    await steps.first().waitFor()
    expect(await steps.count()).toBe(3)
    expect(await findingsOf(page)).toEqual([])
    await page.setViewportSize(sizes.desk)
    for (const [index, place] of ['/channels/connect', '/settings/opt-ins', '/settings/members'].entries()) {
      await page.goto(`${product.url}/overview`)
      await steps.nth(index).click()
      await page.waitForURL(`**${place}**`)
      await page.getByRole('heading', { level: 2 }).first().waitFor()
    }
    expect(newcomer.complaints.all).toEqual([])
  })

  test('the demo is removed with one click and a confirmation, and is gone', async () => {
    const { product, context } = world()
    const [key = ''] = Object.values(product.apiKeys)
    expect((await postGraphql(product.url, key, '{ business { name } }')).status).toBe(200)
    const page = await context.newPage()
    await page.goto(`${product.url}/settings/business`)
    await page.getByRole('button', { name: 'Remove the demo' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the demo' }).click()
    await expect
      .poll(async () => (await postGraphql(product.url, key, '{ business { name } }')).status, { timeout: 60_000 })
      .not.toBe(200)
    await page.close()
  })
}

async function strangerOf(browser: Browser) {
  const context = await browser.newContext(calmContext())
  const page = await context.newPage()
  return { page, complaints: collectComplaints(page), [Symbol.asyncDispose]: () => context.close() }
}

/** Serious findings in both themes on a desk, and what is too wide for a phone. */
async function findingsOf(page: Awaited<ReturnType<BrowserContext['newPage']>>): Promise<string[]> {
  const findings: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await switchScheme(page, colorScheme)
    for (const finding of await seriousFindings(page)) findings.push(`${colorScheme}: ${finding}`)
  }
  await page.setViewportSize(sizes.phone)
  const overflow = await sidewaysOverflow(page)
  return overflow > 0 ? [...findings, `390 px: ${overflow} px too wide`] : findings
}

async function operate<T>(product: Product, query: string): Promise<T> {
  const { body } = await postGraphql(product.url, walkOperatorKey, query)
  return (body as { data: T }).data
}
