/**
 * Giving an authorization back: all of it before any capture, and the instalment is due again; or the rest of one that was
 * captured in part, and the instalment is paid with what was captured. A payment by wallet is given up, or taken back on the
 * day it was paid (cancel-wallet-payment.ts); it is found out by the first decision, so that cards need no look beforehand.
 */
import type { Id } from '../base/ids.ts';
import type { Result } from '../base/result.ts';
import type { CommandKey, Outcome } from '../journal/index.ts';
import { cancelWalletPayment } from './cancel-wallet-payment.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { followUp } from './follow-up.ts';
import type { Payment } from './payment.ts';

export interface CancelPayment {
  readonly marketplace: Id<'mkt'> | null;
  readonly payment: Id<'pay'>;
}

/**
 * Refused unless the payment is authorized and nothing else is being asked of the network about it. Of a wallet: unless it is
 * pending, or was paid and its window is open.
 */
export async function cancelPayment(
  deps: PaymentDeps,
  command: CommandKey | undefined,
  { marketplace, payment }: CancelPayment,
): Promise<Result<Outcome<Payment>, PaymentRefusal>> {
  const asked = await followUp(deps, command, { marketplace, payment, wish: { verb: 'cancel' } });
  if (asked.ok || asked.error.code !== 'illegal_move' || asked.error.facts?.method !== 'wallet') return asked;
  return cancelWalletPayment(deps, command, { marketplace, payment, by: 'marketplace' });
}
