/**
 * The seller paid by bank transfer: a credit line that a person says is for a debt, open or written off. Reconciliation commits
 * the part together with the line's explanation. A line above what is owed is refused: the rest would be nobody's.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { add, compare, type Money, subtract } from '../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import { merge, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type Debt, debts, leftOf } from './debt.ts';
import { afterRecovery } from './recover-debts.ts';

export interface BankCredit {
  readonly bank: Id<'bnk'>;
  readonly amount: Money;
}

export function paidByBank(
  debt: Debt,
  { bank, amount }: BankCredit,
  at: Instant,
): Result<UnitPart, Refusal<'illegal_move' | 'amount_exceeds_debt'>> {
  if (debt.state === 'recovered')
    return refuse('illegal_move', 'the debt is recovered', { facts: { state: debt.state } });
  const owed = debt.state === 'open' ? leftOf(debt) : subtract(debt.writtenOff, debt.recoveredLater);
  if (amount.currency !== owed.currency || compare(amount, owed) > 0)
    return refuse('amount_exceeds_debt', 'the line is more than is owed', { facts: { owed } });
  if (debt.state === 'written_off') {
    const later = event('debt.recovered_after_write_off', debt.id, { debt: debt.id, bank, amount });
    const recoveredLater = add(debt.recoveredLater, amount);
    return ok(part({ events: [later], writes: [update(debts, debt, { recoveredLater })] }));
  }
  const paid = event('debt.recovered_by_bank', debt.id, { debt: debt.id, seller: debt.seller, bank, amount });
  const recovered = { ...debt.recovered, bank: add(debt.recovered.bank, amount) };
  return ok(merge(part({ events: [paid] }), afterRecovery(debt, recovered, at)));
}
