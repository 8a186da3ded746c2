-- The journal: events, idempotency keys, accounts, transfers and jobs, and the one function that writes them.
-- journal_id is part of every key; there is one journal at first.

create table journal_head (
  journal_id smallint primary key,
  seq bigint not null
) with (fillfactor = 10);
insert into journal_head values (1, 0);

create table journal_events (
  journal_id smallint not null,
  seq bigint not null,
  unit_id uuid not null,
  type text not null,
  prefix text not null,
  subject uuid not null,
  version int not null check (version > 0),
  at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  data jsonb not null,
  primary key (journal_id, seq),
  constraint journal_events_subject_version unique (journal_id, subject, version)
);
comment on column journal_events.at is 'business time';
comment on column journal_events.unit_id is 'events of one commit unit share it; lets a lost answer be found again';

create table commands (
  journal_id smallint not null,
  client text not null,
  key text not null,
  fingerprint bytea not null,
  seq bigint not null,
  open boolean not null,
  answer jsonb,
  primary key (journal_id, client, key)
) with (fillfactor = 80);

create table accounts (
  journal_id smallint not null,
  id uuid not null,
  name text not null,
  owner text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  floored boolean not null,
  debit_normal boolean not null,
  debits bigint not null default 0 check (debits >= 0),
  credits bigint not null default 0 check (credits >= 0),
  primary key (journal_id, id),
  constraint accounts_floor check (
    not floored or (case when debit_normal then debits >= credits else credits >= debits end)
  )
) with (fillfactor = 40);
create index accounts_by_owner on accounts (owner, name);
create index accounts_by_name on accounts (name);

create table transfers (
  journal_id smallint not null,
  seq bigint not null,
  leg smallint not null,
  debit uuid not null,
  credit uuid not null,
  amount bigint not null check (amount > 0),
  primary key (journal_id, seq, leg),
  constraint transfers_two_accounts check (debit <> credit)
);
create index transfers_by_debit on transfers (journal_id, debit, seq);
create index transfers_by_credit on transfers (journal_id, credit, seq);

create table jobs (
  id uuid primary key,
  journal_id smallint not null default 1,
  kind text not null,
  subject text not null,
  due timestamptz not null,
  payload jsonb not null,
  attempts int not null default 0,
  lease uuid,
  leased_until timestamptz,
  dead boolean not null default false,
  last_error text,
  created_at timestamptz not null default clock_timestamp()
) with (fillfactor = 70);
create index jobs_due on jobs (due) where not dead;
create index jobs_by_subject on jobs (subject);
comment on column jobs.due is 'business time';
comment on column jobs.leased_until is 'wall-clock time';

-- Writes a batch of units in one transaction, one fsync. The head row's lock makes commits of all processes serial:
-- seq order is commit order, and accounts cannot deadlock. Verify first, set-wise; judge only units that touch a
-- contested account, in arrival order; write the survivors. Nothing is written and rolled back.
--
-- Columns are parallel arrays, one group per kind of row; *_unit is the unit's position (1-based) in the batch. The
-- caller has made sure that no two units of a batch write or guard the same row, or carry the same key.
-- Codes: 0 committed, 1 repeated, 2 version_conflict, 3 guard_failed, 4 insufficient_balance, 5 lease_lost.
create function journal_commit(
  p_journal smallint, p_count int,
  u_id uuid[], u_at text[],
  c_unit int[], c_client text[], c_key text[], c_fingerprint bytea[], c_open boolean[], c_answer text[],
  x_unit int[], x_client text[], x_key text[], x_answer text[],
  e_unit int[], e_type text[], e_prefix text[], e_subject uuid[], e_version int[], e_data text[],
  w_tables text[], w_unit int[], w_table int[], w_id uuid[], w_expected int[], w_version int[], w_state text[], w_data text[],
  g_unit int[], g_table text[], g_id uuid[], g_version int[],
  n_unit int[], n_table text[], n_column text[], n_value text[],
  a_id uuid[], a_name text[], a_owner text[], a_currency text[], a_floored boolean[], a_debit_normal boolean[],
  b_unit int[], b_account int[], b_delta bigint[],
  t_event int[], t_leg int[], t_debit int[], t_credit int[], t_amount bigint[],
  j_unit int[], j_id uuid[], j_kind text[], j_subject text[], j_due text[], j_payload text[],
  d_unit int[], d_job uuid[], d_lease uuid[],
  out o_code int[], out o_seq bigint[]
) language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
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
end $$;

-- Waits for a commit under way and holds off the next one until the caller's transaction ends: after a lost answer, what
-- is then in the journal is all that will be.
create function journal_lock(p_journal smallint) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  select seq from journal_head where journal_id = p_journal for update
$$;
