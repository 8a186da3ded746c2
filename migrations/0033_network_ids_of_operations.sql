-- Every capture and refund has an id at its network, by which disputes and fees name it: found by index, like a payment's own, which its
-- operations have. A payment whose row no index reads changes in its place.
drop index payments_by_network_id;
drop index payments_declined_by_card;

alter table operations add column network_id text generated always as (data ->> 'networkId') stored;
create index operations_by_network_id on operations (network_id) where network_id is not null;

-- A renewed authorization may have another id than the operation that renewed it.
alter table payments add column renewed_network_id text generated always as (
  case when data ->> 'reauthorizations' <> '0' then data ->> 'networkPaymentId' end) stored;
create index payments_by_renewed_network_id on payments (renewed_network_id) where renewed_network_id is not null;

-- Declines are few: what a card was declined for is found among them, and an approved payment costs nothing here.
alter table payments add column declined_card text generated always as (
  case when state = 'declined' or data -> 'tries' <> '[]' then data #>> '{card,fingerprint}' end) stored;
create index payments_by_declined_card on payments (declined_card) where declined_card is not null;
