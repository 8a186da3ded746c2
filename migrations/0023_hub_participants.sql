-- Who takes part in the hub (src/parties): wallets, which debit people at home, and acquirers, which pay shops abroad. One
-- party may be both. Everything about them is data: a new one needs no code.

create table participants (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('active', 'suspended')),
  -- As its messages name it: pspId, acquirerId, Client-Id.
  participant_id text generated always as (data ->> 'participantId') stored,
  -- Our own short name of its wallet; null where it has none.
  wallet text generated always as (data #>> '{wallet,slug}') stored,
  -- The name of its wallet's payment method: walletBrandName.
  brand text generated always as (data #>> '{wallet,brandCode}') stored,
  -- The account its wallet owes us on.
  account text generated always as (data #>> '{wallet,account}') stored
);
create unique index participants_by_name on participants (participant_id);
create unique index participants_by_wallet on participants (wallet);
create unique index participants_by_brand on participants (brand);
create unique index participants_by_account on participants (account);

grant select on participants to causeway_app;
