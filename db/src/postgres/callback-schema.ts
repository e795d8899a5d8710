/** What Meta asked on behalf of people who leave, as Drizzle sees it (0010_meta_callbacks.sql; see `schema.ts`). */
import { bigint, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'

const instant = (name: string) => timestamp(name, { withTimezone: true })

export const metaCallbacks = pgTable('meta_callbacks', {
  id: uuid('id').primaryKey(),
  businessId: uuid('business_id'),
  metaAppId: uuid('meta_app_id'),
  kind: text('kind').notNull(),
  userId: text('user_id').notNull(),
  code: text('code').notNull(),
  issuedAt: instant('issued_at'),
  requestedAt: instant('requested_at').notNull(),
  lastRequestedAt: instant('last_requested_at').notNull(),
  requests: integer('requests').notNull().default(1),
})

export const deletionMatches = pgTable(
  'deletion_matches',
  {
    callbackId: uuid('callback_id').notNull(),
    businessId: uuid('business_id').notNull(),
    contactId: bigint('contact_id', { mode: 'number' }).notNull(),
    matchedAt: instant('matched_at').notNull(),
    erasedAt: instant('erased_at'),
  },
  (table) => [primaryKey({ columns: [table.callbackId, table.businessId, table.contactId] })],
)
