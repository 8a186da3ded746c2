-- The schema as the migrations leave it: written from the catalogs by `npm run docs`, to be read, not run.
-- Not shown: owners, and the owner's own rights.

-- Schema public
grant usage on schema public to causeway_app;
grant usage on schema public to public;

create table public.account_checkpoints (
  journal_id smallint not null,
  account uuid not null,
  seq bigint not null,
  debits bigint not null,
  credits bigint not null,
  constraint account_checkpoints_pkey PRIMARY KEY (account, seq, journal_id)
);
comment on table account_checkpoints is 'sums of an account over all transfers up to and including a seq';
grant select on account_checkpoints to causeway_app;

create table public.accounts (
  journal_id smallint not null,
  id uuid not null,
  name text not null,
  owner text not null,
  currency text not null,
  floored boolean not null,
  debit_normal boolean not null,
  debits bigint not null default 0,
  credits bigint not null default 0,
  constraint accounts_pkey PRIMARY KEY (id, journal_id),
  constraint accounts_floor CHECK (((NOT floored) OR CASE WHEN debit_normal THEN (debits >= credits) ELSE (credits >= debits) END))
) with (fillfactor=40);
CREATE INDEX accounts_by_name ON public.accounts USING btree (name);
CREATE INDEX accounts_by_owner ON public.accounts USING btree (owner, name);
grant select on accounts to causeway_app;

create table public.agreements (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  marketplace text generated always as ((data ->> 'marketplace'::text)) stored,
  buyer text generated always as ((data ->> 'buyer'::text)) stored,
  card_token text generated always as ((data #>> '{card,token}'::text[])) stored,
  constraint agreements_pkey PRIMARY KEY (id),
  constraint agreements_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'active'::text, 'ended'::text])))
) with (fillfactor=60);
CREATE INDEX agreements_by_buyer ON public.agreements USING btree (buyer, id);
CREATE INDEX agreements_by_card ON public.agreements USING btree (card_token);
comment on table agreements is 'under which a stored card may be charged; the card itself is in the vault';
grant select on agreements to causeway_app;

create table public.ams_clients (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  client_id text generated always as ((data ->> 'clientId'::text)) stored,
  constraint ams_clients_pkey PRIMARY KEY (id),
  constraint ams_clients_state_check CHECK ((state = 'active'::text))
);
CREATE UNIQUE INDEX ams_clients_by_name ON public.ams_clients USING btree (client_id);
grant select on ams_clients to causeway_app;

create table public.ams_instructions (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  request_key text generated always as ((((((data ->> 'client'::text) || ':'::text) || (data #>> '{wish,kind}'::text[])) || ':'::text) || (data ->> 'requestId'::text))) stored,
  constraint ams_instructions_pkey PRIMARY KEY (id),
  constraint ams_instructions_state_check CHECK ((state = ANY (ARRAY['open'::text, 'done'::text, 'refused'::text])))
) with (fillfactor=60);
CREATE UNIQUE INDEX ams_instructions_by_request ON public.ams_instructions USING btree (request_key);
comment on table ams_instructions is 'settlements, transfers, payouts and account changes under the id the client gave them';
grant select on ams_instructions to causeway_app;

create table public.ams_notifications (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  client text generated always as ((data ->> 'client'::text)) stored,
  subject text generated always as ((data ->> 'subject'::text)) stored,
  constraint ams_notifications_pkey PRIMARY KEY (id),
  constraint ams_notifications_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'acknowledged'::text, 'given_up'::text])))
) with (fillfactor=60);
CREATE INDEX ams_notifications_by_client ON public.ams_notifications USING btree (client, id);
CREATE INDEX ams_notifications_by_subject ON public.ams_notifications USING btree (subject, id);
comment on table ams_notifications is 'one thing a client is told, with every attempt to tell it';
grant select on ams_notifications to causeway_app;

create table public.ams_payments (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  request_key text generated always as ((((data ->> 'client'::text) || ':'::text) || (data ->> 'requestId'::text))) stored,
  order_id text generated always as ((data ->> 'order'::text)) stored,
  constraint ams_payments_pkey PRIMARY KEY (id),
  constraint ams_payments_state_check CHECK ((state = ANY (ARRAY['open'::text, 'failed'::text, 'canceled'::text])))
) with (fillfactor=60);
CREATE INDEX ams_payments_by_order ON public.ams_payments USING btree (order_id);
CREATE UNIQUE INDEX ams_payments_by_request ON public.ams_payments USING btree (request_key);
comment on table ams_payments is 'one paymentRequestId: which order it pays, and how; the money is in payments';
grant select on ams_payments to causeway_app;

create table public.ams_requests (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  request_key text generated always as ((((((data ->> 'client'::text) || ':'::text) || (data ->> 'kind'::text)) || ':'::text) || (data ->> 'requestId'::text))) stored,
  ams_payment text generated always as ((data ->> 'amsPayment'::text)) stored,
  constraint ams_requests_pkey PRIMARY KEY (id),
  constraint ams_requests_state_check CHECK ((state = ANY (ARRAY['open'::text, 'refused'::text])))
) with (fillfactor=60);
CREATE INDEX ams_requests_by_payment ON public.ams_requests USING btree (ams_payment, id);
CREATE UNIQUE INDEX ams_requests_by_request ON public.ams_requests USING btree (request_key);
comment on table ams_requests is 'captures, refunds and cancels under the id the client gave them; what came of each is its operation';
grant select on ams_requests to causeway_app;

create table public.api_keys (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  secret_hash text generated always as ((data ->> 'secretHash'::text)) stored,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_state_check CHECK ((state = ANY (ARRAY['active'::text, 'revoked'::text])))
);
CREATE UNIQUE INDEX api_keys_by_hash ON public.api_keys USING btree (secret_hash);
grant select on api_keys to causeway_app;

create table public.archived_partitions (
  journal_id smallint not null,
  number bigint not null,
  first_seq bigint not null,
  last_seq bigint not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  transfers bigint not null,
  archived_at timestamp with time zone not null default clock_timestamp(),
  constraint archived_partitions_pkey PRIMARY KEY (last_seq, journal_id)
);
comment on column archived_partitions.last_at is 'business time of its last event';
grant select on archived_partitions to causeway_app;

create table public.archived_subjects (
  journal_id smallint not null,
  subject uuid not null,
  version integer not null,
  constraint archived_subjects_pkey PRIMARY KEY (subject, journal_id)
);
comment on table archived_subjects is 'the last archived version of each subject that has archived events';
grant select on archived_subjects to causeway_app;

create table public.archived_totals (
  journal_id smallint not null,
  account uuid not null,
  last_seq bigint not null,
  type text not null,
  debits bigint not null,
  credits bigint not null,
  constraint archived_totals_pkey PRIMARY KEY (account, last_seq, type, journal_id)
);
comment on table archived_totals is 'sums of an account over the transfers of one archived partition, by type of event';
grant select on archived_totals to causeway_app;

create table public.attachment_files (
  id uuid not null,
  sha256 bytea not null,
  bytes bytea not null,
  added_at timestamp with time zone not null default clock_timestamp(),
  constraint attachment_files_pkey PRIMARY KEY (id)
);
comment on table attachment_files is 'the bytes as they were handed in; what they are and whose, is in the row of the attachment';
grant insert, select on attachment_files to causeway_app;

create table public.attachments (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  request_key text generated always as ((((data ->> 'owner'::text) || ':'::text) || (data ->> 'requestId'::text))) stored,
  constraint attachments_pkey PRIMARY KEY (id),
  constraint attachments_state_check CHECK ((state = 'submitted'::text))
);
CREATE UNIQUE INDEX attachments_by_request ON public.attachments USING btree (request_key);
comment on table attachments is 'documents of registrations; where no bytes came, only the hash is known';
grant select on attachments to causeway_app;

create table public.balance_transfers (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  marketplace text generated always as ((data ->> 'marketplace'::text)) stored,
  constraint balance_transfers_pkey PRIMARY KEY (id),
  constraint balance_transfers_state_check CHECK ((state = 'transferred'::text))
);
CREATE INDEX balance_transfers_by_marketplace ON public.balance_transfers USING btree (marketplace, id);
grant select on balance_transfers to causeway_app;

create table public.bank_accounts (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  account text generated always as ((data ->> 'account'::text)) stored,
  constraint bank_accounts_pkey PRIMARY KEY (id),
  constraint bank_accounts_state_check CHECK ((state = 'active'::text))
);
CREATE UNIQUE INDEX bank_accounts_by_account ON public.bank_accounts USING btree (account);
grant select on bank_accounts to causeway_app;

create table public.bank_lines (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  line_key text generated always as ((((data ->> 'bank'::text) || ':'::text) || (data ->> 'bankReference'::text))) stored,
  statement text generated always as ((data ->> 'statement'::text)) stored,
  subject text generated always as ((data ->> 'subject'::text)) stored,
  constraint bank_lines_pkey PRIMARY KEY (id),
  constraint bank_lines_state_check CHECK ((state = ANY (ARRAY['unexplained'::text, 'explained'::text])))
);
CREATE UNIQUE INDEX bank_lines_by_key ON public.bank_lines USING btree (line_key);
CREATE INDEX bank_lines_by_subject ON public.bank_lines USING btree (subject);
CREATE INDEX bank_lines_unexplained ON public.bank_lines USING btree (id) WHERE (state = 'unexplained'::text);
grant select on bank_lines to causeway_app;

create table public.breaks (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  break_key text generated always as ((((data ->> 'kind'::text) || ':'::text) || (data ->> 'subject'::text))) stored,
  constraint breaks_pkey PRIMARY KEY (id),
  constraint breaks_state_check CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text])))
);
CREATE UNIQUE INDEX breaks_by_key ON public.breaks USING btree (break_key);
CREATE INDEX breaks_open ON public.breaks USING btree (id) WHERE (state = 'open'::text);
grant select on breaks to causeway_app;

create table public.buyers (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  marketplace text generated always as ((data ->> 'marketplace'::text)) stored,
  constraint buyers_pkey PRIMARY KEY (id),
  constraint buyers_state_check CHECK ((state = 'active'::text))
);
CREATE INDEX buyers_by_marketplace ON public.buyers USING btree (marketplace, id);
grant select on buyers to causeway_app;

create table public.campaigns (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  constraint campaigns_pkey PRIMARY KEY (id),
  constraint campaigns_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'live'::text, 'paused'::text, 'ended'::text])))
);
CREATE INDEX campaigns_live ON public.campaigns USING btree (id) WHERE (state = 'live'::text);
comment on table campaigns is 'who gives what discount or voucher, where, when, how often; what is left of it is the account budget';
grant select on campaigns to causeway_app;

create table public.checkout_links (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  token_hash text generated always as ((data ->> 'tokenHash'::text)) stored,
  order_id text generated always as ((data ->> 'order'::text)) stored,
  constraint checkout_links_pkey PRIMARY KEY (id),
  constraint checkout_links_state_check CHECK ((state = ANY (ARRAY['active'::text, 'revoked'::text])))
);
CREATE INDEX checkout_links_by_order ON public.checkout_links USING btree (order_id, id);
CREATE UNIQUE INDEX checkout_links_by_token ON public.checkout_links USING btree (token_hash);
grant select on checkout_links to causeway_app;

create table public.clearing_batches (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  cycle text generated always as ((data ->> 'cycle'::text)) stored,
  batch_key text generated always as ((((((((data ->> 'cycle'::text) || ':'::text) || (data ->> 'participant'::text)) || ':'::text) || (data ->> 'role'::text)) || ':'::text) || (data #>> '{net,currency}'::text[]))) stored,
  due_on text generated always as ((data ->> 'dueOn'::text)) stored,
  settlement text generated always as ((data ->> 'settlement'::text)) stored,
  constraint clearing_batches_pkey PRIMARY KEY (id),
  constraint clearing_batches_state_check CHECK ((state = ANY (ARRAY['cleared'::text, 'filed'::text, 'instructed'::text])))
) with (fillfactor=60);
CREATE INDEX clearing_batches_by_cycle ON public.clearing_batches USING btree (cycle);
CREATE UNIQUE INDEX clearing_batches_by_key ON public.clearing_batches USING btree (batch_key);
CREATE INDEX clearing_batches_by_settlement ON public.clearing_batches USING btree (settlement) WHERE (settlement IS NOT NULL);
CREATE INDEX clearing_batches_due ON public.clearing_batches USING btree (due_on) WHERE (state <> 'instructed'::text);
grant select on clearing_batches to causeway_app;

create table public.clearing_contents (
  sha256 text not null,
  gzip bytea not null,
  constraint clearing_contents_pkey PRIMARY KEY (sha256)
);
grant insert, select on clearing_contents to causeway_app;

create table public.clearing_cycles (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  day text generated always as ((data ->> 'day'::text)) stored,
  constraint clearing_cycles_pkey PRIMARY KEY (id),
  constraint clearing_cycles_state_check CHECK ((state = ANY (ARRAY['collecting'::text, 'collected'::text, 'assessed'::text, 'closed'::text])))
) with (fillfactor=60);
CREATE UNIQUE INDEX clearing_cycles_by_day ON public.clearing_cycles USING btree (day);
grant select on clearing_cycles to causeway_app;

create table public.clearing_files (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  folder text generated always as ((((((data ->> 'area'::text) || '/'::text) || (data ->> 'participantId'::text)) || '/'::text) || (data ->> 'day'::text))) stored,
  path text generated always as ((((((((data ->> 'area'::text) || '/'::text) || (data ->> 'participantId'::text)) || '/'::text) || (data ->> 'day'::text)) || '/'::text) || (data ->> 'name'::text))) stored,
  constraint clearing_files_pkey PRIMARY KEY (id),
  constraint clearing_files_state_check CHECK ((state = 'made'::text))
);
CREATE INDEX clearing_files_by_folder ON public.clearing_files USING btree (folder);
CREATE UNIQUE INDEX clearing_files_by_path ON public.clearing_files USING btree (path);
grant select on clearing_files to causeway_app;

create table public.clearing_items (
  item uuid not null,
  kind text not null,
  cycle text not null,
  at text not null,
  wallet text not null,
  acquirer text,
  pay_currency text not null,
  pay_amount bigint not null,
  settle_currency text not null,
  settle_amount bigint not null,
  line jsonb not null,
  constraint clearing_items_pkey PRIMARY KEY (item),
  constraint clearing_items_kind_check CHECK ((kind = ANY (ARRAY['payment'::text, 'refund'::text])))
);
CREATE INDEX clearing_items_of_acquirer ON public.clearing_items USING btree (cycle, acquirer, settle_currency, at, item);
CREATE INDEX clearing_items_of_wallet ON public.clearing_items USING btree (cycle, wallet, at, item);
comment on table clearing_items is 'which clearing cycle each payment and refund by wallet is in; without an acquirer of our own marketplaces';
grant insert, select on clearing_items to causeway_app;

create table public.clearing_pairs (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  cycle text generated always as ((data ->> 'cycle'::text)) stored,
  pair_key text generated always as ((((((((((data ->> 'cycle'::text) || ':'::text) || (data ->> 'wallet'::text)) || ':'::text) || (data #>> '{paid,currency}'::text[])) || ':'::text) || COALESCE((data ->> 'acquirer'::text), 'own'::text)) || ':'::text) || (data #>> '{settled,currency}'::text[]))) stored,
  constraint clearing_pairs_pkey PRIMARY KEY (id),
  constraint clearing_pairs_state_check CHECK ((state = 'assessed'::text))
);
CREATE INDEX clearing_pairs_by_cycle ON public.clearing_pairs USING btree (cycle);
CREATE UNIQUE INDEX clearing_pairs_by_key ON public.clearing_pairs USING btree (pair_key);
grant select on clearing_pairs to causeway_app;

create table public.commands (
  journal_id smallint not null,
  client text not null,
  key text not null,
  fingerprint bytea not null,
  seq bigint not null,
  open boolean not null,
  answer text,
  constraint commands_pkey PRIMARY KEY (key, client, journal_id)
) with (fillfactor=80);
grant select on commands to causeway_app;

create table public.conversions (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  marketplace text generated always as ((data ->> 'marketplace'::text)) stored,
  seller text generated always as ((data ->> 'seller'::text)) stored,
  constraint conversions_pkey PRIMARY KEY (id),
  constraint conversions_state_check CHECK ((state = 'converted'::text))
);
CREATE INDEX conversions_by_seller ON public.conversions USING btree (seller, id);
grant select on conversions to causeway_app;

create table public.debts (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  marketplace text generated always as ((data ->> 'marketplace'::text)) stored,
  seller text generated always as ((data ->> 'seller'::text)) stored,
  constraint debts_pkey PRIMARY KEY (id),
  constraint debts_state_check CHECK ((state = ANY (ARRAY['open'::text, 'recovered'::text, 'written_off'::text])))
) with (fillfactor=60);
CREATE INDEX debts_by_marketplace ON public.debts USING btree (marketplace, id);
CREATE INDEX debts_by_seller ON public.debts USING btree (seller, id);
CREATE INDEX debts_open_by_seller ON public.debts USING btree (seller, id) WHERE (state = 'open'::text);
grant select on debts to causeway_app;

create table public.dispute_documents (
  id uuid not null,
  sha256 bytea not null,
  bytes bytea not null,
  added_at timestamp with time zone not null default clock_timestamp(),
  constraint dispute_documents_pkey PRIMARY KEY (id)
);
comment on table dispute_documents is 'evidence as it was handed in; what it is and whose it is, is in the row of the dispute';
grant insert, select on dispute_documents to causeway_app;

create table public.dispute_movements (
  day text not null,
  line integer not null,
  claim text not null,
  network_payment_id text not null,
  kind text not null,
  currency text not null,
  amount bigint not null,
  network text not null,
  constraint dispute_movements_pkey PRIMARY KEY (network, day, line),
  constraint dispute_movements_amount_check CHECK ((amount >= 0)),
  constraint dispute_movements_kind_check CHECK ((kind = ANY (ARRAY['debit'::text, 'credit'::text, 'fee'::text])))
);
CREATE INDEX dispute_movements_by_claim ON public.dispute_movements USING btree (claim, day, line);
comment on table dispute_movements is 'lines of the dispute reports, derived from the raw files in inbound';
grant insert, select on dispute_movements to causeway_app;

create table public.disputes (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  claim_key text generated always as ((((data ->> 'network'::text) || ':'::text) || (data ->> 'claim'::text))) stored,
  marketplace text generated always as ((data ->> 'marketplace'::text)) stored,
  order_id text generated always as ((data ->> 'order'::text)) stored,
  seller text generated always as ((data ->> 'seller'::text)) stored,
  constraint disputes_pkey PRIMARY KEY (id),
  constraint disputes_state_check CHECK ((state = ANY (ARRAY['inquiry'::text, 'chargeback'::text, 'represented'::text, 'pre_arbitration'::text, 'arbitration'::text, 'escalation'::text, 'won'::text, 'lost'::text, 'accepted'::text])))
) with (fillfactor=60);
CREATE UNIQUE INDEX disputes_by_claim ON public.disputes USING btree (claim_key);
CREATE INDEX disputes_by_marketplace ON public.disputes USING btree (marketplace, id);
CREATE INDEX disputes_by_order ON public.disputes USING btree (order_id, id);
CREATE INDEX disputes_open_by_seller ON public.disputes USING btree (seller) WHERE (state <> ALL (ARRAY['won'::text, 'lost'::text, 'accepted'::text]));
grant select on disputes to causeway_app;

create table public.exchanges (
  id uuid not null,
  network text not null,
  purpose text not null,
  reference text,
  method text not null,
  url text not null,
  request text,
  status integer,
  response text,
  fault text,
  started_at timestamp with time zone not null,
  ms integer not null,
  constraint exchanges_pkey PRIMARY KEY (id)
);
CREATE INDEX exchanges_by_reference ON public.exchanges USING btree (reference);
comment on table exchanges is 'every exchange with a network, card data and secrets removed';
grant insert, select on exchanges to causeway_app;

create table public.fund_returns (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  campaign text generated always as ((data ->> 'campaign'::text)) stored,
  constraint fund_returns_pkey PRIMARY KEY (id),
  constraint fund_returns_state_check CHECK ((state = ANY (ARRAY['due'::text, 'paid'::text])))
);
CREATE INDEX fund_returns_by_campaign ON public.fund_returns USING btree (campaign, id);
grant select on fund_returns to causeway_app;

create table public.fx_deals (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  reference text generated always as ((data ->> 'reference'::text)) stored,
  constraint fx_deals_pkey PRIMARY KEY (id),
  constraint fx_deals_state_check CHECK ((state = ANY (ARRAY['struck'::text, 'part_settled'::text, 'settled'::text])))
) with (fillfactor=60);
CREATE UNIQUE INDEX fx_deals_by_reference ON public.fx_deals USING btree (reference);
grant select on fx_deals to causeway_app;

create table public.fx_quotes (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  marketplace text generated always as ((data ->> 'marketplace'::text)) stored,
  expires_at text generated always as ((data ->> 'expiresAt'::text)) stored,
  constraint fx_quotes_pkey PRIMARY KEY (id),
  constraint fx_quotes_state_check CHECK ((state = ANY (ARRAY['locked'::text, 'used'::text])))
) with (fillfactor=60);
CREATE INDEX fx_quotes_open ON public.fx_quotes USING btree (expires_at) WHERE (state = 'locked'::text);
grant select on fx_quotes to causeway_app;

create table public.fx_rates (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  moment text generated always as ((((data ->> 'source'::text) || ' '::text) || (data ->> 'asOf'::text))) stored,
  as_of text generated always as ((data ->> 'asOf'::text)) stored,
  constraint fx_rates_pkey PRIMARY KEY (id),
  constraint fx_rates_state_check CHECK ((state = 'received'::text))
);
CREATE UNIQUE INDEX fx_rates_by_moment ON public.fx_rates USING btree (moment);
CREATE INDEX fx_rates_by_time ON public.fx_rates USING btree (as_of DESC);
grant select on fx_rates to causeway_app;

create table public.fx_revaluations (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  previous text generated always as ((data ->> 'previous'::text)) stored,
  constraint fx_revaluations_pkey PRIMARY KEY (id),
  constraint fx_revaluations_state_check CHECK ((state = 'posted'::text))
);
CREATE UNIQUE INDEX fx_revaluations_by_previous ON public.fx_revaluations USING btree (previous);
grant select on fx_revaluations to causeway_app;

create table public.hub_codes (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  value text generated always as ((data ->> 'value'::text)) stored,
  payment text generated always as ((data ->> 'payment'::text)) stored,
  shop text generated always as ((data ->> 'shop'::text)) stored,
  constraint hub_codes_pkey PRIMARY KEY (id),
  constraint hub_codes_state_check CHECK ((state = ANY (ARRAY['printed'::text, 'live'::text, 'used'::text, 'retired'::text])))
) with (fillfactor=60);
CREATE INDEX hub_codes_by_payment ON public.hub_codes USING btree (payment) WHERE (payment IS NOT NULL);
CREATE INDEX hub_codes_by_shop ON public.hub_codes USING btree (shop, id) WHERE (shop IS NOT NULL);
CREATE UNIQUE INDEX hub_codes_by_value ON public.hub_codes USING btree (value);
grant select on hub_codes to causeway_app;

create table public.hub_notifications (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  acquirer text generated always as ((data ->> 'acquirer'::text)) stored,
  payment text generated always as ((data ->> 'payment'::text)) stored,
  constraint hub_notifications_pkey PRIMARY KEY (id),
  constraint hub_notifications_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'acknowledged'::text, 'given_up'::text])))
) with (fillfactor=60);
CREATE INDEX hub_notifications_by_acquirer ON public.hub_notifications USING btree (acquirer, id);
CREATE INDEX hub_notifications_by_payment ON public.hub_notifications USING btree (payment, id);
comment on table hub_notifications is 'what an acquirer is told of a payment of its shop; the body stays as it was made';
grant select on hub_notifications to causeway_app;

create table public.hub_payments (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  request_key text generated always as ((((data ->> 'acquirer'::text) || ':'::text) || (data ->> 'requestId'::text))) stored,
  reference text generated always as ((data ->> 'reference'::text)) stored,
  acquirer text generated always as ((data ->> 'acquirer'::text)) stored,
  wallet text generated always as ((data ->> 'wallet'::text)) stored,
  payer text generated always as ((((data ->> 'wallet'::text) || ':'::text) || (data ->> 'customerId'::text))) stored,
  paid_at text generated always as ((data ->> 'paidAt'::text)) stored,
  constraint hub_payments_pkey PRIMARY KEY (id),
  constraint hub_payments_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'in_process'::text, 'paid'::text, 'canceling'::text, 'failed'::text, 'closed'::text, 'canceled'::text])))
) with (fillfactor=60);
CREATE INDEX hub_payments_by_acquirer ON public.hub_payments USING btree (acquirer, id);
CREATE INDEX hub_payments_by_payer ON public.hub_payments USING btree (payer, id) WHERE (payer IS NOT NULL);
CREATE UNIQUE INDEX hub_payments_by_reference ON public.hub_payments USING btree (reference);
CREATE UNIQUE INDEX hub_payments_by_request ON public.hub_payments USING btree (request_key);
CREATE INDEX hub_payments_by_time ON public.hub_payments USING btree (paid_at) WHERE (paid_at IS NOT NULL);
CREATE INDEX hub_payments_by_wallet ON public.hub_payments USING btree (wallet, id);
comment on table hub_payments is 'a home wallet pays a shop abroad; what each side owes or gets is fixed with it';
grant select on hub_payments to causeway_app;

create table public.hub_refunds (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  request_key text generated always as ((((data ->> 'acquirer'::text) || ':'::text) || (data ->> 'requestId'::text))) stored,
  payment text generated always as ((data ->> 'payment'::text)) stored,
  refunded_at text generated always as ((data ->> 'refundedAt'::text)) stored,
  constraint hub_refunds_pkey PRIMARY KEY (id),
  constraint hub_refunds_state_check CHECK ((state = ANY (ARRAY['sent'::text, 'refunded'::text, 'refused'::text])))
) with (fillfactor=60);
CREATE INDEX hub_refunds_by_payment ON public.hub_refunds USING btree (payment, id);
CREATE UNIQUE INDEX hub_refunds_by_request ON public.hub_refunds USING btree (request_key);
CREATE INDEX hub_refunds_by_time ON public.hub_refunds USING btree (refunded_at) WHERE (refunded_at IS NOT NULL);
grant select on hub_refunds to causeway_app;

create table public.inbound (
  id uuid not null,
  network text not null,
  message_id text not null,
  kind text not null,
  sha256 bytea not null,
  bytes bytea not null,
  received_at timestamp with time zone not null default clock_timestamp(),
  constraint inbound_pkey PRIMARY KEY (id),
  constraint inbound_once UNIQUE (network, message_id)
);
comment on table inbound is 'every notification and file, raw; deduplicated by (network, message_id)';
grant insert, select on inbound to causeway_app;

create table public.jobs (
  id uuid not null,
  journal_id smallint not null default 1,
  kind text not null,
  subject text not null,
  due timestamp with time zone not null,
  payload json not null,
  attempts integer not null default 0,
  lease uuid,
  leased_until timestamp with time zone,
  dead boolean not null default false,
  last_error text,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint jobs_pkey PRIMARY KEY (id)
) with (fillfactor=70);
CREATE INDEX jobs_due ON public.jobs USING btree (due) WHERE (NOT dead);
CREATE INDEX jobs_schedules ON public.jobs USING btree (kind) WHERE (subject = 'schedule'::text);
comment on column jobs.due is 'business time';
comment on column jobs.leased_until is 'wall-clock time';
grant delete, insert, select, update on jobs to causeway_app;

create table public.journal_events (
  journal_id smallint not null,
  seq bigint not null,
  unit_id uuid not null,
  type text not null,
  prefix text not null,
  subject uuid not null,
  version integer not null,
  at timestamp with time zone not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  data json not null,
  constraint journal_events_pkey PRIMARY KEY (seq, journal_id),
  constraint journal_events_version_check CHECK ((version > 0))
);
comment on column journal_events.unit_id is 'events of one commit unit share it; lets a lost answer be found again';
comment on column journal_events.at is 'business time';
grant select on journal_events to causeway_app;

create table public.journal_events_1 (
  journal_id smallint not null,
  seq bigint not null,
  unit_id uuid not null,
  type text not null,
  prefix text not null,
  subject uuid not null,
  version integer not null,
  at timestamp with time zone not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  data json not null,
  constraint journal_events_1_pkey PRIMARY KEY (seq, journal_id),
  constraint journal_events_1_subject_version UNIQUE (subject, version, journal_id),
  constraint journal_events_version_check CHECK ((version > 0))
);
comment on column journal_events_1.unit_id is 'events of one commit unit share it; lets a lost answer be found again';
comment on column journal_events_1.at is 'business time';

create table public.journal_head (
  journal_id smallint not null,
  seq bigint not null,
  at timestamp with time zone not null default '-infinity'::timestamp with time zone,
  partitioned_to bigint not null default 0,
  constraint journal_head_pkey PRIMARY KEY (journal_id)
) with (fillfactor=10);
comment on column journal_head.at is 'business time of the last event';
comment on column journal_head.partitioned_to is 'events and transfers have partitions up to this seq, not included';
grant select on journal_head to causeway_app;

create table public.journal_readers (
  name text not null,
  seq bigint not null,
  constraint journal_readers_pkey PRIMARY KEY (name)
);
grant select, update on journal_readers to causeway_app;

create table public.marketplaces (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  constraint marketplaces_pkey PRIMARY KEY (id),
  constraint marketplaces_state_check CHECK ((state = 'active'::text))
);
grant select on marketplaces to causeway_app;

create table public.network_accounts (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  account_key text generated always as ((((data ->> 'network'::text) || ':'::text) || (data ->> 'merchantId'::text))) stored,
  constraint network_accounts_pkey PRIMARY KEY (id),
  constraint network_accounts_state_check CHECK ((state = 'active'::text))
);
CREATE UNIQUE INDEX network_accounts_by_key ON public.network_accounts USING btree (account_key);
grant select on network_accounts to causeway_app;

create table public.network_fees (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  fee_key text generated always as ((((((((((((data ->> 'network'::text) || ':'::text) || (data ->> 'day'::text)) || ':'::text) || (data ->> 'batch'::text)) || ':'::text) || (data #>> '{returned,currency}'::text[])) || ':'::text) || (data ->> 'networkId'::text)) || ':'::text) || (data ->> 'reference'::text))) stored,
  payment text generated always as ((data ->> 'payment'::text)) stored,
  settlement text generated always as ((data ->> 'settlement'::text)) stored,
  constraint network_fees_pkey PRIMARY KEY (id),
  constraint network_fees_state_check CHECK ((state = 'assessed'::text))
);
CREATE UNIQUE INDEX network_fees_by_key ON public.network_fees USING btree (fee_key);
CREATE INDEX network_fees_by_payment ON public.network_fees USING btree (payment);
CREATE INDEX network_fees_by_settlement ON public.network_fees USING btree (settlement);
grant select on network_fees to causeway_app;

create table public.operations (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  payment text generated always as ((data ->> 'payment'::text)) stored,
  reference text generated always as ((data ->> 'reference'::text)) stored,
  wallet_refunded_at text generated always as (
CASE
    WHEN ((state = 'approved'::text) AND ((data ->> 'kind'::text) = 'refund'::text) AND ((data -> 'moved'::text) IS NOT NULL)) THEN (data ->> 'answeredAt'::text)
    ELSE NULL::text
END) stored,
  network_id text generated always as ((data ->> 'networkId'::text)) stored,
  constraint operations_pkey PRIMARY KEY (id),
  constraint operations_state_check CHECK ((state = ANY (ARRAY['sent'::text, 'approved'::text, 'declined'::text, 'pending'::text, 'unknown'::text])))
) with (fillfactor=60);
CREATE INDEX operations_by_network_id ON public.operations USING btree (network_id) WHERE (network_id IS NOT NULL);
CREATE INDEX operations_by_payment ON public.operations USING btree (payment);
CREATE UNIQUE INDEX operations_by_reference ON public.operations USING btree (reference);
CREATE INDEX operations_by_wallet_refund ON public.operations USING btree (wallet_refunded_at, id) WHERE (wallet_refunded_at IS NOT NULL);
CREATE INDEX operations_open ON public.operations USING btree (state) WHERE (state = ANY (ARRAY['sent'::text, 'pending'::text, 'unknown'::text]));
grant select on operations to causeway_app;

create table public.orders (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  marketplace text generated always as ((data ->> 'marketplace'::text)) stored,
  seller text generated always as ((data ->> 'seller'::text)) stored,
  buyer text generated always as ((data ->> 'buyer'::text)) stored,
  reference_key text generated always as ((((data ->> 'marketplace'::text) || ':'::text) || (data ->> 'reference'::text))) stored,
  constraint orders_pkey PRIMARY KEY (id),
  constraint orders_state_check CHECK ((state = ANY (ARRAY['awaiting_payment'::text, 'part_paid'::text, 'paid'::text, 'shipped'::text, 'received'::text, 'released'::text, 'canceled'::text, 'refunded'::text])))
) with (fillfactor=60);
CREATE INDEX orders_by_buyer ON public.orders USING btree (buyer, id);
CREATE INDEX orders_by_marketplace ON public.orders USING btree (marketplace, id);
CREATE UNIQUE INDEX orders_by_reference ON public.orders USING btree (reference_key);
CREATE INDEX orders_by_seller ON public.orders USING btree (seller, id);
grant select on orders to causeway_app;

create table public.outbound_files (
  name text not null,
  sha256 bytea not null,
  bytes bytea not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint outbound_files_pkey PRIMARY KEY (name)
);
comment on table outbound_files is 'files handed to banks, as they went out';
grant insert, select on outbound_files to causeway_app;

create table public.participants (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  participant_id text generated always as ((data ->> 'participantId'::text)) stored,
  wallet text generated always as ((data #>> '{wallet,slug}'::text[])) stored,
  brand text generated always as ((data #>> '{wallet,brandCode}'::text[])) stored,
  account text generated always as ((data #>> '{wallet,account}'::text[])) stored,
  constraint participants_pkey PRIMARY KEY (id),
  constraint participants_state_check CHECK ((state = ANY (ARRAY['active'::text, 'suspended'::text])))
);
CREATE UNIQUE INDEX participants_by_account ON public.participants USING btree (account);
CREATE UNIQUE INDEX participants_by_brand ON public.participants USING btree (brand);
CREATE UNIQUE INDEX participants_by_name ON public.participants USING btree (participant_id);
CREATE UNIQUE INDEX participants_by_wallet ON public.participants USING btree (wallet);
grant select on participants to causeway_app;

create table public.payments (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  order_id text generated always as ((data ->> 'order'::text)) stored,
  marketplace text generated always as ((data ->> 'marketplace'::text)) stored,
  wallet_paid_at text generated always as ((data #>> '{wallet,paidAt}'::text[])) stored,
  renewed_network_id text generated always as (
CASE
    WHEN ((data ->> 'reauthorizations'::text) <> '0'::text) THEN (data ->> 'networkPaymentId'::text)
    ELSE NULL::text
END) stored,
  declined_card text generated always as (
CASE
    WHEN ((state = 'declined'::text) OR ((data -> 'tries'::text) <> '[]'::jsonb)) THEN (data #>> '{card,fingerprint}'::text[])
    ELSE NULL::text
END) stored,
  constraint payments_pkey PRIMARY KEY (id),
  constraint payments_state_check CHECK ((state = ANY (ARRAY['authenticating'::text, 'pending'::text, 'authorized'::text, 'part_captured'::text, 'captured'::text, 'declined'::text, 'canceled'::text, 'expired'::text])))
) with (fillfactor=60);
CREATE INDEX payments_by_declined_card ON public.payments USING btree (declined_card) WHERE (declined_card IS NOT NULL);
CREATE INDEX payments_by_marketplace ON public.payments USING btree (marketplace, id);
CREATE INDEX payments_by_order ON public.payments USING btree (order_id);
CREATE INDEX payments_by_renewed_network_id ON public.payments USING btree (renewed_network_id) WHERE (renewed_network_id IS NOT NULL);
CREATE INDEX payments_by_wallet_time ON public.payments USING btree (wallet_paid_at, id) WHERE (wallet_paid_at IS NOT NULL);
grant select on payments to causeway_app;

create table public.payout_files (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  reference text generated always as ((data ->> 'reference'::text)) stored,
  constraint payout_files_pkey PRIMARY KEY (id),
  constraint payout_files_state_check CHECK ((state = ANY (ARRAY['sent'::text, 'accepted'::text, 'rejected'::text, 'unknown'::text, 'matched'::text])))
) with (fillfactor=60);
CREATE UNIQUE INDEX payout_files_by_reference ON public.payout_files USING btree (reference);
CREATE INDEX payout_files_open ON public.payout_files USING btree (state) WHERE (state <> 'matched'::text);
grant select on payout_files to causeway_app;

create table public.payout_runs (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  marketplace text generated always as ((data ->> 'marketplace'::text)) stored,
  constraint payout_runs_pkey PRIMARY KEY (id),
  constraint payout_runs_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text])))
) with (fillfactor=60);
CREATE INDEX payout_runs_by_marketplace ON public.payout_runs USING btree (marketplace, id);
grant select on payout_runs to causeway_app;

create table public.payouts (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  marketplace text generated always as ((data ->> 'marketplace'::text)) stored,
  seller text generated always as ((data ->> 'seller'::text)) stored,
  file text generated always as ((data ->> 'file'::text)) stored,
  trace text generated always as ((data ->> 'trace'::text)) stored,
  constraint payouts_pkey PRIMARY KEY (id),
  constraint payouts_state_check CHECK ((state = ANY (ARRAY['initiated'::text, 'awaiting_funds'::text, 'filed'::text, 'paid'::text, 'returned'::text, 'rejected'::text, 'canceled'::text])))
) with (fillfactor=60);
CREATE INDEX payouts_by_file ON public.payouts USING btree (file);
CREATE INDEX payouts_by_marketplace ON public.payouts USING btree (marketplace, id);
CREATE INDEX payouts_by_seller ON public.payouts USING btree (seller, id);
CREATE INDEX payouts_by_trace ON public.payouts USING btree (trace);
CREATE INDEX payouts_unfiled ON public.payouts USING btree (id) WHERE (state = ANY (ARRAY['initiated'::text, 'awaiting_funds'::text]));
grant select on payouts to causeway_app;

create table public.person_uses (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  person text generated always as ((data ->> 'person'::text)) stored,
  use_key text generated always as ((((data ->> 'campaign'::text) || ':'::text) || (data ->> 'person'::text))) stored,
  constraint person_uses_pkey PRIMARY KEY (id),
  constraint person_uses_state_check CHECK ((state = 'counted'::text))
) with (fillfactor=60);
CREATE UNIQUE INDEX person_uses_by_key ON public.person_uses USING btree (use_key);
CREATE INDEX person_uses_by_person ON public.person_uses USING btree (person);
grant select on person_uses to causeway_app;

create table public.refunds (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  payment text generated always as ((data ->> 'payment'::text)) stored,
  order_id text generated always as ((data ->> 'order'::text)) stored,
  constraint refunds_pkey PRIMARY KEY (id),
  constraint refunds_state_check CHECK ((state = ANY (ARRAY['initiated'::text, 'confirmed'::text, 'rejected'::text])))
) with (fillfactor=60);
CREATE INDEX refunds_by_order ON public.refunds USING btree (order_id);
CREATE INDEX refunds_by_payment ON public.refunds USING btree (payment);
grant select on refunds to causeway_app;

create table public.registrations (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  request_key text generated always as ((((data ->> 'registrar'::text) || ':'::text) || (data ->> 'requestId'::text))) stored,
  live_key text generated always as (
CASE
    WHEN (state <> 'failed'::text) THEN (((data ->> 'registrar'::text) || ':'::text) || (data ->> 'reference'::text))
    ELSE NULL::text
END) stored,
  login_key text generated always as (
CASE
    WHEN (state <> 'failed'::text) THEN (((data ->> 'marketplace'::text) || ':'::text) || lower((data #>> '{merchant,loginId}'::text[])))
    ELSE NULL::text
END) stored,
  marketplace text generated always as ((data ->> 'marketplace'::text)) stored,
  constraint registrations_pkey PRIMARY KEY (id),
  constraint registrations_state_check CHECK ((state = ANY (ARRAY['processing'::text, 'successful'::text, 'failed'::text])))
) with (fillfactor=60);
CREATE UNIQUE INDEX registrations_by_login ON public.registrations USING btree (login_key);
CREATE INDEX registrations_by_marketplace ON public.registrations USING btree (marketplace, id);
CREATE UNIQUE INDEX registrations_by_reference ON public.registrations USING btree (live_key);
CREATE UNIQUE INDEX registrations_by_request ON public.registrations USING btree (request_key);
comment on table registrations is 'a seller who asks to be taken on: what was said, what was checked, how it was decided';
grant select on registrations to causeway_app;

create table public.schema_migrations (
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default clock_timestamp(),
  constraint schema_migrations_pkey PRIMARY KEY (name)
);
grant select on schema_migrations to causeway_app;

create table public.sellers (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  marketplace text generated always as ((data ->> 'marketplace'::text)) stored,
  constraint sellers_pkey PRIMARY KEY (id),
  constraint sellers_state_check CHECK ((state = 'active'::text))
);
CREATE INDEX sellers_by_marketplace ON public.sellers USING btree (marketplace, id);
grant select on sellers to causeway_app;

create table public.sessions (
  token_hash text not null,
  api_key uuid not null,
  expires_at timestamp with time zone not null,
  constraint sessions_pkey PRIMARY KEY (token_hash)
);
grant delete, insert, select, update on sessions to causeway_app;

create table public.settlement_files (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  file_key text generated always as ((((data ->> 'network'::text) || ':'::text) || (data ->> 'day'::text))) stored,
  constraint settlement_files_pkey PRIMARY KEY (id),
  constraint settlement_files_state_check CHECK ((state = 'imported'::text))
);
CREATE UNIQUE INDEX settlement_files_by_key ON public.settlement_files USING btree (file_key);
grant select on settlement_files to causeway_app;

create table public.settlement_lines (
  batch text not null,
  kind text not null,
  reference text not null,
  network_id text not null,
  currency text not null,
  amount bigint not null,
  interchange bigint not null,
  scheme_fee bigint not null,
  processing_fee bigint not null,
  presented_currency text,
  presented_amount bigint,
  constraint settlement_lines_pkey PRIMARY KEY (batch, kind, reference),
  constraint settlement_lines_amount_check CHECK ((amount >= 0)),
  constraint settlement_lines_kind_check CHECK ((kind = ANY (ARRAY['sale'::text, 'refund'::text])))
);
CREATE INDEX settlement_lines_by_network_id ON public.settlement_lines USING btree (network_id);
CREATE INDEX settlement_lines_by_reference ON public.settlement_lines USING btree (reference);
comment on table settlement_lines is 'lines of the settlement files, derived from the raw files in inbound';
grant insert, select on settlement_lines to causeway_app;

create table public.settlements (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  batch text generated always as ((data ->> 'batch'::text)) stored,
  constraint settlements_pkey PRIMARY KEY (id),
  constraint settlements_state_check CHECK ((state = ANY (ARRAY['reported'::text, 'matched'::text, 'differs'::text, 'closed'::text])))
);
CREATE UNIQUE INDEX settlements_by_batch ON public.settlements USING btree (batch);
grant select on settlements to causeway_app;

create table public.shops (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  shop_key text generated always as ((((data ->> 'acquirer'::text) || ':'::text) || (data ->> 'merchantId'::text))) stored,
  acquirer text generated always as ((data ->> 'acquirer'::text)) stored,
  constraint shops_pkey PRIMARY KEY (id),
  constraint shops_state_check CHECK ((state = 'active'::text))
);
CREATE INDEX shops_by_acquirer ON public.shops USING btree (acquirer, id);
CREATE UNIQUE INDEX shops_by_key ON public.shops USING btree (shop_key);
grant select on shops to causeway_app;

create table public.statements (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  bank text generated always as ((data ->> 'bank'::text)) stored,
  day_key text generated always as ((((((data ->> 'bank'::text) || ':'::text) || (data ->> 'day'::text)) || ':'::text) || (data #>> '{closing,currency}'::text[]))) stored,
  constraint statements_pkey PRIMARY KEY (id),
  constraint statements_state_check CHECK ((state = 'imported'::text))
);
CREATE UNIQUE INDEX statements_by_day ON public.statements USING btree (day_key);
grant select on statements to causeway_app;

create table public.transfers (
  journal_id smallint not null,
  seq bigint not null,
  leg smallint not null,
  debit uuid not null,
  credit uuid not null,
  amount bigint not null,
  constraint transfers_pkey PRIMARY KEY (seq, leg, journal_id),
  constraint transfers_amount_check CHECK ((amount > 0)),
  constraint transfers_two_accounts CHECK ((debit <> credit))
);
CREATE INDEX transfers_by_credit ON ONLY public.transfers USING btree (credit, seq, journal_id);
CREATE INDEX transfers_by_debit ON ONLY public.transfers USING btree (debit, seq, journal_id);
grant select on transfers to causeway_app;

create table public.transfers_1 (
  journal_id smallint not null,
  seq bigint not null,
  leg smallint not null,
  debit uuid not null,
  credit uuid not null,
  amount bigint not null,
  constraint transfers_1_pkey PRIMARY KEY (seq, leg, journal_id),
  constraint transfers_amount_check CHECK ((amount > 0)),
  constraint transfers_two_accounts CHECK ((debit <> credit))
);
CREATE INDEX transfers_1_credit_seq_journal_id_idx ON public.transfers_1 USING btree (credit, seq, journal_id);
CREATE INDEX transfers_1_debit_seq_journal_id_idx ON public.transfers_1 USING btree (debit, seq, journal_id);

create table public.vouchers (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  marketplace text generated always as ((data ->> 'marketplace'::text)) stored,
  programme text generated always as ((data ->> 'programme'::text)) stored,
  holder text generated always as ((data ->> 'holder'::text)) stored,
  constraint vouchers_pkey PRIMARY KEY (id),
  constraint vouchers_state_check CHECK ((state = ANY (ARRAY['issued'::text, 'assigned'::text, 'redeemed'::text, 'lapsed'::text])))
) with (fillfactor=60);
CREATE INDEX vouchers_by_holder ON public.vouchers USING btree (holder, id) WHERE (holder IS NOT NULL);
CREATE INDEX vouchers_by_marketplace ON public.vouchers USING btree (marketplace, id);
CREATE INDEX vouchers_by_programme ON public.vouchers USING btree (programme, id);
grant select on vouchers to causeway_app;

create table public.wallet_agreements (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  marketplace text generated always as ((data ->> 'marketplace'::text)) stored,
  buyer text generated always as ((data ->> 'buyer'::text)) stored,
  constraint wallet_agreements_pkey PRIMARY KEY (id),
  constraint wallet_agreements_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'active'::text, 'ending'::text, 'ended'::text, 'refused'::text])))
) with (fillfactor=60);
CREATE INDEX wallet_agreements_by_buyer ON public.wallet_agreements USING btree (buyer, id);
comment on table wallet_agreements is 'under which a home wallet debits its user without asking; the tokens are sealed';
grant select on wallet_agreements to causeway_app;

create table public.wallet_disputes (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  claim_key text generated always as ((((data ->> 'wallet'::text) || ':'::text) || (data ->> 'claim'::text))) stored,
  payment text generated always as ((data #>> '{home,payment}'::text[])) stored,
  number_key text generated always as ((((data #>> '{home,payment}'::text[]) || ':'::text) || (data ->> 'number'::text))) stored,
  network text generated always as ((data #>> '{home,network}'::text[])) stored,
  constraint wallet_disputes_pkey PRIMARY KEY (id),
  constraint wallet_disputes_state_check CHECK ((state = ANY (ARRAY['open'::text, 'refunding'::text, 'answered'::text, 'lapsed'::text, 'refunded'::text, 'not_refunded'::text])))
) with (fillfactor=60);
CREATE UNIQUE INDEX wallet_disputes_by_claim ON public.wallet_disputes USING btree (claim_key);
CREATE INDEX wallet_disputes_by_network ON public.wallet_disputes USING btree (network, id) WHERE (network IS NOT NULL);
CREATE UNIQUE INDEX wallet_disputes_by_number ON public.wallet_disputes USING btree (number_key);
CREATE INDEX wallet_disputes_by_payment ON public.wallet_disputes USING btree (payment, id);
comment on table wallet_disputes is 'a wallet asks about a payment, or for its money; nothing is taken, what is accepted is refunded';
grant select on wallet_disputes to causeway_app;

CREATE OR REPLACE FUNCTION public.archive_partition(p_number bigint, p_before timestamp with time zone, p_journal smallint DEFAULT 1)
 RETURNS archived_partitions
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
 SET lock_timeout TO '5s'
 SET work_mem TO '256MB'
AS $function$
declare
  events constant text := format('journal_events_%s', p_number);
  transfers constant text := format('transfers_%s', p_number);
  archived_to bigint;
  head_seq bigint;
  next_seq bigint;
  moved numeric;
  kept numeric;
  gone archived_partitions;
begin
  lock table archived_partitions in share row exclusive mode;
  select coalesce(max(last_seq), 0) into archived_to from archived_partitions where journal_id = p_journal;
  select seq into strict head_seq from journal_head where journal_id = p_journal;

  if not exists (select from pg_inherits where inhparent = 'journal_events'::regclass and inhrelid = to_regclass(events))
    or not exists (select from pg_inherits where inhparent = 'transfers'::regclass and inhrelid = to_regclass(transfers)) then
    raise exception 'there is no partition % to archive', p_number using errcode = 'no_data_found';
  end if;
  execute format('select $1, $2, min(seq), max(seq), (array_agg(at order by seq))[1], max(at), 0, clock_timestamp()
                    from %I where seq in (select min(seq) from %1$I union select max(seq) from %1$I)', events)
    into gone using p_journal, p_number;
  if gone.first_seq is distinct from archived_to + 1 then
    raise exception 'partition % does not begin at seq %: archive the oldest one first', p_number, archived_to + 1
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  if to_regclass(format('journal_events_%s', p_number + 1)) is not null then
    execute format('select max(seq) from %I', format('journal_events_%s', p_number + 1)) into next_seq;
  end if;
  if next_seq is null or next_seq >= head_seq then
    raise exception 'partition % is too new: it and the next one must be full', p_number
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  if (gone.last_at < p_before) is not true then
    raise exception 'partition % goes on until %, which is not before %', p_number, gone.last_at, p_before
      using errcode = 'object_not_in_prerequisite_state';
  end if;

  execute format(
    'insert into archived_totals (journal_id, account, last_seq, type, debits, credits)
       select $1, x.account, $2, e.type, sum(x.debits), sum(x.credits)
         from %I t join %I e on e.journal_id = t.journal_id and e.seq = t.seq
        cross join lateral (values (t.debit, t.amount, 0), (t.credit, 0, t.amount)) x(account, debits, credits)
        where t.journal_id = $1
        group by x.account, e.type', transfers, events) using p_journal, gone.last_seq;
  execute format('select count(*), coalesce(sum(amount), 0) from %I', transfers) into gone.transfers, moved;
  select coalesce(sum(debits), 0) into kept from archived_totals where journal_id = p_journal and last_seq = gone.last_seq;
  if kept <> moved then
    raise exception 'partition %: % moved, % of it by events', p_number, moved, kept using errcode = 'data_corrupted';
  end if;
  execute format(
    'insert into archived_subjects (journal_id, subject, version)
       select $1, subject, max(version) from %I where journal_id = $1 group by subject
     on conflict (subject, journal_id) do update set version = excluded.version', events) using p_journal;
  -- Balances at seqs that are archived now can no longer be asked for, nor their checkpoints verified.
  delete from account_checkpoints where journal_id = p_journal and seq <= gone.last_seq;
  insert into archived_partitions select gone.*;

  execute format('alter table journal_events detach partition %I', events);
  execute format('alter table transfers detach partition %I', transfers);
  return gone;
end $function$;

CREATE OR REPLACE FUNCTION public.clearing_cycle_held(p_cycle uuid, p_version integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform from clearing_cycles where id = p_cycle and version = p_version and state = 'collecting' for share;
  return found;
end $function$;
grant execute on function clearing_cycle_held to causeway_app;

CREATE OR REPLACE FUNCTION public.journal_commit(p_journal smallint, e_rank bigint[], e_unit integer[], e_unit_id uuid[], e_at timestamp with time zone[], e_type text[], e_prefix text[], e_subject uuid[], e_version integer[], e_data text[], c_unit integer[], c_client text[], c_key text[], c_fingerprint bytea[], c_open boolean[], c_answer text[], x_unit integer[], x_client text[], x_key text[], x_answer text[], s_tables text[], s_from integer[], s_to integer[], s_unit integer[], s_id uuid[], s_version integer[], w_tables text[], w_from integer[], w_to integer[], w_unit integer[], w_id uuid[], w_check integer[], w_expected integer[], w_version integer[], w_state text[], w_data text[], n_unit integer[], n_table text[], n_column text[], n_value text[], d_unit integer[], d_job uuid[], d_lease uuid[], r_unit integer[], r_job uuid[], f_account integer[], f_need bigint[], b_unit integer[], b_account integer[], b_delta bigint[], t_event integer[], t_leg integer[], t_debit integer[], t_credit integer[], t_amount bigint[], a_id uuid[], a_name text[], a_owner text[], a_currency text[], a_floored boolean[], a_debit_normal boolean[], a_debits bigint[], a_credits bigint[], a_mark uuid[], j_unit integer[], j_id uuid[], j_kind text[], j_subject text[], j_due timestamp with time zone[], j_payload text[], OUT o_base bigint, OUT o_code integer[])
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  head journal_head;
  bad int[];
  tbl text;
  col text;
  short int[];
  have bigint[];
  found tid[];
  s_place tid[];
  a_place tid[];
  a_have bigint[];
  e_docs json[];
  w_docs jsonb[];
  j_docs json[];
  written bigint;
  moved bigint;
  touched bigint;
  inserted bigint;
  due bigint;
begin
  -- Documents are parsed while another batch holds the head: an eighth of the work, and it needs nothing that is locked.
  e_docs := e_data::json[];
  w_docs := w_data::jsonb[];
  j_docs := j_payload::json[];

  select * into strict head from journal_head where journal_id = p_journal for update;
  o_base := head.seq;

  -- Verify: keys that are owned already,
  if cardinality(c_unit) > 0 then
    select array_agg(c_unit[i]) into bad
      from generate_series(1, cardinality(c_unit)) i
     where (select c.seq from commands c where c.journal_id = p_journal and c.client = c_client[i] and c.key = c_key[i])
           is not null;
    if bad is not null then o_code := journal_refuse(o_code, cardinality(e_unit), bad, 1); end if;
  end if;

  -- rows that are to have a version (0: not to exist), because they are written or because they were read,
  for k in 1 .. coalesce(cardinality(s_tables), 0) loop
    case s_tables[k]
    when 'agreements' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from agreements t where t.id = s_id[i] offset 0) x on true;
    when 'ams_clients' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from ams_clients t where t.id = s_id[i] offset 0) x on true;
    when 'ams_instructions' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from ams_instructions t where t.id = s_id[i] offset 0) x on true;
    when 'ams_notifications' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from ams_notifications t where t.id = s_id[i] offset 0) x on true;
    when 'ams_payments' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from ams_payments t where t.id = s_id[i] offset 0) x on true;
    when 'ams_requests' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from ams_requests t where t.id = s_id[i] offset 0) x on true;
    when 'api_keys' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from api_keys t where t.id = s_id[i] offset 0) x on true;
    when 'attachments' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from attachments t where t.id = s_id[i] offset 0) x on true;
    when 'balance_transfers' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from balance_transfers t where t.id = s_id[i] offset 0) x on true;
    when 'bank_accounts' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from bank_accounts t where t.id = s_id[i] offset 0) x on true;
    when 'bank_lines' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from bank_lines t where t.id = s_id[i] offset 0) x on true;
    when 'breaks' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from breaks t where t.id = s_id[i] offset 0) x on true;
    when 'buyers' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from buyers t where t.id = s_id[i] offset 0) x on true;
    when 'campaigns' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from campaigns t where t.id = s_id[i] offset 0) x on true;
    when 'checkout_links' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from checkout_links t where t.id = s_id[i] offset 0) x on true;
    when 'clearing_batches' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from clearing_batches t where t.id = s_id[i] offset 0) x on true;
    when 'clearing_cycles' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from clearing_cycles t where t.id = s_id[i] offset 0) x on true;
    when 'clearing_files' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from clearing_files t where t.id = s_id[i] offset 0) x on true;
    when 'clearing_pairs' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from clearing_pairs t where t.id = s_id[i] offset 0) x on true;
    when 'conversions' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from conversions t where t.id = s_id[i] offset 0) x on true;
    when 'debts' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from debts t where t.id = s_id[i] offset 0) x on true;
    when 'disputes' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from disputes t where t.id = s_id[i] offset 0) x on true;
    when 'fund_returns' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from fund_returns t where t.id = s_id[i] offset 0) x on true;
    when 'fx_deals' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from fx_deals t where t.id = s_id[i] offset 0) x on true;
    when 'fx_quotes' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from fx_quotes t where t.id = s_id[i] offset 0) x on true;
    when 'fx_rates' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from fx_rates t where t.id = s_id[i] offset 0) x on true;
    when 'fx_revaluations' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from fx_revaluations t where t.id = s_id[i] offset 0) x on true;
    when 'hub_codes' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from hub_codes t where t.id = s_id[i] offset 0) x on true;
    when 'hub_notifications' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from hub_notifications t where t.id = s_id[i] offset 0) x on true;
    when 'hub_payments' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from hub_payments t where t.id = s_id[i] offset 0) x on true;
    when 'hub_refunds' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from hub_refunds t where t.id = s_id[i] offset 0) x on true;
    when 'marketplaces' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from marketplaces t where t.id = s_id[i] offset 0) x on true;
    when 'network_accounts' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from network_accounts t where t.id = s_id[i] offset 0) x on true;
    when 'network_fees' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from network_fees t where t.id = s_id[i] offset 0) x on true;
    when 'operations' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from operations t where t.id = s_id[i] offset 0) x on true;
    when 'orders' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from orders t where t.id = s_id[i] offset 0) x on true;
    when 'participants' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from participants t where t.id = s_id[i] offset 0) x on true;
    when 'payments' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from payments t where t.id = s_id[i] offset 0) x on true;
    when 'payout_files' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from payout_files t where t.id = s_id[i] offset 0) x on true;
    when 'payout_runs' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from payout_runs t where t.id = s_id[i] offset 0) x on true;
    when 'payouts' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from payouts t where t.id = s_id[i] offset 0) x on true;
    when 'person_uses' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from person_uses t where t.id = s_id[i] offset 0) x on true;
    when 'refunds' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from refunds t where t.id = s_id[i] offset 0) x on true;
    when 'registrations' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from registrations t where t.id = s_id[i] offset 0) x on true;
    when 'sellers' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from sellers t where t.id = s_id[i] offset 0) x on true;
    when 'settlement_files' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from settlement_files t where t.id = s_id[i] offset 0) x on true;
    when 'settlements' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from settlements t where t.id = s_id[i] offset 0) x on true;
    when 'shops' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from shops t where t.id = s_id[i] offset 0) x on true;
    when 'statements' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from statements t where t.id = s_id[i] offset 0) x on true;
    when 'vouchers' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from vouchers t where t.id = s_id[i] offset 0) x on true;
    when 'wallet_agreements' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from wallet_agreements t where t.id = s_id[i] offset 0) x on true;
    when 'wallet_disputes' then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from wallet_disputes t where t.id = s_id[i] offset 0) x on true;
    
    end case;
    if bad is not null then o_code := journal_refuse(o_code, cardinality(e_unit), bad, 2); end if;
    s_place := s_place || found;
  end loop;

  -- values that no row is to have,
  if cardinality(n_unit) > 0 then
    for tbl, col in select distinct x.tbl, x.col from unnest(n_table, n_column) x(tbl, col) loop
      execute format(
        'select array_agg(x.unit) from unnest($1, $2, $3, $4) x(unit, tbl, col, value)
          where x.tbl = %L and x.col = %L and exists (select from %I t where t.%I = x.value)', tbl, col, tbl, col)
        into bad using n_unit, n_table, n_column, n_value;
      if bad is not null then o_code := journal_refuse(o_code, cardinality(e_unit), bad, 3); end if;
    end loop;
  end if;

  -- jobs whose lease has passed to somebody else (those that go are locked in the order of their ids, as everywhere),
  if cardinality(d_unit) > 0 or cardinality(r_unit) > 0 then
    perform from jobs where id = any (d_job || r_job) order by id for update;
  end if;
  if cardinality(d_unit) > 0 then
    select array_agg(d_unit[i]) into bad
      from generate_series(1, cardinality(d_unit)) i
     where (select q.lease from jobs q where q.id = d_job[i]) is distinct from d_lease[i];
    if bad is not null then o_code := journal_refuse(o_code, cardinality(e_unit), bad, 5); end if;
  end if;

  -- balances: an account is short when what the batch takes from it, without what it puts in, would break its floor.
  if cardinality(a_id) > 0 then
    select array_agg(x.place), array_agg(x.have) into a_place, a_have
      from generate_series(1, cardinality(a_id)) i
      left join lateral (
        select a.ctid as place, case when a.debit_normal then a.debits - a.credits else a.credits - a.debits end as have
          from accounts a where a.journal_id = p_journal and a.id = a_id[i] offset 0
      ) x on true;
  end if;
  if cardinality(f_account) > 0 then
    select array_agg(i), array_agg(coalesce(a_have[f_account[i]], 0)) into short, have
      from generate_series(1, cardinality(f_account)) i
     where coalesce(a_have[f_account[i]], 0) < f_need[i];
    if short is not null then
      bad := journal_judge(o_code, short, have, b_unit, b_account, b_delta);
      if bad is not null then o_code := journal_refuse(o_code, cardinality(e_unit), bad, 4); end if;
    end if;
  end if;

  -- Number the events of the survivors without gaps, and leave out what the others would have moved.
  if o_code is null then
    written := cardinality(e_unit);
    moved := cardinality(a_id);
  else
    select array_agg(case when o_code[x.unit] = 0 then x.n end order by x.ord), count(*) filter (where o_code[x.unit] = 0)
      into e_rank, written
      from (select unit, ord, count(*) filter (where o_code[unit] = 0) over (order by ord) as n
              from unnest(e_unit) with ordinality u(unit, ord)) x;
    if written = 0 then return; end if;
    select array_agg(y.debits order by y.n), array_agg(y.credits order by y.n),
           count(*) filter (where y.debits + y.credits > 0)
      into a_debits, a_credits, moved
      from (
        select s.n, sum(s.debits)::bigint as debits, sum(s.credits)::bigint as credits
          from (
            select n, 0, 0 from generate_series(1, cardinality(a_id)) n
            union all
            select m.* from unnest(t_event, t_debit, t_credit, t_amount) x(event, debit, credit, amount)
             cross join lateral (values (x.debit, x.amount, 0), (x.credit, 0, x.amount)) m
             where e_rank[x.event] is not null
          ) s(n, debits, credits)
         group by s.n
      ) y;
  end if;

  -- Write.
  if o_base + written >= head.partitioned_to - 1000000 then perform journal_extend(p_journal); end if;
  update journal_head set seq = o_base + written, at = greatest(head.at, e_at[cardinality(e_at)])
   where journal_id = p_journal;

  insert into journal_events (journal_id, seq, unit_id, type, prefix, subject, version, at, data)
    select p_journal, o_base + e_rank[i], e_unit_id[i], e_type[i], e_prefix[i], e_subject[i], e_version[i],
           greatest(e_at[i], head.at), e_docs[i]
      from generate_series(1, cardinality(e_unit)) i
     where e_rank[i] is not null;

  if cardinality(c_unit) > 0 then
    insert into commands (journal_id, client, key, fingerprint, seq, open, answer)
      select p_journal, c_client[i], c_key[i], c_fingerprint[i], o_base + e_rank[c_unit[i]], c_open[i], c_answer[i]
        from generate_series(1, cardinality(c_unit)) i
       where e_rank[c_unit[i]] is not null;
  end if;
  if cardinality(x_unit) > 0 then
    update commands c set open = false, answer = x_answer[x.i]
      from (select i, (select r.ctid from commands r
                        where r.journal_id = p_journal and r.client = x_client[i] and r.key = x_key[i]) as place
              from generate_series(1, cardinality(x_unit)) i where e_rank[x_unit[i]] is not null offset 0) x
     where c.ctid = x.place;
  end if;

  for k in 1 .. coalesce(cardinality(w_tables), 0) loop
    inserted := 0;
    case w_tables[k]
    when 'agreements' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into agreements (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update agreements t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'ams_clients' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into ams_clients (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update ams_clients t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'ams_instructions' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into ams_instructions (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update ams_instructions t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'ams_notifications' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into ams_notifications (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update ams_notifications t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'ams_payments' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into ams_payments (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update ams_payments t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'ams_requests' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into ams_requests (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update ams_requests t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'api_keys' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into api_keys (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update api_keys t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'attachments' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into attachments (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update attachments t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'balance_transfers' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into balance_transfers (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update balance_transfers t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'bank_accounts' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into bank_accounts (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update bank_accounts t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'bank_lines' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into bank_lines (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update bank_lines t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'breaks' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into breaks (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update breaks t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'buyers' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into buyers (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update buyers t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'campaigns' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into campaigns (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update campaigns t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'checkout_links' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into checkout_links (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update checkout_links t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'clearing_batches' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into clearing_batches (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update clearing_batches t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'clearing_cycles' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into clearing_cycles (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update clearing_cycles t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'clearing_files' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into clearing_files (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update clearing_files t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'clearing_pairs' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into clearing_pairs (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update clearing_pairs t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'conversions' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into conversions (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update conversions t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'debts' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into debts (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update debts t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'disputes' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into disputes (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update disputes t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'fund_returns' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into fund_returns (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update fund_returns t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'fx_deals' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into fx_deals (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update fx_deals t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'fx_quotes' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into fx_quotes (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update fx_quotes t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'fx_rates' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into fx_rates (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update fx_rates t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'fx_revaluations' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into fx_revaluations (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update fx_revaluations t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'hub_codes' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into hub_codes (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update hub_codes t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'hub_notifications' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into hub_notifications (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update hub_notifications t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'hub_payments' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into hub_payments (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update hub_payments t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'hub_refunds' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into hub_refunds (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update hub_refunds t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'marketplaces' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into marketplaces (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update marketplaces t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'network_accounts' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into network_accounts (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update network_accounts t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'network_fees' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into network_fees (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update network_fees t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'operations' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into operations (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update operations t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'orders' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into orders (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update orders t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'participants' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into participants (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update participants t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'payments' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into payments (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update payments t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'payout_files' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into payout_files (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update payout_files t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'payout_runs' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into payout_runs (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update payout_runs t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'payouts' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into payouts (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update payouts t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'person_uses' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into person_uses (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update person_uses t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'refunds' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into refunds (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update refunds t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'registrations' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into registrations (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update registrations t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'sellers' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into sellers (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update sellers t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'settlement_files' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into settlement_files (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update settlement_files t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'settlements' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into settlements (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update settlements t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'shops' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into shops (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update shops t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'statements' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into statements (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update statements t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'vouchers' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into vouchers (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update vouchers t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'wallet_agreements' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into wallet_agreements (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update wallet_agreements t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    when 'wallet_disputes' then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into wallet_disputes (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update wallet_disputes t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    
    end case;
    due := w_to[k] - w_from[k] + 1;
    if o_code is not null then
      select count(e_rank[w_unit[i]]) into due from generate_series(w_from[k], w_to[k]) i;
    end if;
    if inserted + touched <> due then
      raise exception 'journal_commit: % of % rows of % written', inserted + touched, due, w_tables[k];
    end if;
  end loop;

  if cardinality(t_event) > 0 then
    insert into transfers (journal_id, seq, leg, debit, credit, amount)
      select p_journal, o_base + e_rank[t_event[i]], t_leg[i], a_id[t_debit[i]], a_id[t_credit[i]], t_amount[i]
        from generate_series(1, cardinality(t_event)) i
       where e_rank[t_event[i]] is not null;
    update accounts a set debits = a.debits + a_debits[x.i], credits = a.credits + a_credits[x.i]
      from (select i, a_place[i] as place
              from generate_series(1, cardinality(a_id)) i where a_debits[i] + a_credits[i] > 0 offset 0) x
     where a.ctid = x.place;
    get diagnostics touched = row_count;
    if touched < moved then
      insert into accounts (journal_id, id, name, owner, currency, floored, debit_normal, debits, credits)
        select p_journal, a_id[i], a_name[i], a_owner[i], a_currency[i], a_floored[i], a_debit_normal[i], a_debits[i],
               a_credits[i]
          from generate_series(1, cardinality(a_id)) i
         where a_debits[i] + a_credits[i] > 0 and a_place[i] is null;
      get diagnostics inserted = row_count;
      if touched + inserted <> moved then
        raise exception 'journal_commit: % of % accounts written', touched + inserted, moved;
      end if;
    end if;
    if cardinality(a_mark) > 0 then
      insert into account_checkpoints (journal_id, account, seq, debits, credits)
        select p_journal, a.id, o_base + written, a.debits, a.credits
          from accounts a where a.journal_id = p_journal and a.id = any (a_mark);
    end if;
  end if;

  if cardinality(j_unit) > 0 then
    insert into jobs (id, journal_id, kind, subject, due, payload)
      select j_id[i], p_journal, j_kind[i], j_subject[i], j_due[i], j_docs[i]
        from generate_series(1, cardinality(j_unit)) i
       where e_rank[j_unit[i]] is not null;
  end if;
  if cardinality(d_unit) > 0 or cardinality(r_unit) > 0 then
    delete from jobs
      where id = any (array(
        select x.job from unnest(d_unit || r_unit, d_job || r_job) x(unit, job) where e_rank[x.unit] is not null));
  end if;
end $function$;
grant execute on function journal_commit to causeway_app;

CREATE OR REPLACE FUNCTION public.journal_extend(p_journal smallint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  width constant bigint := 16777216;
  low bigint;
  number bigint;
begin
  select partitioned_to into strict low from journal_head where journal_id = p_journal;
  number := low / width + 1;
  execute format('create table journal_events_%s (like journal_events including all)', number);
  execute format('alter table journal_events_%1$s add constraint journal_events_%1$s_subject_version
                    unique (subject, version, journal_id)', number);
  execute format('alter table journal_events attach partition journal_events_%s for values from (%s) to (%s)',
                 number, low, low + width);
  execute format('create table transfers_%s (like transfers including all)', number);
  execute format('alter table transfers attach partition transfers_%s for values from (%s) to (%s)',
                 number, low, low + width);
  update journal_head set partitioned_to = low + width where journal_id = p_journal;
end $function$;

CREATE OR REPLACE FUNCTION public.journal_find(p_journal smallint, p_subject uuid[], p_unit uuid[])
 RETURNS TABLE(unit_id uuid, seq bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform from journal_head where journal_id = p_journal for update;
  return query
    select e.unit_id, min(e.seq) from journal_events e
     where e.journal_id = p_journal and e.subject = any (p_subject) and e.unit_id = any (p_unit)
     group by e.unit_id;
end $function$;
grant execute on function journal_find to causeway_app;

CREATE OR REPLACE FUNCTION public.journal_judge(codes integer[], short integer[], have bigint[], b_unit integer[], b_account integer[], b_delta bigint[])
 RETURNS integer[]
 LANGUAGE plpgsql
AS $function$
declare
  refused int[];
  slots int[];
  deltas bigint[];
  unit int;
  covered boolean;
begin
  for unit, slots, deltas in
    select x.unit, array_agg(array_position(short, x.account)), array_agg(x.delta)
      from unnest(b_unit, b_account, b_delta) x(unit, account, delta)
     where x.account = any (short) and (codes is null or codes[x.unit] = 0)
     group by x.unit order by x.unit
  loop
    covered := true;
    for i in 1 .. cardinality(slots) loop
      covered := covered and have[slots[i]] + deltas[i] >= 0;
    end loop;
    if covered then
      for i in 1 .. cardinality(slots) loop
        have[slots[i]] := have[slots[i]] + deltas[i];
      end loop;
    else
      refused := refused || unit;
    end if;
  end loop;
  return refused;
end $function$;

CREATE OR REPLACE FUNCTION public.journal_refuse(codes integer[], events integer, units integer[], code integer)
 RETURNS integer[]
 LANGUAGE plpgsql
AS $function$
declare
  unit int;
begin
  if codes is null then codes := array_fill(0, array[events]); end if;
  foreach unit in array units loop
    if codes[unit] = 0 then codes[unit] := code; end if;
  end loop;
  return codes;
end $function$;

-- Schema vault
grant usage on schema vault to causeway_vault;

create table vault.cards (
  token text not null,
  marketplace text not null,
  ciphertext bytea not null,
  nonce bytea not null,
  key_id text not null,
  brand text not null,
  bin text not null,
  last4 text not null,
  expiry_month smallint not null,
  expiry_year smallint not null,
  fingerprint bytea not null,
  single_use boolean not null,
  used_by text,
  expires_at timestamp with time zone,
  created_at timestamp with time zone not null,
  buyer text,
  agreement text,
  made_from text,
  constraint cards_pkey PRIMARY KEY (token),
  constraint cards_key_id_fkey FOREIGN KEY (key_id) REFERENCES vault.data_keys(key_id),
  constraint cards_agreement_check CHECK ((agreement ~ '^[a-z]{2,5}_[0-9a-f]{32}$'::text)),
  constraint cards_bin_check CHECK ((bin ~ '^[0-9]{6}$'::text)),
  constraint cards_buyer_check CHECK ((buyer ~ '^buy_[0-9a-f]{32}$'::text)),
  constraint cards_expiry_month_check CHECK (((expiry_month >= 1) AND (expiry_month <= 12))),
  constraint cards_expiry_year_check CHECK (((expiry_year >= 2000) AND (expiry_year <= 2100))),
  constraint cards_fingerprint_check CHECK ((octet_length(fingerprint) = 32)),
  constraint cards_last4_check CHECK ((last4 ~ '^[0-9]{4}$'::text)),
  constraint cards_made_from_check CHECK ((made_from ~ '^tok_[0-9a-f]{32}$'::text)),
  constraint cards_marketplace_check CHECK ((marketplace ~ '^mkt_[0-9a-f]{32}$'::text)),
  constraint cards_nonce_check CHECK ((octet_length(nonce) = 12)),
  constraint cards_single_use_expires CHECK (((NOT single_use) OR (expires_at IS NOT NULL))),
  constraint cards_stored_for_somebody CHECK (((single_use = (buyer IS NULL)) AND (single_use = (agreement IS NULL)) AND ((made_from IS NULL) OR (NOT single_use)))),
  constraint cards_token_check CHECK ((token ~ '^tok_[0-9a-f]{32}$'::text)),
  constraint cards_used_by_check CHECK (((length(used_by) >= 1) AND (length(used_by) <= 40)))
) with (fillfactor=80);
CREATE UNIQUE INDEX cards_made_from ON vault.cards USING btree (made_from) WHERE (made_from IS NOT NULL);
CREATE INDEX cards_of_buyer ON vault.cards USING btree (buyer, marketplace, created_at) WHERE (buyer IS NOT NULL);
CREATE INDEX cards_to_purge ON vault.cards USING btree (expires_at) WHERE single_use;
grant delete, insert, select on vault.cards to causeway_vault;
grant update (used_by) on vault.cards to causeway_vault;

create table vault.data_keys (
  key_id text not null,
  wrapped bytea not null,
  created_at timestamp with time zone not null,
  root_key_id text not null,
  purpose text not null,
  constraint data_keys_pkey PRIMARY KEY (key_id),
  constraint data_keys_root_key_id_fkey FOREIGN KEY (root_key_id) REFERENCES vault.root_keys(root_key_id),
  constraint data_keys_key_id_check CHECK ((key_id ~ '^key_[0-9a-f]{32}$'::text)),
  constraint data_keys_purpose_check CHECK ((purpose = ANY (ARRAY['card'::text, 'fingerprint'::text])))
);
CREATE UNIQUE INDEX data_keys_one_fingerprint ON vault.data_keys USING btree (purpose) WHERE (purpose = 'fingerprint'::text);
CREATE INDEX data_keys_root_key_id ON vault.data_keys USING btree (root_key_id);
grant insert, select on vault.data_keys to causeway_vault;
grant update (root_key_id) on vault.data_keys to causeway_vault;
grant update (wrapped) on vault.data_keys to causeway_vault;

create table vault.root_keys (
  root_key_id text not null,
  registered_at timestamp with time zone not null,
  constraint root_keys_pkey PRIMARY KEY (root_key_id),
  constraint root_keys_root_key_id_check CHECK ((root_key_id ~ '^[A-Za-z0-9_.:/-]{1,200}$'::text))
);
grant delete, insert, select on vault.root_keys to causeway_vault;
