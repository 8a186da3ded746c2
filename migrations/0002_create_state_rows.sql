-- State rows: one table a noun, all of one shape (id, version, state, document); what queries need is generated from the
-- document. Written only by journal_commit.

create table marketplaces (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('active'))
);
create table api_keys (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('active', 'revoked')),
  secret_hash text generated always as (data ->> 'secretHash') stored
);
create unique index api_keys_by_hash on api_keys (secret_hash);
create table sellers (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('active')),
  marketplace text generated always as (data ->> 'marketplace') stored
);
create index sellers_by_marketplace on sellers (marketplace, id);
create table buyers (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('active')),
  marketplace text generated always as (data ->> 'marketplace') stored
);
create index buyers_by_marketplace on buyers (marketplace, id);
create table network_accounts (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('active')),
  network text generated always as (data ->> 'network') stored
);
create unique index network_accounts_by_network on network_accounts (network);
create table bank_accounts (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('active')),
  account text generated always as (data ->> 'account') stored
);
create unique index bank_accounts_by_account on bank_accounts (account);

create table orders (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in
    ('awaiting_payment', 'part_paid', 'paid', 'shipped', 'received', 'released', 'canceled', 'refunded')),
  marketplace text generated always as (data ->> 'marketplace') stored,
  seller text generated always as (data ->> 'seller') stored,
  buyer text generated always as (data ->> 'buyer') stored,
  reference_key text generated always as ((data ->> 'marketplace') || ':' || (data ->> 'reference')) stored
) with (fillfactor = 60);
create index orders_by_marketplace on orders (marketplace, id);
create index orders_by_seller on orders (seller, id);
create index orders_by_buyer on orders (buyer, id);
create unique index orders_by_reference on orders (reference_key);

create table payments (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('pending', 'authorized', 'captured', 'declined', 'canceled')),
  order_id text generated always as (data ->> 'order') stored,
  marketplace text generated always as (data ->> 'marketplace') stored
) with (fillfactor = 60);
create index payments_by_order on payments (order_id);
create index payments_by_marketplace on payments (marketplace, id);

create table operations (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('sent', 'approved', 'declined', 'pending', 'unknown')),
  payment text generated always as (data ->> 'payment') stored,
  reference text generated always as (data ->> 'reference') stored
) with (fillfactor = 60);
create index operations_by_payment on operations (payment);
create unique index operations_by_reference on operations (reference);
create index operations_open on operations (state) where state in ('sent', 'pending', 'unknown');

create table refunds (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('initiated', 'confirmed', 'rejected')),
  payment text generated always as (data ->> 'payment') stored,
  order_id text generated always as (data ->> 'order') stored
) with (fillfactor = 60);
create index refunds_by_payment on refunds (payment);
create index refunds_by_order on refunds (order_id);

create table settlements (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('reported', 'matched', 'differs', 'closed')),
  batch text generated always as (data ->> 'batch') stored
);
create unique index settlements_by_batch on settlements (batch);
create table statements (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('imported')),
  bank text generated always as (data ->> 'bank') stored,
  day_key text generated always as ((data ->> 'bank') || ':' || (data ->> 'day')) stored
);
create unique index statements_by_day on statements (day_key);
create table bank_lines (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('unexplained', 'explained')),
  line_key text generated always as ((data ->> 'bank') || ':' || (data ->> 'bankReference')) stored,
  statement text generated always as (data ->> 'statement') stored,
  subject text generated always as (data ->> 'subject') stored
);
create unique index bank_lines_by_key on bank_lines (line_key);
create index bank_lines_unexplained on bank_lines (id) where state = 'unexplained';
create index bank_lines_by_subject on bank_lines (subject);

create table payouts (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in
    ('initiated', 'awaiting_funds', 'filed', 'paid', 'returned', 'rejected', 'canceled')),
  marketplace text generated always as (data ->> 'marketplace') stored,
  seller text generated always as (data ->> 'seller') stored,
  file text generated always as (data ->> 'file') stored,
  trace text generated always as (data ->> 'trace') stored
) with (fillfactor = 60);
create index payouts_by_marketplace on payouts (marketplace, id);
create index payouts_by_seller on payouts (seller, id);
create index payouts_by_file on payouts (file);
create index payouts_by_trace on payouts (trace);
create index payouts_unfiled on payouts (id) where state in ('initiated', 'awaiting_funds');
create table payout_files (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('sent', 'accepted', 'rejected', 'unknown', 'matched')),
  reference text generated always as (data ->> 'reference') stored
) with (fillfactor = 60);
create unique index payout_files_by_reference on payout_files (reference);
create index payout_files_open on payout_files (state) where state <> 'matched';

create table breaks (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('open', 'closed')),
  break_key text generated always as ((data ->> 'kind') || ':' || (data ->> 'subject')) stored
);
create unique index breaks_by_key on breaks (break_key);
create index breaks_open on breaks (id) where state = 'open';
