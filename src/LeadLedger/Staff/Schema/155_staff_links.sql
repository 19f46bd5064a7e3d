-- The key that signs links in alerts. Made once by the first process that needs it; every process uses the same.
create table staff_link_key (
    is_only boolean primary key default true check (is_only),
    key bytea not null
);

-- Suggested pairs that somebody wants to decide later, and until when they stay out of the way.
create table merge_suggestion_put_off (
    tenant_id varchar(40) not null,
    lead_id uuid not null,
    other_id uuid not null,
    until timestamptz not null,
    actor varchar(200) not null,
    primary key (tenant_id, lead_id, other_id)
);

-- What waits for a person: few rows among many.
create index mt_doc_leadview_idx_suggestions on mt_doc_leadview (tenant_id, (data ->> 'lastInquiryAt') desc)
    where data -> 'mergeSuggestions' <> '[]'::jsonb and data ->> 'mergedInto' is null;

create index mt_doc_leadview_idx_held on mt_doc_leadview (tenant_id, (data ->> 'lastInquiryAt'))
    where data ->> 'optOutHeld' = 'true' and data ->> 'mergedInto' is null;
