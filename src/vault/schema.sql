-- The card vault's own schema. Run once by the migration runner as superuser, after it has created the role
-- causeway_vault; once released, changes come as files of their own (the runner refuses a file that changed after it ran).
-- The vault's role gets what it needs and nothing else; no other role gets anything. Neither a card's verification value
-- nor a number in the clear has a column here (PCI DSS 3.3.1, 3.5.1).

create schema if not exists vault;

-- Data keys, each wrapped (AES-256-GCM) by the key-encryption key of the sealed key file, which is never in the database.
create table if not exists vault.data_keys (
  key_id     text        primary key check (key_id ~ '^key_[0-9a-f]{32}$'),
  wrapped    bytea       not null,                    -- nonce (12) ‖ ciphertext (32) ‖ tag (16)
  created_at timestamptz not null
);

-- One row per token. `ciphertext` is the number alone; its AAD is token|marketplace|key_id, so no row can stand in for
-- another. `used_by` is written, committed and synced before the number leaves: a single-use token serves one operation.
create table if not exists vault.cards (
  token        text        primary key check (token ~ '^tok_[0-9a-f]{32}$'),
  marketplace  text        not null check (marketplace ~ '^mkt_[0-9a-f]{32}$'),
  ciphertext   bytea       not null,                  -- ciphertext ‖ tag (16)
  nonce        bytea       not null check (octet_length(nonce) = 12),
  key_id       text        not null references vault.data_keys (key_id),
  brand        text        not null,
  bin          text        not null check (bin ~ '^[0-9]{6}$'),
  last4        text        not null check (last4 ~ '^[0-9]{4}$'),
  expiry_month smallint    not null check (expiry_month between 1 and 12),
  expiry_year  smallint    not null check (expiry_year between 2000 and 2100),
  fingerprint  bytea       not null check (octet_length(fingerprint) = 32),
  single_use   boolean     not null,
  used_by      text        null check (length(used_by) between 1 and 40),
  expires_at   timestamptz not null,                  -- wall clock: until when a first use may begin
  created_at   timestamptz not null
);

revoke all on schema vault from public;
revoke all on all tables in schema vault from public;
grant usage on schema vault to causeway_vault;
grant select, insert on vault.data_keys to causeway_vault;
grant select, insert on vault.cards to causeway_vault;
grant update (used_by) on vault.cards to causeway_vault;
