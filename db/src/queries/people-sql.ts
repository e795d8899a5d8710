/**
 * How questions count people instead of contacts (measures.md §1): events keep the contact they came in under, and the
 * business's map of merged contacts is applied when asked, so that a merge or its undoing changes no stored set. The map
 * is read once per statement; an empty one costs nothing.
 */

/** Put first in `with`: two lists side by side, of merged contacts and of whom each is counted as. */
export const merges = `
    (
        select (groupArray(contact_id), groupArray(person_id))
        from merged_contacts final where business_id = {business_id:UUID}
    ) as merges`

/** Whom a contact is counted as. The column is named with its table where an alias of the same name would hide it. */
export function personOf(column: string): string {
  return `transform(${column}, merges.1, merges.2, ${column})`
}

/** The people of a set of contacts. */
export function peopleOf(contacts: string): string {
  return `if(empty(merges.1), ${contacts}, bitmapTransform(${contacts}, merges.1, merges.2))`
}

/** The contacts of the person {contact_id:UInt32}, as short ranges of the primary key of `events`. */
export const ownContacts = `(
            select {contact_id:UInt32}
            union all
            select contact_id from merged_contacts final
            where business_id = {business_id:UUID} and person_id = {contact_id:UInt32}
        )`
