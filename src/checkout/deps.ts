/** What checkout commands work with; wired in main. */
import type { Clock } from '../base/clock.ts';
import type { Journal } from '../journal/index.ts';
import type { PaymentDeps } from '../payments/index.ts';

export interface CheckoutDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly payments: PaymentDeps;
  /** Of the installation; tokens of links are made with it. */
  readonly secret: Uint8Array;
}
