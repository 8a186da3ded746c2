/**
 * A debt: a sum that a seller owes us for certain, because a chargeback was lost that nothing covered, or a charge was
 * levied on an empty balance. What an open dispute has put on the seller's account is not a debt yet: it goes away if the
 * dispute is won. Each debt has its own age; together they are recovered oldest first.
 *
 * Invariants: amount = left + recovered + written off; provisioned ≤ left; the account `debt` of a seller is Σ left of the open
 * debts and Σ what open disputes have put there.
 */
import { type Instant, MS_PER_DAY, msOf } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { type Money, subtract, sum, zero } from '../base/money.ts';
import { assertMove } from '../base/moves.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';

export interface Debt extends StateRow {
  readonly id: Id<'dbt'>;
  readonly state: keyof typeof DEBT_MOVES;
  readonly marketplace: Id<'mkt'>;
  readonly seller: Id<'sel'>;
  readonly because: 'chargeback_lost' | 'dispute_fee';
  readonly dispute: Id<'dsp'>;
  readonly order: Id<'ord'>;
  readonly amount: Money;
  /** By where it came from. */
  readonly recovered: { readonly seller: Money; readonly reserve: Money; readonly bank: Money };
  /** What of it is an expense already. */
  readonly provisioned: Money;
  readonly writtenOff: Money;
  /** Paid by the seller after all, once it had been written off. */
  readonly recoveredLater: Money;
  readonly writeOff: { readonly reason: string; readonly by: string; readonly at: Instant } | null;
  readonly since: Instant;
  readonly endedAt: Instant | null;
}

export const DEBT_MOVES = { open: ['recovered', 'written_off'], recovered: [], written_off: [] } as const;

export const debts = stateTable<Debt>('debts', 'dbt');

/** What is still owed. */
export function leftOf({ amount, recovered, writtenOff }: Pick<Debt, 'amount' | 'recovered' | 'writtenOff'>): Money {
  const { seller, reserve, bank } = recovered;
  return subtract(amount, sum([seller, reserve, bank, writtenOff], amount.currency));
}

export const totalLeft = (owed: readonly Debt[], { currency }: Money): Money =>
  sum(owed.filter(({ amount }) => amount.currency === currency).map(leftOf), currency);

/** Whole days of business time. */
export const ageDays = ({ since }: Pick<Debt, 'since'>, now: Instant): number =>
  Math.floor((msOf(now) - msOf(since)) / MS_PER_DAY);

/** Asserts the move and returns the changes with the new state. */
export function endDebt(debt: Debt, state: 'recovered' | 'written_off', at: Instant): Partial<Debt> {
  assertMove(DEBT_MOVES, `debt ${debt.id}`, debt.state, state);
  return { state, endedAt: at };
}

export const nothingRecovered = ({ currency }: Money): Debt['recovered'] => {
  const none = zero(currency);
  return { seller: none, reserve: none, bank: none };
};
