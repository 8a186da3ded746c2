/** A buyer pays an order of a marketplace with a home wallet, and what becomes of it: released, given back, given up. */

import type { Wallet } from '../../stories/hub-parties.ts';
import { act, expectSame, networkCall } from '../acts.ts';
import { createOrder, type Parties } from '../life.ts';
import {
  type Answer,
  type Body,
  type Call,
  cents,
  type Life,
  LifeBroken,
  NO_FAULT,
  settle,
  settleAll,
  usd,
} from '../moves.ts';
import { codeIn, enrolling, isByCode, once, onPhone, paymentIn, showingCode, speaks, staysUnpaid } from './person.ts';
import type { WalletLifePlan } from './plan.ts';

/** Half-days in which a wallet's word must have come: nobody is waited for longer than fourteen minutes. */
const LOOKS_MAX = 6;
const ATTEMPTS_MAX = 4;

export function* liveWalletOrder(plan: WalletLifePlan, parties: Parties, wallet: Wallet): Life {
  yield { wait: plan.start };
  const terms = {
    number: plan.number,
    market: plan.market,
    total: plan.cents,
    deposit: null,
    policy: 'express',
  } as const;
  for (const call of enrolling(plan, wallet)) yield* settle(call);
  // Together: who is in flight with cards when the program is killed must not come a round later.
  const showing = plan.kill ? [showingCode(plan, wallet)] : [];
  const [agreed, shown] = yield* settleAll([createOrder(terms, parties), ...showing], ['no_code']);
  const { body } = agreed as Answer;
  const how = `order by wallet (${plan.way})`;
  for (let nth = 0, first = shown; nth < ATTEMPTS_MAX; nth += 1, first = undefined) {
    const ended = yield* attempt(plan, { order: String(body.id), wallet, nth, shown: first });
    if (ended?.state === 'captured') return `${how}: ${yield* afterPayment(plan, String(body.id), ended)}`;
    if (staysUnpaid(plan) && ended !== null) return `${how}: ${yield* abandon(plan, String(body.id), ended)}`;
  }
  throw new LifeBroken(`order ${plan.number}: not paid after ${ATTEMPTS_MAX} attempts`);
}

interface Attempt {
  readonly order: string;
  readonly wallet: Wallet;
  readonly nth: number;
  /** The code, where it was asked for already. */
  readonly shown: Answer | undefined;
}

/** The code's minute was over before it was read, or the wallet never got the request: the buyer tries once more. */
const LOST = ['EXPIRED_CODE', 'not_received'];

/** The payment as it ended; null when it was lost on the way. */
function* attempt(plan: WalletLifePlan, { order, wallet, nth, shown }: Attempt): Life<Body | null> {
  const isCode = isByCode(plan);
  const paymentCode = isCode ? codeIn(shown ?? (yield* settle(showingCode(plan, wallet), ['no_code']))) : null;
  if (isCode && paymentCode === null) {
    yield { wait: 1 };
    return null;
  }
  const method = { type: 'wallet', wallet: wallet.slug, ...(paymentCode === null ? {} : { paymentCode }) };
  const isFirst = nth === 0;
  const pay = act(plan, `pay-${nth}`, `/v1/orders/${order}/payments`, {
    body: { instalment: 1, method },
    ...networkCall('wallets pay', isFirst ? plan.payFault : undefined),
    kill: plan.kill && isFirst,
    ...(plan.early && isFirst ? { meanwhile: onPhone(plan, wallet, null) } : {}),
  });
  const begun = yield* settleBegun(pay);
  if (begun.status >= 300) return null;
  const waits = begun.body.state === 'pending' && !(plan.early && isFirst);
  const clear = !waits || (yield* askPerson(plan, wallet, begun.body));
  const ended = yield* untilEnded(plan, begun.body);
  const code = (ended.decline as { code?: string } | null)?.code ?? '';
  if (LOST.includes(code)) return staysUnpaid(plan) ? ended : null;
  if (begun.body.state === 'captured') yield* expectSame(pay, begun.body);
  return checked(plan, ended, clear && !(isFirst && plan.payFault.request !== null));
}

/** The payment is known, whatever it is; a request without an answer is repeated under its key. */
function* settleBegun(pay: Call): Life<Answer> {
  const first = yield* once(pay);
  if (first.status > 0 && first.status < 300) return first;
  const { meanwhile: _done, ...repeat } = pay;
  return yield* settle({ ...repeat, fault: NO_FAULT, kill: false }, ['expired_code', 'invalid_code']);
}

/** The buyer on the wallet's page, or in front of the phone; or the marketplace, which gives it up. False where nobody could be asked. */
function* askPerson(plan: WalletLifePlan, wallet: Wallet, payment: Body): Life<boolean> {
  const page = paymentIn((payment.action as { url?: string } | null)?.url);
  if (plan.ending === 'given_up') {
    const cancel = act(
      plan,
      `give-up-${payment.id}`,
      `/v1/payments/${payment.id}/cancel`,
      networkCall('wallets cancelPayment', plan.backFault),
    );
    yield* settle(cancel, ['illegal_move', 'operation_in_progress']);
    return page !== null;
  }
  const canBeAsked = page !== null || plan.way === 'payment_code_pin';
  if (!speaks(plan) || !canBeAsked) return canBeAsked;
  const { status } = yield* once(onPhone(plan, wallet, page));
  yield* once(act(plan, `back-${payment.id}`, `/v1/payments/${payment.id}/continue`));
  return status === 200;
}

function* untilEnded(plan: WalletLifePlan, { id }: Body): Life<Body> {
  for (let looks = 1; looks <= LOOKS_MAX; looks += 1) {
    const look = act(plan, `payment-${id}-${looks}`, `/v1/payments/${id}`, { method: 'GET' });
    const { key: _key, body: _body, ...bare } = look;
    const { body } = yield* settle(bare);
    if (body.state !== 'pending' && body.checking !== true) return body;
    yield { wait: 1 };
  }
  throw new LifeBroken(`order ${plan.number}: payment ${id} has no end after ${LOOKS_MAX} half-days`);
}

const UNPAID = { declined: 'declined', expired: 'expired', given_up: 'canceled' } as const;

/** Paid, or unpaid as the plan says. `clear`: no request was lost, which may leave it unpaid in another way. */
function checked(plan: WalletLifePlan, ended: Body, clear: boolean): Body {
  const { state } = ended;
  const wanted: string = UNPAID[plan.ending as keyof typeof UNPAID] ?? 'captured';
  const mayDiffer = !clear && (wanted === 'captured' || state !== 'captured');
  if (state !== wanted && !mayDiffer)
    throw new LifeBroken(`order ${plan.number}: payment ${ended.id} is ${state} instead of ${wanted}`);
  return ended;
}

function* abandon(plan: WalletLifePlan, order: string, { state }: Body): Life {
  const reason = 'the buyer did not pay';
  yield* settle(act(plan, 'cancel-order', `/v1/orders/${order}/cancel`, { body: { reason } }), ['illegal_move']);
  return `not paid, ${state}`;
}

function* afterPayment(plan: WalletLifePlan, order: string, payment: Body): Life {
  switch (plan.ending) {
    case 'canceled':
      return yield* takeBack(plan, payment);
    case 'canceled_late':
      yield { wait: plan.wait + 1 };
      return yield* takeBack(plan, payment, ['cancel_window_over']);
    case 'refunded':
      yield { wait: plan.wait };
      yield* giveBack(plan, payment, 'whole', cents(payment, 'captured'));
      return 'refunded';
    case 'refunded_in_parts':
      return yield* giveBackInParts(plan, payment);
    default:
      return yield* release(plan, order);
  }
}

/** All of it on the day it was paid; a wish that came too late is refused, and refunded. */
function* takeBack(plan: WalletLifePlan, payment: Body, wanted: readonly string[] = []): Life {
  const cancel = act(
    plan,
    'take-back',
    `/v1/payments/${payment.id}/cancel`,
    networkCall('wallets cancelPayment', plan.backFault),
  );
  const { status, body } = yield* settle(cancel, ['cancel_window_over']);
  const code = status < 300 ? null : String(body.code);
  if (wanted.length > 0 && code === null) throw new LifeBroken(`${cancel.label}: canceled a day too late`);
  if (code === null) {
    if (body.state !== 'canceled') throw new LifeBroken(`${cancel.label}: ${body.state} instead of canceled`);
    yield* expectSame(cancel, body);
    return 'taken back on its day';
  }
  yield* giveBack(plan, payment, 'late', cents(payment, 'captured'));
  return 'refunded, too late to cancel';
}

function* giveBackInParts(plan: WalletLifePlan, payment: Body): Life {
  const captured = cents(payment, 'captured');
  const part = (captured * BigInt(plan.share)) / 100n + 1n;
  yield* giveBack(plan, payment, 'part', part);
  yield { wait: plan.wait };
  yield* giveBack(plan, payment, 'rest', captured - part);
  return 'refunded in parts';
}

function* giveBack(plan: WalletLifePlan, payment: Body, name: string, amount: bigint): Life<void> {
  const body = { amount: usd(amount), reason: 'agreed with the buyer' };
  const fault = name === 'rest' ? undefined : plan.backFault;
  const refund = act(plan, `refund-${name}`, `/v1/payments/${payment.id}/refunds`, {
    body,
    ...networkCall('wallets refund', fault),
  });
  const { body: done } = yield* settle(refund);
  if (done.state !== 'confirmed') throw new LifeBroken(`${refund.label}: ${done.state} instead of confirmed`);
  yield* expectSame(refund, done);
}

function* release(plan: WalletLifePlan, order: string): Life {
  const body = { carrier: 'SF', trackingNumber: `SF${plan.number}` };
  yield* settle(act(plan, 'ship', `/v1/orders/${order}/ship`, { body }));
  yield { wait: plan.wait };
  yield* settle(act(plan, 'receive', `/v1/orders/${order}/receive`));
  // The policy may have been first.
  yield* settle(act(plan, 'release', `/v1/orders/${order}/release`), ['illegal_move']);
  const { key: _key, body: _body, ...look } = act(plan, 'look', `/v1/orders/${order}`, { method: 'GET' });
  const { state } = (yield* settle(look)).body;
  if (state !== 'released') throw new LifeBroken(`order ${plan.number}: ${state} instead of released`);
  return 'released';
}
