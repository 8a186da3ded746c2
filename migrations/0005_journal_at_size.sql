-- The journal at size. Events and transfers are partitioned by seq, so that indexes stay small enough for memory and old
-- partitions can be archived. One in 1,024 entries of an account leaves a checkpoint, so that its balance at any seq is
-- one checkpoint and about a thousand entries away. `at` never goes back in the order of seq.

drop function journal_commit;

alter table journal_head
  add column at timestamptz not null default '-infinity',
  add column partitioned_to bigint not null default 0;
comment on column journal_head.at is 'business time of the last event';
comment on column journal_head.partitioned_to is 'events and transfers have partitions up to this seq, not included';
update journal_head set at = coalesce((select max(at) from journal_events), '-infinity');

-- In an index the journal comes last: first of all it would be compared at every step down, and never decide.
alter table journal_events rename to journal_events_1;
alter table journal_events_1 drop constraint journal_events_pkey, drop constraint journal_events_subject_version;
create table journal_events (like journal_events_1 including defaults including constraints including comments)
  partition by range (seq);
alter table journal_events add primary key (seq, journal_id);
alter table journal_events_1 add constraint journal_events_1_subject_version unique (subject, version, journal_id);

alter table transfers rename to transfers_1;
alter table transfers_1 drop constraint transfers_pkey;
drop index transfers_by_debit, transfers_by_credit;
create table transfers (like transfers_1 including defaults including constraints) partition by range (seq);
alter table transfers add primary key (seq, leg, journal_id);
create index transfers_by_debit on transfers (debit, seq, journal_id);
create index transfers_by_credit on transfers (credit, seq, journal_id);

alter table commands drop constraint commands_pkey, add primary key (key, client, journal_id);
alter table accounts drop constraint accounts_pkey, add primary key (id, journal_id);
-- Every change of a balance pays for the checks of its row. These follow from others: transfers only add, above zero.
alter table accounts drop constraint accounts_currency_check, drop constraint accounts_debits_check,
  drop constraint accounts_credits_check;

-- The first partition ends where the second begins, or behind what there is already.
do $$
declare
  upto bigint := greatest(16777216, (select (max(seq) / 16777216 + 1) * 16777216 from journal_head));
begin
  execute format('alter table journal_events attach partition journal_events_1 for values from (0) to (%s)', upto);
  execute format('alter table transfers attach partition transfers_1 for values from (0) to (%s)', upto);
  update journal_head set partitioned_to = upto;
end $$;

create table account_checkpoints (
  journal_id smallint not null,
  account uuid not null,
  seq bigint not null,
  debits bigint not null,
  credits bigint not null,
  primary key (account, seq, journal_id)
);
comment on table account_checkpoints is 'sums of an account over all transfers up to and including a seq';

-- Only schedules are looked for by what they are about; an index entry for every job was paid at every commit.
drop index jobs_by_subject;
create index jobs_schedules on jobs (kind) where subject = 'schedule';

-- Answers are kept as they are sent; nobody looks into them.
alter table commands alter column answer type text using answer::text;

grant select on journal_events, transfers, account_checkpoints to causeway_app;
revoke all on journal_events_1, transfers_1 from causeway_app;
