/**
 * The part that opens a debt, of the unit whose event has put it on the seller's account. The amount is above zero. Whoever
 * merges it changes the seller's row too (`seller.claim_raised`), so that payouts decided before are decided again.
 */
import type { Instant } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { zero } from '../base/money.ts';
import { insert, part, type UnitPart } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type Debt, debts, nothingRecovered } from './debt.ts';

export type NewDebt = Pick<Debt, 'marketplace' | 'seller' | 'because' | 'dispute' | 'order' | 'amount'>;

export function openingDebt(owed: NewDebt, at: Instant): UnitPart {
  const none = zero(owed.amount.currency);
  const debt: Debt = {
    id: newId('dbt'),
    version: 0,
    state: 'open',
    ...owed,
    recovered: nothingRecovered(owed.amount),
    provisioned: none,
    writtenOff: none,
    recoveredLater: none,
    writeOff: null,
    since: at,
    endedAt: null,
  };
  const { seller, dispute, order, because, amount } = owed;
  const opened = event('debt.opened', debt.id, { seller, dispute, order, because, amount });
  return part({ events: [opened], writes: [insert(debts, debt)] });
}
