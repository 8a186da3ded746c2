-- Debts: a state row for each sum a seller owes us for certain. Fee plans have a version, and terms of chargebacks.

create table debts (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('open', 'recovered', 'written_off')),
  marketplace text generated always as (data ->> 'marketplace') stored,
  seller text generated always as (data ->> 'seller') stored
) with (fillfactor = 60);
create index debts_open_by_seller on debts (seller, id) where state = 'open';
create index debts_by_seller on debts (seller, id);
create index debts_by_marketplace on debts (marketplace, id);

grant select on debts to causeway_app;

-- What plans said by saying nothing: the commission stays, the network's fee is the operator's.
update marketplaces set data = jsonb_set(data, '{feePlan}', data -> 'feePlan' ||
  '{"version": 1, "chargebacks": {"commission": "kept", "networkFee": "operator"}}');
update orders set data = jsonb_set(data, '{feePlan}', data -> 'feePlan' ||
  '{"version": 1, "chargebacks": {"commission": "kept", "networkFee": "operator"}}')
  || jsonb_build_object('feeReturned', jsonb_set(data -> 'total', '{value}', '"0"'));
update disputes set data = data || jsonb_build_object(
  'lostOfReleased', jsonb_set(data -> 'amount', '{value}', '"0"'),
  'levied', jsonb_build_object('seller', jsonb_set(data -> 'amount', '{value}', '"0"'), 'debt', jsonb_set(data -> 'amount', '{value}', '"0"')),
  'feeReturned', jsonb_build_object('seller', jsonb_set(data -> 'amount', '{value}', '"0"'), 'debt', jsonb_set(data -> 'amount', '{value}', '"0"')));
