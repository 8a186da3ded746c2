/**
 * A seller's money as a seller asks for it: sums, and what each is made of, from one snapshot. Read model over orders,
 * disputes, debts, payouts and the ledger; never written to. The laws of the ledger hold the rows to the accounts, so the
 * sums are the accounts' balances: held = `held` of the orders, frozen = `dispute_cover`, debt = `debt`, in payout = `payout`
 * and the seller's part of `payout_file`.
 */
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import { add, type Money, min, money, subtract, sum, zero } from '../base/money.ts';
import { inSnapshot, type Pool, type Queryable } from '../db/pool.ts';
import { type Debt, openDebtsOf, totalLeft } from '../debts/index.ts';
import { type Case, coverTotal, openDisputesOf } from '../disputes/index.ts';
import { headSeq } from '../journal/index.ts';
import { account, balancesOf, listAccounts } from '../ledger/index.ts';
import { heldForSeller, type Order, ordersHolding } from '../protection/index.ts';

export interface SellerBalance {
  readonly currency: Currency;
  /** Of the last event it includes. */
  readonly seq: bigint;
  readonly held: Money;
  readonly available: Money;
  readonly reserve: Money;
  /** Kept for open disputes. */
  readonly frozen: Money;
  /** What is owed, and what open disputes have put there. */
  readonly debt: Money;
  readonly inPayout: Money;
  /** Of what is available, for open disputes that could not freeze as much. */
  readonly keptBack: Money;
  /** What a payout would carry now. */
  readonly payable: Money;
  /** Available + reserve + frozen + in payout − debt. */
  readonly total: Money;
  /** The oldest of the orders that hold something. */
  readonly heldBy: readonly Order[];
  readonly frozenBy: readonly Case[];
  readonly owedFor: readonly Debt[];
}

const MOST_ORDERS = 100;

/** In one currency. */
export const sellerBalance = (pool: Pool, seller: Id<'sel'>, currency: Currency = 'USD'): Promise<SellerBalance> =>
  inSnapshot(pool, (db) => read(db, seller, currency));

/** In USD, as orders and payouts are, and in every other currency that the seller has or had something in. */
export const sellerBalances = (pool: Pool, seller: Id<'sel'>): Promise<readonly SellerBalance[]> =>
  inSnapshot(pool, async (db) => {
    const balances: SellerBalance[] = [];
    for (const currency of await currenciesOf(db, seller)) balances.push(await read(db, seller, currency));
    return balances;
  });

async function currenciesOf(db: Queryable, seller: Id<'sel'>): Promise<readonly Currency[]> {
  const own = await listAccounts(db, { name: 'seller', owner: seller });
  return ['USD', ...own.map(({ currency }) => currency).filter((currency) => currency !== 'USD')];
}

async function read(db: Queryable, seller: Id<'sel'>, currency: Currency): Promise<SellerBalance> {
  const seq = await headSeq(db);
  const held = await heldForSeller(db, seller, currency);
  const heldBy = (await ordersHolding(db, seller, MOST_ORDERS)).filter(({ total }) => total.currency === currency);
  const frozenBy = (await openDisputesOf(db, seller)).filter(({ amount }) => amount.currency === currency);
  const owedFor = (await openDebtsOf(db, seller)).filter(({ amount }) => amount.currency === currency);
  const accounts = (['seller', 'reserve', 'debt'] as const).map((name) => account(name, seller));
  const [available, reserve, debt] = (await balancesOf(db, accounts, currency)) as [Money, Money, Money];
  const inPayout = await payoutsUnderWay(db, seller, currency);
  const none = zero(currency);
  const frozen = sum(
    frozenBy.map(({ cover }) => (cover === null ? none : coverTotal(cover))),
    currency,
  );
  const keptBack = min(
    available,
    sum(
      frozenBy.map(({ atRisk }) => atRisk),
      currency,
    ),
  );
  const kept = min(available, add(totalLeft(owedFor, none), keptBack));
  return {
    ...{ currency, seq, held, available, reserve, frozen, debt, inPayout, keptBack, heldBy, frozenBy, owedFor },
    payable: subtract(available, kept),
    total: subtract(sum([available, reserve, frozen, inPayout], currency), debt),
  };
}

async function payoutsUnderWay(db: Queryable, seller: Id<'sel'>, currency: Currency): Promise<Money> {
  const { rows } = await db.query<{ total: bigint }>(
    `select coalesce(sum((data #>> '{amount,value}')::bigint), 0)::bigint as total from payouts
      where seller = $1 and data #>> '{amount,currency}' = $2 
        and state in ('initiated', 'awaiting_funds', 'filed')`,
    [seller, currency],
  );
  return money((rows[0] as { total: bigint }).total, currency);
}
