-- Promotions (src/promotions): campaigns, how often people had them, what goes back to sponsors, vouchers.

create table campaigns (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('draft', 'live', 'paused', 'ended'))
);
create index campaigns_live on campaigns (id) where state = 'live';
comment on table campaigns is 'who gives what discount or voucher, where, when, how often; what is left of it is the account budget';

create table person_uses (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('counted')),
  person text generated always as (data ->> 'person') stored,
  use_key text generated always as ((data ->> 'campaign') || ':' || (data ->> 'person')) stored
) with (fillfactor = 60);
create unique index person_uses_by_key on person_uses (use_key);
create index person_uses_by_person on person_uses (person);

create table fund_returns (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('due', 'paid')),
  campaign text generated always as (data ->> 'campaign') stored
);
create index fund_returns_by_campaign on fund_returns (campaign, id);

create table vouchers (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('issued', 'assigned', 'redeemed', 'lapsed')),
  marketplace text generated always as (data ->> 'marketplace') stored,
  programme text generated always as (data ->> 'programme') stored,
  holder text generated always as (data ->> 'holder') stored
) with (fillfactor = 60);
create index vouchers_by_programme on vouchers (programme, id);
create index vouchers_by_holder on vouchers (holder, id) where holder is not null;
create index vouchers_by_marketplace on vouchers (marketplace, id);

grant select on campaigns, person_uses, fund_returns, vouchers to causeway_app;
