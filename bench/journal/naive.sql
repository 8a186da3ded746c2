-- The baseline: what a careful team writes first. One function call a unit, its own transaction and fsync, the same rows
-- in the same tables; seq from a sequence, so it has gaps and is not the order of commit. Accounts in the order of their
-- ids, so that two units cannot deadlock.
create sequence naive_seq start 1000;
create function naive_commit(
  p_unit uuid, p_at timestamptz, p_client text, p_key text, p_fingerprint bytea, p_answer jsonb,
  p_id uuid, p_expected int, p_state text, p_data jsonb,
  p_type text, p_prefix text, p_subject uuid, p_version int, p_event json,
  p_debit uuid[], p_credit uuid[], p_amount bigint[],
  p_account uuid[], p_debits bigint[], p_credits bigint[],
  p_job uuid, p_kind text, p_job_subject text, p_due timestamptz, p_payload json
) returns int language plpgsql as $$
declare
  n bigint := nextval('naive_seq');
begin
  insert into commands (journal_id, client, key, fingerprint, seq, open, answer)
    values (1, p_client, p_key, p_fingerprint, n, false, p_answer) on conflict do nothing;
  if not found then return 1; end if;
  if p_id is not null then
    if p_prefix = 'ord' then
      update orders set version = p_version, state = p_state, data = p_data where id = p_id and version = p_expected;
    else
      update payments set version = p_version, state = p_state, data = p_data where id = p_id and version = p_expected;
    end if;
    if not found then raise exception using errcode = 'CW002', message = 'stale version'; end if;
  end if;
  insert into journal_events (journal_id, seq, unit_id, type, prefix, subject, version, at, data)
    values (1, n, p_unit, p_type, p_prefix, p_subject, p_version, p_at, p_event);
  for i in 1 .. cardinality(p_amount) loop
    insert into transfers (journal_id, seq, leg, debit, credit, amount)
      values (1, n, i - 1, p_debit[i], p_credit[i], p_amount[i]);
  end loop;
  for i in 1 .. cardinality(p_account) loop
    -- The check constraint of the floor refuses what the balance does not cover.
    update accounts set debits = debits + p_debits[i], credits = credits + p_credits[i]
      where journal_id = 1 and id = p_account[i];
    if not found then raise exception 'no account %', p_account[i]; end if;
  end loop;
  if p_job is not null then
    insert into jobs (id, kind, subject, due, payload) values (p_job, p_kind, p_job_subject, p_due, p_payload);
  end if;
  return 0;
end $$;
