-- Which attempt a provider's message belongs to, asked when a text is looked for in the provider's list.
create index outbox_provider_id on outbox (tenant_id, provider_id) where provider_id is not null;

-- Until now a person was told at once; what waits under the old rule is what this version calls unconfirmed.
update outbox set state = 'unconfirmed' where state = 'ambiguous' and kind = 'send_sms';
