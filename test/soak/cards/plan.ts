/** What each card life will be, drawn from the seed before it begins. Amounts are minor units of USD. */
import type { SeededRandom } from '../../../src/base/random.ts';

/** Every kind of life, and how many of a deck are of it; decks are shuffled, so that each kind comes in any long run. */
const DECK = {
  sale: 6,
  captured_in_full: 3,
  captured_in_part: 2,
  captured_in_parts: 2,
  voided: 2,
  rest_reversed: 2,
  incremented: 2,
  renewed: 1,
  released_before_lapse: 1,
  refunded_in_full: 2,
  refunded_in_part: 2,
  refunded_in_parts: 2,
  refunded_twice_at_once: 2,
  declined_soft: 2,
  declined_hard: 2,
  approved_for_less: 2,
  frictionless: 2,
  challenge_passed: 2,
  challenge_failed: 2,
  challenge_abandoned: 1,
  challenge_attempted: 2,
  not_authenticated: 1,
  authentication_unavailable: 2,
  retrieval_answered: 1,
  retrieval_then_chargeback: 1,
  chargeback_accepted: 2,
  chargeback_won: 2,
  chargeback_lost: 2,
  chargeback_lapsed: 1,
} as const;

export type Kind = keyof typeof DECK;
export const KINDS = Object.keys(DECK) as readonly Kind[];

export interface LifePlan {
  readonly number: number;
  readonly kind: Kind;
  /** The half-day in which it begins. */
  readonly start: number;
  readonly market: number;
  readonly seller: number;
  readonly cents: number;
  /** In percent of the amount, where the kind needs a part. */
  readonly share: number;
  /** Ships and is received in the end, so that the seller gets the money. */
  readonly delivers: boolean;
}

/** Half-days over which lives begin, by how many there are: about as many a half-day as the program can take at once. */
export const spanOf = (count: number): number => Math.max(4, Math.min(40, Math.round(count / 125)));

const CARDHOLDER_FROM = 100_000;
const ASKS_CARDHOLDER: readonly Kind[] = [
  'frictionless',
  'challenge_passed',
  'challenge_failed',
  'challenge_abandoned',
  'challenge_attempted',
  'not_authenticated',
  'authentication_unavailable',
];
/** The acquirer declines amounts that end so, or are so, whatever the life intends. */
const REFUSED_ENDINGS = [52_100, 53_000];
const REFUSED = [30_300, 40_100];

export function drawLives(random: SeededRandom, count: number): readonly LifePlan[] {
  const deck: Kind[] = [];
  const span = spanOf(count);
  return Array.from({ length: count }, (_, index): LifePlan => {
    if (deck.length === 0) deck.push(...shuffled(random, wholeDeck()));
    const kind = deck.pop() as Kind;
    const large = ASKS_CARDHOLDER.includes(kind);
    return {
      number: index + 1,
      kind,
      start: Math.floor((index * span) / count),
      market: random.integer(0, 1),
      seller: random.integer(0, 3),
      cents: acceptable(large ? random.integer(CARDHOLDER_FROM, 250_000) : random.integer(2_000, 90_000)),
      share: random.integer(10, 60),
      delivers: random.chance(0.6),
    };
  });
}

const wholeDeck = (): readonly Kind[] => KINDS.flatMap((kind) => Array.from({ length: DECK[kind] }, () => kind));

function shuffled<Value>(random: SeededRandom, values: readonly Value[]): readonly Value[] {
  const places = values.map((value) => ({ value, place: random.next() }));
  return places.sort((a, b) => a.place - b.place).map(({ value }) => value);
}

const acceptable = (cents: number): number =>
  REFUSED_ENDINGS.includes(cents % 100_000) || REFUSED.includes(cents) ? cents + 1 : cents;
