import type { Clock } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { BankRail } from '../connectors/ports/bank-rail.ts';
import type { Journal } from '../journal/index.ts';
import type { CardAccounts } from '../parties/index.ts';
import type { PaymentDeps } from '../payments/index.ts';

/** What reconciliation works with. */
export interface ReconciliationDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly accounts: CardAccounts;
  /** Outcomes nobody answered are learned from files. */
  readonly payments: PaymentDeps;
  readonly rail: BankRail;
  readonly bank: Id<'bnk'>;
}
