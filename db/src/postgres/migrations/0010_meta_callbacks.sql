-- What Meta asks on behalf of people who leave, and the second secret of apps that use Instagram Login (protocols.md §1.2, §10).

-- Bodies of Instagram Login are signed with another secret than the Facebook app's; both are the same owner's.
alter table meta_apps add column instagram_secrets jsonb not null default '[]';      -- enveloped, newest first

-- One row per app, person and kind: Meta asks again when it is not sure that we heard, and gets the same code.
-- The person's id is scoped to the app. It names nobody who writes to a Page: their ids are others, and Meta tells no link.
create table meta_callbacks (
    id              uuid primary key,                    -- identity of (app, kind, person)
    business_id     uuid references businesses on delete cascade,   -- the app's owner; null: the operator's shared app
    meta_app_id     uuid references meta_apps on delete set null,
    kind            text not null check (kind in ('deauthorise', 'data_deletion')),
    user_id         text not null,                       -- app-scoped
    code            text not null unique,                -- opens the status page; random, so that nobody can try them out
    issued_at       timestamptz,                         -- as Meta dated the newest one
    requested_at    timestamptz not null,
    last_requested_at timestamptz not null,
    requests        integer not null default 1
);
create index on meta_callbacks (business_id);
create index on meta_callbacks (meta_app_id);

-- People who are known under the app-scoped id after all, because a business told it (namespace app_scoped:<app id>).
create table deletion_matches (
    callback_id     uuid not null references meta_callbacks on delete cascade,
    business_id     uuid not null references businesses on delete cascade,
    contact_id      bigint not null,
    matched_at      timestamptz not null,
    erased_at       timestamptz,                         -- set by whoever erases the person
    primary key (callback_id, business_id, contact_id)
);
create index on deletion_matches (business_id);

do $$
declare t text;
begin
  foreach t in array array['meta_callbacks', 'deletion_matches']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy own_business on %I for select to fidelio_app using (business_id = current_business())', t);
    execute format('create policy every_business on %I for all to fidelio_worker using (true) with check (true)', t);
    execute format('grant select on %I to fidelio_app', t);
    execute format('grant select, insert, update, delete on %I to fidelio_worker', t);
  end loop;
end $$;
