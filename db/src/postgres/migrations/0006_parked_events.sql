-- A business that removes its Meta app must be able to: what was parked under its signature stays, without the app.
alter table parked_events drop constraint parked_events_meta_app_id_fkey;
alter table parked_events add constraint parked_events_meta_app_id_fkey
    foreign key (meta_app_id) references meta_apps on delete set null;
create index parked_events_by_app on parked_events (meta_app_id) where meta_app_id is not null;

-- Parked entries are bounded per account, the newest kept (records/parked-events.ts).
drop index parked_events_channel_external_id_idx;
create index parked_events_newest on parked_events (channel, external_id, received_at desc, id desc);
