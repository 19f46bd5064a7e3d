-- The most similar names come nearest first out of this index, however many share some letters with the one that is asked for.
create extension if not exists btree_gist;
create index mt_doc_leadview_idx_similar on mt_doc_leadview using gist (tenant_id, (data ->> 'name') gist_trgm_ops (siglen = 32))
    where data ->> 'name' is not null;

-- An index of parts also answers to a whole value, and then reads half of itself: with lower() it is asked for parts only, and the primary key
-- keeps serving the writer.
drop index contact_point_value_part;
create index contact_point_value_part on contact_point using gin (lower(value) gin_trgm_ops);
