-- Writes a batch of units in one transaction, with one fsync. The head row's lock makes commits of all processes serial:
-- seq order is commit order, and accounts cannot deadlock. First everything is verified, set-wise; then only units on an
-- account that the batch could overdraw are judged, in arrival order; then the survivors are written. Nothing is written
-- and rolled back.
--
-- Parameters are columns, one group of parallel arrays for each kind of row. A unit is named by the position of its first
-- event in the batch (*_unit, from 1); e_rank numbers the events, and has null for those of refused units. The caller has
-- made sure that no two units of a batch write or guard the same row, or carry the same key. o_code has a code at the
-- position of each refused unit's first event; it is null when none is refused.
-- Codes: 1 repeated, 2 version_conflict, 3 guard_failed, 4 insufficient_balance, 5 lease_lost.
--
-- Every statement is one pass over its arrays by position, with look-ups by primary key. Plans are made once for a
-- connection, maybe while a table is empty; so look-ups are subqueries, lateral ones behind `offset 0`, which cannot
-- become joins in the wrong order, and updates go to the place (ctid) that a look-up has found: nobody else changes these
-- rows, and nothing moves them while this transaction has the table open.
--
-- This file runs again whenever it, or the list of migrations, has changed: it replaces what is there.
do $$
declare
  old regprocedure;
begin
  for old in select oid from pg_proc where pronamespace = 'public'::regnamespace and proname like 'journal\_%' loop
    execute format('drop function %s', old);
  end loop;
end $$;

do $assemble$
declare
  commit_function text := $template$
create function journal_commit(
  p_journal smallint,
  e_rank bigint[], e_unit int[], e_unit_id uuid[], e_at timestamptz[], e_type text[], e_prefix text[], e_subject uuid[], e_version int[],
  e_data text[],
  c_unit int[], c_client text[], c_key text[], c_fingerprint bytea[], c_open boolean[], c_answer text[],
  x_unit int[], x_client text[], x_key text[], x_answer text[],
  s_tables text[], s_from int[], s_to int[], s_unit int[], s_id uuid[], s_version int[],
  w_tables text[], w_from int[], w_to int[], w_unit int[], w_id uuid[], w_check int[], w_expected int[], w_version int[], w_state text[],
  w_data text[],
  n_unit int[], n_table text[], n_column text[], n_value text[],
  d_unit int[], d_job uuid[], d_lease uuid[],
  r_unit int[], r_job uuid[],
  f_account int[], f_need bigint[], b_unit int[], b_account int[], b_delta bigint[],
  t_event int[], t_leg int[], t_debit int[], t_credit int[], t_amount bigint[],
  a_id uuid[], a_name text[], a_owner text[], a_currency text[], a_floored boolean[], a_debit_normal boolean[],
  a_debits bigint[], a_credits bigint[], a_mark uuid[],
  j_unit int[], j_id uuid[], j_kind text[], j_subject text[], j_due timestamptz[], j_payload text[],
  out o_base bigint, out o_code int[]
) language plpgsql security definer
  set search_path = public, pg_temp as $function$
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
    {check state rows}
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
    {write state rows}
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
$template$;
  -- A unit whose row has another version than the one its decision was made on is stale.
  check_rows text := $template$when %1$L then
      select array_agg(s_unit[i]) filter (where coalesce(x.version, 0) <> s_version[i]), array_agg(x.place)
        into bad, found
        from generate_series(s_from[k], s_to[k]) i
        left join lateral (select t.version, t.ctid as place from %1$I t where t.id = s_id[i] offset 0) x on true;
    $template$;
  write_rows text := $template$when %1$L then
      if 0 = any (w_expected[w_from[k]:w_to[k]]) then
        insert into %1$I (id, version, state, data)
          select w_id[i], w_version[i], w_state[i], w_docs[i]
            from generate_series(w_from[k], w_to[k]) i
           where w_expected[i] = 0 and e_rank[w_unit[i]] is not null;
        get diagnostics inserted = row_count;
      end if;
      update %1$I t set version = w_version[x.i], state = w_state[x.i], data = w_docs[x.i]
        from (select i, s_place[w_check[i]] as place
                from generate_series(w_from[k], w_to[k]) i
               where w_expected[i] > 0 and e_rank[w_unit[i]] is not null offset 0) x
       where t.ctid = x.place and t.version = w_expected[x.i];
      get diagnostics touched = row_count;
    $template$;
  tbl text;
  checks text := '';
  writes text := '';
begin
  for tbl in
    select table_name from information_schema.columns
     where table_schema = 'public' and column_name in ('id', 'version', 'state', 'data')
     group by table_name having count(*) = 4 order by table_name
  loop
    checks := checks || format(check_rows, tbl);
    writes := writes || format(write_rows, tbl);
  end loop;
  execute replace(replace(commit_function, '{check state rows}', checks), '{write state rows}', writes);
end $assemble$;

-- Marks units as refused; of several reasons the first one found stands.
create function journal_refuse(codes int[], events int, units int[], code int) returns int[]
language plpgsql as $$
declare
  unit int;
begin
  if codes is null then codes := array_fill(0, array[events]); end if;
  foreach unit in array units loop
    if codes[unit] = 0 then codes[unit] := code; end if;
  end loop;
  return codes;
end $$;

-- The units that overdraw an account, judged in arrival order: what earlier ones put in counts, what refused ones would
-- have put in does not. `short` are positions of accounts, `have` their balances before the batch.
create function journal_judge(
  codes int[], short int[], have bigint[], b_unit int[], b_account int[], b_delta bigint[]
) returns int[] language plpgsql as $$
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
end $$;

-- Gives events and transfers their next partition: 16,777,216 (2^24) seqs each. Attaching takes no lock that readers or
-- writers of the other partitions would feel.
create function journal_extend(p_journal smallint) returns void language plpgsql as $$
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
end $$;

-- After a lost answer: which of these units are in the journal, and where? The head's lock waits for a commit under way;
-- what is not there then was never written, and never will be.
create function journal_find(p_journal smallint, p_subject uuid[], p_unit uuid[])
returns table (unit_id uuid, seq bigint)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from journal_head where journal_id = p_journal for update;
  return query
    select e.unit_id, min(e.seq) from journal_events e
     where e.journal_id = p_journal and e.subject = any (p_subject) and e.unit_id = any (p_unit)
     group by e.unit_id;
end $$;

revoke execute on function journal_commit, journal_refuse, journal_judge, journal_extend, journal_find from public;
grant execute on function journal_commit, journal_find to causeway_app;
