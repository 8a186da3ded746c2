/** What a day's end is made on, from one snapshot: positions, foreign results, what is not realised, and what was dealt. */
import type { Currency } from '../base/currency.ts';
import { money } from '../base/money.ts';
import { inSnapshot, type Pool, type Queryable } from '../db/pool.ts';
import { headSeq } from '../journal/index.ts';
import { type AccountName, account, balanceOf, CHART } from '../ledger/index.ts';
import type { Books, ResultBalance } from './revaluation.ts';
import { dealtInAll, newestRevaluation } from './store.ts';

export const readBooks = (pool: Pool, reporting: Currency): Promise<Books> =>
  inSnapshot(pool, async (db) => {
    const last = await newestRevaluation(db);
    return {
      seq: await headSeq(db),
      previous: last?.id ?? 'none',
      positions: (await creditBalances(db, ['fx_position'])).map(({ balance }) => balance),
      results: (await creditBalances(db, RESULTS)).filter(({ balance }) => balance.currency !== reporting),
      unrealised: await balanceOf(db, account('fx_unrealised'), reporting),
      dealt: await dealtInAll(db),
      dealtBefore: last?.dealt ?? [],
    };
  });

/** Every result but those of exchange itself, which arise in the reporting currency. */
// The chart's keys are its account names; Object.keys forgets that.
const RESULTS = (Object.keys(CHART) as AccountName[]).filter(
  (name) => ['income', 'expense'].includes(CHART[name].kind) && name !== 'fx_unrealised' && name !== 'fx_realised',
);

async function creditBalances(db: Queryable, names: readonly AccountName[]): Promise<readonly ResultBalance[]> {
  const { rows } = await db.query<{ name: AccountName; owner: string; currency: Currency; credit: bigint }>(
    `select name, owner, currency, credits - debits as credit from accounts
      where journal_id = 1 and name = any ($1) and credits <> debits order by name, owner, currency`,
    [names],
  );
  return rows.map(({ name, owner, currency, credit }) => ({ name, owner, balance: money(credit, currency) }));
}
