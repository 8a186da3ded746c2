/** Paying an instalment as planned: declines, voids, lapsed authorizations, double clicks and competing buyers included. */
import { CARDHOLDER } from '../stories/card-scene.ts';
import { act, expectSame, networkCall } from './acts.ts';
import {
  type Body,
  type Call,
  cents,
  type FaultPlan,
  type Life,
  LifeBroken,
  NO_FAULT,
  settle,
  settleAll,
  usd,
} from './moves.ts';
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
      cardholder: null,
    };
    const paid = yield* payOnce(plan, order, { instalment, nth, ...attempt });
    if (paid.state === 'captured') return paid;
    const code = (paid.decline as { code?: string } | null)?.code;
    if (paid.state === 'declined' && !TRIED_AGAIN.includes(code ?? '')) return null;
  }
  throw new LifeBroken(`order ${plan.number}: instalment ${instalment} is not paid after all attempts`);
}

/** It never arrived, or the issuer did not get to know its cardholder: the buyer tries once more. */
const TRIED_AGAIN = ['not_received', 'authentication_failed'];

type Attempt = Omit<AttemptPlan, 'fault' | 'followFault'> & {
  readonly instalment: number;
  readonly nth: number;
  readonly fault: FaultPlan | undefined;
  readonly followFault: FaultPlan | undefined;
};

function* payOnce(plan: LifePlan, order: string, attempt: Attempt): Life<Body> {
  const { instalment, nth, card, capture, twice } = attempt;
  const name = `pay-${instalment}-${nth}`;
  const asks = attempt.cardholder === null ? {} : { cardholder: CARDHOLDER };
  const estimated = capture === 'manual' && attempt.follow === 'increment' ? { estimated: true } : {};
  const pay = act(plan, name, `/v1/orders/${order}/payments`, {
    body: { instalment, capture, ...asks, ...estimated },
    card,
    ...networkCall('payments', attempt.fault),
    // Nobody is notified of an authentication.
    ...(attempt.cardholder === null
      ? {}
      : networkCall('authentications', { request: attempt.fault?.request ?? null, notify: null })),
    kill: attempt.kill,
  });
  let paid: Body;
  if (twice === 'same_key' || twice === 'two_keys') {
    paid = yield* payTwice(plan, pay, twice);
  } else {
    paid = (yield* settle(pay)).body;
    if (twice === 'repeat') yield* expectSame(pay, paid);
  }
  if (paid.state === 'authenticating') paid = yield* atIssuer(plan, paid, attempt);
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
/** The issuer wants its cardholder: what he does there decides, and what comes of it is asked for until it is known. */
function* atIssuer(plan: LifePlan, paid: Body, attempt: Attempt): Life<Body> {
  const { url, creq } = paid.action as { url: string; creq: string };
  const name = `${attempt.instalment}-${attempt.nth}`;
  const right = attempt.cardholder === 'right';
  if (attempt.cardholder === 'abandoned') yield { wait: 1 };
  else {
    const body = { creq, code: right ? '123456' : '000000', times: right ? 1 : 3 };
    yield* settle({
      label: `order ${plan.number}: challenge-${name}`,
      as: 'cardholder',
      method: 'POST',
      path: url,
      body,
    });
  }
  const goOn = act(plan, `continue-${name}`, `/v1/payments/${paid.id}/continue`, {
    ...networkCall('payments', right ? attempt.followFault : NO_FAULT),
  });
  const { body: known } = yield* settle(goOn);
  const failed = (known.decline as { code?: string } | null)?.code === 'authentication_failed';
  if (failed === right || known.state === 'authenticating')
    throw new LifeBroken(
      `order ${plan.number}: ${known.state} (failed: ${failed}) after ${attempt.cardholder} at the issuer`,
    );
  return known;
}

/** What follows an authorization. A lapsed one cannot be captured: it is voided, and paid again. */
function* follow(plan: LifePlan, paid: Body, attempt: Attempt): Life<Body> {
  yield { wait: attempt.followWait };
  const name = `${attempt.instalment}-${attempt.nth}`;
  const ask = (verb: 'capture' | 'cancel' | 'increment', what: string, more: Partial<Call>): Call =>
    act(plan, `${what}-${name}`, `/v1/payments/${paid.id}/${verb}`, more);
  const fault = attempt.cardholder === 'right' ? NO_FAULT : (attempt.followFault ?? NO_FAULT);
  const voided = (planned: boolean) => ask('cancel', 'void', networkCall('void', planned ? fault : undefined));
  if (attempt.follow === 'void') return (yield* settle(voided(true))).body;
  const before = yield* prepared(paid, attempt, ask, fault);
  if (before.ended !== null) return before.ended;
  const capture = ask('capture', 'capture', { ...networkCall('captures', before.fault), body: before.last });
  const captured = (yield* settle(capture)).body;
  if (captured.state === 'authorized') return (yield* settle(voided(false))).body;
  yield* expectSame(capture, captured);
  return attempt.follow === 'capture_parts' ? { ...captured, parts: partsOf(paid) } : captured;
}

/** The amounts of its captures, each of which is refunded by itself. */
const partsOf = (paid: Body): readonly bigint[] => {
  const authorized = cents(paid, 'authorized');
  return [authorized / 3n, authorized - authorized / 3n];
};

type Ask = (verb: 'capture' | 'cancel' | 'increment', what: string, more: Partial<Call>) => Call;

interface Prepared {
  /** Set when nothing is left to capture. */
  readonly ended: Body | null;
  /** The body of the last capture, and the fault it meets. */
  readonly last: Readonly<Record<string, unknown>>;
  readonly fault: FaultPlan;
}

/** What comes before the last capture: a part of it, more of the authorization, or a part and the rest given back. */
function* prepared(paid: Body, { follow: kind }: Attempt, ask: Ask, fault: FaultPlan): Life<Prepared> {
  const authorized = cents(paid, 'authorized');
  const third = usd(authorized / 3n);
  switch (kind) {
    case 'capture_part':
      return { ended: null, last: { amount: third }, fault };
    case 'capture_parts': {
      const body = { amount: third, final: false };
      yield* settle(ask('capture', 'part', { body, ...networkCall('captures', fault) }));
      yield { wait: 1 };
      return { ended: null, last: {}, fault: NO_FAULT };
    }
    case 'reverse': {
      yield* settle(ask('capture', 'part', { body: { amount: third, final: false } }));
      yield { wait: 1 };
      return { ended: (yield* settle(ask('cancel', 'rest', networkCall('reverse', fault)))).body, last: {}, fault };
    }
    case 'increment': {
      const body = { amount: usd(grown(authorized)) };
      yield* settle(ask('increment', 'increment', { body, ...networkCall('increment', fault) }));
      return { ended: null, last: {}, fault: NO_FAULT };
    }
    default:
      return { ended: null, last: {}, fault };
  }
}

/** A tenth more, and no amount that the issuer declines by its ending. */
function grown(authorized: bigint): bigint {
  const more = authorized + authorized / 10n + 1n;
  return [52_100n, 53_000n].includes(more % 100_000n) ? more + 1n : more;
}
