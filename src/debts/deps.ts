/** What every debt command works with. */
import type { Clock } from '../base/clock.ts';
import type { Journal } from '../journal/index.ts';

export interface DebtDeps {
  readonly journal: Journal;
  readonly clock: Clock;
}
