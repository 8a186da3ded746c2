/**
 * What a step of a dispute changes of the seller beside the case and its order: payouts that are taken back, debts, and the
 * seller's row, so that a payout decided before the claim was raised is decided again.
 */
import { compare, isPositive, sum } from '../base/money.ts';
import { openingDebt } from '../debts/index.ts';
import { merge, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type Seller, sellers } from '../parties/index.ts';
import { canceling } from '../payouts/index.ts';
import type { Case } from './case.ts';
import type { MoneyStep, Surroundings } from './step.ts';

export function besideCase(
  money: MoneyStep,
  { at, seller }: Pick<Surroundings, 'at'> & { readonly seller: Seller },
  { before, row }: { readonly before: Case; readonly row: Case },
): UnitPart {
  const canceled = money.canceled.map((payout) => canceling(payout, `needed for dispute ${row.id}`));
  const opened = money.debts.map((debt) => openingDebt(debt, at));
  const debt = sum(
    money.debts.map(({ amount }) => amount),
    row.amount.currency,
  );
  const raised = isPositive(debt) || compare(row.atRisk, before.atRisk) > 0;
  const claim = event('seller.claim_raised', seller.id, { dispute: row.id, debt, atRisk: row.atRisk });
  const touched = raised ? [part({ events: [claim], writes: [update(sellers, seller, {})] })] : [];
  return merge(...canceled, ...opened, ...touched);
}
