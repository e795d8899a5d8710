/** A real browser for the end-to-end tests and the screenshots: the one that ships inside an npm package. */
import chromiumPackage from '@sparticuz/chromium'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

// The package's own arguments contain --single-process, with which the browser ends when a context closes.
const launchArguments = ['--no-sandbox', '--hide-scrollbars', '--font-render-hinting=none']

export async function openBrowser(): Promise<Browser & AsyncDisposable> {
  return chromium.launch({
    executablePath: await chromiumPackage.executablePath(),
    args: launchArguments,
    headless: true,
  })
}

/** What a person would not see but a developer would be ashamed of. */
export type Complaints = {
  all: readonly string[]
  clear(): void
}

/** Collects uncaught errors, console errors and warnings of React, and requests that failed or were refused. */
export function collectComplaints(page: Page): Complaints {
  const all: string[] = []
  page.on('pageerror', (error) => all.push(`uncaught: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') all.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'unknown'
    // Leaving a page cancels what it was still asking; the live stream ends that way always.
    if (reason !== 'net::ERR_ABORTED') all.push(`request: ${request.method()} ${request.url()} ${reason}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400)
      all.push(`answer: ${response.status()} ${response.request().method()} ${response.url()}`)
  })
  return {
    all,
    clear: () => {
      all.length = 0
    },
  }
}

export const sizes = {
  desk: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const satisfies Record<string, { width: number; height: number }>

/** A context in which nothing moves and everybody's clock has the same zone, whatever machine this is. */
export function calmContext(options: BrowserContextOptions = {}): BrowserContextOptions {
  return { viewport: sizes.desk, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'Europe/Paris', ...options }
}

/** Every skeleton is gone and nothing is being asked for the first time. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const main = document.querySelector('main')
    return main !== null && main.querySelector('[role=status][aria-label], [aria-busy=true]') === null
  })
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
}

/** Light or dark, as the system would say it; waits until every colour has arrived. */
export async function switchScheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor()
  await page.evaluate(async () => {
    // Two frames: the first applies the new colours, the second has started what moves towards them.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const moving = document.getAnimations().filter((each) => each instanceof CSSTransition)
    await Promise.allSettled(moving.map((each) => each.finished))
  })
}
