-- The hub (src/wallets): home wallets pay shops of acquirers abroad; the codes that bring both together; the shops.

create table hub_payments (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('waiting', 'in_process', 'paid', 'canceling', 'failed', 'closed', 'canceled')),
  request_key text generated always as ((data ->> 'acquirer') || ':' || (data ->> 'requestId')) stored,
  reference text generated always as (data ->> 'reference') stored,
  acquirer text generated always as (data ->> 'acquirer') stored,
  wallet text generated always as (data ->> 'wallet') stored,
  -- Whose limit of a year it counts towards; null while nobody knows who pays.
  payer text generated always as ((data ->> 'wallet') || ':' || (data ->> 'customerId')) stored,
  paid_at text generated always as (data ->> 'paidAt') stored
) with (fillfactor = 60);
create unique index hub_payments_by_request on hub_payments (request_key);
create unique index hub_payments_by_reference on hub_payments (reference);
create index hub_payments_by_acquirer on hub_payments (acquirer, id);
create index hub_payments_by_wallet on hub_payments (wallet, id);
create index hub_payments_by_payer on hub_payments (payer, id) where payer is not null;
create index hub_payments_by_time on hub_payments (paid_at) where paid_at is not null;
comment on table hub_payments is 'a home wallet pays a shop abroad; what each side owes or gets is fixed with it';

create table hub_refunds (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('sent', 'refunded', 'refused')),
  request_key text generated always as ((data ->> 'acquirer') || ':' || (data ->> 'requestId')) stored,
  payment text generated always as (data ->> 'payment') stored,
  refunded_at text generated always as (data ->> 'refundedAt') stored
) with (fillfactor = 60);
create unique index hub_refunds_by_request on hub_refunds (request_key);
create index hub_refunds_by_payment on hub_refunds (payment, id);
create index hub_refunds_by_time on hub_refunds (refunded_at) where refunded_at is not null;

create table hub_codes (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('live', 'used', 'retired')),
  value text generated always as (data ->> 'value') stored,
  payment text generated always as (data ->> 'payment') stored
) with (fillfactor = 60);
create unique index hub_codes_by_value on hub_codes (value);
create index hub_codes_by_payment on hub_codes (payment) where payment is not null;

create table hub_notifications (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('waiting', 'acknowledged', 'given_up')),
  acquirer text generated always as (data ->> 'acquirer') stored,
  payment text generated always as (data ->> 'payment') stored
) with (fillfactor = 60);
create index hub_notifications_by_acquirer on hub_notifications (acquirer, id);
create index hub_notifications_by_payment on hub_notifications (payment, id);
comment on table hub_notifications is 'what an acquirer is told of a payment of its shop; the body stays as it was made';

create table shops (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('active')),
  shop_key text generated always as ((data ->> 'acquirer') || ':' || (data ->> 'merchantId')) stored
);
create unique index shops_by_key on shops (shop_key);

grant select on hub_payments, hub_refunds, hub_codes, hub_notifications, shops to causeway_app;
