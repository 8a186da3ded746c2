/** The life of one order, as its plan says: agreed, paid (or not), shipped, received, released or refunded. */
import {
  ANY_REFUSAL,
  type Answer,
  type Body,
  type Call,
  cents,
  type FaultPlan,
  type Life,
  LifeBroken,
  type NetworkOperation,
  NO_FAULT,
  settle,
  settleAll,
  usd,
} from './moves.ts';
import type { AttemptPlan, LifePlan } from './plan.ts';

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

function createOrder(plan: LifePlan, { seller, buyer }: Parties): Call {
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

/** One move of the order; the fault, if any, meets the request it sends to the network. */
function act(plan: LifePlan, what: string, path: string, more: Partial<Call> = {}): Call {
  const label = `order ${plan.number}: ${what}`;
  return { label, as: plan.market, method: 'POST', path, key: `life-${plan.number}-${what}`, body: {}, ...more };
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

/** The captured payment, or null when the instalment was declined for good. */
function* payInstalment(
  plan: LifePlan,
  order: string,
  instalment: number,
  attempts: readonly AttemptPlan[],
): Life<Body | null> {
  const last = attempts.at(-1) as AttemptPlan;
  for (let nth = 0; nth < attempts.length + 4; nth += 1) {
    const attempt = attempts[nth] ?? {
      ...last,
      twice: 'no',
      fault: undefined,
      followFault: undefined,
      follow: 'capture',
      followWait: 0,
      kill: false,
    };
    const paid = yield* payOnce(plan, order, { instalment, nth, ...attempt });
    if (paid.state === 'captured') return paid;
    const code = (paid.decline as { code?: string } | null)?.code;
    if (paid.state === 'declined' && code !== 'not_received') return null;
  }
  throw new LifeBroken(`order ${plan.number}: instalment ${instalment} is not paid after all attempts`);
}

type Attempt = Omit<AttemptPlan, 'fault' | 'followFault'> & {
  readonly instalment: number;
  readonly nth: number;
  readonly fault: FaultPlan | undefined;
  readonly followFault: FaultPlan | undefined;
};

function* payOnce(plan: LifePlan, order: string, attempt: Attempt): Life<Body> {
  const { instalment, nth, card, capture, twice } = attempt;
  const name = `pay-${instalment}-${nth}`;
  const pay = act(plan, name, `/v1/orders/${order}/payments`, {
    body: { instalment, capture },
    card,
    ...networkCall('payments', attempt.fault),
    kill: attempt.kill,
  });
  let paid: Body;
  if (twice === 'same_key' || twice === 'two_keys') {
    paid = yield* payTwice(plan, pay, twice);
  } else {
    paid = (yield* settle(pay)).body;
    if (twice === 'repeat') yield* expectSame(pay, paid);
  }
  return paid.state === 'authorized' ? yield* follow(plan, paid, attempt) : paid;
}

/** Two requests at once: one key must give one payment, two keys must charge at most once. */
function* payTwice(plan: LifePlan, pay: Call, twice: 'same_key' | 'two_keys'): Life<Body> {
  const other = twice === 'same_key' ? pay : { ...pay, label: `${pay.label} (second)`, key: `${pay.key}-second` };
  const loses = ['payment_in_progress', 'illegal_move', 'instalment_not_due'];
  const answers = yield* settleAll([pay, other], twice === 'same_key' ? [] : loses);
  const paid = answers.filter(({ status }) => status < 300).map(({ body }) => body);
  const ids = new Set(paid.map(({ id }) => id));
  if (ids.size > 1 && paid.filter(({ state }) => state !== 'declined').length > 1)
    throw new LifeBroken(`order ${plan.number}: two requests at once made ${ids.size} payments`);
  const winner = paid.find(({ state }) => state !== 'declined') ?? paid[0];
  if (winner === undefined) throw new LifeBroken(`order ${plan.number}: of two requests at once none was taken`);
  return winner;
}

/** The same request again, later: the first answer, word for word where it matters. */
function* expectSame(call: Call, first: Body): Life<void> {
  const repeat = { ...call, label: `${call.label} (repeat)`, fault: NO_FAULT, kill: false };
  const { status, body: again } = yield* settle(repeat, [ANY_REFUSAL]);
  if (again.id !== first.id || again.state !== first.state)
    throw new LifeBroken(
      `idempotency: one key, one answer: ${call.label} first gave ${first.id} ${first.state}, its repeat ${status} ${again.id ?? again.code} ${again.state}`,
    );
}

/** Capture or void of an authorization. A lapsed one cannot be captured: it is voided, and paid again. */
function* follow(plan: LifePlan, paid: Body, attempt: Attempt): Life<Body> {
  yield { wait: attempt.followWait };
  const name = `${attempt.instalment}-${attempt.nth}`;
  const path = `/v1/payments/${paid.id}`;
  const voiding = act(
    plan,
    `void-${name}`,
    `${path}/cancel`,
    networkCall('void', attempt.follow === 'void' ? attempt.followFault : undefined),
  );
  if (attempt.follow === 'void') return (yield* settle(voiding)).body;
  const capture = act(plan, `capture-${name}`, `${path}/capture`, networkCall('captures', attempt.followFault));
  const captured = (yield* settle(capture)).body;
  if (captured.state === 'authorized') return (yield* settle(voiding)).body;
  yield* expectSame(capture, captured);
  return captured;
}

const networkCall = (network: NetworkOperation, fault: FaultPlan | undefined): Partial<Call> => ({
  network,
  ...(fault === undefined ? {} : { fault }),
});

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
  const how = `${plan.byHand.receive ? 'received' : 'receipt by deadline'}, ${plan.byHand.release ? 'released' : 'release by deadline'}`;
  return plan.ending === 'released' ? how : `part refunded, ${how}`;
}

/** Release and refund of the same money at the same moment: one wins, or the refund goes first and the rest is released. */
function* race(plan: LifePlan, order: string, payment: Body): Life {
  const release = act(plan, 'race-release', `/v1/orders/${order}/release`);
  const back = refundCall(plan, payment, { share: 100, name: 'race' });
  const answers = yield* settleAll(
    [release, back],
    ['illegal_move', 'amount_exceeds_refundable', 'refund_in_progress'],
  );
  const [released, refunded] = answers as [Answer, Answer];
  if (released.status < 300 && refunded.status < 300) return 'race: refund, then release of the rest';
  if (refunded.status < 300) return 'race: the refund won';
  return 'race: the release won';
}

interface RefundPlan {
  /** Percent of what was captured. */
  readonly share: number;
  readonly name: string;
}

function refundCall(
  plan: LifePlan,
  payment: Body,
  { share, name }: RefundPlan,
  reason = 'agreed with the buyer',
): Call {
  const captured = cents(payment, 'captured');
  const amount = share === 100 ? captured : (captured * BigInt(share)) / 100n + 1n;
  const fault = name === 'race' ? undefined : plan.refundFault;
  return act(plan, `refund-${name}`, `/v1/payments/${payment.id}/refunds`, {
    body: { amount: usd(amount), reason },
    ...networkCall('refunds', fault),
  });
}

function* refund(plan: LifePlan, payment: Body, what: RefundPlan, reason?: string): Life<void> {
  const call = refundCall(plan, payment, what, reason);
  const faulted = plan.refundFault.request !== null || plan.refundFault.notify !== null;
  if (plan.refundTwice === 'same_key' && !faulted) {
    const [one, two] = yield* settleAll([call, call], []);
    if (one?.body.id !== two?.body.id)
      throw new LifeBroken(`idempotency: one key, one answer: ${call.label} made two refunds`);
    return;
  }
  const { body } = yield* settle(call);
  if (body.state !== 'confirmed') throw new LifeBroken(`${call.label}: ${body.state} instead of confirmed`);
  if (plan.refundTwice !== 'no') yield* expectSame(call, body);
}

function* refundAll(plan: LifePlan, payments: readonly Body[], reason: string): Life<void> {
  for (const [index, payment] of payments.entries()) {
    const [part, whole] = [`all-${index + 1}a`, `all-${index + 1}`];
    if (plan.refundTwice === 'repeat') {
      yield* refund(plan, payment, { share: plan.refundShare, name: part }, reason);
      yield* refundRest(plan, payment, { share: plan.refundShare, name: `${whole}b` }, reason);
    } else {
      yield* refund(plan, payment, { share: 100, name: whole }, reason);
    }
  }
}

/** What a partial refund of `share` percent left. */
function* refundRest(plan: LifePlan, payment: Body, { share, name }: RefundPlan, reason: string): Life<void> {
  const captured = cents(payment, 'captured');
  const rest = captured - ((captured * BigInt(share)) / 100n + 1n);
  const path = `/v1/payments/${payment.id}/refunds`;
  yield* settle(act(plan, `refund-${name}`, path, { body: { amount: usd(rest), reason } }));
}
