-- People who sign in to the pages, and what they looked at. No facts of leads are here.
create table staff_user (
    id uuid primary key,
    login varchar(100) not null,
    name varchar(200) not null,
    role varchar(10) not null check (role in ('owner', 'staff', 'auditor')),
    tenant_id varchar(40),
    password_hash varchar(500),
    totp_secret bytea,
    totp_step bigint,
    created_at timestamptz not null,
    disabled_at timestamptz
);
create unique index staff_user_login on staff_user (lower(login));

-- Reference tokens: only their SHA-256 is stored, and ending one ends it on every process at once.
create table staff_session (
    token_sha256 varchar(64) primary key,
    user_id uuid not null references staff_user (id),
    created_at timestamptz not null,
    seen_at timestamptz not null,
    ends_at timestamptz not null,
    ended_at timestamptz
);
create index staff_session_user on staff_session (user_id) where ended_at is null;

create table staff_sign_in_link (
    token_sha256 varchar(64) primary key,
    user_id uuid not null references staff_user (id),
    created_at timestamptz not null,
    ends_at timestamptz not null,
    used_at timestamptz
);

-- Failed attempts by who tried and from where, so that guessing one account slows the guesser down and locks nobody else out.
create table staff_sign_in_failure (
    key varchar(200) primary key,
    failures integer not null,
    wait_until timestamptz not null,
    last_at timestamptz not null
);

create table staff_security_event (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    tenant_id varchar(40),
    actor varchar(200) not null,
    kind varchar(40) not null,
    detail varchar(500) not null
);
create index staff_security_event_at on staff_security_event (at desc);

-- Who looked at which lead, when and what for; apart from the lead's own stream.
create table lead_view (
    id bigint generated always as identity primary key,
    tenant_id varchar(40) not null,
    lead_id uuid not null,
    at timestamptz not null,
    actor varchar(200) not null,
    what varchar(40) not null,
    reason varchar(500)
);
create index lead_view_lead on lead_view (tenant_id, lead_id, id desc);
create index lead_view_tenant on lead_view (tenant_id, id desc);

-- Until when a session of an auditor sees one lead's personal data, and why.
create table lead_unmasking (
    token_sha256 varchar(64) not null references staff_session (token_sha256),
    tenant_id varchar(40) not null,
    lead_id uuid not null,
    at timestamptz not null,
    ends_at timestamptz not null,
    reason varchar(500) not null,
    primary key (token_sha256, tenant_id, lead_id)
);
