import type { Clock } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { BankRail } from '../connectors/ports/bank-rail.ts';
import type { Journal } from '../journal/index.ts';
import type { CardAccounts } from '../parties/index.ts';

/** What reconciliation works with. */
export interface ReconciliationDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly accounts: CardAccounts;
  readonly rail: BankRail;
  readonly bank: Id<'bnk'>;
}
