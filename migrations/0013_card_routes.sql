-- Several accounts with one network: an account is known by the network's name and the merchant id there.
drop index network_accounts_by_network;
alter table network_accounts drop column network;
alter table network_accounts add column account_key text
  generated always as ((data ->> 'network') || ':' || (data ->> 'merchantId')) stored;
create unique index network_accounts_by_key on network_accounts (account_key);

-- What came in is of an account, not of "the acquirer". Until now there was one account.
update inbound i set network = 'net_' || replace(a.id::text, '-', '') from network_accounts a where i.network = 'acquirer';

-- Two networks' reports of one day.
alter table dispute_movements add column network text;
update dispute_movements m set network = coalesce(
  (select d.data ->> 'network' from disputes d where d.data ->> 'claim' = m.claim limit 1),
  (select 'net_' || replace(a.id::text, '-', '') from network_accounts a limit 1), '');
alter table dispute_movements alter column network set not null;
alter table dispute_movements drop constraint dispute_movements_pkey, add primary key (network, day, line);

-- Routes of payments, and what was declined before it was tried again under the same payment.
update marketplaces set data = jsonb_set(data || '{"cardRoutes": []}', '{cardRules,authenticate,afterDeclines}', 'null');
update payments set data = jsonb_set(data || '{"routes": [], "tries": []}', '{card,fingerprint}', 'null');
-- Declines are few: what a card was declined for is found among them, and an approved payment costs nothing here.
create index payments_declined_by_card on payments ((data #>> '{card,fingerprint}'))
  where state = 'declined' or data -> 'tries' <> '[]';
