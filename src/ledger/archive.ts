/**
 * What has left the ledger. An operator archives old partitions whole (archive_partition, migrations/functions); their sums
 * stay, so balances after the archive's end are exact. What lies before it cannot be read here any more, and says so:
 * history that is not there must never look like history that did not happen.
 */
import type { Instant } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { Queryable } from '../db/pool.ts';

export interface ArchiveEnd {
  /** The last archived seq; 0 when nothing is archived. */
  readonly seq: bigint;
  /** Business time of its event; null when nothing is archived. */
  readonly at: Instant | null;
}

/** Where the archive ends and what can be read begins. */
export async function archiveEnd(db: Queryable): Promise<ArchiveEnd> {
  const { rows } = await db.query<{ seq: bigint; at: Instant }>(
    'select last_seq as seq, last_at as at from archived_partitions where journal_id = 1 order by last_seq desc limit 1',
  );
  return rows[0] ?? { seq: 0n, at: null };
}

/** @throws Fault `archived` when any of the subjects (uuids) has events in the archive. */
export async function assertNotArchived(db: Queryable, subjects: readonly string[]): Promise<void> {
  const { rows } = await db.query(
    'select 1 from archived_subjects where journal_id = 1 and subject = any ($1::uuid[]) limit 1',
    [subjects],
  );
  if (rows.length > 0) throw archivedFault(await archiveEnd(db));
}

/** The refusal of everything that asks for archived history. */
export const archivedFault = ({ seq, at }: ArchiveEnd): Fault =>
  new Fault('archived', `history up to seq ${seq}${at === null ? '' : ` of ${at}`} is archived`, { retryable: false });
