/** One order's life, drawn from the seed: what is paid how, what goes wrong on the way, and how it ends. */
import type { SeededRandom } from '../src/base/random.ts';
import { CARDS, type CardName, type FaultPlan, NO_FAULT, type NotifyFault, type RequestFault } from './moves.ts';
import type { AttemptPlan, DisputePlan, Ending, Follow, LifePlan, MarketPlan } from './plan.ts';

const ENDINGS: readonly (readonly [Ending, number])[] = [
  ['never_paid', 8],
  ['declined', 9],
  ['refunded_before_shipment', 12],
  ['refunded_after_shipment', 8],
  ['released', 38],
  ['part_refunded_and_released', 15],
  ['release_against_refund', 10],
  ['disputed', 16],
];

const DECLINING_AMOUNTS = [52_100, 53_000] as const;
/** From here on the marketplace's rules ask the cardholder, if he can be asked. */
const ASKED_FROM = 100_000;

interface LifeDraw {
  readonly number: number;
  readonly start: number;
  readonly markets: readonly MarketPlan[];
  /** The next fault, or none. */
  readonly faults: () => FaultPlan;
}

export function drawLife(random: SeededRandom, { number, start, markets, faults }: LifeDraw): LifePlan {
  const ending = drawEnding(random);
  const market = random.integer(0, markets.length - 1);
  const draw = faults;
  const declining = ending === 'declined' ? random.pick(DECLINING_AMOUNTS) : null;
  const split = random.chance(0.4);
  const deposit = split ? acceptable(random.integer(2_000, 130_000)) : null;
  const rest = declining ?? acceptable(random.integer(3_000, 180_000));
  const attempts = Array.from({ length: split ? 2 : 1 }, (_, index) => {
    const fails = declining !== null && index === (split ? 1 : 0);
    const asks = (split && index === 0 ? deposit : rest) ?? 0;
    return fails ? [decliningAttempt(declining, draw())] : drawAttempts(random, draw, asks >= ASKED_FROM);
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
    dispute: drawDispute(random, draw),
  };
}

function drawDispute(random: SeededRandom, draw: () => FaultPlan): DisputePlan {
  return {
    type: random.chance(0.2) ? 'RETRIEVAL_REQUEST' : 'FIRST_CHARGEBACK',
    reason: random.pick(['10.4', '13.1', '13.3', '4837', '4853']),
    share: random.chance(0.7) ? 100 : random.integer(5, 95),
    after: random.chance(0.5) ? 'payment' : 'release',
    answer: random.pick(['accept', 'challenge', 'challenge', 'challenge', 'none'] as const),
    outcome: random.pick(['WON', 'LOST'] as const),
    again: random.chance(0.3),
    fault: draw(),
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

const REQUEST_SHARE = 0.54;
const NOTIFY_SHARE = 0.44;
/** Dealt out one after the other, so that a short world meets each; an answer after the deadline costs seconds, and is seldom. */
const REQUEST_DECK: readonly RequestFault[] = ['drop_after', 'drop_before', 'http_503', 'http_429', 'http_500'];
const ANSWER_DECK: readonly RequestFault[] = ['malformed', 'unknown_code', 'drop_after', 'drop_before'];
const NOTIFY_DECK: readonly NotifyFault[] = ['notify_duplicate', 'notify_delay', 'notify_drop', 'notify_reorder'];
const NOTHING_DONE: readonly (RequestFault | null)[] = ['drop_before', 'http_429', 'http_500', 'http_503'];
const DELAY_EVERY = 90;

/** Deals the faults of one world. */
export function makeFaultDeck(random: SeededRandom): () => FaultPlan {
  const requests = dealer(random, [...REQUEST_DECK, ...ANSWER_DECK]);
  const notifications = dealer(random, NOTIFY_DECK);
  let dealt = 0;
  return () => {
    dealt += 1;
    const request = dealt % DELAY_EVERY === 45 ? 'delay' : random.chance(REQUEST_SHARE) ? requests() : null;
    // A request that never arrives makes no notification: its fault would hit a stranger.
    const tells = !NOTHING_DONE.includes(request) && random.chance(NOTIFY_SHARE);
    return { request, notify: tells ? notifications() : null };
  };
}

/** Shuffled decks without end. */
export function dealer<Kind>(random: SeededRandom, deck: readonly Kind[]): () => Kind {
  const left: Kind[] = [];
  return () => {
    if (left.length === 0) left.push(...deck);
    return left.splice(random.integer(0, left.length - 1), 1)[0] as Kind;
  };
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
  cardholder: null,
});

const FOLLOWS: readonly Follow[] = ['capture', 'capture', 'capture_part', 'capture_parts', 'increment', 'reverse'];

function drawAttempts(random: SeededRandom, draw: () => FaultPlan, asked: boolean): readonly AttemptPlan[] {
  const attempt = (wanted: 'capture' | 'void', alone: boolean): AttemptPlan => {
    const cardholder = asked && random.chance(0.7) ? random.pick(AT_ISSUER) : null;
    const capture = wanted === 'void' || random.chance(0.5) ? 'manual' : 'automatic';
    const twice = random.pick(['no', 'no', 'same_key', 'two_keys', 'repeat', 'repeat'] as const);
    const compete = cardholder === null && (twice === 'same_key' || twice === 'two_keys');
    return {
      card: random.pick(Object.keys(CARDS) as CardName[]),
      capture,
      follow: wanted === 'void' ? 'void' : random.pick(FOLLOWS),
      // Now and then the authorization would have lapsed (seven days) when somebody wants to capture it.
      followWait: alone && random.chance(0.06) ? 15 : random.integer(0, 4),
      fault: compete ? NO_FAULT : draw(),
      followFault: draw(),
      // The answer that sends the buyer to the issuer is no final one, to which a repeat could be compared.
      twice: cardholder === null ? twice : 'no',
      kill: false,
      cardholder,
    };
  };
  return random.chance(0.12) ? [attempt('void', false), attempt('capture', false)] : [attempt('capture', true)];
}

const AT_ISSUER = ['right', 'right', 'right', 'wrong', 'abandoned'] as const;

/** A life whose first payment is in flight when the program is killed. */
export function victim(life: LifePlan): LifePlan {
  const ending = life.ending === 'never_paid' || life.ending === 'declined' ? 'released' : life.ending;
  const [first = [], ...rest] = life.attempts;
  const dies = { ...(first[0] as AttemptPlan), twice: 'no' as const, cardholder: null, kill: true };
  const total = life.ending === 'declined' ? life.total + 1 : life.total;
  return { ...life, ending, total, attempts: [[dies, ...first.slice(1)], ...rest], waits: [0, ...life.waits.slice(1)] };
}
