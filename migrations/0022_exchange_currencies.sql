-- Exchange (src/fx): rates as they came from the source, quotes that hold for a while, deals with banks, and what the end of
-- each day did to the positions. And the sellers' balances that were converted (src/payouts).

create table fx_rates (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('received')),
  -- A source says one thing about one moment.
  moment text generated always as ((data ->> 'source') || ' ' || (data ->> 'asOf')) stored,
  as_of text generated always as (data ->> 'asOf') stored
);
create unique index fx_rates_by_moment on fx_rates (moment);
create index fx_rates_by_time on fx_rates (as_of desc);

create table fx_quotes (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('locked', 'used')),
  marketplace text generated always as (data ->> 'marketplace') stored,
  expires_at text generated always as (data ->> 'expiresAt') stored
) with (fillfactor = 60);
create index fx_quotes_open on fx_quotes (expires_at) where state = 'locked';

create table fx_deals (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('struck', 'part_settled', 'settled')),
  reference text generated always as (data ->> 'reference') stored
) with (fillfactor = 60);
create unique index fx_deals_by_reference on fx_deals (reference);

create table fx_revaluations (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('posted')),
  -- One follows another: of two that were made on the same books, one is refused.
  previous text generated always as (data ->> 'previous') stored
);
create unique index fx_revaluations_by_previous on fx_revaluations (previous);

create table conversions (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('converted')),
  marketplace text generated always as (data ->> 'marketplace') stored,
  seller text generated always as (data ->> 'seller') stored
);
create index conversions_by_seller on conversions (seller, id);

grant select on fx_rates, fx_quotes, fx_deals, fx_revaluations, conversions to causeway_app;
