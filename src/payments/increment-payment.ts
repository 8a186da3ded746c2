/** Raising an estimated authorization to a new total, as the buyer agreed: the instalment and the order's total grow with it. */
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import type { Result } from '../base/result.ts';
import type { CommandKey, Outcome } from '../journal/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { followUp } from './follow-up.ts';
import type { Payment } from './payment.ts';

export interface IncrementPayment {
  readonly marketplace: Id<'mkt'>;
  readonly payment: Id<'pay'>;
  /** The new total, above what is authorized. */
  readonly amount: Money;
}

/** When the issuer declines, the authorization stays as it was. */
export const incrementPayment = (
  deps: PaymentDeps,
  command: CommandKey,
  { marketplace, payment, amount }: IncrementPayment,
): Promise<Result<Outcome<Payment>, PaymentRefusal>> =>
  followUp(deps, command, { marketplace, payment, wish: { verb: 'increment', amount } });
