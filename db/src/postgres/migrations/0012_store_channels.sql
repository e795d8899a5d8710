-- Shops and payments are connected like Pages: an account with the provider's own signing secret.
alter table channel_accounts drop constraint channel_accounts_channel_check;
alter table channel_accounts add constraint channel_accounts_channel_check
    check (channel in ('messenger', 'instagram', 'whatsapp', 'webhook', 'sandbox', 'shopify', 'woocommerce', 'stripe'));

-- What a tenant's own systems know of a person (identify): one row per attribute, the one told last in time is kept,
-- whatever order they arrive in.
create table contact_attributes (
    business_id     uuid not null,
    contact_id      bigint not null,
    name            text not null check (length(name) between 1 and 100),
    value           jsonb not null,
    told_at         timestamptz not null,
    primary key (business_id, contact_id, name),
    foreign key (business_id, contact_id) references contacts on delete cascade
);
alter table contact_attributes enable row level security;
alter table contact_attributes force row level security;
create policy own_business on contact_attributes for all to fidelio_app
    using (business_id = current_business()) with check (business_id = current_business());
create policy every_business on contact_attributes for all to fidelio_worker using (true) with check (true);
grant select, insert, update, delete on contact_attributes to fidelio_app, fidelio_worker;
