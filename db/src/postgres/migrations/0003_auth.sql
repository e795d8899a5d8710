-- The sign-in library's own tables (better-auth 1.7.5: core, organisation, magic link, API keys). The library finds rows by
-- itself and cannot set a business per transaction, so there is no row security here; instead no role but fidelio_auth
-- reaches this schema, and nothing outside services/api asks it. Definitions for the library: postgres/auth-schema.ts.

grant usage on schema auth to fidelio_auth;

-- People who can sign in. One person may belong to several businesses.
create table auth."user" (
    id                  text primary key,
    name                text not null,
    email               text not null unique,
    email_verified      boolean not null default false,
    image               text,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now()
);

create table auth.session (
    id                  text primary key,
    token               text not null unique,
    user_id             text not null references auth."user" on delete cascade,
    expires_at          timestamptz not null,
    ip_address          text,
    user_agent          text,
    active_organization_id text,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now()
);
create index on auth.session (user_id);

-- Other ways of signing in (passwords, OIDC providers); empty while sign-in is by link only.
create table auth.account (
    id                  text primary key,
    account_id          text not null,
    provider_id         text not null,
    user_id             text not null references auth."user" on delete cascade,
    access_token        text,
    refresh_token       text,
    id_token            text,
    access_token_expires_at timestamptz,
    refresh_token_expires_at timestamptz,
    scope               text,
    password            text,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now()
);
create index on auth.account (user_id);

-- Sign-in links, hashed, used up by the first visit.
create table auth.verification (
    id                  text primary key,
    identifier          text not null,
    value               text not null,
    expires_at          timestamptz not null,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now()
);
create index on auth.verification (identifier);

-- An organisation is a business: its id is the business's uuid as text.
create table auth.organization (
    id                  text primary key,
    name                text not null,
    slug                text not null unique,
    logo                text,
    metadata            text,
    created_at          timestamptz not null default now()
);

create table auth.member (
    id                  text primary key,
    organization_id     text not null references auth.organization on delete cascade,
    user_id             text not null references auth."user" on delete cascade,
    role                text not null,
    created_at          timestamptz not null default now(),
    unique (organization_id, user_id)
);
create index on auth.member (user_id);

create table auth.invitation (
    id                  text primary key,
    organization_id     text not null references auth.organization on delete cascade,
    email               text not null,
    role                text,
    status              text not null default 'pending',
    expires_at          timestamptz not null,
    inviter_id          text references auth."user" on delete set null,  -- null: the operator or a key
    created_at          timestamptz not null default now()
);
create index on auth.invitation (organization_id);
create index on auth.invitation (email) where status = 'pending';

-- Keys of businesses: reference_id is the business's uuid as text. Only a hash of the key is stored.
create table auth.apikey (
    id                  text primary key,
    config_id           text not null default 'default',
    name                text,
    start               text,
    prefix              text,
    key                 text not null,
    reference_id        text not null,
    refill_interval     integer,
    refill_amount       integer,
    last_refill_at      timestamptz,
    enabled             boolean not null default true,
    rate_limit_enabled  boolean not null default false,
    rate_limit_time_window integer,
    rate_limit_max      integer,
    request_count       integer not null default 0,
    remaining           integer,
    last_request        timestamptz,
    expires_at          timestamptz,
    permissions         text,
    metadata            text,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now()
);
create index on auth.apikey (key);
create index on auth.apikey (reference_id);

grant select, insert, update, delete on all tables in schema auth to fidelio_auth;
