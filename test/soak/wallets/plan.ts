/** What each wallet life will be, drawn from the seed before it begins. */
import type { SeededRandom } from '../../../src/base/random.ts';

/** How a payment begins, and how many of a deck are of it; decks are shuffled, so that each kind comes in any long run. */
const DECK = {
  payment_code: 6,
  payment_code_pin: 2,
  order_code: 4,
  store_code: 3,
  entry_code: 2,
  cashier: 2,
  agreement: 2,
  private_code: 3,
  push: 2,
  own_order: 4,
  own_code: 2,
  expired_code: 1,
  used_code: 1,
  abandoned: 1,
  declined: 1,
} as const;

export type Kind = keyof typeof DECK;
export const KINDS = Object.keys(DECK) as readonly Kind[];
/** Of orders of our own marketplace; the others are of shops abroad. */
export const isOwn = (kind: Kind): boolean => kind === 'own_order' || kind === 'own_code';
/** Of which nothing is paid, or nothing more. */
export const UNPAID: readonly Kind[] = ['expired_code', 'abandoned', 'declined'];
/** Which the shop only hears of, so that nobody there gives anything back. */
const HEARD_OF: readonly Kind[] = ['store_code', 'push', 'used_code', ...UNPAID];

/** What becomes of it: on the same day, or on the next, when it can not be canceled any more. */
export const AFTERS = [
  'kept',
  'canceled',
  'canceled_late',
  'refunded',
  'refunded_in_part',
  'refunded_in_parts',
] as const;
export type After = (typeof AFTERS)[number];

export interface LifePlan {
  readonly number: number;
  readonly day: number;
  readonly kind: Kind;
  readonly after: After;
  /** Which of those that can: whole numbers, taken modulo how many there are. */
  readonly wallet: number;
  readonly acquirer: number;
  readonly shop: number;
  readonly person: number;
  /** About so much, in US cents. */
  readonly cents: number;
  /** In percent of the amount, where a part goes back. */
  readonly share: number;
  /** Whether a fault is ordered before it pays, and before it gives back. */
  readonly faults: readonly [paying: boolean, returning: boolean];
}

/** Days on which lives begin, by how many there are: some hundred and thirty a day, thirty days at most. */
export const daysOf = (count: number): number => Math.max(3, Math.min(30, Math.round(count / 133)));

/** Of lives that pay, and of those that give back. */
const FAULT_RATE = 0.14;
const LARGE = 2 ** 30;

/** Half of the lives stay as they are. */
const AFTER_DECK: readonly After[] = AFTERS.flatMap((after): After[] =>
  after === 'kept' ? Array<After>(5).fill(after) : [after],
);

/** Deals from a shuffled deck, and shuffles it anew when it is empty. */
function dealFrom<Card>(random: SeededRandom, cards: readonly Card[]): () => Card {
  let deck: Card[] = [];
  return () => {
    if (deck.length === 0) deck = [...cards];
    const [card] = deck.splice(random.integer(0, deck.length - 1), 1) as [Card];
    return card;
  };
}

export function drawLives(random: SeededRandom, count: number): readonly LifePlan[] {
  const days = daysOf(count);
  const kinds = dealFrom(
    random,
    KINDS.flatMap((kind) => Array<Kind>(DECK[kind]).fill(kind)),
  );
  const [afterOwn, afterShops] = [dealFrom(random, AFTER_DECK), dealFrom(random, AFTER_DECK)];
  return Array.from({ length: count }, (_, number) => {
    const kind = kinds();
    const after = isOwn(kind) ? afterOwn() : afterShops();
    return {
      ...{ number, day: Math.floor((number * days) / count), kind, after: HEARD_OF.includes(kind) ? 'kept' : after },
      ...{ wallet: random.integer(0, LARGE), acquirer: random.integer(0, LARGE), shop: random.integer(0, LARGE) },
      ...{ person: random.integer(0, LARGE), cents: random.integer(500, 9_000), share: random.integer(10, 90) },
      faults: [random.chance(FAULT_RATE), random.chance(FAULT_RATE)],
    };
  });
}
