/**
 * Giving an authorization back: all of it before any capture, and the instalment is due again; or the rest of one that was
 * captured in part, and the instalment is paid with what was captured.
 */
import type { Id } from '../base/ids.ts';
import type { Result } from '../base/result.ts';
import type { CommandKey, Outcome } from '../journal/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { followUp } from './follow-up.ts';
import type { Payment } from './payment.ts';

export interface CancelPayment {
  readonly marketplace: Id<'mkt'> | null;
  readonly payment: Id<'pay'>;
}

/** Refused unless the payment is authorized and nothing else is being asked of the network about it. */
export const cancelPayment = (
  deps: PaymentDeps,
  command: CommandKey | undefined,
  { marketplace, payment }: CancelPayment,
): Promise<Result<Outcome<Payment>, PaymentRefusal>> =>
  followUp(deps, command, { marketplace, payment, wish: { verb: 'cancel' } });
