-- A hold that is derived from a stream names it, so that verify and rebuild know which rows are theirs to judge. The probe is the one
-- work item that may pass while the rest waits.
alter table sending_hold add column stream_id uuid null, add column probe uuid null;
