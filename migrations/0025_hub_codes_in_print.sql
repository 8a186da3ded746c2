-- Printed codes of the hub (src/wallets/hub-codes): `printed` until a first payment has come through them, and found by shop.

alter table hub_codes drop constraint hub_codes_state_check;
alter table hub_codes add constraint hub_codes_state_check check (state in ('printed', 'live', 'used', 'retired'));

alter table hub_codes add column shop text generated always as (data ->> 'shop') stored;
create index hub_codes_by_shop on hub_codes (shop, id) where shop is not null;

alter table shops add column acquirer text generated always as (data ->> 'acquirer') stored;
create index shops_by_acquirer on shops (acquirer, id);
