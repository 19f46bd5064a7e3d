-- Leads whose latest inquiry nobody has taken up: no task, or the last one was closed before it. Few, unless something went wrong.
create index mt_doc_leadview_idx_unattended on mt_doc_leadview (tenant_id, (data ->> 'lastInquiryAt'), id)
    where data ->> 'status' in ('received', 'needs_callback') and data ->> 'mergedInto' is null and data ->> 'kind' <> 'contact_only'
      and (data -> 'task' is null or data -> 'task' ->> 'closedAt' < data ->> 'lastInquiryAt');

-- What still has to be done for a lead.
create index outbox_unfinished on outbox (tenant_id, stream_id) where state in ('pending', 'claimed', 'calling');
