/** Paying an instalment as planned: declines, voids, lapsed authorizations, double clicks and competing buyers included. */
import { act, expectSame, networkCall } from './acts.ts';
import { type Body, type Call, type FaultPlan, type Life, LifeBroken, settle, settleAll } from './moves.ts';
import type { AttemptPlan, LifePlan } from './plan.ts';

/** The captured payment, or null when the instalment was declined for good. */
export function* payInstalment(
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
