-- Identity (features.md 2.2, 2.3). A contact is one name somebody came in under; a person is a group of contacts held
-- together by links. Links can be undone, events are never rewritten: each keeps the contact it came in under.
-- A person is counted under its lowest contact number, so the grouping does not depend on the order of arrival.

alter table contacts
    add column merged_into  bigint,                      -- the contact this one is counted as; null: itself
    add column people_dirty boolean not null default false, -- its grouping is not yet copied to ClickHouse merged_contacts
    add constraint merged_into_earlier check (merged_into < id),
    add constraint merged_into_contact foreign key (business_id, merged_into) references contacts (business_id, id)
        on delete set null (merged_into);
create index contacts_merged on contacts (business_id, merged_into) where merged_into is not null;
create index contacts_people_dirty on contacts (business_id, id) where people_dirty;

-- E-mail addresses and phone numbers told beside a stronger identity. Many people may share one, so it belongs to nobody:
-- how many stronger identities it was told beside decides whether it links them (records/contact-merges.ts).
create table contact_mentions (
    business_id      uuid not null,
    namespace        text not null,
    value            text not null,
    beside_namespace text not null,                      -- the strongest identity of the event that told it
    beside_value     text not null,
    contact_id       bigint not null,                    -- whose that one is
    created_at       timestamptz not null default now(),
    primary key (business_id, namespace, value, beside_namespace, beside_value),
    foreign key (business_id, contact_id) references contacts on delete cascade
);
create index on contact_mentions (business_id, contact_id);

-- Why two contacts are one person: who or what said so, and who took it back. A person is what the links in force hold
-- together. Rows are never removed, so that what people decided stays decided.
create table contact_merges (
    id               uuid primary key,
    business_id      uuid not null references businesses on delete cascade,
    contact_id       bigint not null,
    other_contact_id bigint not null,                    -- the one known longer
    reason           text not null check (reason in ('told_together', 'same_email', 'same_phone', 'by_hand')),
    namespace        text not null default '',           -- of same_email and same_phone: the identity they share
    value            text not null default '',
    event_row_id     uuid,                               -- the event that said so, when one did
    actor            text not null default '',           -- the person or key that said so, '' for an event
    created_at       timestamptz not null default now(),
    undone_at        timestamptz,
    undone_by        text not null default '',           -- the person or key, '' when too many people share the identity
    foreign key (business_id, contact_id) references contacts (business_id, id) on delete cascade,
    foreign key (business_id, other_contact_id) references contacts (business_id, id) on delete cascade,
    check (other_contact_id < contact_id)
);
create index on contact_merges (business_id, contact_id);
create index on contact_merges (business_id, other_contact_id);
create index on contact_merges (business_id, namespace, value) where namespace <> '';
create unique index contact_merges_in_force on contact_merges
    (business_id, contact_id, other_contact_id, reason, namespace, value) where undone_at is null;

do $$
declare t text;
begin
  foreach t in array array['contact_mentions', 'contact_merges']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy own_business on %I for all to fidelio_app using (business_id = current_business()) with check (business_id = current_business())', t);
    execute format('create policy every_business on %I for all to fidelio_worker using (true) with check (true)', t);
  end loop;
end $$;
grant select, insert, update on contact_mentions, contact_merges to fidelio_app, fidelio_worker;
