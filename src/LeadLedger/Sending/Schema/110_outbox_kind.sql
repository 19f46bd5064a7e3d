-- Due work is claimed kind by kind, so that a backlog of one kind is never read past to find another.
create index outbox_due_of_kind on outbox (kind, due_at, id) where state = 'pending';
