/** Capturing an authorized payment in full: authorized → captured. The money is ours to hold from here. */
import type { Id } from '../base/ids.ts';
import type { Result } from '../base/result.ts';
import type { CommandKey, Outcome } from '../journal/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { followUp } from './follow-up.ts';
import type { Payment } from './payment.ts';

export interface CapturePayment {
  readonly marketplace: Id<'mkt'>;
  readonly payment: Id<'pay'>;
}

/** Refused unless the payment is authorized and nothing else is being asked of the network about it. */
export const capturePayment = (
  deps: PaymentDeps,
  command: CommandKey,
  input: CapturePayment,
): Promise<Result<Outcome<Payment>, PaymentRefusal>> => followUp(deps, command, { ...input, kind: 'capture' });
