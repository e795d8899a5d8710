-- Many tenants: what each may send in, what became of what it sent, and how its accounts are.

-- What one business may send in. No row: the limits every process starts with (services/ingest/src/limits.ts).
create table intake_quotas (
    business_id     uuid primary key references businesses on delete cascade,
    events_per_second integer check (events_per_second between 1 and 1000000),     -- null: the default
    burst_events    integer check (burst_events between 1 and 100000000),          -- null: the default
    events_per_day  bigint check (events_per_day >= 1),                            -- UTC days; null: no limit
    updated_at      timestamptz not null default now()
);

-- What did not become an event, by hour, account and reason; and what was let in, by hour, for the daily quota. Processes
-- add what they counted every few seconds: a killed one takes the last seconds' counts with it, never an event.
create table intake_counters (
    business_id     uuid not null references businesses on delete cascade,
    account_id      uuid not null,                       -- nil: /v1/events, or the whole business
    hour            timestamptz not null,
    outcome         text not null check (outcome in ('admitted', 'dropped', 'failed', 'deferred', 'refused')),
    reason          text not null default '',            -- word of ingest's closed list
    events          bigint not null,
    primary key (business_id, account_id, hour, outcome, reason)
);
create index intake_counters_admitted on intake_counters (business_id, hour) where outcome = 'admitted';

-- Parts of Meta bodies that came above their business's quota: acknowledged, and worked off at the pace of the quota.
create table deferred_events (
    id              uuid primary key,                    -- identity of the bytes: a redelivery waits once
    business_id     uuid not null references businesses on delete cascade,
    account_id      uuid not null,
    channel         text not null,
    meta_app_id     uuid not null,                       -- the app that signed it
    events          integer not null,
    received_at     timestamptz not null,
    raw             text not null
);
create index on deferred_events (business_id, received_at, id);

alter table channel_accounts
    add column first_signed_at  timestamptz,             -- the first body that was signed as it should
    add column first_message_at timestamptz,             -- the first message of a person
    add column silence_factor   numeric(5, 1) check (silence_factor between 1 and 1000),    -- null: the default
    add column subscription_asked_at   timestamptz,      -- somebody wants to know now
    add column subscription_checked_at timestamptz,
    add column subscription     text not null default ''
                                check (subscription in ('', 'subscribed', 'missing', 'token_broken', 'unavailable'));
create index channel_accounts_subscription on channel_accounts (subscription_checked_at nulls first)
    where channel in ('messenger', 'instagram');
alter table meta_apps add column handshake_at timestamptz;          -- Meta proved that it knows the verify token

do $$
declare t text;
begin
  foreach t in array array['intake_quotas', 'intake_counters', 'deferred_events']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    -- A business reads its own; only the worker writes, for nobody raises their own quota or edits their own counts.
    execute format('create policy own_business on %I for select to fidelio_app using (business_id = current_business())', t);
    execute format('create policy every_business on %I for all to fidelio_worker using (true) with check (true)', t);
    execute format('grant select on %I to fidelio_app', t);
    execute format('grant select, insert, update, delete on %I to fidelio_worker', t);
  end loop;
end $$;
