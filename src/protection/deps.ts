import type { Clock } from '../base/clock.ts';
import type { Journal } from '../journal/index.ts';

/** What every order command works with. */
export interface OrderDeps {
  readonly journal: Journal;
  readonly clock: Clock;
}
