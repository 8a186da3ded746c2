/** Whether an authorization is still open, and for how much. It lapses seven days after the issuer last gave it. */
import { MS_PER_DAY } from '../../src/base/clock.ts';
import type { PaymentRow } from './rows.ts';

export const AUTHORIZATION_LIFE_MS = 7 * MS_PER_DAY;

export interface Denial {
  readonly code: string;
  readonly message: string;
}

export const lapsed = (payment: PaymentRow, nowMs: number): boolean => nowMs >= Number(payment.expires_ms);

/** What may still be captured: nothing once the authorization has lapsed. */
export const openAuthorization = (payment: PaymentRow, nowMs: number): bigint =>
  lapsed(payment, nowMs) ? 0n : payment.authorized_open;

/** Why nothing can be asked of the authorization any more, or null. Checks in this order. */
export function whyNotOpen(payment: PaymentRow, nowMs: number): Denial | null {
  if (payment.state === 'VOIDED') return { code: 'PAYMENT_VOIDED', message: 'Payment was voided' };
  if (payment.state === 'DECLINED') return { code: 'PAYMENT_DECLINED', message: 'Payment was declined' };
  if (payment.state === 'CLOSED') return { code: 'ALREADY_CAPTURED', message: 'Payment was captured' };
  if (lapsed(payment, nowMs)) return { code: 'AUTHORIZATION_EXPIRED', message: 'Authorization has expired' };
  return null;
}
