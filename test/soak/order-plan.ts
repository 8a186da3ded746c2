/** What one order's life will be, drawn from the seed before it begins. Amounts are minor units of USD. */
import type { SeededRandom } from '../../src/base/random.ts';

export interface Plan {
  readonly policy: 'standard' | 'express';
  readonly parts: readonly { readonly cents: number; readonly capture: 'automatic' | 'manual' }[];
  /** The first payment is authorized, voided, and paid again. */
  readonly voidFirst: boolean;
  readonly ending: 'released' | 'refunded' | 'declined';
  /** Given back from the first payment on the way to release; 0: nothing. */
  readonly partialRefund: number;
  readonly refundWhen: 'before_shipment' | 'after_shipment';
  /** Who says that the goods arrived. */
  readonly receivedBy: 'buyer' | 'deadline';
  /** Released by our request; otherwise by the policy's deadline. */
  readonly releaseByRequest: boolean;
  /** The seller is paid out by request afterwards: everything, a part, or a part that is taken back. */
  readonly payout: 'none' | 'all' | 'part' | 'canceled' | 'run';
}

/** The acquirer declines every amount that ends like this (DO_NOT_HONOR). */
const DECLINED_ENDING = 53_000;

export function planOrder(random: SeededRandom): Plan {
  const policy = random.chance(0.5) ? 'standard' : 'express';
  const ending = random.chance(0.08) ? 'declined' : random.chance(0.12) ? 'refunded' : 'released';
  const first = random.integer(2_000, 49_000);
  const capture = () => (random.chance(0.35) ? 'manual' : 'automatic') as 'manual' | 'automatic';
  const declined = [{ cents: random.integer(1, 9) * 100_000 + DECLINED_ENDING, capture: capture() }];
  const one = [{ cents: first, capture: capture() }];
  const parts = random.chance(0.3) ? [...one, { cents: random.integer(2_000, 49_000), capture: capture() }] : one;
  return {
    policy,
    ending,
    parts: ending === 'declined' ? declined : parts,
    voidFirst: ending !== 'declined' && random.chance(0.1),
    partialRefund: random.chance(0.3) ? random.integer(100, 1_900) : 0,
    refundWhen: random.chance(0.5) ? 'before_shipment' : 'after_shipment',
    receivedBy: policy === 'express' && random.chance(0.2) ? 'deadline' : 'buyer',
    releaseByRequest: policy === 'standard' && random.chance(0.6),
    payout: random.pick(['none', 'none', 'all', 'part', 'canceled', 'run']),
  };
}
