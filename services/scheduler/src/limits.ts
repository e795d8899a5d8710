/** Limits of the scheduler, each with its unit in its name and the reason for its size. */
export type SchedulerLimits = {
  /** Campaigns looked at per tick; the others wait for the next one. */
  dueCampaignsMax: number
  /** Campaigns that send side by side, so that a large one does not keep the others waiting. */
  campaignsAtOnceMax: number
  /** People claimed per transaction. */
  claimBatchMax: number
  /** How long a claim is good for: several times what the slowest batch takes (provider calls end after 10 s). */
  leaseSeconds: number
  /** People committed as `sending` together and then called in parallel: as many can become unknown in a crash. */
  groupMax: number
  /** Groups in flight per campaign. */
  groupsAtOnceMax: number
  /**
   * Messages per second and account. Messenger publishes 300 per Page; two replicas stay below it. The sandbox has no
   * limit of its own; its figure bounds one tick.
   */
  messagesPerSecondMax: Readonly<Record<string, number>>
  /** For channels not named above. */
  messagesPerSecondDefault: number
  /** First pause after the channel could not be reached; doubles with every attempt. */
  retrySecondsMin: number
  retrySecondsMax: number
  /** Claims of one row after which "could not be reached" becomes final. */
  attemptsMax: number
  /** Tries to write down what the provider answered before the rows are left to become `unknown`. */
  recordTriesMax: number
  /** Open outcomes looked at per tick. */
  unresolvedMax: number
  /** How long after giving up an echo can still settle a send. */
  lateProofHours: number
  /** Sending that stood still for longer is held and asks (reliability.md §5). */
  interruptedAfterSeconds: number
}

export const defaultLimits: SchedulerLimits = {
  dueCampaignsMax: 100,
  campaignsAtOnceMax: 4,
  claimBatchMax: 256,
  leaseSeconds: 120,
  groupMax: 16,
  groupsAtOnceMax: 4,
  messagesPerSecondMax: { messenger: 140, sandbox: 2_000 },
  messagesPerSecondDefault: 40,
  retrySecondsMin: 5,
  retrySecondsMax: 600,
  attemptsMax: 8,
  recordTriesMax: 3,
  unresolvedMax: 5_000,
  lateProofHours: 24,
  interruptedAfterSeconds: 3_600,
}
