-- Checkout links: what a buyer holds to pay one instalment of one order (src/checkout/link.ts). The token itself is not here.

create table checkout_links (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('active', 'revoked')),
  token_hash text generated always as (data ->> 'tokenHash') stored,
  order_id text generated always as (data ->> 'order') stored
);
create unique index checkout_links_by_token on checkout_links (token_hash);
create index checkout_links_by_order on checkout_links (order_id, id);

grant select on checkout_links to causeway_app;
