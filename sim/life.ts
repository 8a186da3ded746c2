/** The life of one order, as its plan says: agreed, paid (or not), shipped, received, released or refunded. */
import { act, expectSame } from './acts.ts';
import { type Answer, type Body, type Call, type Life, LifeBroken, settle, settleAll, usd } from './moves.ts';
import { payInstalment } from './pay.ts';
import type { LifePlan } from './plan.ts';
import { refund, refundAll, refundCall } from './refund.ts';
import { disputed } from './take-back.ts';

export interface Parties {
  readonly seller: string;
  readonly buyer: string;
}

/** Lives the plan's life; the result is how it ended. */
export function* liveOrder(plan: LifePlan, parties: Parties): Life {
  yield { wait: plan.start };
  const order = createOrder(plan, parties);
  const created = (yield* settle(order)).body;
  const id = String(created.id);
  if (plan.ending === 'never_paid') return yield* abandon(plan, id);
  const payments: Body[] = [];
  for (const [index, attempts] of plan.attempts.entries()) {
    yield { wait: plan.waits[index] ?? 0 };
    const paid = yield* payInstalment(plan, id, index + 1, attempts);
    if (paid === null) return yield* afterDecline(plan, id, payments);
    payments.push(paid);
  }
  return yield* afterPayment(plan, id, payments);
}

export type Terms = Pick<LifePlan, 'number' | 'market' | 'total' | 'deposit' | 'policy'>;

export function createOrder(plan: Terms, { seller, buyer }: Parties): Call {
  const parts = plan.deposit === null ? [plan.total] : [plan.deposit, plan.total - plan.deposit];
  return {
    label: `order ${plan.number}: agree`,
    as: plan.market,
    method: 'POST',
    path: '/v1/orders',
    key: `life-${plan.number}-order`,
    body: {
      seller,
      buyer,
      reference: `PO-${plan.number}`,
      description: `goods of life ${plan.number}`,
      total: usd(plan.total),
      instalments: parts.map((amount, index) => ({
        amount: usd(amount),
        due: index === 0 ? 'now' : 'before_shipment',
      })),
      shipBy: { daysAfterFirstPayment: 30 },
      policy: plan.policy,
    },
  };
}
function* abandon(plan: LifePlan, order: string): Life {
  yield { wait: plan.waits[0] ?? 0 };
  if (plan.byHand.cancel) {
    const body = { reason: 'the buyer never paid' };
    // The deadline may have been first.
    yield* settle(act(plan, 'cancel', `/v1/orders/${order}/cancel`, { body }), ['illegal_move']);
    return 'canceled by hand';
  }
  if (plan.policy === 'standard') return 'left unpaid';
  yield { wait: 30 };
  const state = (yield* look(plan, order)).state;
  if (state !== 'canceled') throw new LifeBroken(`order ${plan.number}: ${state} after the pay deadline`);
  return 'canceled by deadline';
}

function* look(plan: LifePlan, order: string): Life<Body> {
  const { key: _none, body: _empty, ...call } = act(plan, 'look', `/v1/orders/${order}`, { method: 'GET' });
  return (yield* settle(call)).body;
}
function* afterDecline(plan: LifePlan, order: string, payments: readonly Body[]): Life {
  if (payments.length > 0) {
    yield* refundAll(plan, payments, 'the balance was declined');
    return 'declined, deposit refunded';
  }
  if (!plan.byHand.cancel) return 'declined, left to the deadline';
  yield* settle(act(plan, 'cancel', `/v1/orders/${order}/cancel`, { body: { reason: 'the card was declined' } }), [
    'illegal_move',
  ]);
  return 'declined, canceled';
}

function* afterPayment(plan: LifePlan, order: string, payments: readonly Body[]): Life {
  yield { wait: plan.waits[3] ?? 0 };
  if (plan.ending === 'refunded_before_shipment') {
    yield* refundAll(plan, payments, 'given up before shipment');
    return 'refunded before shipment';
  }
  if (plan.ending === 'part_refunded_and_released')
    yield* refund(plan, payments[0] as Body, { share: plan.refundShare, name: 'part' });
  if (plan.ending === 'disputed' && plan.dispute.after === 'payment')
    return yield* disputed(plan, order, payments[0] as Body);
  const body = { carrier: 'COSCO', trackingNumber: `COSU${plan.number}` };
  yield* settle(act(plan, 'ship', `/v1/orders/${order}/ship`, { body }));
  yield { wait: plan.waits[4] ?? 0 };
  if (plan.ending === 'refunded_after_shipment') {
    yield* refundAll(plan, payments, 'never arrived');
    return 'refunded after shipment';
  }
  return yield* receiveAndRelease(plan, order, payments);
}

function* receiveAndRelease(plan: LifePlan, order: string, payments: readonly Body[]): Life {
  const receiveDays = plan.policy === 'express' ? 10 : 60;
  if (plan.byHand.receive) yield* settle(act(plan, 'receive', `/v1/orders/${order}/receive`), ['illegal_move']);
  else yield { wait: receiveDays * 2 + 1 };
  if (plan.ending === 'release_against_refund') return yield* race(plan, order, payments[0] as Body);
  if (plan.byHand.release) {
    yield { wait: plan.policy === 'standard' ? 1 : 0 };
    const release = act(plan, 'release', `/v1/orders/${order}/release`);
    // The deadline may have been first; then the release is refused, and the order is released all the same.
    const { status, body } = yield* settle(release, ['illegal_move']);
    if (status < 300) yield* expectSame(release, body);
  } else {
    yield { wait: 6 };
  }
  const { state } = yield* look(plan, order);
  if (state !== 'released') throw new LifeBroken(`order ${plan.number}: ${state} instead of released`);
  if (plan.ending === 'disputed') return yield* disputed(plan, order, payments[0] as Body);
  const how = `${plan.byHand.receive ? 'received' : 'receipt by deadline'}, ${plan.byHand.release ? 'released' : 'release by deadline'}`;
  return plan.ending === 'released' ? how : `part refunded, ${how}`;
}

/** Release and refund of the same money at the same moment: one wins, or the refund goes first and the rest is released. */
function* race(plan: LifePlan, order: string, payment: Body): Life {
  const release = act(plan, 'race-release', `/v1/orders/${order}/release`);
  const back = refundCall(plan, payment, { share: 100, name: 'race' });
  const answers = yield* settleAll(
    [release, back],
    ['illegal_move', 'amount_exceeds_refundable', 'amount_exceeds_capture', 'refund_in_progress'],
  );
  const [released, refunded] = answers as [Answer, Answer];
  if (released.status < 300 && refunded.status < 300) return 'race: refund, then release of the rest';
  if (refunded.status < 300) return 'race: the refund won';
  return 'race: the release won';
}
