/**
 * Time and sends. The list of jobs, read aloud, is the service: plan what is due, hold what stood still, send, reconcile,
 * finish, derive. Every job may run on any number of replicas at once; what they do is decided by rows, not by leaders.
 */
import { minuteMs } from '@fidelio/core/time.ts'
import { runAskedRebuild } from '@fidelio/db/derive/asked-rebuild.ts'
import { createDeriver, type DeriveRun } from '@fidelio/db/derive/deriver.ts'
import { finishCampaigns } from '@fidelio/db/records/campaign-runs.ts'
import { type ScheduledTask, schedule } from 'node-cron'
import { contextOf, type SchedulerContext, type SchedulerDeps } from './deps.ts'
import { dispatch, holdStandstill } from './dispatch.ts'
import { planDue } from './plan.ts'
import { reconcile } from './reconcile.ts'
import { checkSubscriptions } from './subscriptions.ts'

export interface Scheduler extends AsyncDisposable {
  /** Every job once, in order, to its end. Throws the first failure after all have run. */
  processAll(): Promise<void>
  /** Ticks every second until disposed. */
  start(): void
  /** Up to when this process knows the derived facts to be complete; null before the first run. */
  completeTo(): Date | null
}

type Job = {
  name: string
  run(): Promise<unknown>
  /** How many times as long as a run took the job rests before the next may begin, told by what the run did; else 0. */
  restFactor?: (result: unknown) => number
  /** Whether a tick waits for a short rest, too. */
  keepsShortRest?: (result: unknown) => boolean
  /** Asked between ticks: whether there is a reason not to wait for the next one. */
  hasNews?: () => Promise<boolean>
}

/**
 * Deriving re-reads the history of everybody who was active since the last run. Under a flood of webhooks that is
 * everybody, again and again: resting keeps it to a quarter of one core, so that ingest keeps the rest. Quiet runs take
 * milliseconds and go on every second.
 */
const deriveRestFactor = 3
/**
 * Fewer rows than this within the last seconds are no flood. A run that took long with so few was kept waiting, by a cold
 * start or a busy machine, and resting would only make figures late.
 */
const floodRowsMin = 1_000
/** A tick does not wait for a shorter rest: it is a pause already. */
const shortRestMs = 2_000
/**
 * From so many rows within the last seconds on, more than the 2 000 a second for which figures are fresh within two
 * seconds, a tick waits for every rest: runs of half a second would otherwise take half of a core, second after second.
 */
const torrentRowsMin = 45_000
/**
 * How often a job that knows of news is asked for them between two ticks, so that what was stored shows in the figures a
 * moment later and not with the next second. A run for news waits for the whole of a rest, however short that is.
 */
const newsEveryMs = 150

/** A tick per second, UTC: due instants are rows, so no calendar is asked of the timer (reliability.md §0.8). */
const everySecond = '* * * * * *'

export function createScheduler(deps: SchedulerDeps): Scheduler {
  const context = contextOf(deps)
  const { stores, clock, log } = context
  const deriver = createDeriver({ worker: stores.forWorker(), log })
  const jobs: readonly Job[] = [
    { name: 'plan', run: () => planDue(context) },
    { name: 'send', run: sendingJob(context) },
    { name: 'reconcile', run: () => reconcile(context) },
    { name: 'subscriptions', run: () => checkSubscriptions(context) },
    { name: 'finish', run: () => stores.forWorker().tx((sql) => finishCampaigns(sql, clock.now())) },
    {
      name: 'derive',
      run: () => deriver.run(),
      restFactor: restAfterDeriving,
      keepsShortRest: isTorrent,
      hasNews: () => deriver.hasNews(),
    },
    { name: 'rebuild', run: () => runAskedRebuild(stores, { log, marks: deriver.marks }, clock.now()) },
  ]
  const running = new Map<string, Promise<unknown>>()
  const rests = new Map<string, { holdsTick: boolean; until: number }>()
  let task: ScheduledTask | null = null
  let newsTimer: NodeJS.Timeout | undefined

  /** A job still busy from an earlier tick is left alone; the others do not wait for it. */
  const begin = (job: Job, work: () => Promise<unknown>) => {
    const started = performance.now()
    const run = work()
      .catch((error: unknown) => log.error({ err: error, job: job.name }, 'a scheduler job failed'))
      .then((result) => {
        running.delete(job.name)
        const ended = performance.now()
        const restMs = (ended - started) * (job.restFactor?.(result) ?? 0)
        const holdsTick = restMs > shortRestMs || (job.keepsShortRest?.(result) ?? false)
        rests.set(job.name, { holdsTick, until: ended + restMs })
      })
    running.set(job.name, run)
  }
  const tick = () => {
    for (const job of jobs) {
      const rest = rests.get(job.name)
      const resting = rest?.holdsTick === true && performance.now() < rest.until
      if (!running.has(job.name) && !resting) begin(job, () => job.run())
    }
  }
  const lookForNews = () => {
    for (const job of jobs) {
      const { hasNews } = job
      if (!hasNews || running.has(job.name) || performance.now() < (rests.get(job.name)?.until ?? 0)) continue
      begin(job, async () => ((await hasNews()) ? job.run() : undefined))
    }
  }
  return {
    async processAll() {
      const failures: unknown[] = []
      for (const job of jobs) {
        try {
          await job.run()
        } catch (error) {
          failures.push(error)
        }
      }
      if (failures.length > 0) throw failures[0]
    },
    start() {
      task ??= schedule(everySecond, tick, { timezone: 'UTC', noOverlap: true })
      newsTimer ??= setInterval(lookForNews, newsEveryMs)
    },
    completeTo: () => deriver.completeTo(),
    async [Symbol.asyncDispose]() {
      context.stopping = true
      clearInterval(newsTimer)
      newsTimer = undefined
      await task?.destroy()
      task = null
      await Promise.all(running.values())
    },
  }
}

function restAfterDeriving(run: unknown): number {
  return rowsDerived(run) >= floodRowsMin ? deriveRestFactor : 0
}

function isTorrent(run: unknown): boolean {
  return rowsDerived(run) >= torrentRowsMin
}

function rowsDerived(run: unknown): number {
  const { touched } = (run ?? { touched: null }) as DeriveRun
  return touched?.rows ?? 0
}

/** The look for campaigns that stood still comes before the first send after a start, and then once a minute. */
function sendingJob(context: SchedulerContext): () => Promise<void> {
  let lookedAt = Number.NEGATIVE_INFINITY
  return async () => {
    const now = context.clock.now().getTime()
    if (Math.abs(now - lookedAt) >= minuteMs) {
      await holdStandstill(context)
      lookedAt = now
    }
    await dispatch(context)
  }
}
