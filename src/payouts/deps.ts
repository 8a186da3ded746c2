import type { Clock } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { BankRail } from '../connectors/ports/bank-rail.ts';
import type { Journal } from '../journal/index.ts';

/** What every payout command works with. */
export interface PayoutDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly rail: BankRail;
  /** The operator's bank account that payouts leave from. */
  readonly bank: Id<'bnk'>;
}
