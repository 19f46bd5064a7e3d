-- Which server this ledger was last worked on, and how often a service was started on it. A copy, a restored backup or a promoted
-- replica has another system identifier or timeline; a database put back to an earlier state has counted fewer starts.
create table server_seen (
    only_row boolean not null default true constraint server_seen_pkey primary key constraint server_seen_single check (only_row),
    ledger_id uuid not null default gen_random_uuid(),
    system_identifier varchar null,
    timeline int null,
    starts bigint not null default 0,
    seen_at timestamptz null
);

insert into server_seen default values;

-- What was done to sending as a whole, by whom and why; append only.
create table operation (
    id bigint generated always as identity constraint operation_pkey primary key,
    at timestamptz not null,
    actor varchar not null,
    kind varchar not null,
    reason varchar not null,
    doubtful bigint null
);

-- Rows from before scopes existed leave through these.
update outbox set scope = 'text:' || (body->>'from') where scope is null and kind = 'send_sms' and finished_at is null;
update outbox set scope = 'alert:sms:' || coalesce(body->>'from', '') where scope is null and kind = 'alert_sms' and finished_at is null;
update outbox set scope = 'alert:email' where scope is null and kind = 'alert_email' and finished_at is null;
update outbox set scope = 'alert:channel' where scope is null and kind = 'alert_channel' and finished_at is null;
update outbox set scope = 'crm:' || (body->>'target') where scope is null and kind = 'mirror_lead' and finished_at is null;

-- Gives a row to the recovery of abandoned calls: from here it is never sent again, and what is left is to find out whether it was.
create function doubt_outbox_row(row_id uuid, why text, moment timestamptz) returns void language sql as $$
    with doubted as (
        update outbox set state = 'calling', fence = fence + 1, attempts = greatest(attempts, 1), lease_until = moment - interval '1 second',
               last_error = why
        where id = row_id and state in ('pending', 'claimed', 'calling')
        returning id, fence, tenant_id)
    insert into outbox_attempt (outbox_id, fence, step, tenant_id, token, at, outcome, detail)
    select id, fence, 'restored', tenant_id, null, moment, 'unknown', why from doubted;
$$;

-- Closes everything that leaves. What was due by now may have left in the history that is missing here.
create function close_sending_after_restore(why text, moment timestamptz, who text) returns bigint language plpgsql as $$
declare
    doubtful_rows bigint;
begin
    insert into sending_hold (tenant_id, scope, reason, since, set_by) values ('*', '*', why, moment, who)
    on conflict (tenant_id, scope) do update set reason = excluded.reason, since = excluded.since, set_by = excluded.set_by;
    perform doubt_outbox_row(id, why, moment) from outbox
    where state in ('pending', 'claimed', 'calling') and due_at <= moment
      and kind in ('send_sms', 'alert_sms', 'alert_email', 'alert_channel');
    get diagnostics doubtful_rows = row_count;
    insert into operation (at, actor, kind, reason, doubtful) values (moment, who, 'closed_after_restore', why, doubtful_rows);
    return doubtful_rows;
end $$;

-- Compares this server with the one that was seen last; the answer is why sending was closed just now, or null.
create function see_server(moment timestamptz) returns text language plpgsql as $$
declare
    system varchar;
    line int;
    last_system varchar;
    last_line int;
    why text;
begin
    if pg_is_in_recovery() then
        return null;
    end if;

    begin
        select c.system_identifier::varchar into system from pg_control_system() c;
    exception when insufficient_privilege then
        system := 'unknown';
    end;

    line := ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int;
    select s.system_identifier, s.timeline into last_system, last_line from server_seen s;
    if last_system = system and last_line = line then
        return null;
    end if;

    select s.system_identifier, s.timeline into last_system, last_line from server_seen s for update;
    if last_system = system and last_line = line then
        return null;
    end if;

    update server_seen set system_identifier = system, timeline = line, seen_at = moment;
    if last_system is null then
        return null;
    end if;

    why := case when last_system <> system
        then format('The database was moved to another server (system identifier %s, before %s).', system, last_system)
        else format('The database was restored or failed over (timeline %s, before %s).', line, last_line) end;
    perform close_sending_after_restore(why, moment, 'system');
    return why;
end $$;

-- Opens again what a restore or an operator closed; null when it was open. A text that was permitted before a restore was noticed
-- may have left in the missing history, also where it was asked for later.
create function release_sending(why text, moment timestamptz, who text) returns bigint language plpgsql as $$
declare
    closed_at timestamptz;
    restored_at timestamptz;
    doubtful_rows bigint := 0;
begin
    delete from sending_hold where tenant_id = '*' and scope = '*' returning since into closed_at;
    if closed_at is null then
        return null;
    end if;

    select max(o.at) into restored_at from operation o
    where o.kind = 'closed_after_restore'
      and o.id > coalesce((select max(r.id) from operation r where r.kind = 'released'), 0);
    if restored_at is not null then
        perform doubt_outbox_row(o.id, 'asked for before the restore', moment) from outbox o
        where o.kind = 'send_sms' and o.state = 'pending' and o.due_at <= moment
          and exists (
              select 1 from mt_doc_leadview d, jsonb_array_elements(d.data->'messages') m
              where d.tenant_id = o.tenant_id and d.id = o.stream_id and m->>'id' = o.body->>'message'
                and (m->>'permittedAt')::timestamptz < restored_at);
        get diagnostics doubtful_rows = row_count;
    end if;

    insert into operation (at, actor, kind, reason, doubtful) values (moment, who, 'released', why, doubtful_rows);
    return doubtful_rows;
end $$;

-- Names of the secrets that the last start had; never their values.
create table known_secret (name varchar not null constraint known_secret_pkey primary key);
