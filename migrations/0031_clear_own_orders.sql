-- Orders of our own marketplaces that wallets pay are cleared with the wallet alone: nobody is the acquirer of them.

alter table clearing_items alter column acquirer drop not null;
comment on table clearing_items is 'which clearing cycle each payment and refund by wallet is in; without an acquirer of our own marketplaces';

-- As the program makes it (assess-cycle.ts). A key with a null in it would be none.
drop index clearing_pairs_by_key;
alter table clearing_pairs drop column pair_key;
alter table clearing_pairs add column pair_key text generated always as ((data ->> 'cycle') || ':' || (data ->> 'wallet') || ':'
  || (data #>> '{paid,currency}') || ':' || coalesce(data ->> 'acquirer', 'own') || ':' || (data #>> '{settled,currency}')) stored;
create unique index clearing_pairs_by_key on clearing_pairs (pair_key);

-- Collecting goes through them in the order of time. Columns, so that a row which changes otherwise changes no index.
alter table payments add column wallet_paid_at text generated always as (data #>> '{wallet,paidAt}') stored;
create index payments_by_wallet_time on payments (wallet_paid_at, id) where wallet_paid_at is not null;
alter table operations add column wallet_refunded_at text generated always as (
  case when state = 'approved' and data ->> 'kind' = 'refund' and data -> 'moved' is not null then data ->> 'answeredAt' end) stored;
create index operations_by_wallet_refund on operations (wallet_refunded_at, id) where wallet_refunded_at is not null;
