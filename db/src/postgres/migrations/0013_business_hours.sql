-- Hours are dated versions (valid_from); what a version said on days that are over stays. When it was written down is
-- kept beside it, so that nobody wonders which hours a figure of last month was judged by.
alter table business_hours add column set_at timestamptz not null default now();

-- What a business promises: a first answer within so many seconds, on the wall clock or in its opening hours. Dated like
-- the hours: a wait is judged by the promise valid on the local day it began; null withdraws the promise from that day on.
create table response_targets (
    business_id     uuid not null references businesses on delete cascade,
    valid_from      date not null,
    within_seconds  integer check (within_seconds between 60 and 2592000),
    clock           text not null check (clock in ('elapsed', 'business_hours')),
    set_at          timestamptz not null default now(),
    primary key (business_id, valid_from)
);
alter table response_targets enable row level security;
alter table response_targets force row level security;
create policy own_business on response_targets for all to fidelio_app
    using (business_id = current_business()) with check (business_id = current_business());
create policy every_business on response_targets for all to fidelio_worker using (true) with check (true);
grant select, insert, update, delete on response_targets to fidelio_app, fidelio_worker;
