/** A case on its way through one decision about its money, and what is known around it. */
import type { Instant } from '../base/clock.ts';
import { type Money, zero } from '../base/money.ts';
import type { NewDebt } from '../debts/index.ts';
import type { FeePlan } from '../fees/index.ts';
import type { NewEvent } from '../ledger/index.ts';
import type { Payout } from '../payouts/index.ts';
import type { Case } from './case.ts';
import type { Purse } from './cover.ts';

export interface Surroundings {
  readonly at: Instant;
  /** What the seller side may bear of the payment yet. */
  readonly limit: Money;
  readonly purse: Purse;
  /** As it is pinned on the order. */
  readonly feePlan: FeePlan;
  /** What was released of the order, fee included, and what other disputes took of that; both zero before release. */
  readonly released: Money;
  readonly lostBefore: Money;
}

export interface MoneyStep {
  readonly row: Case;
  readonly events: readonly NewEvent[];
  /** Unfiled payouts that are taken back before the money is frozen. */
  readonly canceled: readonly Payout[];
  /** What is left of the seller's balance after what the step took. */
  readonly balance: Money;
  /** Taken out of what the order holds, and put back. */
  readonly frozen: Money;
  readonly returned: Money;
  /** Of the fee of the order. */
  readonly feeReturned: Money;
  /** What the seller owes for certain by this step. */
  readonly debts: readonly NewDebt[];
}

export function startMoney(row: Case, { purse }: Surroundings): MoneyStep {
  const none = zero(row.amount.currency);
  return {
    row,
    events: [],
    canceled: [],
    balance: purse.seller,
    frozen: none,
    returned: none,
    feeReturned: none,
    debts: [],
  };
}
