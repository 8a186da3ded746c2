/**
 * Where a checkout stands: what its page has to say, whenever and however often it is opened. Pure. What the buyer's own
 * attempt came to is said first, also by a link that has ended: nobody who has paid is told that it is too late to pay. A
 * payment without the network's word is `checking`, never failed.
 */
import type { Instant } from '../base/clock.ts';
import type { Payment } from '../payments/index.ts';
import { nextInstalment, type Order } from '../protection/index.ts';
import { type CheckoutLink, MOST_ATTEMPTS } from './link.ts';

export type Standing =
  /** The buyer may pay; maybe after a decline. */
  | 'ready'
  /** The issuer waits for the cardholder. */
  | 'challenge'
  /** The wallet waits for its user, on its own page. */
  | 'at_wallet'
  /** A payment of this instalment is under way. */
  | 'checking'
  /** Paid through this link. */
  | 'paid'
  /** Paid in another way. */
  | 'already_paid'
  | 'revoked'
  | 'expired'
  /** The order is closed and wants no money. */
  | 'closed'
  /** Another instalment comes first. */
  | 'not_due'
  | 'exhausted';

export interface Facts {
  readonly link: CheckoutLink;
  readonly order: Order;
  /** Of this link, in their order. */
  readonly attempts: readonly Payment[];
  readonly now: Instant;
}

export function standingOf({ link, order, attempts, now }: Facts): Standing {
  const last = attempts.at(-1);
  if (last !== undefined && last.state === 'captured') return 'paid';
  if (last !== undefined && UNDER_WAY.has(last.state)) return underWay(last);
  if (link.state === 'revoked') return 'revoked';
  if (link.expiresAt <= now) return 'expired';
  const instalment = order.instalments.find(({ number }) => number === link.instalment);
  if (instalment?.state === 'paid') return 'already_paid';
  if (order.state !== 'awaiting_payment' && order.state !== 'part_paid') return 'closed';
  if (nextInstalment(order)?.number !== link.instalment) return 'not_due';
  if (instalment?.state === 'processing') return 'checking';
  return attempts.length >= MOST_ATTEMPTS ? 'exhausted' : 'ready';
}

/** An authorization waits for its capture, or for what was approved wrongly to be given back. */
const UNDER_WAY: ReadonlySet<Payment['state']> = new Set(['authenticating', 'pending', 'authorized', 'part_captured']);

const underWay = (last: Payment): Standing =>
  isWaiting(last) ? 'at_wallet' : hasChallenge(last) ? 'challenge' : 'checking';

/** Not once it was given up: then the wallet is asked to cancel. */
const isWaiting = ({ state, wallet }: Payment): boolean =>
  state === 'pending' && wallet !== undefined && wallet.payUrl !== null && wallet.canceling === null;

const hasChallenge = ({ state, authentication }: Payment): boolean =>
  state === 'authenticating' && authentication?.state === 'challenge' && authentication.challenge !== null;
