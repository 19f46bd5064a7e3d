-- A hold that is derived from a stream names it, so that verify and rebuild know which rows are theirs to judge. The probe is the one
-- work item that may pass while the rest waits.
alter table sending_hold add column stream_id uuid null, add column probe uuid null;

create function is_held(tenant varchar, leaves_through varchar, work uuid) returns boolean
language sql stable parallel safe
return leaves_through is not null and exists (
    select 1 from sending_hold h
    where h.tenant_id in (tenant, '*') and h.probe is distinct from work
      and (h.scope = '*' or h.scope = leaves_through or starts_with(leaves_through, h.scope || ':')));
