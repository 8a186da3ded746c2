-- What the networks said, word for word, and what was said to them (redacted). Not journal state: facts of the wire.

create table inbound (
  id uuid primary key,
  network text not null,
  message_id text not null,
  kind text not null,
  sha256 bytea not null,
  bytes bytea not null,
  received_at timestamptz not null default clock_timestamp(),
  constraint inbound_once unique (network, message_id)
);
comment on table inbound is 'every notification and file, raw; deduplicated by (network, message_id)';

create table outbound_files (
  name text primary key,
  sha256 bytea not null,
  bytes bytea not null,
  created_at timestamptz not null default clock_timestamp()
);
comment on table outbound_files is 'files handed to banks, as they went out';

create table exchanges (
  id uuid primary key,
  network text not null,
  purpose text not null,
  reference text,
  method text not null,
  url text not null,
  request text,
  status int,
  response text,
  fault text,
  started_at timestamptz not null,
  ms int not null
);
create index exchanges_by_reference on exchanges (reference);
comment on table exchanges is 'every exchange with a network, card data and secrets removed';

create table settlement_lines (
  batch text not null,
  kind text not null check (kind in ('sale', 'refund')),
  reference text not null,
  network_id text not null,
  currency text not null,
  amount bigint not null check (amount >= 0),
  interchange bigint not null,
  scheme_fee bigint not null,
  processing_fee bigint not null,
  primary key (batch, kind, reference)
);
create index settlement_lines_by_reference on settlement_lines (reference);
comment on table settlement_lines is 'lines of the settlement files, derived from the raw files in inbound';

create table sessions (
  token_hash text primary key,
  api_key uuid not null,
  expires_at timestamptz not null
);
