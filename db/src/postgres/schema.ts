/**
 * The tables of PostgreSQL as Drizzle sees them. The SQL migrations are the truth: keys, checks, indexes and policies
 * stand only there, and a test compares every column's name, type, nullability and default with the database.
 */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  customType,
  integer,
  numeric,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'

export { deletionMatches, metaCallbacks } from './callback-schema.ts'
export { contactAttributes, contactIdentities, contactMentions, contactMerges, contacts } from './contact-schema.ts'
export { businessHours, responseTargets } from './hours-schema.ts'
export { deferredEvents, intakeCounters, intakeQuotas } from './intake-schema.ts'

/** Instants, as `Date`. */
const instant = (name: string) => timestamp(name, { withTimezone: true })

/**
 * JSON and bytes as postgres.js itself writes them: Drizzle's own `jsonb` would encode a second time, because it expects a
 * client whose codecs it has replaced (see `drizzleOver`).
 */
const json = customType<{ data: unknown }>({ dataType: () => 'jsonb' })
const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })

export const businesses = pgTable('businesses', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  slug: text('slug').notNull(),
  timeZone: text('time_zone').notNull(),
  currency: text('currency').notNull(),
  locale: text('locale').notNull().default('en'),
  episodeGapHours: integer('episode_gap_hours').notNull().default(24),
  isDemo: boolean('is_demo').notNull().default(false),
  nextContactId: bigint('next_contact_id', { mode: 'number' }).notNull().default(1),
  derivedTimeZone: text('derived_time_zone').notNull(),
  quietHours: json('quiet_hours'),
  frequencyCap: json('frequency_cap'),
  createdAt: instant('created_at').notNull().defaultNow(),
})

export const campaigns = pgTable('campaigns', {
  id: uuid('id').primaryKey(),
  businessId: uuid('business_id').notNull(),
  name: text('name').notNull(),
  channel: text('channel').notNull(),
  accountId: uuid('account_id').notNull(),
  topic: text('topic').notNull(),
  messageText: text('message_text').notNull(),
  audience: json('audience').notNull().default(sql`'{}'`),
  holdoutPercent: numeric('holdout_percent', { precision: 4, scale: 1 }).notNull().default(sql`10`),
  conversionDays: integer('conversion_days').notNull().default(7),
  status: text('status').notNull().default('draft'),
  statusReason: text('status_reason').notNull().default(''),
  assignmentKey: bytes('assignment_key').notNull(),
  scheduledAt: instant('scheduled_at'),
  offerEndsAt: instant('offer_ends_at'),
  plannedAt: instant('planned_at'),
  finishedAt: instant('finished_at'),
  schedule: json('schedule'),
  seriesId: uuid('series_id'),
  slotLocal: text('slot_local').notNull().default(''),
  misfire: text('misfire').notNull().default('ask'),
  sendingWindow: json('sending_window'),
  version: integer('version').notNull().default(1),
  createdBy: text('created_by').notNull().default(''),
  createdAt: instant('created_at').notNull().defaultNow(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
})

export const channelAccounts = pgTable('channel_accounts', {
  id: uuid('id').primaryKey(),
  businessId: uuid('business_id').notNull(),
  channel: text('channel').notNull(),
  externalId: text('external_id').notNull(),
  name: text('name').notNull(),
  metaAppId: uuid('meta_app_id'),
  secrets: json('secrets').notNull().default(sql`'[]'`),
  accessToken: json('access_token'),
  humanAppIds: text('human_app_ids').array().notNull().default([]),
  status: text('status').notNull().default('connected'),
  lastEventAt: instant('last_event_at'),
  firstSignedAt: instant('first_signed_at'),
  firstMessageAt: instant('first_message_at'),
  silenceFactor: numeric('silence_factor', { precision: 5, scale: 1 }),
  subscriptionAskedAt: instant('subscription_asked_at'),
  subscriptionCheckedAt: instant('subscription_checked_at'),
  subscription: text('subscription').notNull().default(''),
  createdAt: instant('created_at').notNull().defaultNow(),
})

export const consentLedger = pgTable('consent_ledger', {
  id: uuid('id').primaryKey(),
  businessId: uuid('business_id').notNull(),
  contactId: bigint('contact_id', { mode: 'number' }).notNull(),
  channel: text('channel').notNull(),
  topic: text('topic').notNull(),
  action: text('action').notNull(),
  occurredAt: instant('occurred_at').notNull(),
  recordedAt: instant('recorded_at').notNull().defaultNow(),
  source: text('source').notNull(),
  actor: text('actor').notNull().default(''),
  wording: text('wording').notNull().default(''),
  proof: json('proof').notNull().default(sql`'{}'`),
  eventRowId: uuid('event_row_id').notNull(),
})

export const consents = pgTable(
  'consents',
  {
    businessId: uuid('business_id').notNull(),
    contactId: bigint('contact_id', { mode: 'number' }).notNull(),
    channel: text('channel').notNull(),
    topic: text('topic').notNull(),
    granted: boolean('granted').notNull(),
    since: instant('since').notNull(),
    ledgerId: uuid('ledger_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.businessId, table.contactId, table.channel, table.topic] })],
)

export const deriveCursors = pgTable('derive_cursors', {
  name: text('name').primaryKey(),
  position: instant('position').notNull(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
})

export const exclusions = pgTable(
  'exclusions',
  {
    businessId: uuid('business_id').notNull(),
    contactId: bigint('contact_id', { mode: 'number' }).notNull(),
    channel: text('channel').notNull(),
    reason: text('reason').notNull(),
    since: instant('since').notNull(),
  },
  (table) => [primaryKey({ columns: [table.businessId, table.contactId, table.channel, table.reason] })],
)

export const failedEvents = pgTable('failed_events', {
  id: uuid('id').primaryKey(),
  businessId: uuid('business_id'),
  accountId: uuid('account_id'),
  channel: text('channel').notNull(),
  reason: text('reason').notNull(),
  detail: text('detail').notNull().default(''),
  raw: text('raw').notNull(),
  attempts: integer('attempts').notNull().default(1),
  firstSeenAt: instant('first_seen_at').notNull(),
  lastSeenAt: instant('last_seen_at').notNull().defaultNow(),
  schemaVersion: integer('schema_version').notNull().default(1),
  origin: json('origin').notNull().default({}),
  state: text('state').notNull().default('open'),
  corrected: text('corrected'),
  runId: uuid('run_id'),
  queuedAt: instant('queued_at'),
  storedEvents: integer('stored_events').notNull().default(0),
  settledAt: instant('settled_at'),
  settledBy: text('settled_by').notNull().default(''),
})

export const replayRuns = pgTable('replay_runs', {
  id: uuid('id').primaryKey(),
  businessId: uuid('business_id'),
  kind: text('kind').notNull(),
  accountId: uuid('account_id'),
  requestedBy: text('requested_by').notNull(),
  requestedAt: instant('requested_at').notNull().defaultNow(),
  finishedAt: instant('finished_at'),
  matched: integer('matched').notNull().default(0),
  done: integer('done').notNull().default(0),
  failed: integer('failed').notNull().default(0),
  storedEvents: integer('stored_events').notNull().default(0),
  knownEvents: integer('known_events').notNull().default(0),
  result: json('result').notNull().default({}),
})

export const inbox = pgTable('inbox', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  receivedAt: instant('received_at').notNull(),
  events: json('events').notNull(),
  attempts: integer('attempts').notNull().default(0),
  lastError: text('last_error').notNull().default(''),
})

export const metaApps = pgTable('meta_apps', {
  id: uuid('id').primaryKey(),
  businessId: uuid('business_id'),
  appId: text('app_id').notNull(),
  name: text('name').notNull(),
  verifyToken: text('verify_token').notNull(),
  secrets: json('secrets').notNull(),
  handshakeAt: instant('handshake_at'),
  instagramSecrets: json('instagram_secrets').notNull().default(sql`'[]'`),
  createdAt: instant('created_at').notNull().defaultNow(),
})

export const parkedEvents = pgTable('parked_events', {
  id: uuid('id').primaryKey(),
  channel: text('channel').notNull(),
  externalId: text('external_id').notNull(),
  metaAppId: uuid('meta_app_id'),
  receivedAt: instant('received_at').notNull(),
  raw: text('raw').notNull(),
})

export const permissionRules = pgTable('permission_rules', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  channel: text('channel').notNull(),
  basis: text('basis').notNull(),
  validFrom: instant('valid_from').notNull(),
  validTo: instant('valid_to'),
  windowHours: integer('window_hours'),
  safetyMarginSeconds: integer('safety_margin_seconds').notNull().default(0),
  note: text('note').notNull(),
})

export const sends = pgTable(
  'sends',
  {
    id: uuid('id').notNull(),
    businessId: uuid('business_id').notNull(),
    campaignId: uuid('campaign_id').notNull(),
    contactId: bigint('contact_id', { mode: 'number' }).notNull(),
    step: smallint('step').notNull().default(0),
    accountId: uuid('account_id').notNull(),
    recipient: text('recipient').notNull().default(''),
    arm: text('arm').notNull().default(''),
    status: text('status').notNull(),
    reason: text('reason').notNull().default(''),
    attempt: integer('attempt').notNull().default(0),
    leaseOwner: text('lease_owner').notNull().default(''),
    leaseUntil: instant('lease_until'),
    notBefore: instant('not_before'),
    messageId: text('message_id').notNull().default(''),
    errorCode: text('error_code').notNull().default(''),
    plannedAt: instant('planned_at').notNull().defaultNow(),
    sendingAt: instant('sending_at'),
    sentAt: instant('sent_at'),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    factsDirty: boolean('facts_dirty').notNull().default(true),
  },
  (table) => [primaryKey({ columns: [table.businessId, table.campaignId, table.contactId, table.step] })],
)

export const slots = pgTable('slots', {
  key: text('key').primaryKey(),
  takenBy: text('taken_by').notNull(),
  takenAt: instant('taken_at').notNull().defaultNow(),
  doneAt: instant('done_at'),
  outcome: text('outcome').notNull().default(''),
})

export const threads = pgTable(
  'threads',
  {
    businessId: uuid('business_id').notNull(),
    accountId: uuid('account_id').notNull(),
    contactId: bigint('contact_id', { mode: 'number' }).notNull(),
    lastInboundAt: instant('last_inbound_at'),
    lastMessageAt: instant('last_message_at').notNull(),
    lastText: text('last_text').notNull().default(''),
    lastRole: text('last_role').notNull(),
    waitingSince: instant('waiting_since'),
    messageCount: integer('message_count').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.businessId, table.accountId, table.contactId] })],
)
