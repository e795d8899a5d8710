import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'

/**
 * Which of some row identities are stored already. The contacts make it a few short ranges of the primary key: one
 * contact's history is contiguous. The event's time does not narrow it further, because a sender may repeat an id with
 * another timestamp.
 */
export const knownEvents = defineQuery({
  name: 'events.known',
  sql: `
    select distinct row_id
      from events
     where business_id = {business_id:UUID}
       and contact_id in {contact_ids:Array(UInt32)}
       and row_id in {row_ids:Array(UUID)}`,
  params: z.object({
    contact_ids: z.array(z.int().nonnegative()),
    row_ids: z.array(z.uuid()),
  }),
  row: z.object({ row_id: z.uuid() }),
})

/** Which of some row identities are stored already, whoever they are about: a corrected event may have changed its person. */
export const knownRows = defineQuery({
  name: 'events.known_rows',
  sql: `
    select distinct row_id
      from events
     where business_id = {business_id:UUID} and row_id in {row_ids:Array(UUID)}`,
  params: z.object({ row_ids: z.array(z.uuid()) }),
  row: z.object({ row_id: z.uuid() }),
})
