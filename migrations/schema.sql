-- The schema as the migrations leave it: written from the catalogs by `npm run docs`, to be read, not run.
-- Not shown: owners, and the owner's own rights.

-- Schema public
grant usage on schema public to causeway_app;
grant usage on schema public to public;

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
  constraint accounts_pkey PRIMARY KEY (journal_id, id),
  constraint accounts_credits_check CHECK ((credits >= 0)),
  constraint accounts_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint accounts_debits_check CHECK ((debits >= 0)),
  constraint accounts_floor CHECK (((NOT floored) OR CASE WHEN debit_normal THEN (debits >= credits) ELSE (credits >= debits) END))
) with (fillfactor=40);
CREATE INDEX accounts_by_name ON public.accounts USING btree (name);
CREATE INDEX accounts_by_owner ON public.accounts USING btree (owner, name);
grant select on accounts to causeway_app;

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

create table public.commands (
  journal_id smallint not null,
  client text not null,
  key text not null,
  fingerprint bytea not null,
  seq bigint not null,
  open boolean not null,
  answer jsonb,
  constraint commands_pkey PRIMARY KEY (journal_id, client, key)
) with (fillfactor=80);
grant select on commands to causeway_app;

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
  payload jsonb not null,
  attempts integer not null default 0,
  lease uuid,
  leased_until timestamp with time zone,
  dead boolean not null default false,
  last_error text,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint jobs_pkey PRIMARY KEY (id)
) with (fillfactor=70);
CREATE INDEX jobs_by_subject ON public.jobs USING btree (subject);
CREATE INDEX jobs_due ON public.jobs USING btree (due) WHERE (NOT dead);
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
  data jsonb not null,
  constraint journal_events_pkey PRIMARY KEY (journal_id, seq),
  constraint journal_events_subject_version UNIQUE (journal_id, subject, version),
  constraint journal_events_version_check CHECK ((version > 0))
);
comment on column journal_events.unit_id is 'events of one commit unit share it; lets a lost answer be found again';
comment on column journal_events.at is 'business time';
grant select on journal_events to causeway_app;

create table public.journal_head (
  journal_id smallint not null,
  seq bigint not null,
  constraint journal_head_pkey PRIMARY KEY (journal_id)
) with (fillfactor=10);
grant select on journal_head to causeway_app;

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
  network text generated always as ((data ->> 'network'::text)) stored,
  constraint network_accounts_pkey PRIMARY KEY (id),
  constraint network_accounts_state_check CHECK ((state = 'active'::text))
);
CREATE UNIQUE INDEX network_accounts_by_network ON public.network_accounts USING btree (network);
grant select on network_accounts to causeway_app;

create table public.operations (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  payment text generated always as ((data ->> 'payment'::text)) stored,
  reference text generated always as ((data ->> 'reference'::text)) stored,
  constraint operations_pkey PRIMARY KEY (id),
  constraint operations_state_check CHECK ((state = ANY (ARRAY['sent'::text, 'approved'::text, 'declined'::text, 'pending'::text, 'unknown'::text])))
) with (fillfactor=60);
CREATE INDEX operations_by_payment ON public.operations USING btree (payment);
CREATE UNIQUE INDEX operations_by_reference ON public.operations USING btree (reference);
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

create table public.payments (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  order_id text generated always as ((data ->> 'order'::text)) stored,
  marketplace text generated always as ((data ->> 'marketplace'::text)) stored,
  constraint payments_pkey PRIMARY KEY (id),
  constraint payments_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'authorized'::text, 'captured'::text, 'declined'::text, 'canceled'::text])))
) with (fillfactor=60);
CREATE INDEX payments_by_marketplace ON public.payments USING btree (marketplace, id);
CREATE INDEX payments_by_order ON public.payments USING btree (order_id);
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
  constraint settlement_lines_pkey PRIMARY KEY (batch, kind, reference),
  constraint settlement_lines_amount_check CHECK ((amount >= 0)),
  constraint settlement_lines_kind_check CHECK ((kind = ANY (ARRAY['sale'::text, 'refund'::text])))
);
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

create table public.statements (
  id uuid not null,
  version integer not null,
  data jsonb not null,
  state text not null,
  bank text generated always as ((data ->> 'bank'::text)) stored,
  day_key text generated always as ((((data ->> 'bank'::text) || ':'::text) || (data ->> 'day'::text))) stored,
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
  constraint transfers_pkey PRIMARY KEY (journal_id, seq, leg),
  constraint transfers_amount_check CHECK ((amount > 0)),
  constraint transfers_two_accounts CHECK ((debit <> credit))
);
CREATE INDEX transfers_by_credit ON public.transfers USING btree (journal_id, credit, seq);
CREATE INDEX transfers_by_debit ON public.transfers USING btree (journal_id, debit, seq);
grant select on transfers to causeway_app;

CREATE OR REPLACE FUNCTION public.journal_commit(p_journal smallint, p_count integer, u_id uuid[], u_at text[], c_unit integer[], c_client text[], c_key text[], c_fingerprint bytea[], c_open boolean[], c_answer text[], x_unit integer[], x_client text[], x_key text[], x_answer text[], e_unit integer[], e_type text[], e_prefix text[], e_subject uuid[], e_version integer[], e_data text[], w_tables text[], w_unit integer[], w_table integer[], w_id uuid[], w_expected integer[], w_version integer[], w_state text[], w_data text[], g_unit integer[], g_table text[], g_id uuid[], g_version integer[], n_unit integer[], n_table text[], n_column text[], n_value text[], a_id uuid[], a_name text[], a_owner text[], a_currency text[], a_floored boolean[], a_debit_normal boolean[], b_unit integer[], b_account integer[], b_delta bigint[], t_event integer[], t_leg integer[], t_debit integer[], t_credit integer[], t_amount bigint[], j_unit integer[], j_id uuid[], j_kind text[], j_subject text[], j_due text[], j_payload text[], d_unit integer[], d_job uuid[], d_lease uuid[], OUT o_code integer[], OUT o_seq bigint[])
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  base bigint;
  e_seq bigint[];
  bad int[];
  contested int[];
  balance bigint[];
  tbl text;
  i int;
  r record;
  refused boolean;
  expected_rows int;
  touched int;
begin
  select seq into strict base from journal_head where journal_id = p_journal for update;
  o_code := array_fill(0, array[p_count]);

  -- Keys that are owned already.
  select array_agg(x.unit) into bad
    from unnest(c_unit, c_client, c_key) x(unit, client, key)
    join commands c on c.journal_id = p_journal and c.client = x.client and c.key = x.key;
  foreach i in array coalesce(bad, '{}') loop o_code[i] := 1; end loop;

  -- Versions of the rows to be written (0: must not exist yet).
  for i in 1 .. coalesce(cardinality(w_tables), 0) loop
    tbl := w_tables[i];
    execute format(
      'select array_agg(x.unit) from unnest($1, $2, $3, $4) x(unit, tbl, id, expected)
         left join %I t on t.id = x.id
        where x.tbl = $5 and coalesce(t.version, 0) <> x.expected', tbl)
      into bad using w_unit, w_table, w_id, w_expected, i;
    declare k int; begin
      foreach k in array coalesce(bad, '{}') loop
        if o_code[k] = 0 then o_code[k] := 2; end if;
      end loop;
    end;
  end loop;

  -- Rows that were read and must be unchanged.
  for r in select distinct x.tbl from unnest(g_table) x(tbl) loop
    execute format(
      'select array_agg(x.unit) from unnest($1, $2, $3, $4) x(unit, tbl, id, version)
         left join %I t on t.id = x.id
        where x.tbl = $5 and t.version is distinct from x.version', r.tbl)
      into bad using g_unit, g_table, g_id, g_version, r.tbl;
    foreach i in array coalesce(bad, '{}') loop
      if o_code[i] = 0 then o_code[i] := 2; end if;
    end loop;
  end loop;

  -- Rows that must not exist.
  for r in select distinct x.tbl, x.col from unnest(n_table, n_column) x(tbl, col) loop
    execute format(
      'select array_agg(x.unit) from unnest($1, $2, $3, $4) x(unit, tbl, col, value)
        where x.tbl = $5 and x.col = $6 and exists (select 1 from %I t where t.%I = x.value)', r.tbl, r.col)
      into bad using n_unit, n_table, n_column, n_value, r.tbl, r.col;
    foreach i in array coalesce(bad, '{}') loop
      if o_code[i] = 0 then o_code[i] := 3; end if;
    end loop;
  end loop;

  -- Jobs whose lease has passed to somebody else.
  if cardinality(d_unit) > 0 then
    perform 1 from jobs where id = any (d_job) for update;
    select array_agg(x.unit) into bad
      from unnest(d_unit, d_job, d_lease) x(unit, job, lease)
      left join jobs q on q.id = x.job
     where q.lease is distinct from x.lease;
    foreach i in array coalesce(bad, '{}') loop
      if o_code[i] = 0 then o_code[i] := 5; end if;
    end loop;
  end if;

  -- Balances: an account is contested when the batch's debits alone, without any of its credits, would break its floor.
  if cardinality(b_unit) > 0 then
    select array_agg(account), array_agg(have) into contested, balance
      from (
        select x.account,
               coalesce(max(case when a.debit_normal then a.debits - a.credits else a.credits - a.debits end), 0) as have
          from unnest(b_unit, b_account, b_delta) x(unit, account, delta)
          left join accounts a on a.journal_id = p_journal and a.id = a_id[x.account]
         where o_code[x.unit] = 0
         group by x.account
        having coalesce(max(case when a.debit_normal then a.debits - a.credits else a.credits - a.debits end), 0)
             + sum(least(x.delta, 0)) < 0
      ) c;
    if contested is not null then
      for r in
        select x.unit, array_agg(array_position(contested, x.account)) as slots, array_agg(x.delta) as deltas
          from unnest(b_unit, b_account, b_delta) x(unit, account, delta)
         where x.account = any (contested) and o_code[x.unit] = 0
         group by x.unit order by x.unit
      loop
        refused := false;
        for i in 1 .. cardinality(r.slots) loop
          if balance[r.slots[i]] + r.deltas[i] < 0 then refused := true; end if;
        end loop;
        if refused then
          o_code[r.unit] := 4;
        else
          for i in 1 .. cardinality(r.slots) loop
            balance[r.slots[i]] := balance[r.slots[i]] + r.deltas[i];
          end loop;
        end if;
      end loop;
    end if;
  end if;

  -- From here on only survivors; seq is given without gaps, in arrival order.
  select array_agg(base + n order by ord) into e_seq
    from (
      select x.ord, count(*) filter (where o_code[x.unit] = 0) over (order by x.ord) as n
        from unnest(e_unit) with ordinality x(unit, ord)
    ) numbered;
  o_seq := array_fill(0::bigint, array[p_count]);
  for r in select x.unit, min(e_seq[x.ord]) as first from unnest(e_unit) with ordinality x(unit, ord)
            where o_code[x.unit] = 0 group by x.unit
  loop
    o_seq[r.unit] := r.first;
  end loop;
  if not (0 = any (o_code)) then return; end if;

  insert into journal_events (journal_id, seq, unit_id, type, prefix, subject, version, at, data)
    select p_journal, e_seq[x.ord], u_id[x.unit], x.type, x.prefix, x.subject, x.version, u_at[x.unit]::timestamptz, x.data::jsonb
      from unnest(e_unit, e_type, e_prefix, e_subject, e_version, e_data) with ordinality
           x(unit, type, prefix, subject, version, data, ord)
     where o_code[x.unit] = 0;
  get diagnostics touched = row_count;
  update journal_head set seq = base + touched where journal_id = p_journal;

  insert into commands (journal_id, client, key, fingerprint, seq, open, answer)
    select p_journal, x.client, x.key, x.fingerprint, o_seq[x.unit], x.open, x.answer::jsonb
      from unnest(c_unit, c_client, c_key, c_fingerprint, c_open, c_answer) x(unit, client, key, fingerprint, open, answer)
     where o_code[x.unit] = 0;

  update commands c set open = false, answer = x.answer::jsonb
    from unnest(x_unit, x_client, x_key, x_answer) x(unit, client, key, answer)
   where c.journal_id = p_journal and c.client = x.client and c.key = x.key and o_code[x.unit] = 0;

  for i in 1 .. coalesce(cardinality(w_tables), 0) loop
    tbl := w_tables[i];
    select count(*) into expected_rows from unnest(w_unit, w_table, w_expected) x(unit, tbl, expected)
      where x.tbl = i and o_code[x.unit] = 0;
    execute format(
      'insert into %I (id, version, state, data)
         select x.id, x.version, x.state, x.data::jsonb
           from unnest($1, $2, $3, $4, $5, $6, $7) x(unit, tbl, id, expected, version, state, data)
          where x.tbl = $8 and x.expected = 0 and ($9)[x.unit] = 0', tbl)
      using w_unit, w_table, w_id, w_expected, w_version, w_state, w_data, i, o_code;
    get diagnostics touched = row_count;
    expected_rows := expected_rows - touched;
    execute format(
      'update %I t set version = x.version, state = x.state, data = x.data::jsonb
         from unnest($1, $2, $3, $4, $5, $6, $7) x(unit, tbl, id, expected, version, state, data)
        where x.tbl = $8 and x.expected > 0 and ($9)[x.unit] = 0 and t.id = x.id and t.version = x.expected', tbl)
      using w_unit, w_table, w_id, w_expected, w_version, w_state, w_data, i, o_code;
    get diagnostics touched = row_count;
    if touched <> expected_rows then
      raise exception 'journal_commit: % of % rows of % written', touched, expected_rows, tbl;
    end if;
  end loop;

  if cardinality(t_event) > 0 then
    insert into accounts (journal_id, id, name, owner, currency, floored, debit_normal)
      select p_journal, a_id[k.account], a_name[k.account], a_owner[k.account], a_currency[k.account],
             a_floored[k.account], a_debit_normal[k.account]
        from (
          select distinct s.account
            from unnest(t_event, t_debit, t_credit) x(event, debit, credit)
            cross join lateral (values (x.debit), (x.credit)) s(account)
           where o_code[e_unit[x.event]] = 0
        ) k
    on conflict do nothing;
    insert into transfers (journal_id, seq, leg, debit, credit, amount)
      select p_journal, e_seq[x.event], x.leg, a_id[x.debit], a_id[x.credit], x.amount
        from unnest(t_event, t_leg, t_debit, t_credit, t_amount) x(event, leg, debit, credit, amount)
       where o_code[e_unit[x.event]] = 0;
    update accounts a set debits = a.debits + s.debits, credits = a.credits + s.credits
      from (
        select m.account, sum(m.debits)::bigint as debits, sum(m.credits)::bigint as credits
          from unnest(t_event, t_debit, t_credit, t_amount) x(event, debit, credit, amount)
          cross join lateral (values (x.debit, x.amount, 0::bigint), (x.credit, 0::bigint, x.amount)) m(account, debits, credits)
         where o_code[e_unit[x.event]] = 0
         group by m.account
      ) s
     where a.journal_id = p_journal and a.id = a_id[s.account];
  end if;

  insert into jobs (id, journal_id, kind, subject, due, payload)
    select x.id, p_journal, x.kind, x.subject, x.due::timestamptz, x.payload::jsonb
      from unnest(j_unit, j_id, j_kind, j_subject, j_due, j_payload) x(unit, id, kind, subject, due, payload)
     where o_code[x.unit] = 0;

  delete from jobs q using unnest(d_unit, d_job, d_lease) x(unit, job, lease)
   where q.id = x.job and q.lease = x.lease and o_code[x.unit] = 0;
end $function$;
grant execute on function journal_commit to causeway_app;

CREATE OR REPLACE FUNCTION public.journal_lock(p_journal smallint)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select seq from journal_head where journal_id = p_journal for update
$function$;
grant execute on function journal_lock to causeway_app;

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
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  constraint cards_pkey PRIMARY KEY (token),
  constraint cards_key_id_fkey FOREIGN KEY (key_id) REFERENCES vault.data_keys(key_id),
  constraint cards_bin_check CHECK ((bin ~ '^[0-9]{6}$'::text)),
  constraint cards_expiry_month_check CHECK (((expiry_month >= 1) AND (expiry_month <= 12))),
  constraint cards_expiry_year_check CHECK (((expiry_year >= 2000) AND (expiry_year <= 2100))),
  constraint cards_fingerprint_check CHECK ((octet_length(fingerprint) = 32)),
  constraint cards_last4_check CHECK ((last4 ~ '^[0-9]{4}$'::text)),
  constraint cards_marketplace_check CHECK ((marketplace ~ '^mkt_[0-9a-f]{32}$'::text)),
  constraint cards_nonce_check CHECK ((octet_length(nonce) = 12)),
  constraint cards_token_check CHECK ((token ~ '^tok_[0-9a-f]{32}$'::text)),
  constraint cards_used_by_check CHECK (((length(used_by) >= 1) AND (length(used_by) <= 40)))
);
grant insert, select on vault.cards to causeway_vault;
grant update (used_by) on vault.cards to causeway_vault;

create table vault.data_keys (
  key_id text not null,
  wrapped bytea not null,
  created_at timestamp with time zone not null,
  constraint data_keys_pkey PRIMARY KEY (key_id),
  constraint data_keys_key_id_check CHECK ((key_id ~ '^key_[0-9a-f]{32}$'::text))
);
grant insert, select on vault.data_keys to causeway_vault;
