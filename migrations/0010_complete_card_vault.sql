-- Cards that a buyer let us keep, and key-encryption keys by name. Runs after src/vault/schema.sql.

-- Key-encryption keys by id; their bytes are in the sealed key file or in a KMS, never here. Invariant: a data key names a
-- key-encryption key of this table, and one that is still named cannot be taken out of it, so it cannot be thrown away.
create table vault.root_keys (
  root_key_id   text        primary key check (root_key_id ~ '^[A-Za-z0-9_.:/-]{1,200}$'),
  registered_at timestamptz not null
);

-- Installations before this migration had one key-encryption key without a name; key files of that time give it this one.
insert into vault.root_keys (root_key_id, registered_at)
select 'kek_1', min(created_at) from vault.data_keys having count(*) > 0;

-- `fingerprint`: the key of the fingerprints is wrapped like the others. There is one, and it does not rotate, because
-- equal cards must stay equal.
alter table vault.data_keys
  add column root_key_id text not null default 'kek_1' references vault.root_keys (root_key_id),
  add column purpose     text not null default 'card' check (purpose in ('card', 'fingerprint'));
alter table vault.data_keys
  alter column root_key_id drop default,
  alter column purpose drop default;
create unique index data_keys_one_fingerprint on vault.data_keys (purpose) where purpose = 'fingerprint';
create index data_keys_root_key_id on vault.data_keys (root_key_id);

-- A stored card belongs to one buyer of one marketplace, under one agreement, and lasts until it is deleted. `made_from` is
-- the single-use token it was made of, so that asking twice makes one card.
alter table vault.cards
  add column buyer     text null check (buyer ~ '^buy_[0-9a-f]{32}$'),
  add column agreement text null check (agreement ~ '^[a-z]{2,5}_[0-9a-f]{32}$'),
  add column made_from text null check (made_from ~ '^tok_[0-9a-f]{32}$'),
  alter column expires_at drop not null,
  add constraint cards_stored_for_somebody check (
    single_use = (buyer is null) and single_use = (agreement is null) and (made_from is null or not single_use)),
  add constraint cards_single_use_expires check (not single_use or expires_at is not null);
create unique index cards_made_from on vault.cards (made_from) where made_from is not null;
create index cards_of_buyer on vault.cards (buyer, marketplace, created_at) where buyer is not null;
create index cards_to_purge on vault.cards (expires_at) where single_use;

grant select, insert, delete on vault.root_keys to causeway_vault;
grant update (wrapped, root_key_id) on vault.data_keys to causeway_vault;
grant delete on vault.cards to causeway_vault;
