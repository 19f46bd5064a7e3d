-- What a business's automation is doing: one document for each business, of the pauses in force.
create table mt_doc_operations (
    tenant_id varchar not null default '*DEFAULT*',
    id uuid not null,
    data jsonb not null,
    mt_last_modified timestamptz default transaction_timestamp(),
    mt_dotnet_type varchar,
    mt_version bigint not null default 0,
    constraint pkey_mt_doc_operations_tenant_id_id primary key (tenant_id, id)
) with (fillfactor = 80);

-- What waits under a scope, for the list of pauses and for the next probe.
create index outbox_waiting on outbox (tenant_id, scope, due_at, id) where state = 'pending' and scope is not null;
