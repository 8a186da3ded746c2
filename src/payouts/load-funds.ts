/**
 * What a seller has, owes and must leave, as a payout is planned by it. Read after the seller's row: whoever raises a claim
 * changes that row, so a payout planned on funds that were read before it is decided again.
 */
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import { type Money, zero } from '../base/money.ts';
import { openDebtsBySeller, totalLeft } from '../debts/index.ts';
import { account, balancesOf } from '../ledger/index.ts';
import type { PayoutDeps } from './deps.ts';
import type { Funds } from './plan-payout.ts';

export const loadFunds = async (deps: PayoutDeps, seller: Id<'sel'>, currency: Currency = 'USD'): Promise<Funds> =>
  (await loadFundsOf(deps, [seller], currency))[0] as Funds;

/** In the order of the sellers. */
export async function loadFundsOf(
  deps: PayoutDeps,
  sellers: readonly Id<'sel'>[],
  currency: Currency = 'USD',
): Promise<readonly Funds[]> {
  const { db } = deps.journal;
  const [balances, keptBack, debts] = await Promise.all([
    balancesOf(
      db,
      sellers.map((id) => account('seller', id)),
      currency,
    ),
    deps.keptBack(sellers),
    openDebtsBySeller(db, sellers),
  ]);
  const none = zero(currency);
  return sellers.map((id, index) => {
    const kept = keptBack.get(id);
    return {
      available: balances[index] as Money,
      keptBack: kept?.currency === currency ? kept : undefined,
      owed: totalLeft(debts.get(id) ?? [], none),
    };
  });
}
