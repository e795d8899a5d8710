/** What the walk asks beside the browser. */
import type { Locator, Page } from 'playwright-core'

const dayMs = 86_400_000

export type FiveNumber = { key: string; value: number; n: number; numerator: number | null }

export async function postGraphql(url: string, key: string, query: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query }),
  })
  return { status: response.status, body: await response.json() }
}

/** 28 days that ended so long ago that nothing which happens now belongs to them, returns within four weeks included. */
export function settledPeriod(now: Date): { from: string; to: string } {
  const day = (daysAgo: number) => new Date(now.getTime() - daysAgo * dayMs).toISOString().slice(0, 10)
  return { from: day(60), to: day(33) }
}

/** The five numbers as the API gives them, in the order of the screen. */
export async function fiveNumbers(
  url: string,
  key: string,
  period: { from: string; to: string },
): Promise<FiveNumber[]> {
  const { body } = await postGraphql(
    url,
    key,
    `{ business { overview(period: { from: "${period.from}", to: "${period.to}" }) {
      metrics { key value n numerator } } } }`,
  )
  return (body as { data: { business: { overview: { metrics: FiveNumber[] } } } }).data.business.overview.metrics
}

/** Presses a number, reads how many rows the drawer says are behind it, and closes the drawer again. */
export async function openRowsTotal(page: Page, number: Locator): Promise<number> {
  await number.click()
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('button', { name: 'Download CSV' }).waitFor()
  const total = await textOf(drawer.getByText(/^[\d,]+$/).first())
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'hidden' })
  return numberIn(total)
}

export async function textOf(locator: Locator): Promise<string> {
  return (await locator.textContent()) ?? ''
}

/** The first number in a text, thousands separated by commas. */
export function numberIn(text: string): number {
  const found = /\d[\d,]*/.exec(text)?.[0]
  if (found === undefined) throw new Error(`There is no number in “${text}”.`)
  return Number(found.replaceAll(',', ''))
}
