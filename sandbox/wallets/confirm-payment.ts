/**
 * The person confirms a payment on the phone, or does not. The PIN is the same for all, for it protects nothing here. Three wrong
 * ones refuse the payment. What is allowed is decided again now: time has passed since it was asked.
 */
import { ok, type Refusal, type Result, refuse } from '../../src/base/result.ts';
import type { Activity } from '../base/agenda.ts';
import { findAccount } from './accounts.ts';
import { refusalOf } from './may-charge.ts';
import { debitPayment, failPayment, mustFindPayment } from './payment-rows.ts';
import type { PaymentRow } from './schema.ts';
import type { Wallet } from './wallet.ts';
import type { Wallets } from './wallets.ts';

export const PIN = '246810';
const MOST_WRONG_PINS = 3n;

export interface Confirmation {
  readonly account: string;
  readonly paymentId: string;
  readonly pin: string;
}

export type ConfirmRefusal = Refusal<'no_payment' | 'wrong_pin'>;

/** The payment as it is now. A final one is given back as it is, whatever the PIN. */
export function confirmPayment(
  wallets: Wallets,
  wallet: Wallet,
  { account, paymentId, pin }: Confirmation,
): Result<PaymentRow, ConfirmRefusal> {
  return wallets.store.transaction(() => {
    const payment = paymentFor(wallets, wallet, { account, paymentId });
    const row = findAccount(wallets, wallet, account);
    if (payment === null || row === null) return refuse('no_payment', 'this payment is not for this account');
    if (payment.state !== 'waiting') return ok(payment);
    if (isOver(wallets, payment)) return ok(lapse(wallets, payment));
    if (pin.replaceAll(/\s/g, '') !== PIN) return wrongPin(wallets, payment);
    // Whoever enters the PIN first is the payer of a cashier's payment.
    const refusal = refusalOf(wallets, wallet, { payment, account: row });
    if (refusal !== null) {
      wallets.store.run('update payment set account = ? where id = ?', account, payment.id);
      return ok(failPayment(wallets, payment, refusal));
    }
    return ok(debitPayment(wallets, payment, account));
  });
}

/** The person does not want to pay. */
export function declinePayment(wallets: Wallets, wallet: Wallet, of: Omit<Confirmation, 'pin'>): PaymentRow | null {
  return wallets.store.transaction(() => {
    const payment = paymentFor(wallets, wallet, of);
    if (payment === null || payment.state !== 'waiting') return payment;
    return failPayment(wallets, payment, { code: 'ORDER_IS_CLOSED', message: 'the person did not want to pay' });
  });
}

/** A payment of this account, or one that has no payer yet. */
export function paymentFor(
  { store }: Wallets,
  { walletId }: Wallet,
  { account, paymentId }: Omit<Confirmation, 'pin'>,
): PaymentRow | null {
  const find = 'select * from payment where id = ? and wallet_id = ? and (account is null or account = ?)';
  return store.first<PaymentRow>(find, paymentId, walletId, account);
}

function wrongPin(wallets: Wallets, payment: PaymentRow): Result<PaymentRow, ConfirmRefusal> {
  const wrong = payment.wrong_pins + 1n;
  wallets.store.run('update payment set wrong_pins = ? where id = ?', wrong, payment.id);
  if (wrong >= MOST_WRONG_PINS) return ok(failPayment(wallets, payment, { code: 'USER_PAYMENT_VERIFICATION_FAILED' }));
  return refuse('wrong_pin', 'the PIN is not right', { facts: { triesLeft: Number(MOST_WRONG_PINS - wrong) } });
}

const isOver = ({ time }: Wallets, { expires_ms }: PaymentRow): boolean =>
  expires_ms !== null && Number(expires_ms) <= time.nowMs();

const lapse = (wallets: Wallets, payment: PaymentRow): PaymentRow =>
  failPayment(wallets, payment, { code: 'ORDER_IS_CLOSED', message: 'it was not confirmed in time' });

const WAITING = `select id, expires_ms from payment where state = 'waiting' order by expires_ms limit 1`;

/** Payments that nobody confirmed end with their expiry. */
export function lapsePayments(wallets: Wallets): Activity {
  const first = () => wallets.store.first<{ id: string; expires_ms: bigint }>(WAITING);
  return {
    name: 'payments that nobody confirmed',
    nextDue: () => {
      const row = first();
      return row === null ? null : Number(row.expires_ms);
    },
    run: () => {
      const row = first();
      if (row !== null) wallets.store.transaction(() => lapse(wallets, mustFindPayment(wallets, row.id)));
    },
  };
}
