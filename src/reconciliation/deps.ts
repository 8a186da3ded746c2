import type { Clock } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { BankRail } from '../connectors/ports/bank-rail.ts';
import type { CardAcquirer } from '../connectors/ports/card-acquirer.ts';
import type { Journal } from '../journal/index.ts';

/** What reconciliation works with. */
export interface ReconciliationDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly acquirer: CardAcquirer;
  readonly rail: BankRail;
  readonly network: Id<'net'>;
  readonly bank: Id<'bnk'>;
}
