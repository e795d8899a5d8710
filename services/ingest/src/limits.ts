/** Every limit of ingest with its unit in its name; `createIngest` takes overrides. */
export type IngestLimits = {
  /** WhatsApp bodies reach 3 MB (protocols.md §1.4). */
  bodyBytesMax: number
  /** `POST /v1/events`: events in one request (design.md §7). */
  apiEventsMax: number
  /** How long a first row waits for company when no insert is running. Small inserts take about 10 ms anyway. */
  batchWaitMs: number
  /**
   * After an insert: time for the callers just answered to come back and fill the next batch. It is as long as the insert
   * took, within these two. The longer one is a fifth of the 99th percentile an answer may have (reliability.md ack).
   */
  batchPauseMs: number
  batchPauseMsMax: number
  /** With so many rows waiting and no insert running, nobody waits any longer. */
  batchEagerRows: number
  batchRowsMax: number
  batchCharsMax: number
  /** Waiting and running together. Above this callers are told to come back: memory stays bounded (reliability.md A4). */
  bufferRowsMax: number
  bufferCharsMax: number
  /** An insert without an answer for so long counts as unknown; its rows go to the inbox. Meta waits 5 s for the 200. */
  insertSecondsMax: number
  /** Postgres without an answer for so long: the caller is told to come back. With `insertSecondsMax` below Meta's 5 s or little more. */
  stateSecondsMax: number
  /** After a failed insert the inbox takes the rows directly for this long, so that nobody waits for a store that is down. */
  detourMs: number
  /**
   * Between two inserts of the journal: three times as long as the last one took, within these two, so that under load
   * segments grow and a lone event is stored at once.
   */
  journalRestMs: number
  journalRestMsMax: number
  /** A segment of the journal with so many rows, or `batchCharsMax` of text, is inserted without waiting. */
  journalSegmentRowsMax: number
  /** Text that lies in the journal alone. Above this an append waits for the writer. */
  journalCharsMax: number
  /** While neither store takes a segment it stays in its file, and is tried again after at most so long. */
  journalRetryMsMax: number
  /** Contacts found or created in one transaction. */
  contactsPerRoundMax: number
  /** Requests that may wait for a contact or consent round. */
  groupItemsMax: number
  /** Identities remembered, about 200 bytes each. */
  contactCacheMax: number
  /** Account routes and secrets are believed for this long; changes are also announced by NOTIFY. */
  routeSecondsMax: number
  /**
   * … and for this long while Postgres cannot be read: nobody can change an account in a store that is down, and the event
   * store may well be up.
   */
  routeStaleSecondsMax: number
  /** Connected accounts remembered. */
  routesMax: number
  /** What a business without a quota of its own may send to one process: above what a process stores, so nobody is refused
   * before the operator says what was agreed. */
  quotaEventsPerSecond: number
  quotaBurstEvents: number
  /** With so many rows waiting for the event store, whoever sends far more than the others is told to come back. */
  fairRowsMin: number
  /** What one business may have waiting for its quota, in characters of raw bodies. Beyond it Meta is told to come back. */
  deferredCharsPerBusinessMax: number
  /** Deferred entries of one business worked off before the next business's turn. */
  deferredPerRoundMax: number
  /** Counters and limits are written and read at this pace; a killed process loses the counts of one such while. */
  ledgerEveryMs: number
  drainEveryMs: number
  /** Replays are announced; this is for announcements that were missed. */
  replayEveryMs: number
  heardEveryMs: number
  retryAfterSeconds: number
}

export const defaultLimits: IngestLimits = {
  bodyBytesMax: 4 * 1024 * 1024,
  apiEventsMax: 1000,
  batchWaitMs: 5,
  batchPauseMs: 1,
  batchPauseMsMax: 12,
  batchEagerRows: 4000,
  batchRowsMax: 10_000,
  batchCharsMax: 16_000_000,
  bufferRowsMax: 50_000,
  bufferCharsMax: 64_000_000,
  insertSecondsMax: 3,
  stateSecondsMax: 3,
  detourMs: 1000,
  journalRestMs: 20,
  journalRestMsMax: 250,
  journalSegmentRowsMax: 10_000,
  journalCharsMax: 24_000_000,
  journalRetryMsMax: 5000,
  contactsPerRoundMax: 2000,
  groupItemsMax: 50_000,
  contactCacheMax: 200_000,
  routeSecondsMax: 10,
  routeStaleSecondsMax: 900,
  routesMax: 20_000,
  quotaEventsPerSecond: 100_000,
  quotaBurstEvents: 1_000_000,
  fairRowsMin: 15_000,
  deferredCharsPerBusinessMax: 64_000_000,
  deferredPerRoundMax: 500,
  ledgerEveryMs: 3000,
  drainEveryMs: 500,
  replayEveryMs: 15_000,
  heardEveryMs: 60_000,
  retryAfterSeconds: 2,
}
