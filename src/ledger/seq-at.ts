/**
 * From business time to the journal's order. `at` never goes back in the order of seq, and seq has no gap: so an instant
 * is one place in the journal, found by halving, about thirty look-ups by primary key inside one statement.
 */
import type { Instant } from '../base/clock.ts';
import type { Queryable } from '../db/pool.ts';
import { archivedFault } from './archive.ts';

/**
 * The last seq whose event happened at or before the instant; 0 before the first event. While business time has not passed
 * the instant, more may come.
 * @throws Fault `archived` when that is before the archive's end.
 */
export const seqAt = (db: Queryable, at: Instant): Promise<bigint> => lastSeq(db, at, '<=');

/** The last seq whose event happened before the instant: where a period that begins at it is opened. Else as seqAt. */
export const seqBefore = (db: Queryable, at: Instant): Promise<bigint> => lastSeq(db, at, '<');

async function lastSeq(db: Queryable, at: Instant, reached: '<=' | '<'): Promise<bigint> {
  const { rows } = await db.query<{ seq: bigint; archivedSeq: bigint | null; archivedAt: Instant; archived: boolean }>(
    `with recursive archive as (
       select last_seq, last_at from archived_partitions where journal_id = 1 order by last_seq desc limit 1
     ), search(low, high) as (
       select coalesce((select last_seq from archive), 0), seq from journal_head where journal_id = 1
       union all
       select case when e.at ${reached} $1 then s.middle else s.low end,
              case when e.at ${reached} $1 then s.high else s.middle - 1 end
         from (select low, high, (low + high + 1) / 2 as middle from search where low < high) s
         cross join lateral (select at from journal_events where journal_id = 1 and seq = s.middle offset 0) e
     )
     select s.low as seq, a.last_seq as "archivedSeq", a.last_at as "archivedAt", not a.last_at ${reached} $1 as archived
       from search s left join archive a on true where s.low >= s.high`,
    [at],
  );
  const { seq, archivedSeq, archivedAt, archived } = rows[0] as (typeof rows)[number];
  if (archivedSeq !== null && archived) throw archivedFault({ seq: archivedSeq, at: archivedAt });
  return seq;
}
