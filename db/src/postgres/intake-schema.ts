/** The tables of the intake's quotas and counters as Drizzle sees them (see schema.ts). */
import { bigint, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'

const instant = (name: string) => timestamp(name, { withTimezone: true })

export const intakeQuotas = pgTable('intake_quotas', {
  businessId: uuid('business_id').primaryKey(),
  eventsPerSecond: integer('events_per_second'),
  burstEvents: integer('burst_events'),
  eventsPerDay: bigint('events_per_day', { mode: 'number' }),
  updatedAt: instant('updated_at').notNull().defaultNow(),
})

export const intakeCounters = pgTable(
  'intake_counters',
  {
    businessId: uuid('business_id').notNull(),
    accountId: uuid('account_id').notNull(),
    hour: instant('hour').notNull(),
    outcome: text('outcome').notNull(),
    reason: text('reason').notNull().default(''),
    events: bigint('events', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.businessId, t.accountId, t.hour, t.outcome, t.reason] })],
)

export const deferredEvents = pgTable('deferred_events', {
  id: uuid('id').primaryKey(),
  businessId: uuid('business_id').notNull(),
  accountId: uuid('account_id').notNull(),
  channel: text('channel').notNull(),
  metaAppId: uuid('meta_app_id').notNull(),
  events: integer('events').notNull(),
  receivedAt: instant('received_at').notNull(),
  raw: text('raw').notNull(),
})
