import { createFigures, type Ingest, type IngestMetrics } from '@fidelio/ingest/index.ts'
import { Counter, Gauge } from 'prom-client'
import type { Telemetry } from './telemetry.ts'

/**
 * Ingest's closed lists of facts, drops and steps as Prometheus counters. Ingest counts in plain numbers, a dozen per
 * request; they are copied only when somebody asks for `/metrics`, because a labelled counter costs ten times as much.
 */
export function ingestMetrics({ registry }: Telemetry): IngestMetrics {
  const metrics = createFigures()
  const { figures } = metrics
  const registers = [registry]
  copied(registers, 'fidelio_ingest_total', 'What ingest counted', 'what', () => figures.counted)
  copied(
    registers,
    'fidelio_ingest_dropped_total',
    'What ingest did not store, by reason',
    'reason',
    () => figures.dropped,
  )
  copied(registers, 'fidelio_ingest_step_milliseconds_total', 'Time spent per pipeline step', 'step', () =>
    Object.fromEntries(Object.entries(figures.steps).map(([step, { milliseconds }]) => [step, milliseconds])),
  )
  return metrics
}

/** What a killed process would leave to the next one. */
export function journalMetrics(ingest: Ingest, { registry }: Telemetry): void {
  new Gauge({
    name: 'fidelio_journal_rows',
    help: 'Rows acknowledged that the event store has yet to take from the journal',
    registers: [registry],
    collect() {
      this.set(ingest.journaledRows)
    },
  })
}

function copied(
  registers: Telemetry['registry'][],
  name: string,
  help: string,
  label: string,
  read: () => Record<string, number>,
): void {
  new Counter({
    name,
    help,
    labelNames: [label],
    registers,
    collect() {
      this.reset()
      for (const [word, value] of Object.entries(read())) this.inc({ [label]: word }, value)
    },
  })
}
