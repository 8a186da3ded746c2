/**
 * An order under protection: terms agreed → paid in instalments → shipped → received → released. The money is held from
 * capture to release; who may move an order, and when, is here.
 *
 * Once released, only those whom it was released to can give something back; the order stays released.
 *
 * Invariants: Σ instalments + Σ discounts = total; held = captured + discounted − refunded − refunding − disputed until release; nothing is released
 * while a refund is on its way or a dispute is open, and nothing refunded while one is open; every unit that moves or blocks the order's money changes this row's version, so that release,
 * refund and payment cannot pass each other.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { add, equals, type Money, subtract, zero } from '../base/money.ts';
import { assertMove, isLegalMove } from '../base/moves.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';
import type { FeePlan } from '../fees/index.ts';
import type { Buyer, Marketplace, Seller } from '../parties/index.ts';
import type { Policy } from './policies.ts';

export interface Instalment {
  readonly number: number;
  /** As agreed. */
  readonly amount: Money;
  /** As captured; may be less than agreed. */
  readonly captured: Money;
  readonly due: 'now' | 'before_shipment';
  readonly state: 'due' | 'processing' | 'paid';
  readonly payment: Id<'pay'> | null;
}

/** Whose order it is, as they stand. */
export interface OrderParties {
  readonly marketplace: Marketplace;
  readonly seller: Seller;
  readonly buyer: Buyer;
}

/** What somebody else pays of the total (order-discounts.ts). */
export interface OrderDiscount {
  readonly campaign: Id<'cmp'>;
  /** Null: a discount of the campaign itself. */
  readonly voucher: Id<'vch'> | null;
  readonly name: string;
  /** `buyer`: a voucher that was sold. */
  readonly fundedBy: 'hub' | 'sponsor' | 'buyer';
  /** A use of the buyer was counted. */
  readonly counted: boolean;
  readonly off: Money;
  readonly state: 'applied' | 'funded';
  readonly returned: Money;
}

export type ShipBy = { readonly date: Instant } | { readonly daysAfterFirstPayment: number };

export interface Order extends StateRow {
  readonly id: Id<'ord'>;
  readonly state: keyof typeof ORDER_MOVES;
  readonly marketplace: Id<'mkt'>;
  readonly seller: Id<'sel'>;
  readonly buyer: Id<'buy'>;
  /** The marketplace's own number of the order, unique per marketplace. */
  readonly reference: string;
  readonly description: string;
  readonly total: Money;
  readonly instalments: readonly Instalment[];
  readonly captured: Money;
  /** What others pay of the total (order-discounts.ts); orders of before that existed do not say. */
  readonly discounts?: readonly OrderDiscount[];
  /** What discounts paid and no refund gave back to them. */
  readonly discounted?: Money;
  readonly refunded: Money;
  readonly refunding: Money;
  /** Of these two, what was given back out of what had been released. */
  readonly refundedLater: Money;
  /** Taken out of what is held by disputes: frozen while one is open, gone when it is lost. */
  readonly disputed: Money;
  /** The open case, which blocks release and refund; null when there is none. */
  readonly dispute: Id<'dsp'> | null;
  readonly feePlan: FeePlan;
  readonly fee: Money | null;
  /** What a settlement gave to the marketplace's own balance; null unless it was settled by an instructed split. */
  readonly share: Money | null;
  /** Of the fee, given back because released money was lost to chargebacks, where the plan says so. */
  readonly feeReturned: Money;
  readonly policy: Policy;
  readonly shipBy: ShipBy;
  /** When the last instalment was paid; null until then. */
  readonly paidAt: Instant | null;
  /** Known at once for a date, with the first payment for a number of days. */
  readonly shipByAt: Instant | null;
  readonly payBy: Instant;
  /** The job that waits to move it on: not paid in time, received, released. Withdrawn with the move that comes before it. */
  readonly deadline: string | null;
  readonly shipment: { readonly carrier: string; readonly trackingNumber: string; readonly shippedAt: Instant } | null;
  readonly autoReceiptAt: Instant | null;
  readonly receivedAt: Instant | null;
  readonly receivedBy: 'buyer' | 'deadline' | null;
  readonly releaseDueAt: Instant | null;
  readonly releasedAt: Instant | null;
  readonly canceledAt: Instant | null;
  readonly cancelReason: string | null;
  readonly createdAt: Instant;
}

/**
 * Legal moves. Refunds before release may close an order from any state that holds money; a payment that a wallet takes back
 * on its day leads back to where it was not paid. Only a settlement (settle-order.ts) releases what was not received.
 */
export const ORDER_MOVES = {
  awaiting_payment: ['part_paid', 'paid', 'canceled'],
  part_paid: ['paid', 'refunded', 'awaiting_payment'],
  paid: ['shipped', 'released', 'refunded', 'part_paid', 'awaiting_payment'],
  shipped: ['received', 'released', 'refunded'],
  received: ['released', 'refunded'],
  released: [],
  canceled: [],
  refunded: [],
} as const;

export const orders = stateTable<Order>('orders', 'ord');

export const canMove = (order: Order, state: Order['state']): boolean => isLegalMove(ORDER_MOVES, order.state, state);

/** Asserts the move and returns the changes with the new state. */
export function moveOrder(order: Order, state: Order['state'], changes: Partial<Order>): Partial<Order> {
  assertMove(ORDER_MOVES, `order ${order.id}`, order.state, state);
  return { ...changes, state };
}

/** Orders of before this existed have none. */
export const discountsOf = ({ discounts = [] }: Order): readonly OrderDiscount[] => discounts;

/** What discounts paid and no refund gave back. */
export const discountedOf = ({ discounted, total }: Order): Money => discounted ?? zero(total.currency);

/**
 * What is held of the buyer's money: captured, neither refunded, on its way back nor taken by a dispute, not yet released. It is
 * all that a refund or a dispute may take.
 */
export function heldOf(order: Order): Money {
  if (order.state === 'released') return subtract(order.captured, order.captured);
  return subtract(order.captured, add(add(order.refunded, order.refunding), order.disputed));
}

/** What the order's account holds: the buyer's money, and what discounts paid beside it. */
export const heldInAll = (order: Order): Money =>
  order.state === 'released' ? heldOf(order) : add(heldOf(order), discountedOf(order));

/** What left for seller, marketplace and fee at the release, or would: all that had not gone back before. */
export function releasedOf(order: Order): Money {
  const before = subtract(add(order.refunded, order.refunding), order.refundedLater);
  return subtract(add(order.captured, discountedOf(order)), add(before, order.disputed));
}

/** The instalment to be paid next, or null when all are paid. */
export const nextInstalment = (order: Order): Instalment | null =>
  order.instalments.find(({ state }) => state !== 'paid') ?? null;

export const isPaymentInProgress = (order: Order): boolean =>
  order.instalments.some(({ state }) => state === 'processing');

/** The instalments with one of them changed. */
export const withInstalment = (order: Order, number: number, changes: Partial<Instalment>): readonly Instalment[] =>
  order.instalments.map((instalment) => (instalment.number === number ? { ...instalment, ...changes } : instalment));

/** Where an order stands once an instalment is captured. */
export function stateAfterCapture(order: Order): 'part_paid' | 'paid' {
  return order.instalments.every(({ state }) => state === 'paid') ? 'paid' : 'part_paid';
}

/** True when everything that was paid in has gone back for good: by refunds, or by disputes that have ended. */
export const isFullyRefunded = (order: Order): boolean =>
  order.captured.amount > 0n && order.dispute === null && equals(add(order.refunded, order.disputed), order.captured);

/** The waiting deadline, to be withdrawn. */
export const deadlineOf = ({ deadline }: Order): readonly string[] => (deadline ? [deadline] : []);
