import type { Clock } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import type { BankRail } from '../connectors/ports/bank-rail.ts';
import type { Journal } from '../journal/index.ts';

/** What every payout command works with. */
export interface PayoutDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly rail: BankRail;
  /** The operator's bank account that payouts leave from. */
  readonly bank: Id<'bnk'>;
  /**
   * What open disputes may still take from sellers and could not freeze: it stays in their balances. Sellers without such a
   * dispute are not in the answer.
   */
  readonly keptBack: (sellers: readonly Id<'sel'>[]) => Promise<ReadonlyMap<Id<'sel'>, Money>>;
}
