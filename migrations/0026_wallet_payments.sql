-- What buyers agreed to with home wallets. A payment by wallet is a payment: its terms are in its document, and one without
-- them is by card. Code and token of an agreement are sealed with a key that the database does not have.

create table wallet_agreements (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('requested', 'active', 'ending', 'ended', 'refused')),
  marketplace text generated always as (data ->> 'marketplace') stored,
  buyer text generated always as (data ->> 'buyer') stored
) with (fillfactor = 60);
create index wallet_agreements_by_buyer on wallet_agreements (buyer, id);
comment on table wallet_agreements is 'under which a home wallet debits its user without asking; the tokens are sealed';

grant select on wallet_agreements to causeway_app;
