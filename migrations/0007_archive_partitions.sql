-- What stays of an archived partition: what each account moved in it, how far each subject had come, and where it ended.
-- With that the laws of the ledger still hold, and every balance after the archive's end stays exact. Written only by
-- archive_partition (migrations/functions), which the owner of the database calls.

create table archived_partitions (
  journal_id smallint not null,
  number bigint not null,
  first_seq bigint not null,
  last_seq bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  transfers bigint not null,
  archived_at timestamptz not null default clock_timestamp(),
  primary key (last_seq, journal_id)
);
comment on column archived_partitions.last_at is 'business time of its last event';

create table archived_totals (
  journal_id smallint not null,
  account uuid not null,
  last_seq bigint not null,
  type text not null,
  debits bigint not null,
  credits bigint not null,
  primary key (account, last_seq, type, journal_id)
);
comment on table archived_totals is 'sums of an account over the transfers of one archived partition, by type of event';

create table archived_subjects (
  journal_id smallint not null,
  subject uuid not null,
  version int not null,
  primary key (subject, journal_id)
);
comment on table archived_subjects is 'the last archived version of each subject that has archived events';

grant select on archived_partitions, archived_totals, archived_subjects to causeway_app;
