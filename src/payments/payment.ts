/**
 * A payment: one attempt to pay one instalment with one card. It carries amounts; what was asked of the network is in its
 * operations (operation.ts), at most one of them open at a time. An operation whose outcome is unknown leaves the payment
 * where it was: unknown is not failed.
 *
 * Invariants: refunded + refunding ≤ captured ≤ amount; captured is zero or the whole amount.
 */
import { assert } from '../base/assert.ts';
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { add, compare, type Money, subtract } from '../base/money.ts';
import { assertMove } from '../base/moves.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';

export interface Payment extends StateRow {
  readonly id: Id<'pay'>;
  readonly state: keyof typeof PAYMENT_MOVES;
  readonly marketplace: Id<'mkt'>;
  readonly order: Id<'ord'>;
  readonly seller: Id<'sel'>;
  readonly instalment: number;
  readonly network: Id<'net'>;
  readonly amount: Money;
  readonly captured: Money;
  readonly refunded: Money;
  /** Locked for refunds that the network has not answered yet. */
  readonly refunding: Money;
  readonly capture: 'automatic' | 'manual';
  readonly card: { readonly token: string; readonly brand: string; readonly last4: string };
  readonly networkPaymentId: string | null;
  readonly openOperation: Id<'opn'> | null;
  readonly decline: { readonly code: string; readonly message: string } | null;
  readonly createdAt: Instant;
}

/** Legal moves. `pending`: the first operation is open. */
export const PAYMENT_MOVES = {
  pending: ['authorized', 'captured', 'declined'],
  authorized: ['captured', 'canceled'],
  captured: [],
  declined: [],
  canceled: [],
} as const;

export const payments = stateTable<Payment>('payments', 'pay');

/** A refund of a payment: locked when decided, done when the network says so. */
export interface Refund extends StateRow {
  readonly id: Id<'ref'>;
  readonly state: keyof typeof REFUND_MOVES;
  readonly marketplace: Id<'mkt'>;
  readonly order: Id<'ord'>;
  readonly payment: Id<'pay'>;
  readonly amount: Money;
  readonly reason: string;
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
  assert(compare(free, payment.amount) <= 0 && free.amount >= 0n, `payment ${payment.id}: refunds above captured`);
  return free;
}
