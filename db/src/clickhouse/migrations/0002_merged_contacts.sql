-- Contacts that are counted as another one: a copy of Postgres `contacts.merged_into`, replaced by version. Contacts that
-- are people of their own have no row, so that a business without merges has an empty map. Only the derive job writes it,
-- so that spells and the sets of people change together.
create table if not exists merged_contacts
(
    business_id UUID,
    contact_id  UInt32,
    person_id   UInt32,                              -- the contact they are counted as; never itself in this column's map
    version     UInt64,
    deleted     UInt8
)
engine = ReplacingMergeTree(version, deleted)
order by (business_id, contact_id)
settings non_replicated_deduplication_window = 1000, fsync_after_insert = 1;
