-- The event tables, column for column as Marten 9 makes them for guid streams, conjoined tenancy and
-- headers, causation and correlation id enabled. Nothing of ours is added to them.
create table mt_streams (
    tenant_id varchar not null default '*DEFAULT*',
    id uuid not null,
    type varchar null,
    version bigint,
    timestamp timestamptz not null default now(),
    created timestamptz not null default now(),
    is_archived bool default false,
    constraint pkey_mt_streams_tenant_id_id primary key (tenant_id, id)
);

create sequence mt_events_sequence;

create table mt_events (
    seq_id bigint not null,
    id uuid not null,
    stream_id uuid,
    version bigint not null,
    data jsonb not null,
    bdata bytea null,
    type varchar(500) not null,
    timestamp timestamptz not null default now(),
    tenant_id varchar default '*DEFAULT*',
    mt_dotnet_type varchar null,
    correlation_id varchar null,
    causation_id varchar null,
    headers jsonb null,
    is_archived bool default false,
    constraint pkey_mt_events_seq_id primary key (seq_id),
    constraint fkey_mt_events_stream_id_tenant_id foreign key (tenant_id, stream_id)
        references mt_streams (tenant_id, id)
);

alter sequence mt_events_sequence owned by mt_events.seq_id;

-- The concurrency check: a second writer of the same version fails here with 23505.
create unique index pk_mt_events_stream_and_version on mt_events (tenant_id, stream_id, version);
