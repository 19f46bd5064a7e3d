-- Documents, webhooks and work are compressed by the database when a row passes 2 kB. With lz4 that costs a fraction of the time, and each
-- index on a document unpacks it once more for every write. Only new values change; a server built without lz4 keeps its own way.
do $$
declare
    large record;
begin
    for large in
        select c.oid::regclass as of_table, a.attname as of_column
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attstorage = 'x'
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
          and c.relname in ('mt_events', 'inbox', 'contact_point', 'outbox', 'mt_doc_leadview', 'mt_doc_callrecord')
          and a.atttypid in ('jsonb'::regtype, 'bytea'::regtype)
    loop
        execute format('alter table %s alter column %I set compression lz4', large.of_table, large.of_column);
    end loop;
exception
    when feature_not_supported then
        raise notice 'This server has no lz4.';
end $$;
