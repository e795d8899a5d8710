/** Dated versions of what a business says about its days: opening hours, and how soon it promises a first answer. */
import { sql } from 'drizzle-orm'
import { customType, date, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** As in schema.ts: written by postgres.js itself. */
const json = customType<{ data: unknown }>({ dataType: () => 'jsonb' })
const setAt = () => timestamp('set_at', { withTimezone: true }).notNull().defaultNow()

export const businessHours = pgTable(
  'business_hours',
  {
    businessId: uuid('business_id').notNull(),
    validFrom: date('valid_from', { mode: 'string' }).notNull(),
    weekly: json('weekly').notNull(),
    holidays: json('holidays').notNull().default(sql`'[]'`),
    setAt: setAt(),
  },
  (table) => [primaryKey({ columns: [table.businessId, table.validFrom] })],
)

export const responseTargets = pgTable(
  'response_targets',
  {
    businessId: uuid('business_id').notNull(),
    validFrom: date('valid_from', { mode: 'string' }).notNull(),
    withinSeconds: integer('within_seconds'),
    clock: text('clock').notNull(),
    setAt: setAt(),
  },
  (table) => [primaryKey({ columns: [table.businessId, table.validFrom] })],
)
