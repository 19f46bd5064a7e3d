-- Due work is claimed kind by kind, so that a backlog or a slow system behind one kind costs the others nothing.
create index outbox_due_kind on outbox (kind, due_at, id) where state = 'pending';

-- What waits for a person or for evidence, oldest first.
create index outbox_waiting on outbox (tenant_id, due_at) where state in ('parked', 'ambiguous');
