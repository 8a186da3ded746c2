/**
 * A payment: one attempt to pay one instalment with one card or one home wallet (method.ts). It carries amounts; what was
 * asked of the network is in its operations (operation.ts), at most one of them open at a time. An operation whose outcome
 * is unknown leaves the payment where it was: unknown is not failed. All amounts are in the order's currency; what a wallet
 * pays in its own is in its terms.
 *
 * Invariants: refunded + refunding ≤ captured ≤ authorized; the captures sum to `captured`; what each of them still has is
 * not below zero.
 */
import { assert } from '../base/assert.ts';
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { add, compare, type Money, subtract } from '../base/money.ts';
import { assertMove } from '../base/moves.ts';
import type { BillingAddress, Checks, DeclineClass, Exemption } from '../connectors/ports/card-acquirer.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';
import type { CardRules } from '../parties/index.ts';
import type { Authentication } from './authentication.ts';
import type { Credential } from './credential.ts';
import type { Method, PaidCard, WalletTerms } from './method.ts';

/** A charge that was declined and then tried otherwise. */
export interface Try {
  readonly network: Id<'net'>;
  readonly code: string;
  readonly class: DeclineClass | null;
  readonly at: Instant;
}

/** What one capture, or a sale, took. */
export interface Capture {
  /** The network's id of it; refunds of one of several captures name it. */
  readonly networkId: string;
  readonly amount: Money;
  /** Refunded, or on its way back. */
  readonly returned: Money;
}

export interface Payment extends StateRow {
  readonly id: Id<'pay'>;
  readonly state: keyof typeof PAYMENT_MOVES;
  readonly marketplace: Id<'mkt'>;
  readonly order: Id<'ord'>;
  readonly seller: Id<'sel'>;
  readonly instalment: number;
  readonly network: Id<'net'>;
  /** The accounts that take it, the preferred first, as the marketplace's routes were when it began. */
  readonly routes: readonly Id<'net'>[];
  /** What was declined and then tried otherwise, under this payment. */
  readonly tries: readonly Try[];
  /** What is to be paid. */
  readonly amount: Money;
  /** What the issuer holds for us, or has held: it grows by increments and shrinks by reversals. */
  readonly authorized: Money;
  readonly captured: Money;
  readonly captures: readonly Capture[];
  readonly refunded: Money;
  /** Locked for refunds that the network has not answered yet. */
  readonly refunding: Money;
  readonly capture: 'automatic' | 'manual';
  /** The amount is an estimate: the authorization may be incremented. */
  readonly estimated: boolean;
  /** What to do with an authorization that is about to lapse. */
  readonly onExpiry: 'release' | 'reauthorize';
  /** Business time; null unless something is authorized and not captured. */
  readonly expiresAt: Instant | null;
  /** The job that watches it. */
  readonly expiryJob: string | null;
  readonly reauthorizations: number;
  readonly checks: Checks | null;
  /** Of the marketplace's rules when it began, what its later steps need. */
  readonly rules: { readonly unavailable: 'continue' | 'decline'; readonly mismatch: CardRules['mismatch'] };
  readonly exemption: Exemption | null;
  /** Null when nobody asked. */
  readonly authentication: Authentication | null;
  /** Null when a wallet pays. */
  readonly card: PaidCard | null;
  /** Only when a wallet pays; a payment without it is by card, as all were before there were wallets. */
  readonly wallet?: WalletTerms;
  /** By what right a card that is kept, or to be kept, is used; null for a card that is used once. */
  readonly credential: Credential | null;
  /** The scheme's id of the charge, where the network gave it. */
  readonly schemeTransactionId: string | null;
  /** Only while the cardholder is asked: the charge that follows needs it, nothing afterwards does. */
  readonly billingAddress: BillingAddress | null;
  readonly networkPaymentId: string | null;
  readonly openOperation: Id<'opn'> | null;
  /** `class`: what it means for another try, where the network said. */
  readonly decline: {
    readonly code: string;
    readonly message: string;
    readonly class?: DeclineClass;
    /** Who set the limit that was exceeded, as a wallet says it. */
    readonly limitSetBy?: string;
  } | null;
  readonly createdAt: Instant;
}

/**
 * Legal moves. `authenticating`: the cardholder is asked, before the first charge or after an issuer that wants it. `pending`:
 * the first operation is open; a wallet asks its user meanwhile. `part_captured`: more captures may follow. Only what a wallet
 * paid is canceled after capture, on the day it was paid, or given up while it is pending.
 */
export const PAYMENT_MOVES = {
  authenticating: ['pending', 'declined'],
  pending: ['authenticating', 'authorized', 'captured', 'declined', 'canceled', 'expired'],
  authorized: ['part_captured', 'captured', 'canceled', 'expired'],
  part_captured: ['captured'],
  captured: ['canceled'],
  declined: [],
  canceled: [],
  expired: [],
} as const;

export const payments = stateTable<Payment>('payments', 'pay');

/** Who gives back what was released already. */
export interface RefundSource {
  readonly seller: Money;
  /** Out of the marketplace's own balance. */
  readonly marketplace: Money;
}

/** A refund of a payment: locked when decided, done when the network says so. */
export interface Refund extends StateRow {
  readonly id: Id<'ref'>;
  readonly state: keyof typeof REFUND_MOVES;
  readonly marketplace: Id<'mkt'>;
  readonly order: Id<'ord'>;
  readonly payment: Id<'pay'>;
  readonly amount: Money;
  /** The network's id of the capture it gives back from. */
  readonly capture: string;
  readonly reason: string;
  /** Of a released order, whose money it is; null while the order holds it. */
  readonly from: (RefundSource & { readonly party: Id<'sel'> }) | null;
  readonly createdAt: Instant;
}

export const REFUND_MOVES = { initiated: ['confirmed', 'rejected'], confirmed: [], rejected: [] } as const;

export const refunds = stateTable<Refund>('refunds', 'ref');

/** Asserts the move and returns the changes with the new state. */
export function movePayment(payment: Payment, state: Payment['state'], changes: Partial<Payment>): Partial<Payment> {
  assertMove(PAYMENT_MOVES, `payment ${payment.id}`, payment.state, state);
  return { ...changes, state };
}

/** What may still be refunded: captured and neither refunded nor on its way back. */
export function refundable(payment: Payment): Money {
  const free = subtract(payment.captured, add(payment.refunded, payment.refunding));
  assert(free.amount >= 0n, `payment ${payment.id}: refunds above captured`);
  return free;
}

/** What may still be captured. */
export const capturable = ({ authorized, captured }: Payment): Money => subtract(authorized, captured);

/** What a capture still has to give back. */
export const leftOf = ({ amount, returned }: Capture): Money => subtract(amount, returned);

/** The capture a refund of this amount can come out of: the oldest that has enough left; null when none has. */
export const captureFor = (payment: Payment, amount: Money): Capture | null =>
  payment.captures.find((capture) => compare(leftOf(capture), amount) >= 0) ?? null;

/** The captures after one of them gave back (or, with a negative amount, got back) so much. */
export const withReturned = (payment: Payment, networkId: string, amount: Money): readonly Capture[] =>
  payment.captures.map((capture) =>
    capture.networkId === networkId ? { ...capture, returned: add(capture.returned, amount) } : capture,
  );

export type WalletPayment = Payment & { readonly wallet: WalletTerms };

export const isByWallet = (payment: Payment): payment is WalletPayment => payment.wallet !== undefined;

/** The card of a payment that is by card; another one here is a bug. */
export function cardOf({ id, card }: Pick<Payment, 'id' | 'card'>): PaidCard {
  assert(card !== null, `payment ${id} is not by card`);
  return card;
}

export function methodOf(payment: Payment): Method {
  if (isByWallet(payment)) {
    const { slug, brandCode, name } = payment.wallet;
    return { type: 'wallet', wallet: slug, brand: brandCode, name };
  }
  const { brand, last4 } = cardOf(payment);
  return { type: 'card', brand, last4 };
}
