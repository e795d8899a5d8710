-- State of the product. Every business-owned table has a business_id, row security enabled AND forced; the application
-- role sees only the business set for its transaction. Roles (fidelio_app, fidelio_worker, fidelio_auth) exist already.

create schema if not exists auth;

-- The business a transaction speaks for; null when none is set, which matches no row.
create function current_business() returns uuid language sql stable
as $$ select nullif(current_setting('fidelio.business_id', true), '')::uuid $$;

create table businesses (
    id              uuid primary key,
    name            text not null check (length(name) between 1 and 120),
    slug            text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    time_zone       text not null,
    currency        text not null check (currency ~ '^[A-Z]{3}$'),
    locale          text not null default 'en',
    episode_gap_hours integer not null default 24 check (episode_gap_hours between 1 and 168),
    is_demo         boolean not null default false,
    next_contact_id bigint not null default 1,          -- dense UInt32 per business, for bitmaps
    -- derived facts were built for this zone; the derive job rebuilds when it differs from time_zone
    derived_time_zone text not null,
    created_at      timestamptz not null default now()
);

create table meta_apps (
    id              uuid primary key,
    business_id     uuid references businesses on delete cascade,   -- null: the operator's, shared by many businesses
    app_id          text not null unique,
    name            text not null,
    verify_token    text not null,
    secrets         jsonb not null,                      -- enveloped, newest first; several during rotation
    created_at      timestamptz not null default now()
);

create table channel_accounts (
    id              uuid primary key,
    business_id     uuid not null references businesses on delete cascade,
    channel         text not null check (channel in ('messenger', 'instagram', 'whatsapp', 'webhook', 'sandbox')),
    external_id     text not null,                       -- Page id; for webhook and sandbox the account's own id
    name            text not null,
    meta_app_id     uuid references meta_apps,
    secrets         jsonb not null default '[]',         -- enveloped signing secrets, newest first
    access_token    jsonb,                               -- enveloped
    human_app_ids   text[] not null default '{}',        -- apps the business marked as human tools
    status          text not null default 'connected' check (status in ('connected', 'token_broken', 'disconnected')),
    last_event_at   timestamptz,
    created_at      timestamptz not null default now(),
    unique (channel, external_id)                        -- one Page cannot be claimed by two businesses
);
create index on channel_accounts (business_id);

create table contacts (
    business_id     uuid not null references businesses on delete cascade,
    id              bigint not null,
    display_name    text,
    locale          text,
    time_zone       text,
    created_at      timestamptz not null default now(),
    primary key (business_id, id)
);

create table contact_identities (
    business_id     uuid not null,
    namespace       text not null,
    value           text not null,
    contact_id      bigint not null,
    created_at      timestamptz not null default now(),
    primary key (business_id, namespace, value),
    foreign key (business_id, contact_id) references contacts on delete cascade
);
create index on contact_identities (business_id, contact_id);

-- One row per (account, contact): derived from events shortly after they are stored, so it can only lag on the safe side.
create table threads (
    business_id     uuid not null,
    account_id      uuid not null references channel_accounts on delete cascade,
    contact_id      bigint not null,
    last_inbound_at timestamptz,                         -- opens the 24-hour window
    last_message_at timestamptz not null,
    last_text       text not null default '',
    last_role       text not null,
    waiting_since   timestamptz,                         -- opening of the open spell, null when nobody waits
    message_count   integer not null default 0,
    primary key (business_id, account_id, contact_id),
    foreign key (business_id, contact_id) references contacts on delete cascade
);
create index on threads (business_id, last_message_at desc, contact_id desc);
create index on threads (business_id, waiting_since) where waiting_since is not null;

-- Append-only proof of every permission given or taken.
create table consent_ledger (
    id              uuid primary key,
    business_id     uuid not null references businesses on delete cascade,
    contact_id      bigint not null,
    channel         text not null,
    topic           text not null,                       -- '*': every topic of the channel (only for revocations)
    action          text not null check (action in ('granted', 'revoked')),
    occurred_at     timestamptz not null,
    recorded_at     timestamptz not null default now(),
    source          text not null,                       -- messenger_optin, stop_word, api, import, person
    actor           text not null default '',            -- person or key that recorded it, '' for the customer
    wording         text not null default '',
    proof           jsonb not null default '{}',
    event_row_id    uuid not null,                       -- identity of the fact: recording it twice is recording it once
    unique (business_id, event_row_id),
    check (topic <> '*' or action = 'revoked')
);
create index on consent_ledger (business_id, contact_id, channel, occurred_at);

-- Current answer per (contact, channel, topic); no row = no permission.
create table consents (
    business_id     uuid not null references businesses on delete cascade,
    contact_id      bigint not null,
    channel         text not null,
    topic           text not null,
    granted         boolean not null,
    since           timestamptz not null,
    ledger_id       uuid not null references consent_ledger,
    primary key (business_id, contact_id, channel, topic)
);
create index on consents (business_id, channel, topic) where granted;

-- Standing reasons not to write to somebody at all (blocked, unreachable, legal hold).
create table exclusions (
    business_id     uuid not null references businesses on delete cascade,
    contact_id      bigint not null,
    channel         text not null,
    reason          text not null check (reason in ('blocked', 'unreachable', 'suppressed')),
    since           timestamptz not null,
    primary key (business_id, contact_id, channel, reason)
);

-- What a channel allows, as dated data: [valid_from, valid_to).
create table permission_rules (
    id              integer primary key generated always as identity,
    channel         text not null,
    basis           text not null,                       -- window, sandbox
    valid_from      timestamptz not null,
    valid_to        timestamptz,
    window_hours    integer,                             -- basis window: hours after the customer's last message
    safety_margin_seconds integer not null default 0,
    note            text not null
);
insert into permission_rules (channel, basis, valid_from, valid_to, window_hours, safety_margin_seconds, note) values
    ('messenger', 'window', '2010-01-01', null, 24, 60, 'Promotional content is allowed for 24 hours after the customer''s last message (protocols.md §3.1).'),
    ('sandbox', 'opt_in', '2010-01-01', null, null, 0, 'The sandbox channel allows a message to whoever opted in, at any time.');

create table business_hours (
    business_id     uuid not null references businesses on delete cascade,
    valid_from      date not null,
    weekly          jsonb not null,                      -- {"mon":[["09:00","12:30"],["14:00","18:00"]],…}
    holidays        jsonb not null default '[]',         -- ["2026-12-25",…]
    primary key (business_id, valid_from)
);

create table campaigns (
    id              uuid primary key,
    business_id     uuid not null references businesses on delete cascade,
    name            text not null check (length(name) between 1 and 120),
    channel         text not null,
    account_id      uuid not null references channel_accounts,
    topic           text not null,
    message_text    text not null,                       -- Liquid, ≤ 2000 characters rendered
    audience        jsonb not null default '{}',         -- {"wroteWithinDays":90,"orderedWithinDays":…,"minOrders":…}
    holdout_percent numeric(4, 1) not null default 10 check (holdout_percent between 0 and 50),
    conversion_days integer not null default 7 check (conversion_days between 1 and 90),
    status          text not null default 'draft'
                    check (status in ('draft', 'scheduled', 'planning', 'sending', 'done', 'cancelled', 'held', 'missed')),
    status_reason   text not null default '',
    assignment_key  bytea not null,                      -- key of the holdout hash, fixed at creation
    scheduled_at    timestamptz,
    offer_ends_at   timestamptz,
    planned_at      timestamptz,
    finished_at     timestamptz,
    version         integer not null default 1,
    created_by      text not null default '',
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now()
);
create index on campaigns (business_id, created_at desc, id desc);
create index on campaigns (status, scheduled_at);

-- Outbox, queue, audit and experiment log in one: one row per person a campaign looked at, sent or not.
create table sends (
    id              uuid not null unique,
    business_id     uuid not null references businesses on delete cascade,
    campaign_id     uuid not null references campaigns on delete cascade,
    contact_id      bigint not null,
    step            smallint not null default 0,
    account_id      uuid not null,
    recipient       text not null default '',            -- the channel's id of the person
    arm             text not null default '' check (arm in ('', 'treatment', 'holdout')),
    status          text not null check (status in ('excluded', 'holdout', 'planned', 'claimed', 'sending', 'accepted',
                        'rejected', 'unknown', 'unknown_final', 'withdrawn', 'held')),
    reason          text not null default '',            -- exclusion, withdrawal or failure reason from closed lists in core
    attempt         integer not null default 0,          -- fence: only the holder of the current attempt may write
    lease_owner     text not null default '',
    lease_until     timestamptz,
    not_before      timestamptz,
    message_id      text not null default '',
    error_code      text not null default '',
    planned_at      timestamptz not null default now(),
    sending_at      timestamptz,                         -- committed before the provider is called
    sent_at         timestamptz,
    updated_at      timestamptz not null default now(),
    facts_dirty     boolean not null default true,       -- not yet copied to ClickHouse send_facts
    primary key (business_id, campaign_id, contact_id, step)
);
create index sends_claimable on sends (campaign_id, contact_id) where status in ('planned', 'claimed');
create index sends_unresolved on sends (sending_at) where status in ('sending', 'unknown');
create index sends_dirty on sends (business_id) where facts_dirty;
create index sends_by_message on sends (business_id, message_id) where message_id <> '';

-- A due slot is a primary key: whoever inserts it acts.
create table slots (
    key             text primary key,
    taken_by        text not null,
    taken_at        timestamptz not null default now(),
    done_at         timestamptz,
    outcome         text not null default ''
);

-- Raw requests accepted while ClickHouse could not take them; drained in order with the same identities.
create table inbox (
    id              bigint primary key generated always as identity,
    received_at     timestamptz not null,
    events          jsonb not null,                      -- finished event rows, so that draining needs no second parse
    attempts        integer not null default 0,
    last_error      text not null default ''
);

-- Signed bodies for accounts nobody has connected yet (protocols.md §0 "Tenant key").
create table parked_events (
    id              uuid primary key,
    channel         text not null,
    external_id     text not null,
    meta_app_id     uuid references meta_apps,
    received_at     timestamptz not null,
    raw             text not null
);
create index on parked_events (channel, external_id);

-- Elements that could not be understood or stored, kept with the reason.
create table failed_events (
    id              uuid primary key,
    business_id     uuid references businesses on delete cascade,
    account_id      uuid,
    channel         text not null,
    reason          text not null,
    detail          text not null default '',
    raw             text not null,
    attempts        integer not null default 1,
    received_at     timestamptz not null
);
create index on failed_events (business_id, received_at desc);

-- Progress of the derive jobs.
create table derive_cursors (
    name            text primary key,
    position        timestamptz not null,
    updated_at      timestamptz not null default now()
);
