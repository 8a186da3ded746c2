/**
 * The order as the owner of its payments: says whether an instalment may be paid, and changes its own row in the unit that
 * captures, fails, or refunds. Payments know this file only as a port (src/payments/ports.ts).
 */
import { addDays, type Instant } from '../base/clock.ts';
import { add, compare, isPositive, subtract, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { merge, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { findBuyer, findMarketplace, findSeller, type Seller } from '../parties/index.ts';
import type { OwnerRefusal, Payable, PayableFacts, Payment, PaymentOwner, RefundSource } from '../payments/index.ts';
import type { Voucher } from '../promotions/index.ts';
import { disputeOpen } from './change-order.ts';
import type { OrderDeps } from './deps.ts';
import {
  canMove,
  deadlineOf,
  heldOf,
  isFullyRefunded,
  isPaymentInProgress,
  moveOrder,
  nextInstalment,
  type Order,
  type OrderParties,
  orders,
  stateAfterCapture,
  withInstalment,
} from './order.ts';
import { dropDiscounts, fundDiscounts, returnDiscounts, vouchersOf } from './order-discounts.ts';
import { reversalEnded, startReversal } from './reverse-payment.ts';
import { findOrder } from './store.ts';

export function orderAsPaymentOwner(deps: OrderDeps): PaymentOwner {
  const load = async (payment: Payment): Promise<Order> => {
    const order = await findOrder(deps.journal.db, payment.order);
    if (order === null) throw new Error(`order ${payment.order} of payment ${payment.id} is missing`);
    return order;
  };
  return {
    ...ownerOf(deps, load),
    describe: async (payment) => {
      const order = await load(payment);
      const seller = await findSeller(deps.journal.db, order.seller);
      if (seller === null) throw new Error(`seller ${order.seller} of order ${order.id} is missing`);
      return factsOf(order, seller);
    },
    startPayment: (input) => startPayment(deps, input),
    paymentChanged: async (payment, amount) => paymentChanged(await load(payment), payment, amount),
    startReversal: async (payment) => startReversal(deps, await load(payment), payment),
    reversalEnded: async (payment, outcome) => reversalEnded(await load(payment), payment, outcome),
    startRefund: async (payment, refund, how) => startRefund(await load(payment), refund, how),
    refundEnded: async (payment, refund, outcome) => {
      const order = await load(payment);
      const read = { vouchers: await vouchersOf(deps.journal.db, order), at: deps.clock.now() };
      return refundEnded(order, { refund, outcome }, read);
    },
  };
}

function ownerOf(deps: OrderDeps, load: (payment: Payment) => Promise<Order>): Payable['asStarted'] {
  return {
    paymentCaptured: async (payment, capture) => {
      const order = await load(payment);
      return paymentCaptured(deps, order, payment, { ...capture, vouchers: await vouchersOf(deps.journal.db, order) });
    },
    paymentFailed: async (payment, reason) => paymentFailed(await load(payment), payment, reason),
  };
}

async function startPayment(
  deps: OrderDeps,
  input: Parameters<PaymentOwner['startPayment']>[0],
): Promise<Result<Payable, OwnerRefusal>> {
  const order = await findOrder(deps.journal.db, input.order);
  if (order === null || order.marketplace !== input.marketplace) return refuse('not_found', 'no such order');
  return startPaymentOf(deps, order, input);
}

/** The start of a payment of this order as it is, stored or about to be in the same unit. */
export async function startPaymentOf(
  deps: OrderDeps,
  order: Order,
  input: Pick<Parameters<PaymentOwner['startPayment']>[0], 'instalment' | 'payment'>,
  known?: OrderParties,
): Promise<Result<Payable, OwnerRefusal>> {
  const instalment = order.instalments.find(({ number }) => number === input.instalment);
  if (instalment === undefined)
    return refuse('unknown_instalment', 'the order has no such instalment', { pointer: '/instalment' });
  if (order.state !== 'awaiting_payment' && order.state !== 'part_paid') {
    return refuse('illegal_move', `an order that is ${order.state} cannot be paid`, { facts: { state: order.state } });
  }
  if (isPaymentInProgress(order))
    return refuse('payment_in_progress', 'a payment of this order is being processed; do not pay again');
  if (nextInstalment(order)?.number !== instalment.number) {
    return refuse('instalment_not_due', 'another instalment is due first', {
      pointer: '/instalment',
      facts: { next: nextInstalment(order)?.number ?? null },
    });
  }
  const parties = known ?? (await partiesOf(deps, order));
  if (parties === null) return refuse('not_found', 'no such seller or buyer');
  const { seller, buyer, marketplace } = parties;
  const instalments = withInstalment(order, instalment.number, { state: 'processing', payment: input.payment });
  const started = event('order.payment_started', order.id, {
    payment: input.payment,
    instalment: instalment.number,
    amount: instalment.amount,
  });
  return ok({
    amount: instalment.amount,
    rest: restAfter(order, instalment.number),
    seller: order.seller,
    buyer: { id: buyer.id, country: buyer.country },
    rules: marketplace.cardRules,
    routes: marketplace.cardRoutes,
    ...factsOf(order, seller),
    part: part({ events: [started], writes: [update(orders, order, { instalments })] }),
    asStarted: ownerOf(deps, async () => ({ ...order, instalments, version: order.version + 1 })),
  });
}

async function partiesOf({ journal: { db } }: OrderDeps, order: Order): Promise<OrderParties | null> {
  const [seller, buyer, marketplace] = await Promise.all([
    findSeller(db, order.seller),
    findBuyer(db, order.buyer),
    findMarketplace(db, order.marketplace),
  ]);
  return seller === null || buyer === null || marketplace === null ? null : { seller, buyer, marketplace };
}

/** What is left to pay once this instalment is. */
const restAfter = ({ instalments, total }: Order, number: number): Order['total'] =>
  instalments
    .filter((other) => other.number !== number && other.state !== 'paid')
    .reduce((sum, { amount }) => add(sum, amount), zero(total.currency));

const factsOf = (order: Order, seller: Seller): PayableFacts => ({
  softMerchant: {
    sellerId: seller.id,
    name: seller.name,
    country: seller.country,
    categoryCode: seller.categoryCode,
    email: seller.email,
  },
  description: order.description,
  orderNumber: order.id.slice(4, 26).toUpperCase(),
  statementDescriptor: seller.name.slice(0, 22),
});

/** The order holds what was captured, part by part; the instalment is paid with the last part. */
function paymentCaptured(
  deps: OrderDeps,
  order: Order,
  payment: Payment,
  { amount, final, vouchers }: Parameters<PaymentOwner['paymentCaptured']>[1] & { vouchers: readonly Voucher[] },
): UnitPart {
  const captured = add(order.captured, amount);
  // The first money of the buyer brings that of the discounts.
  const funded = fundDiscounts(order, isPositive(amount) ? vouchers : null);
  if (!final) {
    const instalments = withInstalment(order, payment.instalment, { captured: payment.captured });
    const facts = { payment: payment.id, instalment: payment.instalment, amount };
    const own = part({
      events: [event('order.instalment_part_paid', order.id, facts)],
      writes: [update(orders, order, { instalments, captured, ...funded.changes })],
    });
    return merge(own, funded.part);
  }
  const instalments = withInstalment(order, payment.instalment, { state: 'paid', captured: payment.captured });
  const state = stateAfterCapture({ ...order, instalments });
  const shipByAt =
    order.shipByAt ??
    ('daysAfterFirstPayment' in order.shipBy ? addDays(deps.clock.now(), order.shipBy.daysAfterFirstPayment) : null);
  const paidAt = state === 'paid' ? deps.clock.now() : null;
  const paid = event('order.instalment_paid', order.id, {
    payment: payment.id,
    instalment: payment.instalment,
    amount: payment.captured,
  });
  const changes = { instalments, captured, shipByAt, paidAt, deadline: null, ...funded.changes };
  const own = part({
    events: [paid],
    writes: [update(orders, order, moveOrder(order, state, changes))],
    withdraws: deadlineOf(order),
  });
  return merge(own, funded.part);
}

/** The instalment and the total grow (or shrink) together: they still sum. */
function paymentChanged(order: Order, payment: Payment, amount: Order['total']): UnitPart {
  const instalments = withInstalment(order, payment.instalment, { amount });
  const total = add(subtract(order.total, payment.amount), amount);
  const changed = event('order.amount_changed', order.id, {
    payment: payment.id,
    instalment: payment.instalment,
    total,
  });
  return part({ events: [changed], writes: [update(orders, order, { instalments, total })] });
}

function paymentFailed(order: Order, payment: Payment, reason: string): UnitPart {
  const instalments = withInstalment(order, payment.instalment, { state: 'due', payment: null });
  const failed = event('order.payment_failed', order.id, {
    payment: payment.id,
    instalment: payment.instalment,
    reason,
  });
  return part({ events: [failed], writes: [update(orders, order, { instalments })] });
}

type StartRefund = Parameters<PaymentOwner['startRefund']>;

function startRefund(
  order: Order,
  { id: refund, amount }: StartRefund[1],
  { source, settles }: StartRefund[2],
): Result<UnitPart, OwnerRefusal> {
  if (source !== null) return startLaterRefund(order, { id: refund, amount }, { source, settles });
  if (!canMove(order, 'refunded')) {
    return refuse('illegal_move', `an order that is ${order.state} cannot be refunded`, {
      facts: { state: order.state },
    });
  }
  // A case that gives the money back itself does not stand in its own way.
  if (order.dispute !== null && order.dispute !== settles) return disputeOpen(order.dispute, 'refunded');
  if (isPaymentInProgress(order))
    return refuse('payment_in_progress', 'a payment of this order is being processed; refund when it has ended');
  if (compare(amount, heldOf(order)) > 0) {
    return refuse('amount_exceeds_refundable', 'more than the order holds', {
      pointer: '/amount/value',
      facts: { refundable: heldOf(order) },
    });
  }
  const started = event('order.refund_started', order.id, { refund, amount });
  return ok(part({ events: [started], writes: [update(orders, order, { refunding: add(order.refunding, amount) })] }));
}

interface EndedRefund {
  readonly refund: Parameters<PaymentOwner['refundEnded']>[1];
  readonly outcome: 'confirmed' | 'rejected';
}

/** Out of what was released: by whom it was released to, as much as each says. Their balances are the ledger's to look at. */
function startLaterRefund(
  order: Order,
  { id: refund, amount }: StartRefund[1],
  { source: { seller, marketplace }, settles }: StartRefund[2] & { readonly source: RefundSource },
): Result<UnitPart, OwnerRefusal> {
  if (order.state !== 'released')
    return refuse('refund_source_differs', 'the order holds it still, and gives it back', {
      facts: { state: order.state },
    });
  if (order.dispute !== null && order.dispute !== settles) return disputeOpen(order.dispute, 'refunded');
  const parts = [seller, marketplace];
  const sums = parts.every(({ currency, amount: part }) => currency === amount.currency && part >= 0n);
  if (!sums || compare(add(seller, marketplace), amount) !== 0)
    return refuse('refund_source_differs', 'what the two give back must sum to the refund');
  const left = subtract(order.captured, add(add(order.refunded, order.refunding), order.disputed));
  if (compare(amount, left) > 0)
    return refuse('amount_exceeds_refundable', 'more than is left of what was paid', {
      pointer: '/amount/value',
      facts: { refundable: left },
    });
  const started = event('order.refund_started', order.id, { refund, amount });
  const changes = { refunding: add(order.refunding, amount), refundedLater: add(order.refundedLater, amount) };
  return ok(part({ events: [started], writes: [update(orders, order, changes)] }));
}

function refundEnded(
  order: Order,
  { refund: { id: refund, amount, from }, outcome }: EndedRefund,
  { vouchers, at }: { readonly vouchers: readonly Voucher[]; readonly at: Instant },
): UnitPart {
  const refunding = subtract(order.refunding, amount);
  const refunded = outcome === 'confirmed' ? add(order.refunded, amount) : order.refunded;
  const after = { ...order, refunding, refunded };
  const ended = event('order.refund_ended', order.id, { refund, amount, outcome });
  if (from !== null) {
    const { refundedLater } = order;
    const later = outcome === 'confirmed' ? refundedLater : subtract(refundedLater, amount);
    return part({ events: [ended], writes: [update(orders, order, { refunding, refunded, refundedLater: later })] });
  }
  const back = returnDiscounts(after, vouchers, at);
  if (!isFullyRefunded(after)) {
    const changes = { refunding, refunded, ...back.changes };
    return merge(part({ events: [ended], writes: [update(orders, order, changes)] }), back.part);
  }
  const changes = moveOrder(order, 'refunded', { refunding, refunded, deadline: null, ...back.changes });
  const own = part({ events: [ended], writes: [update(orders, order, changes)], withdraws: deadlineOf(order) });
  return merge(own, back.part, dropDiscounts(order, { vouchers, person: null }));
}
