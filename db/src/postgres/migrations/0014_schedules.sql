-- Schedules (features.md 5.2–5.5, 5.7). A campaign that repeats is a series: each of its runs is a campaign of its own,
-- with its own sends, report and control group, made when its slot comes due and never twice.

alter table campaigns
    add column schedule       jsonb,                     -- {"startLocal","zone","rule","inContactZone","zones"}; null: an instant
    add column series_id      uuid references campaigns on delete cascade, -- the series this one is a run of
    add column slot_local     text not null default '',  -- a run: its wall-clock time; a series: that of the last run made
    add column misfire        text not null default 'ask' check (misfire in ('ask', 'skip', 'send')),
    add column sending_window jsonb;                     -- {"from":"09:00","to":"18:00","weekdays":[1,2,3,4,5]}
create unique index campaigns_run on campaigns (series_id, slot_local) where series_id is not null;

alter table businesses
    add column quiet_hours    jsonb,                     -- {"from":"21:00","to":"08:30"}, hours of the person's own day
    add column frequency_cap  jsonb;                     -- {"messages":2,"days":7}: offers per person over all campaigns

-- Who waits for their hour is passed over without being looked at, however many wait.
create index sends_due on sends (campaign_id, coalesce(not_before, '-infinity'::timestamptz), contact_id)
    where status = 'planned';
-- How many offers a person got lately.
create index sends_by_person on sends (business_id, contact_id, sending_at)
    where status in ('sending', 'accepted', 'unknown', 'unknown_final');
