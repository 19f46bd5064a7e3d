-- The inline views: one document per stream, written from its folded state in the transaction that appends.
create extension if not exists pg_trgm;

create table mt_doc_leadview (
    tenant_id varchar not null default '*DEFAULT*',
    id uuid not null,
    data jsonb not null,
    mt_last_modified timestamptz default transaction_timestamp(),
    mt_dotnet_type varchar,
    mt_version bigint not null default 0,
    constraint pkey_mt_doc_leadview_tenant_id_id primary key (tenant_id, id)
) with (fillfactor = 80);

-- The list, newest inquiry first; instants are text of one width, so text order is time order.
create index mt_doc_leadview_idx_recent on mt_doc_leadview (tenant_id, (data ->> 'lastInquiryAt') desc, id desc);

create index mt_doc_leadview_idx_open_task on mt_doc_leadview (tenant_id, (data -> 'task' ->> 'dueAt'), id)
    where data -> 'task' is not null and data -> 'task' ->> 'closedAt' is null;

create index mt_doc_leadview_idx_name on mt_doc_leadview using gin ((data ->> 'name') gin_trgm_ops)
    where data ->> 'name' is not null;

-- Search by any part of a number or address goes over the gate rows, which are few and rarely change.
create index contact_point_value_part on contact_point using gin (value gin_trgm_ops);

create table mt_doc_callrecord (
    tenant_id varchar not null default '*DEFAULT*',
    id uuid not null,
    data jsonb not null,
    mt_last_modified timestamptz default transaction_timestamp(),
    mt_dotnet_type varchar,
    mt_version bigint not null default 0,
    constraint pkey_mt_doc_callrecord_tenant_id_id primary key (tenant_id, id)
) with (fillfactor = 80);
