-- What buyers agreed to about cards that are kept, and payments that use such a card.

create table agreements (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('pending', 'active', 'ended')),
  marketplace text generated always as (data ->> 'marketplace') stored,
  buyer text generated always as (data ->> 'buyer') stored,
  card_token text generated always as (data #>> '{card,token}') stored
) with (fillfactor = 60);
create index agreements_by_buyer on agreements (buyer, id);
create index agreements_by_card on agreements (card_token);
comment on table agreements is 'under which a stored card may be charged; the card itself is in the vault';

update payments set data = data || '{"credential": null, "schemeTransactionId": null, "billingAddress": null}';

grant select on agreements to causeway_app;
