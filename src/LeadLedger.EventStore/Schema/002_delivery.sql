-- Receipts: one row per authentic delivery, kept raw with its outcome. The key is permanent, so a replay is known for ever.
create table inbox (
    tenant_id varchar not null,
    source varchar not null,
    dedupe_key varchar not null,
    received_at timestamptz not null,
    content_type varchar null,
    query varchar null,
    body bytea not null,
    body_sha256 bytea not null,
    headers jsonb not null,
    outcome varchar not null,
    answer jsonb null,
    problem varchar null,
    stream_id uuid null,
    replays int not null default 0,
    constraint inbox_pkey primary key (tenant_id, source, dedupe_key)
);

create index inbox_quarantined on inbox (tenant_id, received_at, source, dedupe_key) where outcome = 'quarantined';

-- Gate rows: one per contact point of a business, locked before deciding and before sending.
create table contact_point (
    tenant_id varchar not null,
    kind varchar not null,
    value varchar collate "C" not null,
    data jsonb not null,
    streams uuid[] not null default '{}',
    constraint contact_point_pkey primary key (tenant_id, kind, value)
) with (fillfactor = 70);

-- The audit trail: one narrow row per event; the sentence is rendered when it is read.
create table audit_trail (
    tenant_id varchar not null,
    stream_id uuid not null,
    version bigint not null,
    at timestamptz not null,
    actor varchar not null,
    kind varchar not null,
    cause varchar null,
    contact_point varchar null,
    constraint audit_trail_pkey primary key (tenant_id, stream_id, version)
);

-- Work items. Scheduled work is a row that is not yet due.
create table outbox (
    id uuid not null,
    tenant_id varchar not null,
    stream_id uuid null,
    kind varchar not null,
    effect_key varchar not null,
    lane varchar null,
    state varchar not null,
    due_at timestamptz not null,
    not_after timestamptz null,
    fence bigint not null default 0,
    lease_until timestamptz null,
    attempts int not null default 0,
    body jsonb not null,
    provider_id varchar null,
    last_error varchar null,
    created_at timestamptz not null,
    finished_at timestamptz null,
    constraint outbox_pkey primary key (id),
    constraint outbox_effect_key unique (tenant_id, effect_key)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

create index outbox_due on outbox (due_at, id) where state = 'pending';
create index outbox_leased on outbox (lease_until) where state in ('claimed', 'calling');
create index outbox_lane on outbox (tenant_id, lane, id) where finished_at is null and lane is not null;
create index outbox_listed on outbox (tenant_id, id);

-- What happened to each attempt, append only. A token names an attempt in the provider's callback.
create table outbox_attempt (
    outbox_id uuid not null,
    fence bigint not null,
    step varchar not null,
    tenant_id varchar not null,
    token varchar null,
    at timestamptz not null,
    outcome varchar not null,
    detail varchar null,
    constraint outbox_attempt_pkey primary key (outbox_id, fence, step)
);

create unique index outbox_attempt_token on outbox_attempt (token) where token is not null;
