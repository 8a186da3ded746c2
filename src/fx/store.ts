/** All SQL of exchange but the snapshot of the books (read-books.ts). */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import type { MidRates } from '../connectors/ports/fx-source.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow } from '../db/state-table.ts';
import { type Deal, fxDeals } from './deal.ts';
import { fxQuotes, type Quote } from './quote.ts';
import { fxRates, type RateTable } from './rate-table.ts';
import { fxRevaluations, type Revaluation } from './revaluation.ts';

export async function newestRates(db: Queryable): Promise<RateTable | null> {
  return (await findRows(db, fxRates, 'true order by as_of desc limit 1', []))[0] ?? null;
}

/** Those of a source's moment. */
export async function findRatesOf(db: Queryable, { source, asOf }: MidRates): Promise<RateTable | null> {
  return (await findRows(db, fxRates, 'moment = $1', [`${source} ${asOf}`]))[0] ?? null;
}

export const findRates = (db: Queryable, id: Id<'fxr'>): Promise<RateTable | null> => loadRow(db, fxRates, id);

export const findQuote = (db: Queryable, id: Id<'qte'>): Promise<Quote | null> => loadRow(db, fxQuotes, id);

/** Quotes that hold, oldest first: what the position would become if all were used. */
export const openQuotes = (db: Queryable, now: Instant): Promise<readonly Quote[]> =>
  findRows(db, fxQuotes, "state = 'locked' and expires_at > $1 order by expires_at", [now]);

export const findDeal = (db: Queryable, id: Id<'fxd'>): Promise<Deal | null> => loadRow(db, fxDeals, id);

export async function findDealByReference(db: Queryable, reference: string): Promise<Deal | null> {
  return (await findRows(db, fxDeals, 'reference = $1', [reference]))[0] ?? null;
}

/** Newest first, those before `before`. */
export const listDeals = (db: Queryable, before: string, limit: number): Promise<readonly Deal[]> =>
  findRows(db, fxDeals, 'id < $1::uuid order by id desc limit $2', [before, limit]);

export async function newestRevaluation(db: Queryable): Promise<Revaluation | null> {
  return (await findRows(db, fxRevaluations, 'true order by id desc limit 1', []))[0] ?? null;
}

/** By currency: bought less sold in all deals there are. */
export async function dealtInAll(db: Queryable): Promise<readonly Money[]> {
  const { rows } = await db.query<{ currency: Currency; dealt: bigint }>(
    `select side ->> 'currency' as currency, sum(sign * (side ->> 'value')::bigint)::bigint as dealt
       from fx_deals, lateral (values (data -> 'bought', 1), (data -> 'sold', -1)) sides (side, sign)
      group by 1 order by 1`,
  );
  return rows.map(({ currency, dealt }) => money(dealt, currency));
}
