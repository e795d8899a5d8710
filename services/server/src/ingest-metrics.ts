import type { IngestMetrics } from '@fidelio/ingest/index.ts'
import { Counter } from 'prom-client'
import type { Telemetry } from './telemetry.ts'

/** Ingest's closed lists of facts, drops and steps as Prometheus counters. */
export function ingestMetrics({ registry }: Telemetry): IngestMetrics {
  const registers = [registry]
  const counted = new Counter({
    name: 'fidelio_ingest_total',
    help: 'What ingest counted',
    labelNames: ['what'],
    registers,
  })
  const dropped = new Counter({
    name: 'fidelio_ingest_dropped_total',
    help: 'What ingest did not store, by reason',
    labelNames: ['reason'],
    registers,
  })
  const spent = new Counter({
    name: 'fidelio_ingest_step_milliseconds_total',
    help: 'Time spent per pipeline step',
    labelNames: ['step'],
    registers,
  })
  return {
    counted: (fact, count) => counted.inc({ what: fact }, count),
    dropped: (reason, count) => dropped.inc({ reason }, count),
    timed: (step, milliseconds) => spent.inc({ step }, milliseconds),
  }
}
