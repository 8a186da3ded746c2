-- Clearing and settlement of the hub (src/wallets/clearing): a cycle a day, what is in it, the fees of each pair of wallet and
-- acquirer, a batch for each participant, role and currency, and the files that tell them.

create table clearing_cycles (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('collecting', 'collected', 'assessed', 'closed')),
  -- In UTC+8.
  day text generated always as (data ->> 'day') stored
) with (fillfactor = 60);
create unique index clearing_cycles_by_day on clearing_cycles (day);

create table clearing_pairs (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('assessed')),
  cycle text generated always as (data ->> 'cycle') stored,
  pair_key text generated always as ((data ->> 'cycle') || ':' || (data ->> 'wallet') || ':' || (data #>> '{paid,currency}') || ':'
    || (data ->> 'acquirer') || ':' || (data #>> '{settled,currency}')) stored
);
create unique index clearing_pairs_by_key on clearing_pairs (pair_key);
create index clearing_pairs_by_cycle on clearing_pairs (cycle);

create table clearing_batches (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('cleared', 'filed', 'instructed')),
  cycle text generated always as (data ->> 'cycle') stored,
  batch_key text generated always as ((data ->> 'cycle') || ':' || (data ->> 'participant') || ':' || (data ->> 'role') || ':'
    || (data #>> '{net,currency}')) stored,
  due_on text generated always as (data ->> 'dueOn') stored,
  settlement text generated always as (data ->> 'settlement') stored
) with (fillfactor = 60);
create unique index clearing_batches_by_key on clearing_batches (batch_key);
create index clearing_batches_by_cycle on clearing_batches (cycle);
create index clearing_batches_due on clearing_batches (due_on) where state <> 'instructed';
create index clearing_batches_by_settlement on clearing_batches (settlement) where settlement is not null;

create table clearing_files (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('made')),
  -- As it is asked for: clearing or settlement, the participant, the day it was made, its name.
  folder text generated always as ((data ->> 'area') || '/' || (data ->> 'participantId') || '/' || (data ->> 'day')) stored,
  path text generated always as ((data ->> 'area') || '/' || (data ->> 'participantId') || '/' || (data ->> 'day') || '/'
    || (data ->> 'name')) stored
);
create unique index clearing_files_by_path on clearing_files (path);
create index clearing_files_by_folder on clearing_files (folder);

-- What the files say, once for each content.
create table clearing_contents (sha256 text primary key, gzip bytea not null);

-- Which cycle a payment or refund is cleared in: one for ever, whatever is tried again. Derived, so without events; the laws
-- hold it to the rows it is made of. Amounts are signed: what a refund takes back is below zero.
create table clearing_items (
  item uuid primary key,
  kind text not null check (kind in ('payment', 'refund')),
  cycle text not null,
  -- When it was paid or refunded, as the rows say it.
  at text not null,
  wallet text not null,
  acquirer text not null,
  pay_currency text not null,
  pay_amount bigint not null,
  settle_currency text not null,
  settle_amount bigint not null,
  -- What the participants' files say of it.
  line jsonb not null
);
create index clearing_items_of_wallet on clearing_items (cycle, wallet, at, item);
create index clearing_items_of_acquirer on clearing_items (cycle, acquirer, settle_currency, at, item);
comment on table clearing_items is 'which clearing cycle each payment and refund of the hub is in';

grant select on clearing_cycles, clearing_pairs, clearing_batches, clearing_files, clearing_contents, clearing_items to causeway_app;
grant insert on clearing_contents, clearing_items to causeway_app;

-- True while the cycle stands as it was read, and until the caller's transaction ends: whoever has lost the job of a cycle to
-- another worker must not add to it any more.
create function clearing_cycle_held(p_cycle uuid, p_version int) returns boolean
language plpgsql security definer
  set search_path = public, pg_temp
as $$
begin
  perform from clearing_cycles where id = p_cycle and version = p_version and state = 'collecting' for share;
  return found;
end $$;
revoke all on function clearing_cycle_held from public;
grant execute on function clearing_cycle_held to causeway_app;
