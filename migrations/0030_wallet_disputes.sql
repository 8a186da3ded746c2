-- Questions and claims of wallets about payments of their users (src/wallets/escalations), about shops of acquirers and about orders.

create table wallet_disputes (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('open', 'refunding', 'answered', 'lapsed', 'refunded', 'not_refunded')),
  claim_key text generated always as ((data ->> 'wallet') || ':' || (data ->> 'claim')) stored,
  payment text generated always as (data #>> '{home,payment}') stored,
  -- Two that are opened at the same moment cannot both be a payment's next.
  number_key text generated always as ((data #>> '{home,payment}') || ':' || (data ->> 'number')) stored,
  network text generated always as (data #>> '{home,network}') stored
) with (fillfactor = 60);
create unique index wallet_disputes_by_claim on wallet_disputes (claim_key);
create unique index wallet_disputes_by_number on wallet_disputes (number_key);
create index wallet_disputes_by_payment on wallet_disputes (payment, id);
create index wallet_disputes_by_network on wallet_disputes (network, id) where network is not null;
comment on table wallet_disputes is 'a wallet asks about a payment, or for its money; nothing is taken, what is accepted is refunded';

grant select on wallet_disputes to causeway_app;

-- A dispute of a wallet has a stage of its own.
alter table disputes drop constraint disputes_state_check;
alter table disputes add constraint disputes_state_check
  check (state in ('inquiry', 'chargeback', 'represented', 'pre_arbitration', 'arbitration', 'escalation', 'won', 'lost', 'accepted'));
