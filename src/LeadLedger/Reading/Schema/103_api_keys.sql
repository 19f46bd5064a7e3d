-- API keys by the hash of the key; the key itself is shown once, when it is made.
create table api_key (
    id uuid not null,
    name varchar not null,
    role varchar not null check (role in ('staff', 'auditor', 'admin')),
    tenant_id varchar null,
    key_sha256 varchar not null,
    created_at timestamptz not null,
    revoked_at timestamptz null,
    constraint api_key_pkey primary key (id),
    constraint api_key_sha256 unique (key_sha256)
);
