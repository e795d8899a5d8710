/**
 * What a tenant's own systems know of a person. Per name the value told last in time is kept, whatever order values arrive
 * in; a value told as null is known no longer, and stays on record so that an older one cannot come back.
 */
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'

type Db = ISql<StoreTypes>

export type ContactFact = {
  businessId: string
  contactId: number
  locale?: string | undefined
  timeZone?: string | undefined
  attributes: Readonly<Record<string, string | number | boolean | null>>
  toldAt: Date
}

export type ContactAttribute = { name: string; value: unknown; toldAt: Date }

type Line = { businessId: string; contactId: number; name: string; value: string; toldAt: Date }

/** Writes what was told. Runs in a transaction of the worker. */
export async function tellContacts(sql: Db, facts: readonly ContactFact[]): Promise<void> {
  await tellWhere(sql, facts)
  const lines = newestLines(facts)
  if (lines.length === 0) return
  // Of two values told for the same instant the greater text wins, so that the order of arrival decides nothing.
  await sql`
    insert into contact_attributes as known (business_id, contact_id, name, value, told_at)
    select business_id, contact_id, name, value::jsonb, told_at
      from unnest(${lines.map((l) => l.businessId)}::uuid[], ${lines.map((l) => l.contactId)}::bigint[],
                  ${lines.map((l) => l.name)}::text[], ${lines.map((l) => l.value)}::text[],
                  ${lines.map((l) => l.toldAt.toISOString())}::timestamptz[])
           as told (business_id, contact_id, name, value, told_at)
    on conflict (business_id, contact_id, name) do update
       set value = excluded.value, told_at = excluded.told_at
     where (excluded.told_at, excluded.value::text) > (known.told_at, known.value::text)`
}

/** One line per person and name, in one order for everybody, so that two writers cannot wait for each other in a circle. */
function newestLines(facts: readonly ContactFact[]): Line[] {
  const newest = new Map<string, Line>()
  for (const { businessId, contactId, attributes, toldAt } of facts) {
    for (const [name, told] of Object.entries(attributes)) {
      const key = `${businessId}\u001f${contactId}\u001f${name}`
      const line = { businessId, contactId, name, value: JSON.stringify(told), toldAt }
      const known = newest.get(key)
      if (!known || isNewer(line, known)) newest.set(key, line)
    }
  }
  return [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line)
}

function isNewer(line: Line, known: Line): boolean {
  const later = line.toldAt.getTime() - known.toldAt.getTime()
  return later > 0 || (later === 0 && line.value > known.value)
}

/** Language and zone, when told: the newest of each in these facts. */
async function tellWhere(sql: Db, facts: readonly ContactFact[]): Promise<void> {
  const told = new Map<string, ContactFact>()
  for (const fact of [...facts].sort((a, b) => a.toldAt.getTime() - b.toldAt.getTime())) {
    if (fact.locale === undefined && fact.timeZone === undefined) continue
    const key = `${fact.businessId}\u001f${fact.contactId}`
    const { locale, timeZone } = told.get(key) ?? {}
    told.set(key, { ...fact, locale: fact.locale ?? locale, timeZone: fact.timeZone ?? timeZone })
  }
  const people = [...told.values()]
  if (people.length === 0) return
  await sql`
    update contacts c set locale = coalesce(t.locale, c.locale), time_zone = coalesce(t.time_zone, c.time_zone)
      from unnest(${people.map((p) => p.businessId)}::uuid[], ${people.map((p) => p.contactId)}::bigint[],
                  ${people.map((p) => p.locale ?? null)}::text[], ${people.map((p) => p.timeZone ?? null)}::text[])
           as t (business_id, id, locale, time_zone)
     where c.business_id = t.business_id and c.id = t.id
       and (c.locale, c.time_zone) is distinct from (coalesce(t.locale, c.locale), coalesce(t.time_zone, c.time_zone))`
}

/** What is known of a person, of all contacts that are counted as one with this contact. */
export function listAttributes(sql: Db, businessId: string, contactId: number): Promise<ContactAttribute[]> {
  return sql<ContactAttribute[]>`
    with person as (
        select coalesce(merged_into, id) as id from contacts where business_id = ${businessId} and id = ${contactId}
    ), newest as (
        select distinct on (a.name) a.name, a.value, a.told_at as "toldAt"
          from contact_attributes a
          join contacts c on c.business_id = a.business_id and c.id = a.contact_id
          join person on person.id = coalesce(c.merged_into, c.id)
         where a.business_id = ${businessId}
         order by a.name, a.told_at desc, a.value::text desc
    )
    select name, value, "toldAt" from newest where value <> 'null'::jsonb order by name`
}
