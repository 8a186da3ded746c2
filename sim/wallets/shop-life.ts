/** Somebody pays in a shop abroad with the wallet from home, and what the shop does with it afterwards. */

import type { Wallet } from '../../stories/hub-parties.ts';
import { act, networkCall } from '../acts.ts';
import { type Body, type Call, type FaultPlan, type Life, LifeBroken, NO_FAULT, settle } from '../moves.ts';
import {
  accountOf,
  codeIn,
  enrolling,
  isByCode,
  once,
  onPhone,
  paymentIn,
  showingCode,
  speaks,
  staysUnpaid,
} from './person.ts';
import type { WalletLifePlan } from './plan.ts';
import type { Shop } from './town.ts';

/** Half-days in which the shop must know: a payment waits ten minutes at most, and a till asks every hour afterwards. */
const LOOKS_MAX = 6;

export interface Shopping {
  readonly wallet: Wallet;
  readonly shop: Shop;
}

export function* liveShopping(plan: WalletLifePlan, shopping: Shopping): Life {
  yield { wait: plan.start };
  for (const call of enrolling(plan, shopping.wallet)) yield* settle(call);
  const how = `shop (${plan.way})`;
  const begun = yield* charge(plan, shopping);
  if (begun === null) return `${how}: no code to show`;
  const isAsked = yield* askPerson(plan, shopping, begun);
  const ended = yield* untilEnded(plan, shopping, String(begun.id));
  check(plan, ended, isAsked && plan.payFault.request === null);
  if (ended.state !== 'paid') return `${how}: not paid, ${ended.state}`;
  return `${how}: ${yield* afterPayment(plan, shopping, ended)}`;
}

/** Minor units for about a dollar. */
const A_DOLLAR: Readonly<Record<string, number>> = { JPY: 150, KRW: 1_360 };

function* charge(plan: WalletLifePlan, { wallet, shop }: Shopping): Life<Body | null> {
  const { acquirerId, merchantId, currency } = shop;
  const isCode = isByCode(plan);
  const paymentCode = isCode ? codeIn(yield* settle(showingCode(plan, wallet), ['no_code'])) : null;
  if (isCode && paymentCode === null) return null;
  const value = String(Math.ceil(((A_DOLLAR[currency] ?? 100) * plan.cents) / 100));
  const body = {
    ...{ acquirerId, merchantId, amount: { value, currency }, paymentRequestId: `life-${plan.number}` },
    scenario: isCode ? 'payment_code' : plan.way,
    ...(paymentCode === null ? {} : { paymentCode }),
    ...(plan.way === 'entry_code' ? { userAgent: `Mozilla/5.0 ${wallet.brandCode}` } : {}),
  };
  const call = act(plan, 'charge', '/_sandbox/payments', { as: 'shops', body, ...faultOf(plan) });
  return (yield* settle({ ...call, ...(plan.early ? { meanwhile: onPhone(plan, wallet, null) } : {}) })).body;
}

/** Of what the hub asks the wallet; where nothing is wrong with that, of what the hub tells the shop at once. */
function faultOf({ way, payFault, told }: WalletLifePlan): Partial<Call> {
  const tellsAtOnce = way === 'payment_code' && payFault.request === null && told.network === 'shops notifyPayment';
  return tellsAtOnce ? networkCall(told.network, told.fault) : networkCall('wallets pay', payFault);
}

/** False where nobody could be asked: a request was lost. */
function* askPerson(plan: WalletLifePlan, shopping: Shopping, begun: Body): Life<boolean> {
  if (plan.way === 'payment_code') return begun.state !== 'waiting';
  if (plan.early) return true;
  if (plan.ending === 'given_up') {
    yield* settle(cancelCall(plan, shopping, begun), ['refused', 'not_cancelable']);
    return begun.codeValue !== null;
  }
  if (!speaks(plan)) return true;
  const asked = plan.way === 'order_code' ? yield* scan(plan, shopping, begun.codeValue) : paymentIn(begun.paymentUrl);
  if (asked === null && plan.way !== 'payment_code_pin') return false;
  return (yield* once(onPhone(plan, shopping.wallet, asked))).status === 200;
}

/** The wallet's payment for the code; null when the hub could not say what the code is. */
function* scan(plan: WalletLifePlan, { wallet }: Shopping, code: unknown): Life<string | null> {
  if (typeof code !== 'string') return null;
  const body = { walletId: wallet.slug, account: accountOf(plan), code };
  const { status, body: scanned } = yield* once(act(plan, 'scan', '/_sandbox/scans', { as: 'wallets', body }));
  return status === 200 ? String((scanned.payment as Body).paymentId) : null;
}

function* untilEnded(plan: WalletLifePlan, { shop }: Shopping, id: string): Life<Body> {
  for (let looks = 1; looks <= LOOKS_MAX; looks += 1) {
    const path = `/_sandbox/payment?acquirerId=${shop.acquirerId}&reference=${id}`;
    const { key: _key, body: _body, ...look } = act(plan, `look-${looks}`, path, { as: 'shops', method: 'GET' });
    const { body } = yield* settle(look);
    const refunds = body.refunds as readonly { state: string }[];
    if (ENDS.includes(String(body.state)) && refunds.every(({ state }) => state !== 'asking')) return body;
    yield { wait: 1 };
  }
  throw new LifeBroken(`order ${plan.number}: payment ${id} of the shop has no end after ${LOOKS_MAX} half-days`);
}

const ENDS: readonly string[] = ['paid', 'failed', 'canceled'];

/** `clear`: no request was lost, which may leave unpaid what should be paid. Nothing pays what should not be. */
function check(plan: WalletLifePlan, { id, state }: Body, clear: boolean): void {
  const wanted = plan.ending === 'given_up' ? 'canceled' : staysUnpaid(plan) ? 'failed' : 'paid';
  if (state !== wanted && (clear || state === 'paid'))
    throw new LifeBroken(`order ${plan.number}: payment ${id} of the shop is ${state} instead of ${wanted}`);
}

const named = ({ shop: { acquirerId } }: Shopping, { id }: Body) => ({ acquirerId, payment: id });

const cancelCall = (plan: WalletLifePlan, shopping: Shopping, payment: Body): Call =>
  act(plan, 'cancel', '/_sandbox/cancellations', {
    ...{ as: 'shops', body: named(shopping, payment) },
    ...networkCall('wallets cancelPayment', plan.backFault),
  });

function* afterPayment(plan: WalletLifePlan, shopping: Shopping, payment: Body): Life {
  switch (plan.ending) {
    case 'canceled':
      return yield* takeBack(plan, shopping, payment);
    case 'canceled_late':
      yield { wait: plan.wait + 1 };
      return yield* takeBack(plan, shopping, payment);
    case 'refunded':
      yield { wait: plan.wait };
      return yield* giveBack(plan, shopping, payment, ['whole']);
    case 'refunded_in_parts':
      return yield* giveBack(plan, shopping, payment, ['part', 'rest']);
    default:
      return 'kept';
  }
}

function* takeBack(plan: WalletLifePlan, shopping: Shopping, payment: Body): Life {
  yield* settle(cancelCall(plan, shopping, payment), ['refused']);
  const ended = yield* untilEnded(plan, shopping, String(payment.id));
  // A request whose answer was lost may have made the cancel late.
  const wanted = plan.ending === 'canceled_late' ? 'paid' : 'canceled';
  if (ended.state !== wanted && plan.payFault.request === null)
    throw new LifeBroken(
      `order ${plan.number}: payment ${payment.id} of the shop is ${ended.state} instead of ${wanted}`,
    );
  if (ended.state === 'canceled') return 'taken back on its day';
  yield* giveBack(plan, shopping, payment, ['whole']);
  return 'refunded, too late to cancel';
}

/** What is left goes with the last. */
function* giveBack(plan: WalletLifePlan, shopping: Shopping, payment: Body, parts: readonly string[]): Life {
  const { value } = payment.amount as { readonly value: string };
  const part = (BigInt(value) * BigInt(plan.share)) / 100n + 1n;
  for (const [index, name] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const body = {
      ...named(shopping, payment),
      ...(isLast ? {} : { amount: String(part) }),
      refundRequestId: `life-${plan.number}-${name}`,
    };
    const fault: FaultPlan = index === 0 ? plan.backFault : NO_FAULT;
    yield* settle(
      act(plan, `refund-${name}`, '/_sandbox/refunds', { as: 'shops', body, ...networkCall('wallets refund', fault) }),
    );
    const { refunds } = yield* untilEnded(plan, shopping, String(payment.id));
    const done = (refunds as readonly Body[]).find(({ refundRequestId }) => refundRequestId === body.refundRequestId);
    if (done?.state !== 'refunded')
      throw new LifeBroken(`order ${plan.number}: refund ${body.refundRequestId} is ${done?.state}`);
    if (!isLast) yield { wait: plan.wait };
  }
  return parts.length === 1 ? 'refunded' : 'refunded in parts';
}
