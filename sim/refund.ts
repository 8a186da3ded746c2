/** Refunds before release: a part, everything, a part and then the rest; once, twice at once, or repeated. */
import { act, expectSame, networkCall } from './acts.ts';
import { type Body, type Call, cents, type Life, LifeBroken, settle, settleAll, usd } from './moves.ts';
import type { LifePlan } from './plan.ts';

export interface RefundPlan {
  /** Percent of what was captured. */
  readonly share: number;
  readonly name: string;
}

export function refundCall(
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

export function* refund(plan: LifePlan, payment: Body, what: RefundPlan, reason?: string): Life<void> {
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

export function* refundAll(plan: LifePlan, payments: readonly Body[], reason: string): Life<void> {
  for (const [index, payment] of payments.entries()) {
    const [part, whole] = [`all-${index + 1}a`, `all-${index + 1}`];
    // A refund comes out of one capture.
    if (payment.parts !== undefined) yield* refundParts(plan, payment, whole, reason);
    else if (plan.refundTwice === 'repeat') {
      yield* refund(plan, payment, { share: plan.refundShare, name: part }, reason);
      yield* refundRest(plan, payment, { share: plan.refundShare, name: `${whole}b` }, reason);
    } else {
      yield* refund(plan, payment, { share: 100, name: whole }, reason);
    }
  }
}

function* refundParts(plan: LifePlan, payment: Body, name: string, reason: string): Life<void> {
  const path = `/v1/payments/${payment.id}/refunds`;
  for (const [index, amount] of (payment.parts as readonly bigint[]).entries())
    yield* settle(act(plan, `refund-${name}-${index + 1}`, path, { body: { amount: usd(amount), reason } }));
}

/** What a partial refund of `share` percent left. */
function* refundRest(plan: LifePlan, payment: Body, { share, name }: RefundPlan, reason: string): Life<void> {
  const captured = cents(payment, 'captured');
  const rest = captured - ((captured * BigInt(share)) / 100n + 1n);
  const path = `/v1/payments/${payment.id}/refunds`;
  yield* settle(act(plan, `refund-${name}`, path, { body: { amount: usd(rest), reason } }));
}
