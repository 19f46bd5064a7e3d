-- The processes on this database: what each last said of the webhooks it keeps on its own disk. Times are the database's own.
create table node (
    id uuid not null,
    spool uuid not null,
    started_at timestamptz not null,
    last_seen timestamptz not null,
    spool_depth bigint not null,
    constraint node_pkey primary key (id)
);
