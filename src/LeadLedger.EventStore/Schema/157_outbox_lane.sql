-- A plan made while the outbox was empty took this index for the rows of a lane, and then read all unfinished work of the business for each
-- claimed text. Leading with the stream, it serves only what it is for.
drop index if exists outbox_unfinished;
create index outbox_unfinished on outbox (stream_id) where state in ('pending', 'claimed', 'calling');
