-- How far each provider account has been swept for webhooks that never came. Whoever moves next_at on does the sweep of that interval.
create table provider_sweep (
    account_sid varchar not null,
    next_at timestamptz not null,
    swept_until timestamptz not null,
    fence bigint not null,
    last_success_at timestamptz null,
    last_problem varchar null,
    constraint provider_sweep_pkey primary key (account_sid)
);

-- What each sweep of an interval came to, by business: what had arrived by itself and what only the sweep found.
create table sweep_report (
    tenant_id varchar not null,
    account_sid varchar not null,
    swept_at timestamptz not null,
    from_at timestamptz not null,
    until_at timestamptz not null,
    calls_arrived int not null,
    calls_found int not null,
    messages_arrived int not null,
    messages_found int not null,
    problem varchar null,
    constraint sweep_report_pkey primary key (tenant_id, swept_at, account_sid)
);
