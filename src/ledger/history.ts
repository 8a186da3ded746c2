/**
 * The past of an account: its balance at any instant or seq, and its entries from the newest back. Exact, whatever commits
 * meanwhile: a read begins at a seq that has been given, and what lies before that never changes.
 */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { Money } from '../base/money.ts';
import type { Queryable } from '../db/pool.ts';
import { type AccountRef, accountUuid } from './account.ts';
import { archivedFault, archiveEnd } from './archive.ts';
import { balanceFrom, decodeEntry, type Entry, entriesBefore, withoutEntry } from './entry.ts';
import { seqAt } from './seq-at.ts';
import { behind, type Position, sumsBefore, sumsNow } from './sums.ts';

export interface BalanceAt {
  readonly balance: Money;
  /** The last seq it includes. */
  readonly seq: bigint;
}

/**
 * The balance after everything that happened at or before the instant, or up to and including the seq; now, without either.
 * Of an instant that has not passed, or a seq that has not been given, it is the balance now; `seq` says which one that is.
 * @throws Fault `archived` when that is before the archive's end.
 */
export async function balanceAt(
  db: Queryable,
  ref: AccountRef,
  currency: Currency,
  when?: Instant | bigint,
): Promise<BalanceAt> {
  const account = { ...ref, currency };
  const id = accountUuid(account);
  if (typeof when !== 'string') {
    const { seq, ...now } = await sumsNow(db, id);
    if (when === undefined || when >= seq) return { balance: balanceFrom(account, now), seq };
  }
  const seq = typeof when === 'bigint' ? when : await seqAt(db, when);
  return { balance: balanceFrom(account, await sumsBefore(db, id, behind(seq))), seq };
}

export interface EntryPage {
  readonly entries: readonly Entry[];
  /** Where the next page begins: `before` of the next call; null when nothing came before. */
  readonly next: Position | null;
}

/**
 * The newest entries of the account, each with the balance it left; with `before`, the newest ones before that place.
 * @throws Fault `archived` when what comes next is archived.
 */
export async function lastEntries(
  db: Queryable,
  ref: AccountRef,
  currency: Currency,
  { limit, before }: { readonly limit: number; readonly before?: Position | undefined },
): Promise<EntryPage> {
  const account = { ...ref, currency };
  const id = accountUuid(account);
  const { place, sums } = before === undefined ? await present(db, id) : await past(db, id, before);
  const raw = await entriesBefore(db, account, place, limit);
  const entries: Entry[] = [];
  let after = sums;
  for (const entry of raw) {
    entries.push(decodeEntry(account, entry, after));
    after = withoutEntry(after, entry);
  }
  // Amounts are above zero: only where nothing was posted before are both sums zero.
  const isFirst = after.debits === 0n && after.credits === 0n;
  if (raw.length === 0 && !isFirst) throw archivedFault(await archiveEnd(db));
  const last = raw.at(-1);
  return { entries, next: isFirst || last === undefined ? null : { seq: last.seq, leg: last.leg } };
}

async function present(db: Queryable, account: string) {
  const { seq, ...sums } = await sumsNow(db, account);
  return { place: behind(seq), sums };
}

const past = async (db: Queryable, account: string, place: Position) => ({
  place,
  sums: await sumsBefore(db, account, place),
});
