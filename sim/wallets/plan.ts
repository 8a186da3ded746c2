/**
 * One wallet's life, drawn from the seed: a buyer pays an order of a marketplace, or a traveller pays in a shop abroad; in which way, how
 * it ends, and which request meets which fault. Dealt from decks, so that a short world has each way and each end.
 */
import type { SeededRandom } from '../../src/base/random.ts';
import { dealer } from '../draw-life.ts';
import { type FaultPlan, type NetworkOperation, NO_FAULT, type NotifyFault, type RequestFault } from '../moves.ts';

/** `_pin`: the wallet asks its user before it answers more than "wait". */
export type Way = 'cashier' | 'payment_code' | 'payment_code_pin' | 'order_code' | 'entry_code';

/**
 * `given_up`: canceled while the wallet asks; `canceled`: taken back whole on the day; `canceled_late`: the wish comes a day too late,
 * and a refund does it. `kept`: of an order, released to the seller.
 */
export type WalletEnding =
  | 'kept'
  | 'refunded'
  | 'refunded_in_parts'
  | 'canceled'
  | 'canceled_late'
  | 'given_up'
  | 'declined'
  | 'expired';

export interface ToldFault {
  readonly network: NetworkOperation;
  readonly fault: FaultPlan;
}

export interface WalletLifePlan {
  readonly number: number;
  readonly start: number;
  readonly where: 'order' | 'shop';
  readonly way: Way;
  readonly ending: WalletEnding;
  readonly market: number;
  readonly seller: number;
  readonly buyer: number;
  /** Which wallet and which shop: whole numbers, taken modulo how many there are. */
  readonly wallet: number;
  readonly shop: number;
  /** About so much, in US cents. */
  readonly cents: number;
  /** Percent that goes back first, of what goes back in parts. */
  readonly share: number;
  /** Half-days until what was paid is given back on a later day, and between parts. */
  readonly wait: number;
  /** Of the hub's call to the wallet to pay. */
  readonly payFault: FaultPlan;
  /** Of what the wallet tells the hub, or the hub the shop. */
  readonly told: ToldFault;
  /** Of the hub's call to the wallet to give back. */
  readonly backFault: FaultPlan;
  /** The person confirms before the wallet has answered that it asks. */
  readonly early: boolean;
  /** The payment is in flight when the program is killed. */
  readonly kill: boolean;
}

type Kind = readonly [where: 'order' | 'shop', way: Way, ending: WalletEnding];

const KINDS: readonly Kind[] = [
  ['order', 'cashier', 'kept'],
  ['shop', 'payment_code', 'kept'],
  ['order', 'payment_code', 'refunded_in_parts'],
  ['shop', 'order_code', 'refunded_in_parts'],
  ['order', 'cashier', 'refunded'],
  ['shop', 'payment_code', 'canceled'],
  ['order', 'payment_code_pin', 'kept'],
  ['shop', 'entry_code', 'refunded'],
  ['order', 'cashier', 'given_up'],
  ['shop', 'order_code', 'kept'],
  ['order', 'payment_code', 'canceled'],
  ['shop', 'payment_code_pin', 'kept'],
  ['order', 'cashier', 'declined'],
  ['shop', 'entry_code', 'declined'],
  ['order', 'cashier', 'expired'],
  ['shop', 'order_code', 'expired'],
  ['order', 'cashier', 'canceled_late'],
  ['shop', 'order_code', 'given_up'],
  ['shop', 'payment_code', 'canceled_late'],
];

const REQUESTS: readonly RequestFault[] = [
  'drop_after',
  'drop_before',
  'http_503',
  'malformed',
  'unknown_code',
  'http_500',
];
const TOLD: readonly ToldFault[] = [
  ...(['notify_duplicate', 'notify_drop', 'notify_delay'] as const).map((notify) => atWallet(notify)),
  ...(['drop_before', 'drop_after', 'http_503', 'http_500', 'malformed', 'delay'] as const).map((request) =>
    atShop(request),
  ),
];
const FAULT_SHARE = 0.5;
const TOLD_SHARE = 0.75;
/** The wallet answers after its user has, and has told how it ended. */
const OVERTAKEN: FaultPlan = { request: 'delay', notify: null };
const NOT_TOLD: ToldFault = { network: 'wallets notifyPayment', fault: NO_FAULT };

function atWallet(notify: NotifyFault): ToldFault {
  return { network: 'wallets notifyPayment', fault: { request: null, notify } };
}
function atShop(request: RequestFault): ToldFault {
  return { network: 'shops notifyPayment', fault: { request, notify: null } };
}

interface LivesDraw {
  readonly count: number;
  /** The last half-day on which one may begin. */
  readonly lastStart: number;
  readonly markets: number;
  readonly faults: boolean;
}

/** Apart from those of card lives, for labels and keys. */
export const FIRST_NUMBER = 10_000;
const LARGE = 2 ** 30;

export function drawWalletLives(random: SeededRandom, draw: LivesDraw): readonly WalletLifePlan[] {
  const kinds = dealer(random, KINDS);
  const [atPay, back] = [dealer(random, REQUESTS), dealer(random, REQUESTS)];
  const told = makeTold(random);
  const request = (deal: () => RequestFault): FaultPlan =>
    draw.faults && random.chance(FAULT_SHARE) ? { request: deal(), notify: null } : NO_FAULT;
  return Array.from({ length: draw.count }, (_, nth): WalletLifePlan => {
    const number = FIRST_NUMBER + nth;
    const [where, way, ending] = kinds();
    const early = draw.faults && way === 'payment_code_pin' && random.chance(0.7);
    const isTold = draw.faults && !early && random.chance(TOLD_SHARE);
    const heard = isTold ? told({ where, way, ending }) : NOT_TOLD;
    // What is told at once is told of a payment that nothing happened to.
    const noFault = way === 'order_code' || (way === 'payment_code' && heard !== NOT_TOLD);
    return {
      ...{ number, start: random.integer(0, draw.lastStart), where, way, ending, early, kill: false },
      ...{ market: random.integer(0, draw.markets - 1), seller: random.integer(0, 3), buyer: random.integer(0, 2) },
      ...{ wallet: random.integer(0, LARGE), shop: random.integer(0, LARGE) },
      ...{ cents: random.integer(900, 9_000), share: random.integer(5, 90), wait: random.integer(2, 4) },
      payFault: early ? OVERTAKEN : noFault ? NO_FAULT : request(atPay),
      told: heard,
      backFault: request(back),
    };
  });
}

/** Of what is told of such a life, if anything: an order's wallet tells the hub, and the hub a shop. */
function makeTold(random: SeededRandom): (of: Pick<WalletLifePlan, 'where' | 'way' | 'ending'>) => ToldFault {
  const [byWallets, toShops, both] = [
    dealer(
      random,
      TOLD.filter(({ network }) => network === 'wallets notifyPayment'),
    ),
    dealer(
      random,
      TOLD.filter(({ network }) => network === 'shops notifyPayment'),
    ),
    dealer(random, TOLD),
  ];
  return ({ where, way, ending }) => {
    if (ending === 'expired' || ending === 'given_up') return NOT_TOLD;
    if (way === 'payment_code') return where === 'shop' ? toShops() : NOT_TOLD;
    return where === 'shop' ? both() : byWallets();
  };
}

/** An order paid by a code that is in flight when the program is killed: the wallet has debited its user and is not heard. */
export const walletVictim = (life: WalletLifePlan, number: number, start: number): WalletLifePlan => ({
  ...life,
  ...{ number, start, where: 'order', way: 'payment_code', ending: 'kept', early: false, kill: true },
  ...{ payFault: NO_FAULT, told: NOT_TOLD, backFault: NO_FAULT },
});
