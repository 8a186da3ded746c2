-- Takes one partition out of the journal and the ledger: leaves the sums of its accounts and the versions of its subjects,
-- and detaches journal_events_<number> and transfers_<number>, which are then tables of their own, to be dumped and
-- dropped. One transaction; a law that would not hold afterwards stops it. Called by the owner of the database:
--   select * from archive_partition(1, '2020-01-01');
-- Refused unless the partition is the oldest one, ended before `p_before`, and another full one follows it: the partition
-- that is being written and the one before it always stay. The sums are taken while commits go on (a full partition never
-- changes); only the detaching, which takes milliseconds, waits for them and makes them wait, at most lock_timeout.
create or replace function archive_partition(p_number bigint, p_before timestamptz, p_journal smallint default 1)
returns archived_partitions
language plpgsql
  set search_path = public, pg_temp
  set lock_timeout = '5s'
  set work_mem = '256MB'
as $$
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
end $$;

revoke execute on function archive_partition from public;
