-- What a work item leaves the building through, such as text:+13125550100 or crm:hubspot; null for work that stays inside.
alter table outbox add column scope varchar null;

-- Scopes that are held: rows under them stay pending until the hold is gone. '*' stands for every business, or everything that leaves.
create table sending_hold (
    tenant_id varchar not null,
    scope varchar not null,
    reason varchar not null,
    since timestamptz not null,
    set_by varchar not null,
    constraint sending_hold_pkey primary key (tenant_id, scope)
);
