/** Reading balances. A balance is on the account's normal side: positive is what the chart says the account means. */
import type { Currency } from '../base/currency.ts';
import { type Money, money } from '../base/money.ts';
import type { Queryable } from '../db/pool.ts';
import { type AccountRef, accountUuid } from './account.ts';
import type { AccountName } from './chart.ts';
import { chartLine } from './chart.ts';

/** Balance of one account; zero when it was never posted to. */
export async function balanceOf(db: Queryable, ref: AccountRef, currency: Currency): Promise<Money> {
  const { rows } = await db.query<{ debits: bigint; credits: bigint }>(
    'select debits, credits from accounts where journal_id = 1 and id = $1',
    [accountUuid({ ...ref, currency })],
  );
  const row = rows[0];
  return row === undefined ? money(0n, currency) : money(normal(ref.name, row.debits, row.credits), currency);
}

/** Balances of many accounts in one look-up, in the order given; zero where nothing was posted. */
export async function balancesOf(
  db: Queryable,
  refs: readonly AccountRef[],
  currency: Currency,
): Promise<readonly Money[]> {
  const ids = refs.map((ref) => accountUuid({ ...ref, currency }));
  const { rows } = await db.query<{ id: string; debits: bigint; credits: bigint }>(
    "select replace(id::text, '-', '') as id, debits, credits from accounts where journal_id = 1 and id = any ($1::uuid[])",
    [ids],
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  return refs.map(({ name }, index) => {
    const row = known.get(ids[index] as string);
    return money(row === undefined ? 0n : normal(name, row.debits, row.credits), currency);
  });
}

export interface AccountBalance {
  readonly name: AccountName;
  readonly owner: string;
  readonly currency: Currency;
  readonly kind: string;
  readonly side: 'debit' | 'credit';
  readonly balance: Money;
  readonly debits: Money;
  readonly credits: Money;
}

export interface AccountFilter {
  readonly name?: string;
  readonly owner?: string;
  readonly currency?: string;
  readonly nonZero?: boolean;
  readonly limit?: number;
  /** Name, owner and currency of the last account of the page before. */
  readonly after?: readonly [name: string, owner: string, currency: string];
}

/** Accounts by name and owner, in the chart's words. */
export async function listAccounts(db: Queryable, filter: AccountFilter): Promise<readonly AccountBalance[]> {
  const { rows } = await db.query<{
    name: AccountName;
    owner: string;
    currency: Currency;
    debits: bigint;
    credits: bigint;
  }>(
    `select name, owner, currency, debits, credits from accounts
      where ($1::text is null or name = $1) and ($2::text is null or owner = $2) and ($3::text is null or currency = $3)
        and (not $4::boolean or debits <> credits)
        and ($6::text is null or (name, owner, currency) > ($6, $7, $8)) order by name, owner, currency limit $5`,
    [
      filter.name ?? null,
      filter.owner ?? null,
      filter.currency ?? null,
      filter.nonZero ?? false,
      filter.limit ?? 1000,
      filter.after?.[0] ?? null,
      filter.after?.[1] ?? null,
      filter.after?.[2] ?? null,
    ],
  );
  return rows.map(({ name, owner, currency, debits, credits }) => {
    const { kind, side } = chartLine(name);
    return {
      name,
      owner,
      currency,
      kind,
      side,
      balance: money(normal(name, debits, credits), currency),
      debits: money(debits, currency),
      credits: money(credits, currency),
    };
  });
}

const normal = (name: AccountName, debits: bigint, credits: bigint): bigint =>
  chartLine(name).side === 'debit' ? debits - credits : credits - debits;
