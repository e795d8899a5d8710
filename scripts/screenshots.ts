import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { calmContext, openBrowser, sizes } from '../test/support/browser.ts'
import { type PageVisit, pagesOf, visit } from '../test/support/pages.ts'
import { startProduct, temporaryDataDir } from '../test/support/product.ts'

/**
 * Pictures of the running demo. `npm run screenshots` writes those of the README to docs/screenshots; `--all <dir>` writes
 * every page, at both sizes, in both themes and languages, somewhere else. Without `--url`, `--link` and `--key` (all three
 * are printed by `npm start`) it starts a demo of its own and ends it afterwards.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    link: { type: 'string' },
    key: { type: 'string' },
    all: { type: 'string' },
    only: { type: 'string' },
  },
})

const business = 'maison-lumiere'
const readmeDirectory = 'docs/screenshots'
/** A README with heavier pictures loads slowly where people read it. */
const readmeBytesMax = 250_000

type Theme = 'light' | 'dark'
type Language = 'en' | 'fr'
type Shot = { page: PageVisit; size: keyof typeof sizes; theme: Theme; language: Language }
type Door = { url: string; link: string; key: string }

const readmeShots: { name: string; theme: Theme }[] = [
  { name: 'overview', theme: 'light' },
  { name: 'response-times', theme: 'light' },
  { name: 'retention', theme: 'light' },
  { name: 'campaign', theme: 'light' },
  { name: 'conversations', theme: 'dark' },
]

if (values.url && values.link && values.key) {
  await take({ url: values.url, link: values.link, key: values.key })
} else {
  await using place = await temporaryDataDir()
  await using product = await startProduct({ dataDir: place.path, env: { DEMO: '1' } })
  const key = product.apiKeys[business]
  if (!product.signInLink || !key) throw new Error('The demo printed no sign-in link or no key.')
  await take({ url: product.url, link: product.signInLink, key })
}

async function take(door: Door): Promise<void> {
  await using browser = await openBrowser()
  const pages = await pagesOf(door.url, door.key)
  const directory = values.all ?? readmeDirectory
  await mkdir(directory, { recursive: true })
  const shots = values.all ? everyShot(pages) : readmeShotsOf(pages)
  const cookies = await signIn(browser, door)
  for (const size of ['desk', 'phone'] as const) {
    const wanted = shots.filter((shot) => shot.size === size)
    if (wanted.length === 0) continue
    const context = await browser.newContext(calmContext({ viewport: sizes[size] }))
    await context.addCookies(cookies)
    const page = await context.newPage()
    for (const shot of wanted) await takeOne(page, door.url, shot, directory)
    await context.close()
  }
}

/** The link is good once; its session serves every context. */
async function signIn(browser: Browser, door: Door) {
  const context = await browser.newContext(calmContext())
  const page = await context.newPage()
  await page.goto(door.link)
  await page.waitForURL('**/overview**')
  const cookies = await context.cookies()
  await context.close()
  return cookies
}

async function takeOne(page: Page, url: string, shot: Shot, directory: string): Promise<void> {
  await visit(page, url, shot.page, `b=${business}&theme=${shot.theme}&lang=${shot.language}`)
  const width = sizes[shot.size].width
  const file = join(directory, `${shot.page.name}-${width}-${shot.theme}-${shot.language}.png`)
  await page.screenshot({ path: file, fullPage: values.all !== undefined, animations: 'disabled' })
  const { size } = await stat(file)
  console.log(`${file}  ${Math.round(size / 1000)} kB`)
  if (values.all === undefined && size > readmeBytesMax) {
    throw new Error(`${file} is larger than ${readmeBytesMax / 1000} kB: too heavy for the README.`)
  }
}

function readmeShotsOf(pages: PageVisit[]): Shot[] {
  return readmeShots.map(({ name, theme }) => {
    // The list alone says little: the picture of the conversations has one of them open.
    const page = pages.find((each) => each.name === (name === 'conversations' ? 'conversation' : name))
    if (!page) throw new Error(`There is no page called ${name}.`)
    return { page: { ...page, name }, size: 'desk', theme, language: 'en' }
  })
}

function everyShot(pages: PageVisit[]): Shot[] {
  const wanted = pages.filter((page) => values.only === undefined || values.only.split(',').includes(page.name))
  return wanted.flatMap((page) =>
    (['desk', 'phone'] as const).flatMap((size) =>
      (['light', 'dark'] as const).flatMap((theme) =>
        (['en', 'fr'] as const).map((language) => ({ page, size, theme, language })),
      ),
    ),
  )
}
