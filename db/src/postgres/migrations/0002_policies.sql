-- Who may see which row. One file, so that it can be read in one go.
--   fidelio_app     sees one business per transaction: the one in fidelio.business_id
--   fidelio_worker  ingest routing, scheduler and derive jobs: all businesses, by explicit policy
--   fidelio_auth    the sign-in library's own schema and nothing else (0003_auth.sql)

grant usage on schema public to fidelio_app, fidelio_worker;
grant execute on function current_business() to fidelio_app, fidelio_worker;

do $$
declare t text;
begin
  -- Tables owned by one business: the app role works on its own rows, the worker on all.
  foreach t in array array['channel_accounts', 'contacts', 'contact_identities', 'threads', 'consents', 'exclusions',
                           'business_hours', 'campaigns', 'sends']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy own_business on %I for all to fidelio_app using (business_id = current_business()) with check (business_id = current_business())', t);
    execute format('create policy every_business on %I for all to fidelio_worker using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to fidelio_app, fidelio_worker', t);
  end loop;
end $$;

-- The ledger is append-only for everybody.
alter table consent_ledger enable row level security;
alter table consent_ledger force row level security;
create policy own_business on consent_ledger for all to fidelio_app using (business_id = current_business()) with check (business_id = current_business());
create policy every_business on consent_ledger for all to fidelio_worker using (true) with check (true);
grant select, insert on consent_ledger to fidelio_app, fidelio_worker;

-- A business sees and changes itself; only the worker creates or removes one (on the operator's or a new owner's behalf).
alter table businesses enable row level security;
alter table businesses force row level security;
create policy own_business on businesses for all to fidelio_app using (id = current_business()) with check (id = current_business());
create policy every_business on businesses for all to fidelio_worker using (true) with check (true);
grant select, update on businesses to fidelio_app;
grant select, insert, update, delete on businesses to fidelio_worker;

alter table failed_events enable row level security;
alter table failed_events force row level security;
create policy own_business on failed_events for select to fidelio_app using (business_id = current_business());
create policy every_business on failed_events for all to fidelio_worker using (true) with check (true);
grant select on failed_events to fidelio_app;
grant select, insert, update, delete on failed_events to fidelio_worker;

alter table meta_apps enable row level security;
alter table meta_apps force row level security;
create policy own_business on meta_apps for all to fidelio_app using (business_id = current_business()) with check (business_id = current_business());
create policy every_business on meta_apps for all to fidelio_worker using (true) with check (true);
grant select, insert, update, delete on meta_apps to fidelio_app, fidelio_worker;

-- Tables without a business: the worker's alone.
grant select, insert, update, delete on slots, inbox, parked_events, derive_cursors to fidelio_worker;
grant select on permission_rules to fidelio_app, fidelio_worker;
