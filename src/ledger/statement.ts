/**
 * The statement of an account for a period: opening balance, every entry with the balance it left, closing balance. The
 * entries come page by page and are never all in memory. The period is fixed to seqs when the statement is asked for, so
 * commits that arrive meanwhile do not change it; and opening, entries and closing are read apart, so the last page proves
 * that nothing was missed.
 */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { Money } from '../base/money.ts';
import type { Queryable } from '../db/pool.ts';
import { type Account, type AccountRef, accountUuid } from './account.ts';
import { archivedFault, archiveEnd } from './archive.ts';
import { balanceFrom, decodeEntry, type Entry, entriesFrom, withEntry } from './entry.ts';
import { seqBefore } from './seq-at.ts';
import { behind, type Sums, sumsBefore } from './sums.ts';

export interface AccountStatement {
  readonly account: Account;
  /** The period: from (included) to (excluded). */
  readonly from: Instant;
  readonly to: Instant;
  readonly opening: Money;
  readonly closing: Money;
  /** The last seq the closing balance includes. */
  readonly seq: bigint;
  /**
   * All entries, in order, a page at a time. To be read once.
   * @throws Fault `archived` when the entries were archived meanwhile.
   */
  readonly pages: AsyncIterable<readonly Entry[]>;
}

const PAGE = 1000;

/**
 * The statement from an instant (included) to another (excluded). While business time has not passed `to`, it ends with
 * what there is.
 * @throws Fault `archived` when the period begins before the archive's end.
 */
export async function statement(
  db: Queryable,
  ref: AccountRef,
  currency: Currency,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<AccountStatement> {
  const account = { ...ref, currency };
  const id = accountUuid(account);
  const after = await seqBefore(db, from);
  const seq = await seqBefore(db, to);
  const opening = await sumsBefore(db, id, behind(after));
  const closing = seq <= after ? opening : await sumsBefore(db, id, behind(seq));
  return {
    account,
    from,
    to,
    opening: balanceFrom(account, opening),
    closing: balanceFrom(account, closing),
    seq,
    pages: pagesOf(db, account, { after, seq, opening, closing }),
  };
}

interface Period {
  readonly after: bigint;
  readonly seq: bigint;
  readonly opening: Sums;
  readonly closing: Sums;
}

async function* pagesOf(db: Queryable, account: Account, { after, seq, opening, closing }: Period) {
  let sums = opening;
  for (let from = behind(after); from.seq <= seq; ) {
    const raw = await entriesFrom(db, account, { from, upTo: seq }, PAGE);
    const page: Entry[] = [];
    for (const entry of raw) {
      sums = withEntry(sums, entry);
      page.push(decodeEntry(account, entry, sums));
    }
    const last = raw.at(-1);
    if (last !== undefined) yield page;
    if (last === undefined || raw.length < PAGE) break;
    from = { seq: last.seq, leg: last.leg + 1 };
  }
  if (sums.debits !== closing.debits || sums.credits !== closing.credits) throw archivedFault(await archiveEnd(db));
}
