/**
 * Rebuilds the derived facts of a business in a running server and prints what changed in its figures (features.md 1.9):
 *
 *   npm run replay -- --business <slug or id> --from 2026-10-01 --to 2026-10-31 [--url http://127.0.0.1:4000]
 *
 * The data directory belongs to the server alone, so this talks to it, with OPERATOR_KEY. Ends with 0 when no figure
 * changed, 1 when one did, 2 when the rebuild could not be made.
 */
import { parseArgs } from 'node:util'
import { ConfigError, readOperatorAccess } from '@fidelio/server/config.ts'

type Figure = { name: string; before: number | null; after: number | null }
type Rebuild = {
  id: string
  finishedAt: string | null
  failed: boolean
  compared: number
  changed: number
  headlines: Figure[]
  changes: Figure[]
}

const fields = `id finishedAt failed compared changed headlines { name before after } changes { name before after }`
const waitMinutesMax = 60

const { values } = parseArgs({
  options: {
    business: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    url: { type: 'string' },
  },
})
const { business, from, to } = values
if (!business || !from || !to)
  fail('Usage: npm run replay -- --business <slug or id> --from YYYY-MM-DD --to YYYY-MM-DD')
const access = operatorAccess()
const url = (values.url ?? access.url).replace(/\/$/, '')

const businessId = await findBusiness(business)
const asked = await ask<{ rebuildDerived: Rebuild }>(
  `mutation ($b: ID!, $period: PeriodInput!) { rebuildDerived(businessId: $b, period: $period) { ${fields} } }`,
  { b: businessId, period: { from, to } },
)
const rebuild = await finished(asked.rebuildDerived)
if (rebuild.failed) fail('The rebuild failed: the log of the server says why.')
print(rebuild.headlines)
if (rebuild.changed === 0) {
  console.log(`\nNo figure changed: ${rebuild.compared} numbers are the same before and after.`)
} else {
  console.log(`\n${rebuild.changed} of ${rebuild.compared} numbers changed:`)
  print(rebuild.changes)
  process.exitCode = 1
}

async function findBusiness(name: string): Promise<string> {
  const { viewer } = await ask<{ viewer: { businesses: { business: { id: string; slug: string } }[] } }>(
    '{ viewer { businesses { business { id slug } } } }',
  )
  return viewer.businesses.find((one) => one.business.slug === name)?.business.id ?? name
}

async function finished(first: Rebuild): Promise<Rebuild> {
  let rebuild = first
  const until = performance.now() + waitMinutesMax * 60_000
  while (rebuild.finishedAt === null) {
    if (performance.now() > until) fail(`The rebuild is not finished after ${waitMinutesMax} minutes.`)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const query = `query ($b: ID!, $id: ID!) { rebuild(businessId: $b, id: $id) { ${fields} } }`
    rebuild = (await ask<{ rebuild: Rebuild }>(query, { b: businessId, id: first.id })).rebuild
  }
  return rebuild
}

async function ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const response = await reach(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${access.operatorKey}` },
    body: JSON.stringify({ query, variables }),
  })
  const text = await response.text()
  // Refusals in front of the API (a proxy, another program on that port) are not JSON.
  if (!response.headers.get('content-type')?.includes('json')) {
    fail(`${url} answered ${response.status}, and not as Fidelio does: is it the right address?`)
  }
  const { data, errors } = JSON.parse(text) as { data?: T | null; errors?: { message: string }[] }
  if (!data || errors)
    fail(errors?.map((error) => error.message).join(' ') ?? `The server answered ${response.status}.`)
  return data
}

async function reach(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, request)
  } catch (error) {
    return fail(`Nothing answers at ${address}: ${error instanceof Error ? (error.cause ?? error.message) : error}`)
  }
}

function operatorAccess(): ReturnType<typeof readOperatorAccess> {
  try {
    return readOperatorAccess()
  } catch (error) {
    if (error instanceof ConfigError) return fail(error.message)
    throw error
  }
}

function print(figures: readonly Figure[]): void {
  const width = Math.max('figure'.length, ...figures.map(({ name }) => name.length))
  console.log(`  ${'figure'.padEnd(width)}  before  after`)
  for (const { name, before, after } of figures) {
    const mark = before === after ? ' ' : '*'
    console.log(`${mark} ${name.padEnd(width)}  ${before ?? '–'}  ${after ?? '–'}`)
  }
}

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}
