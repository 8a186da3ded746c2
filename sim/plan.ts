/**
 * The whole plan of a simulated world, drawn from the seed before anything runs: parties, orders, what each buyer and
 * seller will do and when (in half-days), and which request of theirs meets which fault. Same seed, same plan.
 */
import { type SeededRandom, seededRandom } from '../src/base/random.ts';
import { CARDS, type CardName, type FaultPlan, NO_FAULT, type NotifyFault, type RequestFault } from './moves.ts';

export interface MarketPlan {
  readonly name: string;
  readonly feeBps: number;
  readonly schedule: 'daily' | 'manual';
  readonly sellers: readonly { readonly name: string; readonly account: string }[];
  readonly buyers: readonly string[];
}

/** One attempt to pay an instalment. A manual capture is followed by a capture or a void `followWait` half-days later. */
export interface AttemptPlan {
  readonly card: CardName;
  readonly capture: 'automatic' | 'manual';
  readonly follow: 'capture' | 'void';
  readonly followWait: number;
  readonly fault: FaultPlan;
  readonly followFault: FaultPlan;
  /** `same_key`: the request goes out twice at once; `two_keys`: two buyers' clicks compete; `repeat`: again later. */
  readonly twice: 'no' | 'same_key' | 'two_keys' | 'repeat';
  readonly kill: boolean;
}

export type Ending =
  | 'never_paid'
  | 'declined'
  | 'refunded_before_shipment'
  | 'refunded_after_shipment'
  | 'released'
  | 'part_refunded_and_released'
  | 'release_against_refund';

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
}

export interface WorldPlan {
  readonly steps: number;
  readonly markets: readonly MarketPlan[];
  readonly lives: readonly LifePlan[];
  /** Half-days in which the database's connections are cut, with the pause before the cut in milliseconds. */
  readonly cuts: ReadonlyMap<number, number>;
  /** Half-days before which an answer of the bank is lost, or the bank refuses to answer. */
  readonly bankFaults: ReadonlyMap<number, RequestFault>;
  readonly kills: number;
}

const ORDERS_A_DAY = 5.3;
const IN_FLIGHT_A_KILL = 8;
const DECLINING_AMOUNTS = [52_100, 53_000] as const;

/** Draws the plan. `days` ≥ 1. */
export function drawPlan(seed: number, days: number, faults: boolean): WorldPlan {
  const random = seededRandom(seed);
  const steps = days * 2;
  const markets = Array.from({ length: 4 }, (_, index) => drawMarket(random, index));
  const kills = faults ? Math.max(1, Math.round(days / 15)) : 0;
  const lives: LifePlan[] = [];
  // Orders stop early enough that most lives can end.
  const lastStart = Math.max(1, Math.floor(steps * 0.85));
  for (let number = 0; number < Math.max(20, Math.ceil(days * ORDERS_A_DAY)); number += 1) {
    lives.push(drawLife(random, { number, start: random.integer(0, lastStart), markets, faults }));
  }
  const killSteps = Array.from({ length: kills }, (_, kill) => Math.floor(((kill + 0.5) * steps) / kills));
  for (const start of killSteps) {
    for (let nth = 0; nth < IN_FLIGHT_A_KILL; nth += 1)
      lives.push(victim(drawLife(random, { number: lives.length, start, markets, faults: false })));
  }
  return {
    steps,
    markets,
    lives,
    kills,
    // No cut where a kill is planned: all its victims must come together.
    cuts: new Map(
      (faults ? drawSteps(random, steps, days < 10 ? 0.4 : 0.25) : [])
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
  };
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

const ENDINGS: readonly (readonly [Ending, number])[] = [
  ['never_paid', 8],
  ['declined', 9],
  ['refunded_before_shipment', 12],
  ['refunded_after_shipment', 8],
  ['released', 38],
  ['part_refunded_and_released', 15],
  ['release_against_refund', 10],
];

interface LifeDraw {
  readonly number: number;
  readonly start: number;
  readonly markets: readonly MarketPlan[];
  readonly faults: boolean;
}

function drawLife(random: SeededRandom, { number, start, markets, faults }: LifeDraw): LifePlan {
  const ending = drawEnding(random);
  const market = random.integer(0, markets.length - 1);
  const draw = (): FaultPlan => (faults ? drawFault(random) : NO_FAULT);
  const declining = ending === 'declined' ? random.pick(DECLINING_AMOUNTS) : null;
  const split = random.chance(0.4);
  const deposit = split ? acceptable(random.integer(2_000, 90_000)) : null;
  const rest = declining ?? acceptable(random.integer(3_000, 180_000));
  const attempts = Array.from({ length: split ? 2 : 1 }, (_, index) => {
    const fails = declining !== null && index === (split ? 1 : 0);
    return fails ? [decliningAttempt(declining, draw())] : drawAttempts(random, draw);
  });
  return {
    number,
    start,
    market,
    seller: random.integer(0, 3),
    buyer: random.integer(0, 2),
    // The express policy releases with the receipt: only the standard one leaves time for a race.
    policy: random.chance(0.7) && ending !== 'release_against_refund' ? 'express' : 'standard',
    total: (deposit ?? 0) + rest,
    deposit,
    ending,
    byHand: {
      cancel: random.chance(0.5),
      receive: random.chance(0.6) || ending === 'release_against_refund',
      release: random.chance(0.6),
    },
    attempts,
    waits: Array.from({ length: 8 }, () => random.integer(0, 4)),
    refundShare: random.integer(5, 60),
    refundFault: draw(),
    refundTwice: random.pick(['no', 'same_key', 'repeat', 'repeat'] as const),
  };
}

/** The acquirer's test triggers refuse amounts that end so; only planned declines may have them. */
const acceptable = (amount: number): number =>
  DECLINING_AMOUNTS.some((refused) => amount % 100_000 === refused) ? amount + 1 : amount;

function drawEnding(random: SeededRandom): Ending {
  let left = random.integer(
    1,
    ENDINGS.reduce((sum, [, weight]) => sum + weight, 0),
  );
  for (const [ending, weight] of ENDINGS) {
    left -= weight;
    if (left <= 0) return ending;
  }
  return 'released';
}

function drawFault(random: SeededRandom): FaultPlan {
  const roll = random.integer(1, 100);
  const request =
    roll <= 13 ? 'drop_after' : roll <= 25 ? 'drop_before' : roll <= 37 ? 'http_503' : roll <= 42 ? 'malformed' : null;
  const note = random.integer(1, 100);
  const notify: NotifyFault | null =
    note <= 15 ? 'notify_duplicate' : note <= 30 ? 'notify_delay' : note <= 38 ? 'notify_drop' : null;
  // A request that never arrives makes no notification: its fault would hit a stranger.
  return request === 'drop_before' || request === 'http_503' ? { request, notify: null } : { request, notify };
}

const decliningAttempt = (amount: number, fault: FaultPlan): AttemptPlan => ({
  card: amount === 52_100 ? 'mastercard' : 'visa',
  capture: 'automatic',
  follow: 'capture',
  followWait: 0,
  fault,
  followFault: NO_FAULT,
  twice: 'no',
  kill: false,
});

function drawAttempts(random: SeededRandom, draw: () => FaultPlan): readonly AttemptPlan[] {
  const attempt = (follow: AttemptPlan['follow'], alone: boolean): AttemptPlan => {
    const capture = follow === 'void' || random.chance(0.35) ? 'manual' : 'automatic';
    const twice = random.pick(['no', 'no', 'same_key', 'two_keys', 'repeat', 'repeat'] as const);
    const compete = twice === 'same_key' || twice === 'two_keys';
    return {
      card: random.pick(Object.keys(CARDS) as CardName[]),
      capture,
      follow,
      // Now and then the authorization has lapsed (seven days) when somebody wants to capture it.
      followWait: alone && random.chance(0.06) ? 15 : random.integer(0, 4),
      fault: compete ? NO_FAULT : draw(),
      followFault: draw(),
      twice,
      kill: false,
    };
  };
  return random.chance(0.12) ? [attempt('void', false), attempt('capture', false)] : [attempt('capture', true)];
}

/** A life whose first payment is in flight when the program is killed. */
function victim(life: LifePlan): LifePlan {
  const ending = life.ending === 'never_paid' || life.ending === 'declined' ? 'released' : life.ending;
  const [first = [], ...rest] = life.attempts;
  const dies = { ...(first[0] as AttemptPlan), twice: 'no' as const, kill: true };
  const total = life.ending === 'declined' ? life.total + 1 : life.total;
  return { ...life, ending, total, attempts: [[dies, ...first.slice(1)], ...rest], waits: [0, ...life.waits.slice(1)] };
}
