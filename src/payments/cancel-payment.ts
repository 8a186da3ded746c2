/** Voiding an authorization before capture: the instalment is due again, the card's hold is given back. */
import type { Result } from '../base/result.ts';
import type { CommandKey, Outcome } from '../journal/index.ts';
import type { CapturePayment } from './capture-payment.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { followUp } from './follow-up.ts';
import type { Payment } from './payment.ts';

/** Refused unless the payment is authorized and nothing else is being asked of the network about it. */
export const cancelPayment = (
  deps: PaymentDeps,
  command: CommandKey,
  input: CapturePayment,
): Promise<Result<Outcome<Payment>, PaymentRefusal>> => followUp(deps, command, { ...input, kind: 'void' });
