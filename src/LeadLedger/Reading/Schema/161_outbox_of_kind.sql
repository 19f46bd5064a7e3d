-- Work of one kind, newest first. It must not lead with the business: see script 157.
create index outbox_of_kind on outbox (kind, id);
