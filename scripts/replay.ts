/**
 * Rebuilds the derived facts of a business in a running server and prints what changed in its figures (features.md 1.9):
 *
 *   npm run replay -- --business <slug or id> --from 2026-10-01 --to 2026-10-31 [--url http://127.0.0.1:4000]
 *
 * The data directory belongs to the server alone, so this talks to it, with OPERATOR_KEY. Ends with 0 when no figure
 * changed, 1 when one did, 2 when the rebuild could not be made.
 */
import { parseArgs } from 'node:util'
import { readConfig } from '@fidelio/server/config.ts'

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
const config = readConfig(undefined, [])
const url = values.url ?? config.http.publicUrl
if (!config.operatorKey) fail('Set OPERATOR_KEY to the operator key of the running server.')

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
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${config.operatorKey}` },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await response.json()) as { data: T | null; errors?: { message: string }[] }
  if (!data || errors)
    fail(errors?.map((error) => error.message).join(' ') ?? `The server answered ${response.status}.`)
  return data
}

function print(figures: readonly Figure[]): void {
  const width = Math.max(0, ...figures.map(({ name }) => name.length))
  for (const { name, before, after } of figures) {
    const mark = before === after ? ' ' : '*'
    console.log(`${mark} ${name.padEnd(width)}  ${before ?? '–'}  ${after ?? '–'}`)
  }
}

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}
