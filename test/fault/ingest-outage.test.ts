/** The short form of `npm run fault -- outage`: every outage for a moment, every promise but those about time. */
import { expect, test } from 'vitest'
import { runOutages } from './ingest-outage.ts'

const shortForm = {
  seed: Math.floor(Math.random() * 2 ** 31),
  outageSeconds: 4,
  calmSeconds: 2,
  eventsPerSecond: 600,
  deliveriesMax: 3,
  connections: 24,
  peoplePerPage: 150,
  log: () => {},
}
/** Some 60 s of deliveries; the rest is for a machine that does other things too. */
const testMs = 300_000

test(
  'stores that fall silent or vanish: acknowledged is stored once, one store is enough, and both away is said',
  async () => {
    const { run, phases } = await runOutages(shortForm, 'durable')
    const exact = { lost: 0, doubled: 0, extra: 0, inboxLeft: 0, failedEvents: 0, rebuiltEqual: true }
    expect({ seed: shortForm.seed, ...run }).toMatchObject(exact)
    const silent = phases.filter((phase) => phase.acknowledged === 0).map((phase) => phase.name)
    expect(silent).toEqual(['both absent'])
    // The client met refusals, so the outages were real.
    expect(phases.find((phase) => phase.name === 'both absent')?.refused).toBeGreaterThan(0)
  },
  testMs,
)

test(
  'the null control loses: answering early does not survive both stores being away',
  async () => {
    const { run } = await runOutages(shortForm, 'early', [
      { name: 'both absent', clickhouse: 'absent', postgres: 'absent' },
    ])
    expect(run.ackedEvents).toBeGreaterThan(0)
    expect(run.lost).toBeGreaterThan(0)
  },
  testMs,
)
