/** What every command of promotions works with. */
import type { Clock } from '../base/clock.ts';
import type { Journal } from '../journal/index.ts';

export interface PromotionDeps {
  readonly journal: Journal;
  readonly clock: Clock;
}
