-- Lists of the pages that show few leads among many: each is read in its own order, whatever the number of leads beside it.
create index mt_doc_leadview_idx_waiting on mt_doc_leadview (tenant_id, (data ->> 'status'), (data ->> 'lastInquiryAt') desc, id desc)
    where data ->> 'status' in ('received', 'needs_callback');

create index mt_doc_leadview_idx_kind on mt_doc_leadview (tenant_id, (data ->> 'kind'), (data ->> 'lastInquiryAt') desc, id desc)
    where data ->> 'kind' <> 'lead';

create index mt_doc_leadview_idx_opted_out on mt_doc_leadview (tenant_id, (data ->> 'lastInquiryAt') desc, id desc)
    where data ->> 'optedOut' = 'true';

create index mt_doc_leadview_idx_hangup on mt_doc_leadview (tenant_id, (data ->> 'lastInquiryAt') desc, id desc)
    where data ->> 'suspectedHangup' = 'true';

create index mt_doc_leadview_idx_test on mt_doc_leadview (tenant_id, (data ->> 'lastInquiryAt') desc, id desc)
    where data ->> 'testMode' = 'true';

create index mt_doc_leadview_idx_urgent on mt_doc_leadview (tenant_id, (data ->> 'lastInquiryAt') desc, id desc)
    where data -> 'urgentWords' <> '[]'::jsonb and data -> 'task' is not null and data -> 'task' ->> 'closedAt' is null;

-- The lead of a task, open or closed.
create index mt_doc_leadview_idx_task on mt_doc_leadview ((data -> 'task' ->> 'id')) where data -> 'task' is not null;

-- All work of a lead, not only what is unfinished. It leads with the stream for the reason that script 157 gives.
create index outbox_of_lead on outbox (stream_id, id);
drop index outbox_unfinished;

-- What waits for a person, now with what is unconfirmed.
create index outbox_for_somebody on outbox (tenant_id, id) where state in ('parked', 'ambiguous', 'unconfirmed', 'rejected');
drop index outbox_dead;

-- What was not done any more: few rows among those that were.
create index outbox_not_done on outbox (tenant_id, state, id) where state in ('cancelled', 'expired');

-- The planner learns how rare these are before the first page is opened. Of empty tables it would learn that they are empty, and plan for that.
do $$
begin
    if exists (select 1 from mt_doc_leadview) then
        analyze mt_doc_leadview, outbox;
    end if;
end $$;
