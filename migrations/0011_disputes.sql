-- Disputes: a state row for each dispute that a network names; evidence and the lines of dispute reports stand beside it.

create table disputes (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in
    ('inquiry', 'chargeback', 'represented', 'pre_arbitration', 'arbitration', 'won', 'lost', 'accepted')),
  claim_key text generated always as ((data ->> 'network') || ':' || (data ->> 'claim')) stored,
  marketplace text generated always as (data ->> 'marketplace') stored,
  order_id text generated always as (data ->> 'order') stored,
  seller text generated always as (data ->> 'seller') stored
) with (fillfactor = 60);
create unique index disputes_by_claim on disputes (claim_key);
create index disputes_by_marketplace on disputes (marketplace, id);
create index disputes_by_order on disputes (order_id, id);
create index disputes_open_by_seller on disputes (seller) where state not in ('won', 'lost', 'accepted');

create table dispute_documents (
  id uuid primary key,
  sha256 bytea not null,
  bytes bytea not null,
  added_at timestamptz not null default clock_timestamp()
);
comment on table dispute_documents is 'evidence as it was handed in; what it is and whose it is, is in the row of the dispute';

create table dispute_movements (
  day text not null,
  line int not null,
  claim text not null,
  network_payment_id text not null,
  kind text not null check (kind in ('debit', 'credit', 'fee')),
  currency text not null,
  amount bigint not null check (amount >= 0),
  primary key (day, line)
);
create index dispute_movements_by_claim on dispute_movements (claim, day, line);
comment on table dispute_movements is 'lines of the dispute reports, derived from the raw files in inbound';

-- Networks name the payment by their own id.
create index payments_by_network_id on payments ((data ->> 'networkPaymentId'));

-- Orders know the dispute that blocks them and what disputes took out of what they hold.
update orders set data = data || jsonb_build_object('dispute', null, 'disputed', jsonb_set(data -> 'total', '{value}', '"0"'));

grant select on disputes, dispute_documents, dispute_movements to causeway_app;
grant insert on dispute_documents, dispute_movements to causeway_app;
