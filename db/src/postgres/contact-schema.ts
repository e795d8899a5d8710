/** Who is who: contacts, their identities, and what makes several contacts one person. */
import { bigint, boolean, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** Instants, as `Date`. */
const instant = (name: string) => timestamp(name, { withTimezone: true })

export const contactIdentities = pgTable(
  'contact_identities',
  {
    businessId: uuid('business_id').notNull(),
    namespace: text('namespace').notNull(),
    value: text('value').notNull(),
    contactId: bigint('contact_id', { mode: 'number' }).notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.businessId, table.namespace, table.value] })],
)

export const contactMentions = pgTable(
  'contact_mentions',
  {
    businessId: uuid('business_id').notNull(),
    namespace: text('namespace').notNull(),
    value: text('value').notNull(),
    besideNamespace: text('beside_namespace').notNull(),
    besideValue: text('beside_value').notNull(),
    contactId: bigint('contact_id', { mode: 'number' }).notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({
      columns: [table.businessId, table.namespace, table.value, table.besideNamespace, table.besideValue],
    }),
  ],
)

export const contactMerges = pgTable('contact_merges', {
  id: uuid('id').primaryKey(),
  businessId: uuid('business_id').notNull(),
  contactId: bigint('contact_id', { mode: 'number' }).notNull(),
  otherContactId: bigint('other_contact_id', { mode: 'number' }).notNull(),
  reason: text('reason').notNull(),
  namespace: text('namespace').notNull().default(''),
  value: text('value').notNull().default(''),
  eventRowId: uuid('event_row_id'),
  actor: text('actor').notNull().default(''),
  createdAt: instant('created_at').notNull().defaultNow(),
  undoneAt: instant('undone_at'),
  undoneBy: text('undone_by').notNull().default(''),
})

export const contacts = pgTable(
  'contacts',
  {
    businessId: uuid('business_id').notNull(),
    id: bigint('id', { mode: 'number' }).notNull(),
    displayName: text('display_name'),
    locale: text('locale'),
    timeZone: text('time_zone'),
    createdAt: instant('created_at').notNull().defaultNow(),
    mergedInto: bigint('merged_into', { mode: 'number' }),
    peopleDirty: boolean('people_dirty').notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.businessId, table.id] })],
)

export const contactAttributes = pgTable(
  'contact_attributes',
  {
    businessId: uuid('business_id').notNull(),
    contactId: bigint('contact_id', { mode: 'number' }).notNull(),
    name: text('name').notNull(),
    value: jsonb('value').notNull(),
    toldAt: instant('told_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.businessId, table.contactId, table.name] })],
)
