-- Fees of networks, payment by payment: a state row for each operation that a fee file (or a settlement line) charges for.
create table network_fees (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('assessed')),
  fee_key text generated always as (
    (data ->> 'network') || ':' || (data ->> 'day') || ':' || (data ->> 'batch') || ':' || (data #>> '{returned,currency}') || ':' ||
    (data ->> 'networkId') || ':' || (data ->> 'reference')) stored,
  payment text generated always as (data ->> 'payment') stored,
  settlement text generated always as (data ->> 'settlement') stored
);
create unique index network_fees_by_key on network_fees (fee_key);
create index network_fees_by_payment on network_fees (payment);
create index network_fees_by_settlement on network_fees (settlement);

-- A day's file of a network whose every line and fee is posted.
create table settlement_files (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('imported')),
  file_key text generated always as ((data ->> 'network') || ':' || (data ->> 'day')) stored
);
create unique index settlement_files_by_key on settlement_files (file_key);
grant select on network_fees, settlement_files to causeway_app;

-- Fees used to be posted with the batch; nothing was converted, and no fees were billed apart.
update settlements set data = data || '{"kind": "deposit", "feesBy": "batch", "converted": []}';

-- What the buyer paid, where that is another currency than the one that is settled.
alter table settlement_lines add column presented_currency text, add column presented_amount bigint;
create index settlement_lines_by_network_id on settlement_lines (network_id);

-- An account at the bank may hold several currencies, each with statements of its own.
drop index statements_by_day;
alter table statements drop column day_key;
alter table statements add column day_key text
  generated always as ((data ->> 'bank') || ':' || (data ->> 'day') || ':' || (data #>> '{closing,currency}')) stored;
create unique index statements_by_day on statements (day_key);
