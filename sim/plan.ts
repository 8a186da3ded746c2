/**
 * The whole plan of a simulated world, drawn from the seed before anything runs: parties, orders, what each buyer and
 * seller will do and when (in half-days), and which request of theirs meets which fault. Same seed, same plan.
 */
import { type SeededRandom, seededRandom } from '../src/base/random.ts';
import { drawLife, makeFaultDeck, victim } from './draw-life.ts';
import { type CardName, type FaultPlan, NO_FAULT, type RequestFault } from './moves.ts';
import { drawWalletLives, FIRST_NUMBER, type WalletLifePlan, walletVictim } from './wallets/plan.ts';

export interface MarketPlan {
  readonly name: string;
  readonly feeBps: number;
  readonly schedule: 'daily' | 'manual';
  readonly sellers: readonly { readonly name: string; readonly account: string }[];
  readonly buyers: readonly string[];
}

/** What follows an authorization: all of it captured at once, a part, in parts, after it grew; or given back, all or the rest. */
export type Follow = 'capture' | 'capture_part' | 'capture_parts' | 'increment' | 'reverse' | 'void';

/** What a cardholder does at the issuer's page, if the issuer wants one. */
export type AtIssuer = 'right' | 'wrong' | 'abandoned';

/** One attempt to pay an instalment. A manual capture is followed by its `follow` `followWait` half-days later. */
export interface AttemptPlan {
  readonly card: CardName;
  readonly capture: 'automatic' | 'manual';
  readonly follow: Follow;
  readonly followWait: number;
  readonly fault: FaultPlan;
  readonly followFault: FaultPlan;
  /** `same_key`: the request goes out twice at once; `two_keys`: two buyers' clicks compete; `repeat`: again later. */
  readonly twice: 'no' | 'same_key' | 'two_keys' | 'repeat';
  readonly kill: boolean;
  /** The cardholder can be asked; null: nobody is there to ask. */
  readonly cardholder: AtIssuer | null;
}

/** What the cardholder's bank does with the first payment, and what the seller side says to it. */
export interface DisputePlan {
  readonly type: 'FIRST_CHARGEBACK' | 'RETRIEVAL_REQUEST';
  readonly reason: string;
  /** Percent of what was captured. */
  readonly share: number;
  readonly after: 'payment' | 'release';
  readonly answer: 'accept' | 'challenge' | 'none';
  /** What the issuer decides on the evidence; `again`: it takes it one stage further first. */
  readonly outcome: 'WON' | 'LOST';
  readonly again: boolean;
  readonly fault: FaultPlan;
}

export type Ending =
  | 'never_paid'
  | 'declined'
  | 'refunded_before_shipment'
  | 'refunded_after_shipment'
  | 'released'
  | 'part_refunded_and_released'
  | 'release_against_refund'
  | 'disputed';

export interface LifePlan {
  readonly number: number;
  readonly start: number;
  readonly market: number;
  readonly seller: number;
  readonly buyer: number;
  readonly policy: 'standard' | 'express';
  readonly total: number;
  /** Null: one payment. */
  readonly deposit: number | null;
  readonly ending: Ending;
  /** What a person does by hand; otherwise the deadline does it. */
  readonly byHand: { readonly cancel: boolean; readonly receive: boolean; readonly release: boolean };
  readonly attempts: readonly (readonly AttemptPlan[])[];
  /** Half-days between the steps of the life, in order of need. */
  readonly waits: readonly number[];
  readonly refundShare: number;
  readonly refundFault: FaultPlan;
  readonly refundTwice: 'no' | 'same_key' | 'repeat';
  /** Of a life that ends `disputed`. */
  readonly dispute: DisputePlan;
}

export interface WorldPlan {
  readonly steps: number;
  readonly markets: readonly MarketPlan[];
  readonly lives: readonly LifePlan[];
  /** Of orders and of shops that home wallets pay. */
  readonly walletLives: readonly WalletLifePlan[];
  /** Half-days in which the database's connections are cut, with the pause before the cut in milliseconds. */
  readonly cuts: ReadonlyMap<number, number>;
  /** Half-days before which an answer of the bank is lost, or the bank refuses to answer. */
  readonly bankFaults: ReadonlyMap<number, RequestFault>;
  /** Half-days before which the acquirer's next files are ordered to come late. */
  readonly lateFiles: ReadonlySet<number>;
  readonly kills: number;
}

const MARKETS = 4;
/** In a world of a few days fewer: it is lived with every change. */
const ORDERS_A_DAY = 5.3;
const ORDERS_A_SHORT_DAY = 4;
const SHORT_DAYS = 10;
const ORDERS_MIN = 14;
const WALLETS_A_DAY = 2.5;
const WALLETS_MIN = 14;
const IN_FLIGHT_A_KILL = 8;
/** Beside them, orders whose wallet has debited its user. */
const WALLETS_IN_FLIGHT_A_KILL = 2;

/** Draws the plan. `days` ≥ 1. */
export function drawPlan(seed: number, days: number, faults: boolean): WorldPlan {
  const random = seededRandom(seed);
  const steps = days * 2;
  const markets = Array.from({ length: MARKETS }, (_, index) => drawMarket(random, index));
  const kills = faults ? Math.max(1, Math.round(days / 15)) : 0;
  const lives: LifePlan[] = [];
  const none = (): FaultPlan => NO_FAULT;
  const deal = faults ? makeFaultDeck(random) : none;
  // Orders stop early enough that most lives can end.
  const lastStart = Math.max(1, Math.floor(steps * 0.85));
  const orders = Math.max(ORDERS_MIN, Math.ceil(days * (days < SHORT_DAYS ? ORDERS_A_SHORT_DAY : ORDERS_A_DAY)));
  for (let number = 0; number < orders; number += 1) {
    lives.push(drawLife(random, { number, start: random.integer(0, lastStart), markets, faults: deal }));
  }
  const killSteps = Array.from({ length: kills }, (_, kill) => Math.floor(((kill + 0.5) * steps) / kills));
  for (const start of killSteps) {
    for (let nth = 0; nth < IN_FLIGHT_A_KILL; nth += 1)
      lives.push(victim(drawLife(random, { number: lives.length, start, markets, faults: none })));
  }
  return {
    steps,
    markets,
    lives,
    walletLives: drawWallets(seed, { days, lastStart, killSteps, faults }),
    kills,
    // No cut where a kill is planned: all its victims must come together.
    cuts: new Map(
      (faults ? drawSteps(random, steps, days < SHORT_DAYS ? 0.4 : 0.25) : [])
        .filter((step) => !killSteps.includes(step))
        .map((step) => [step, random.integer(2, 14)]),
    ),
    bankFaults: new Map(
      faults
        ? drawSteps(random, steps, 0.3).map((step) => [
            step,
            random.pick(['drop_after', 'drop_after', 'drop_before', 'http_503'] as const),
          ])
        : [],
    ),
    lateFiles: new Set(faults ? drawSteps(random, steps, 0.06) : []),
  };
}

interface WalletsDraw {
  readonly days: number;
  readonly lastStart: number;
  readonly killSteps: readonly number[];
  readonly faults: boolean;
}

/** From a stream of its own, so that the cards of a seed stay as they are whatever wallets do. */
function drawWallets(seed: number, { days, lastStart, killSteps, faults }: WalletsDraw): readonly WalletLifePlan[] {
  const random = seededRandom(seed * 2_654_435 + 1);
  const count = Math.max(WALLETS_MIN, Math.ceil(days * WALLETS_A_DAY));
  const lives = drawWalletLives(random, { count, lastStart, markets: MARKETS, faults });
  const starts = killSteps.flatMap((step) => Array<number>(WALLETS_IN_FLIGHT_A_KILL).fill(step));
  const victims = starts.map((start, nth) =>
    walletVictim(lives[nth % count] as WalletLifePlan, FIRST_NUMBER + count + nth, start),
  );
  return [...lives, ...victims];
}

/** A share of all half-days, the same number whatever the seed. */
function drawSteps(random: SeededRandom, steps: number, share: number): readonly number[] {
  const order = Array.from({ length: steps }, (_, step) => ({ step, place: random.next() })).sort(
    (a, b) => a.place - b.place,
  );
  return order.slice(0, Math.ceil(steps * share)).map(({ step }) => step);
}

function drawMarket(random: SeededRandom, index: number): MarketPlan {
  const returned = ['990002', '990003'];
  return {
    name: `Harbor Market ${index + 1}`,
    feeBps: random.integer(100, 500),
    schedule: index % 2 === 0 ? 'daily' : 'manual',
    sellers: Array.from({ length: 4 }, (_, nth) => ({
      name: `Supplier ${index + 1}${'ABCD'[nth]} Co`,
      account: nth < 2 ? String(random.integer(440_000_000, 449_999_999)) : (returned[nth - 2] as string),
    })),
    buyers: Array.from({ length: 3 }, (_, nth) => `Buyer ${index + 1}${'ABC'[nth]}`),
  };
}
