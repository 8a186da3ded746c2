/**
 * Capturing an authorized payment: in full, in part with the rest given back, or in several parts. What is captured is ours
 * to hold from here; the instalment counts as paid with the last capture.
 */
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import type { Result } from '../base/result.ts';
import type { CommandKey, Outcome } from '../journal/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { followUp } from './follow-up.ts';
import type { Payment } from './payment.ts';

export interface CapturePayment {
  readonly marketplace: Id<'mkt'>;
  readonly payment: Id<'pay'>;
  /** All that is left of the authorization when absent. */
  readonly amount?: Money;
  /** The last capture, unless it says false. */
  readonly final?: boolean;
}

/** Refused unless the payment is authorized for that much and nothing else is being asked of the network about it. */
export const capturePayment = (
  deps: PaymentDeps,
  command: CommandKey,
  { marketplace, payment, amount, final = true }: CapturePayment,
): Promise<Result<Outcome<Payment>, PaymentRefusal>> =>
  followUp(deps, command, {
    marketplace,
    payment,
    wish: { verb: 'capture', final, ...(amount === undefined ? {} : { amount }) },
  });
