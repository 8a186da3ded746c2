/**
 * What an account had moved at a place in the journal: the last checkpoint before it (or what is archived of the account),
 * and the entries since, about a thousand. Transfers are never changed, so a sum at a seq that has been given is the same
 * whenever it is asked for, whatever commits meanwhile.
 */
import type { Queryable } from '../db/pool.ts';
import { archivedFault } from './archive.ts';

/** Everything an account was debited and credited with, in minor units. */
export interface Sums {
  readonly debits: bigint;
  readonly credits: bigint;
}

/** A place between transfers: before the given leg of the given event. */
export interface Position {
  readonly seq: bigint;
  readonly leg: number;
}

/** The place behind all transfers of a seq. */
export const behind = (seq: bigint): Position => ({ seq: seq + 1n, leg: 0 });

/** Sums that are written down somewhere: up to and including a seq. */
export interface KnownSums extends Sums {
  readonly seq: bigint;
}

/**
 * The last sums known of an account (uuid) without adding up, where `condition` on seq, debits and credits holds of them
 * ($2 is `value`): a checkpoint, or what is archived of the account, or nothing at seq 0.
 */
export async function lastKnown(db: Queryable, account: string, condition: string, value: bigint): Promise<KnownSums> {
  const { rows } = await db.query<KnownSums>(
    `select seq, debits, credits from (
       (select seq, debits, credits from account_checkpoints
         where journal_id = 1 and account = $1 and ${condition} order by seq desc limit 1)
       union all
       (select seq, debits, credits from (
          select max(last_seq) as seq, sum(debits)::bigint as debits, sum(credits)::bigint as credits
            from archived_totals where journal_id = 1 and account = $1) archived
         where ${condition})
     ) known order by seq desc limit 1`,
    [account, value],
  );
  return rows[0] ?? { seq: 0n, debits: 0n, credits: 0n };
}

/**
 * Sums of the account, given by its uuid, over all transfers before the place. Two statements: with the checkpoint's seq in
 * hand PostgreSQL plans for the few partitions and entries that follow it.
 * @throws Fault `archived` when the place is before the archive's end.
 */
export async function sumsBefore(db: Queryable, account: string, { seq, leg }: Position): Promise<Sums> {
  const known = await lastKnown(db, account, 'seq < $2', seq);
  const since = (side: 'debit' | 'credit'): string =>
    `(select coalesce(sum(amount), 0)::bigint from transfers
       where journal_id = 1 and ${side} = $1 and seq > $2 and seq <= $3 and (seq < $3 or leg < $4)) as ${side}s`;
  const { rows } = await db.query<Sums & { readonly archived: bigint | null }>(
    `select ${since('debit')}, ${since('credit')}, (select max(last_seq) from archived_partitions where journal_id = 1) as archived`,
    [account, known.seq, seq, leg],
  );
  const { archived, debits, credits } = rows[0] as (typeof rows)[number];
  if (archived !== null && seq <= archived) throw archivedFault({ seq: archived, at: null });
  return { debits: known.debits + debits, credits: known.credits + credits };
}

/** Sums of the account as it stands, with the last seq they include. */
export async function sumsNow(db: Queryable, account: string): Promise<Sums & { readonly seq: bigint }> {
  const { rows } = await db.query<Sums & { readonly seq: bigint }>(
    `select h.seq, coalesce(a.debits, 0) as debits, coalesce(a.credits, 0) as credits
       from journal_head h left join accounts a on a.journal_id = 1 and a.id = $1 where h.journal_id = 1`,
    [account],
  );
  return rows[0] as (typeof rows)[number];
}

/** What of the account's sums is archived; zero when nothing is. */
export async function archivedSums(db: Queryable, account: string): Promise<Sums> {
  const { rows } = await db.query<Sums>(
    `select coalesce(sum(debits), 0)::bigint as debits, coalesce(sum(credits), 0)::bigint as credits
       from archived_totals where journal_id = 1 and account = $1`,
    [account],
  );
  return rows[0] as Sums;
}
