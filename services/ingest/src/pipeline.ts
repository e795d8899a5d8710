/**
 * A pipeline is a literal list of named steps. A step does one thing to the delivery; it ends the pipeline by answering
 * an outcome. Each step is timed by its name. Steps answer a promise only when they have to wait, so that a request
 * whose page and people are remembered waits once: for its batch.
 */
import type { ParsedEvent } from '@fidelio/core/event.ts'
import type { IngestMetrics, StepName } from './metrics.ts'
import { acknowledged, type EventResult, type IngestOutcome } from './outcome.ts'
import type { RowScope } from './row.ts'

/** One event on its way to a row. */
export type Item = {
  event: ParsedEvent
  scope: RowScope
  rowId: string
  /** 0: the event has no person. */
  contactId: number
  /** Who recorded a consent on the customer's behalf, '' for the customer. */
  actor: string
  /** What its sender is told about it, where senders are told. */
  result?: EventResult
}

/** What the steps of every door share. Doors add what they need. */
export type Delivery = {
  rawBody: Buffer
  receivedAt: number
  items: Item[]
  /** What was charged to quotas: given back when it has to come again. */
  charged: Charge[]
}

export type Charge = { businessId: string; accountId: string; events: number }

export type StepResult = IngestOutcome | undefined
export type Step<D extends Delivery> = {
  name: StepName
  run: (delivery: D) => StepResult | Promise<StepResult>
}

/** Runs the steps in order until one answers; a delivery that passes them all is acknowledged. */
export async function runPipeline<D extends Delivery>(
  steps: readonly Step<D>[],
  delivery: D,
  metrics: IngestMetrics,
): Promise<IngestOutcome> {
  for (const step of steps) {
    const started = performance.now()
    let outcome = step.run(delivery)
    if (outcome instanceof Promise) outcome = await outcome
    metrics.timed(step.name, performance.now() - started)
    if (outcome) return outcome
  }
  return acknowledged
}
