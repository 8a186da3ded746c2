/**
 * What a wallet's word changes of a payment, its money and its owner. The wallet owes us what it debited, in its currency; the
 * order holds its own amount, at the payment's quote, and the margin is ours. Who has asked to cancel is not paid any more:
 * a later success is not taken, unless the wallet has refused the cancel.
 */
import { type Instant, instant, MS_PER_DAY, msOf } from '../base/clock.ts';
import { add, type Money, zero } from '../base/money.ts';
import { shareOf } from '../fx/index.ts';
import { merge, part, update } from '../journal/index.ts';
import { event, type NewEvent } from '../ledger/index.ts';
import type { Learned } from './ask-wallet.ts';
import { endWatch } from './authorization-watch.ts';
import type { PaymentDeps } from './deps.ts';
import type { WalletTerms } from './method.ts';
import type { Operation } from './operation.ts';
import { movePayment, payments, type WalletPayment } from './payment.ts';
import { changed, type Settled } from './settled.ts';

interface Outcome {
  readonly deps: PaymentDeps;
  readonly payment: WalletPayment;
  readonly operation: Operation;
  readonly learned: Learned;
}

/** The wallet has debited its user. */
export async function capturedByWallet(
  { deps, payment, operation, learned }: Outcome,
  { networkId }: { readonly networkId: string },
  at: Instant,
): Promise<Settled> {
  const { amount } = operation;
  const { wallet, network, order } = payment;
  const paidAt = learned.paidAt ?? at;
  const { changes, part: unwatched } = endWatch(payment);
  const moved = movePayment(payment, 'captured', {
    ...changes,
    networkPaymentId: networkId,
    authorized: amount,
    captured: amount,
    captures: [{ networkId, amount, returned: zero(amount.currency) }],
    wallet: {
      ...wallet,
      // Who has scanned is known already, and stays who he is.
      customerId: wallet.customerId ?? learned.customerId ?? null,
      paidAt,
      cancelableUntil: cancelableUntil(paidAt, wallet.cutOffMinutes),
      canceling: null,
    },
  });
  const posting =
    wallet.rate === null
      ? event('payment.captured', payment.id, { network, order, captured: amount })
      : event('payment.captured_converted', payment.id, {
          network,
          order,
          received: wallet.payTo,
          heldAmount: amount,
          margin: wallet.rate.margin,
        });
  const owner = await deps.owner.paymentCaptured({ ...payment, ...moved }, { amount, final: true });
  return changed(payment, moved, [posting], merge(unwatched, owner));
}

const UTC8_MS = 8 * 3_600_000;

/** So many minutes into the day, UTC+8, after the one it was paid on. */
export function cancelableUntil(paidAt: Instant, cutOffMinutes: number): Instant {
  const midnight = Math.floor((msOf(paidAt) + UTC8_MS) / MS_PER_DAY + 1) * MS_PER_DAY;
  return instant(midnight - UTC8_MS + cutOffMinutes * 60_000);
}

/** All of it is back on the day it was paid, as if it had never been. */
export async function reversedByWallet({ deps, payment, operation }: Outcome): Promise<Settled> {
  const { amount } = operation;
  const { wallet, network, order } = payment;
  const moved = movePayment(payment, 'canceled', { captured: zero(amount.currency), captures: [] });
  const posting =
    wallet.rate === null
      ? event('payment.capture_reversed', payment.id, { network, order, reversed: amount })
      : event('payment.capture_reversed_converted', payment.id, {
          network,
          order,
          reversed: amount,
          margin: wallet.rate.margin,
          paidBack: wallet.payTo,
        });
  const canceled = event('payment.canceled', payment.id, { amount });
  return changed(payment, moved, [posting, canceled], await deps.owner.reversalEnded(payment, 'done'));
}

/** The wallet has refused to take it back: it stays paid. */
export async function reversalRefused({ deps, payment, operation }: Outcome, code: string): Promise<Settled> {
  const declined = event('payment.operation_declined', payment.id, {
    operation: operation.id,
    kind: operation.kind,
    code,
  });
  return changed(payment, {}, [declined], await deps.owner.reversalEnded(payment, 'refused'));
}

/** Nothing was debited, or nothing any more: declined, given up, or nobody paid in time. */
export async function unpaidByWallet(
  { deps, payment, learned }: Outcome,
  { code, message }: { readonly code: string; readonly message: string },
): Promise<Settled> {
  const { changes, part: unwatched } = endWatch(payment);
  const by = payment.wallet.canceling?.by ?? null;
  const state = by === null ? 'declined' : by === 'expiry' ? 'expired' : 'canceled';
  const { limitSetBy } = learned;
  const decline = { code, message, ...(limitSetBy === undefined ? {} : { limitSetBy }) };
  const moved = movePayment(payment, state, { ...changes, decline: state === 'declined' ? decline : null });
  const { amount, authorized, captured } = payment;
  const ended: NewEvent =
    state === 'declined'
      ? event('payment.declined', payment.id, { code })
      : state === 'expired'
        ? event('payment.expired', payment.id, { authorized, captured })
        : event('payment.canceled', payment.id, { amount });
  const owner = await deps.owner.paymentFailed(payment, state === 'declined' ? code : state);
  return changed(payment, moved, [ended], merge(unwatched, owner));
}

/** The wallet asks its user, on a page that is known from now on; whoever began the payment has the answer to that. */
export function waitingAtWallet({ payment, learned }: Outcome): Settled | null {
  const { payUrl } = learned;
  if (payUrl === undefined || payUrl === payment.wallet.payUrl) return null;
  const wallet: WalletTerms = { ...payment.wallet, payUrl };
  const waits = event('payment.wallet_waits', payment.id, { wallet: wallet.slug });
  return {
    payment: { ...payment, wallet, version: payment.version + 1 },
    part: part({ events: [waits], writes: [update(payments, payment, { wallet })] }),
    final: true,
  };
}

/** True for a success of a payment that was given up meanwhile. */
export const comesTooLate = ({ wallet }: WalletPayment, { kind }: Operation, learned: Learned): boolean =>
  kind === 'sale' && wallet.canceling !== null && learned.cancelRefused !== true;

/** Of what the wallet paid, what goes back with a refund, in its currency. */
export const payBackOf = ({ wallet, captured, refunded }: WalletPayment, amount: Money): Money =>
  shareOf(wallet.payTo, { whole: captured, before: refunded, part: amount });

/** The posting of a refund that the wallet has paid back, and the payment's terms after it. */
export function refundedByWallet(
  payment: WalletPayment,
  { id, amount, moved }: { readonly id: Operation['refund']; readonly amount: Money; readonly moved: Money },
): { readonly posting: NewEvent; readonly wallet: WalletTerms } {
  const { wallet, network, captured, refunded } = payment;
  if (id === null) throw new Error(`a refund of payment ${payment.id} without its row`);
  const paidBack = add(wallet.paidBack, moved);
  if (wallet.rate === null)
    return { posting: event('refund.confirmed', id, { refund: id, network, amount }), wallet: { ...wallet, paidBack } };
  const margin = shareOf(wallet.rate.margin, { whole: captured, before: refunded, part: amount });
  const facts = { refund: id, network, amount, margin, paidBack: moved };
  const rate = { ...wallet.rate, marginBack: add(wallet.rate.marginBack, margin) };
  return { posting: event('refund.confirmed_converted', id, facts), wallet: { ...wallet, paidBack, rate } };
}
