/** The short form of `npm run fault -- ingest`: a few kills, every promise. */
import { expect, test } from 'vitest'
import { runControl, runUnderKills } from './ingest-run.ts'

const shortForm = {
  seed: Math.floor(Math.random() * 2 ** 31),
  kills: 5,
  controlKills: 2,
  eventsPerSecond: 1_500,
  acksMin: 2_000,
  deliveriesMax: 3,
  connections: 16,
  killEveryMs: 600,
  peoplePerPage: 150,
  log: () => {},
}
/** Some 25 s on an idle machine with two cores; this is for one that is not. */
const testMs = 240_000

test(
  'kill -9 at random instants: acknowledged is stored, once, and no figure differs from an undisturbed run',
  async () => {
    const { run, differences, starts } = await runUnderKills(shortForm)
    const exact = { lost: 0, doubled: 0, extra: 0, inboxLeft: 0, failedEvents: 0, rebuiltEqual: true }
    expect({ seed: shortForm.seed, ...run, differences }).toMatchObject({ ...exact, differences: [] })
    // Redeliveries reached the store, and kills met requests: otherwise the run would prove little.
    expect(run.acks).toBeGreaterThan(run.ackedEvents)
    expect(run.cutRequests).toBeGreaterThan(0)
    // The database server left by each killed process was stopped, and starting took no longer than after a clean end. The
    // median, because other suites share the machine with this one; the long form looks at the slowest.
    expect(starts).toMatchObject({ count: shortForm.kills, leftOversFound: 4, leftOversStopped: 4 })
    expect(starts.medianMs).toBeLessThan(10_000)
  },
  testMs,
)

test(
  'the null control loses: answering before the rows are durable does not survive the same kills',
  async () => {
    const { ackedEvents, lost } = await runControl(shortForm)
    expect(ackedEvents).toBeGreaterThan(0)
    expect(lost).toBeGreaterThan(0)
  },
  testMs,
)
