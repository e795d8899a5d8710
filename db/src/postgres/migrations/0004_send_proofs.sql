-- Late proof still settles a send that was given up as unknown; those are few and looked at by time.
create index sends_given_up on sends (sending_at) where status = 'unknown_final';
