-- What was kept without becoming an inquiry, newest first: quarantine and its kin are few beside what was accepted.
create index inbox_kept on inbox (tenant_id, received_at desc, source, dedupe_key) where outcome <> 'accepted';

-- Work that waits for a person.
create index outbox_dead on outbox (tenant_id, id) where state in ('parked', 'ambiguous', 'rejected');
