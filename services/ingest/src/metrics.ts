/** What ingest counts. Names come from closed lists only: no business, person or text ever becomes a label. */

export const stepNames = [
  'size',
  'verify',
  'route',
  'parse',
  'identity',
  'quota',
  'aside',
  'contacts',
  'profiles',
  'duplicates',
  'state',
  'batch',
] as const
export type StepName = (typeof stepNames)[number]

/** Why something that reached the door did not become an event row. */
export const dropReasons = [
  'body_too_large', // 413
  'signature_missing',
  'signature_wrong', // no secret of ours signs these bytes
  'signature_expired', // Standard Webhooks timestamp outside its tolerance
  'unreadable_body', // signed, but not JSON of the expected shape
  'unknown_account', // a generic or sandbox account that does not exist
  'foreign_app', // an entry of a Page whose own Meta app did not sign the body
  'empty_entry', // an entry that says nothing
  'test_entry', // the dashboard's test, Page id "0"
  'unrelated_object', // Meta objects that carry no conversations
  'parked', // no business has connected this Page: kept in parked_events
  'failed_element', // kept in failed_events
  'rejected_event', // told to the caller of /v1/events
  'duplicate_event', // told to the caller of /v1/events
  'business_gone', // removed between routing and storing
  'buffer_full', // 503
  'over_quota', // more than its business may send: 429, or deferred
  'over_share', // the event store is behind, and this business sends most of it: 503
  'stores_unavailable', // 503
] as const
export type DropReason = (typeof dropReasons)[number]

/** Other things worth counting. */
export const facts = [
  'requests',
  'events',
  'unknown_events',
  'batches',
  'batches_to_inbox',
  'segments', // of the journal: inserts of what was acknowledged before
  'segments_to_inbox',
  'inbox_drained',
  'deferred',
  'deferred_drained',
  'contacts_created',
  'contacts_regrouped', // counted as another person since, or as their own again
  'consent_facts',
  'replayed_entries', // failed events read again
  'unparked_entries', // parked entries of an account that was connected
] as const
export type Fact = (typeof facts)[number]

/** Where the figures go: the server maps them to Prometheus, tests read them. */
export interface IngestMetrics {
  dropped(reason: DropReason, count: number): void
  counted(fact: Fact, count: number): void
  timed(step: StepName, milliseconds: number): void
}

export type IngestFigures = {
  dropped: Record<DropReason, number>
  counted: Record<Fact, number>
  /** Milliseconds spent and calls made, per step. */
  steps: Record<StepName, { calls: number; milliseconds: number }>
}

/** Metrics kept in memory; `figures` may be read at any time. */
export function createFigures(): IngestMetrics & { figures: IngestFigures } {
  const zeroes = <K extends string>(names: readonly K[]) =>
    Object.fromEntries(names.map((name) => [name, 0])) as Record<K, number>
  const figures: IngestFigures = {
    dropped: zeroes(dropReasons),
    counted: zeroes(facts),
    steps: Object.fromEntries(stepNames.map((name) => [name, { calls: 0, milliseconds: 0 }])) as IngestFigures['steps'],
  }
  return {
    figures,
    dropped(reason, count) {
      figures.dropped[reason] += count
    },
    counted(fact, count) {
      figures.counted[fact] += count
    },
    timed(step, milliseconds) {
      const entry = figures.steps[step]
      entry.calls++
      entry.milliseconds += milliseconds
    },
  }
}
