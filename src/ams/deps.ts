/** What the AMS gateway's commands work with; wired in main. */
import type { Clock } from '../base/clock.ts';
import type { CheckoutDeps } from '../checkout/index.ts';
import type { FxDeps } from '../fx/index.ts';
import type { Journal } from '../journal/index.ts';
import type { PartyDeps } from '../parties/index.ts';
import type { PaymentDeps } from '../payments/index.ts';
import type { PayoutDeps } from '../payouts/index.ts';
import type { OrderDeps } from '../protection/index.ts';
import type { RegistrationDeps } from '../registrations/index.ts';

export interface AmsDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly parties: PartyDeps;
  readonly orders: OrderDeps;
  readonly payments: PaymentDeps;
  readonly checkout: CheckoutDeps;
  readonly payouts: PayoutDeps;
  readonly fx: FxDeps;
  readonly registrations: RegistrationDeps;
  /** Host of this installation's order codes. */
  readonly codeDomain: string;
}
