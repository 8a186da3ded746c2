/** A seller's balance as a client sees it: the sums, and the orders, disputes and debts that each is made of. */
import type { Instant } from '../../base/clock.ts';
import { heldInAll } from '../../protection/index.ts';
import type { SellerBalance } from '../../reporting/index.ts';
import { viewFrozen } from './dispute-view.ts';
import { viewDebt } from './views.ts';

export const viewSums = ({ held, available, reserve, frozen, debt, inPayout, payable }: SellerBalance) => ({
  held,
  available,
  reserve,
  frozen,
  debt,
  inPayout,
  payable,
});

export const viewSellerBalance = (balance: SellerBalance, now: Instant) => ({
  currency: balance.currency,
  seq: balance.seq,
  ...viewSums(balance),
  total: balance.total,
  keptBack: balance.keptBack,
  heldBy: balance.heldBy.map((order) => ({
    order: order.id,
    reference: order.reference,
    state: order.state,
    amount: heldInAll(order),
  })),
  frozenBy: balance.frozenBy.flatMap((row) => viewFrozen([row]).map((line) => ({ order: row.order, ...line }))),
  owedFor: balance.owedFor.map((debt) => viewDebt(debt, now)),
});
