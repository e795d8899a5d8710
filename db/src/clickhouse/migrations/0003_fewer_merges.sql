-- A merge takes twice as many parts as by default before it is worth its work: every row is then rewritten about half as
-- often, for a handful more parts at any time. Group commits of a flood are small parts, and merging them took as much
-- processor time as inserting them.
alter table events modify setting merge_selector_base = 10;

alter table spells modify setting merge_selector_base = 10;

alter table activity modify setting merge_selector_base = 10;
