-- Failed events can be looked at, corrected, replayed and dismissed; who asked for a replay is on record.
alter table failed_events rename column received_at to first_seen_at;
alter table failed_events
    add column last_seen_at   timestamptz not null default now(),
    add column schema_version integer not null default 1,     -- of the parsers that refused it
    add column origin         jsonb not null default '{}',    -- the door it came through, and what a second reading needs
    add column state          text not null default 'open' check (state in ('open', 'replayed', 'dismissed')),
    add column corrected      text,                           -- what a person made of it; null: as it came
    add column run_id         uuid,                           -- the last replay it was part of
    add column queued_at      timestamptz,                    -- set while it waits for that replay
    add column stored_events  integer not null default 0,     -- event rows its replays added
    add column settled_at     timestamptz,
    add column settled_by     text not null default '';
update failed_events set last_seen_at = first_seen_at;
create index failed_events_queued on failed_events (queued_at, id) where queued_at is not null;
create index failed_events_by_run on failed_events (run_id) where queued_at is not null;

-- The app role settles what is its own business's: it never adds rows, and never changes what came in.
create policy own_business_change on failed_events for update to fidelio_app
    using (business_id = current_business()) with check (business_id = current_business());
grant update (state, corrected, run_id, queued_at, settled_at, settled_by) on failed_events to fidelio_app;

-- One row per replay: the request, who made it, and what became of it. Ingest works it off; nobody deletes it.
create table replay_runs (
    id              uuid primary key,
    business_id     uuid references businesses on delete cascade,   -- null: what belongs to nobody, asked by the operator
    kind            text not null check (kind in ('failed', 'parked', 'rebuild')),
    account_id      uuid,                                -- parked: the account that was connected
    requested_by    text not null,
    requested_at    timestamptz not null default now(),
    finished_at     timestamptz,
    matched         integer not null default 0,          -- entries asked for
    done            integer not null default 0,          -- entries worked off
    failed          integer not null default 0,          -- of these, entries that failed again
    stored_events   integer not null default 0,          -- event rows added
    known_events    integer not null default 0,          -- event rows that were there already
    result          jsonb not null default '{}'          -- rebuild: the figures before and after
);
create index replay_runs_newest on replay_runs (business_id, requested_at desc, id desc);
create unique index replay_runs_parked_open on replay_runs (account_id) where kind = 'parked' and finished_at is null;
alter table replay_runs enable row level security;
alter table replay_runs force row level security;
create policy own_business on replay_runs for select to fidelio_app using (business_id = current_business());
create policy own_business_request on replay_runs for insert to fidelio_app with check (business_id = current_business());
create policy every_business on replay_runs for all to fidelio_worker using (true) with check (true);
grant select, insert on replay_runs to fidelio_app;
grant select, insert, update on replay_runs to fidelio_worker;
