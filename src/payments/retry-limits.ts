/**
 * How often the schemes let a declined card be tried again, as data. It bounds what the platform tries by itself: a second
 * route, a charge without the buyer. Beyond it each try costs a penalty, and too many cost the account.
 * Sources: Visa, decline reason codes and excess reattempts (20 in 30 days since May 2025, same card and amount);
 * Mastercard, Transaction Processing Excellence (10 in 24 hours, 35 in 30 days, same card). The others publish none.
 */
import { addMs, type Instant } from '../base/clock.ts';
import type { Money } from '../base/money.ts';
import { equals } from '../base/money.ts';

export interface RetryLimit {
  readonly brand: string;
  readonly declines: number;
  readonly hours: number;
  /** Only declines of the same amount count. */
  readonly sameAmount: boolean;
}

const DAY = 24;

export const RETRY_LIMITS: readonly RetryLimit[] = [
  { brand: 'visa', declines: 20, hours: 30 * DAY, sameAmount: true },
  { brand: 'mastercard', declines: 10, hours: DAY, sameAmount: false },
  { brand: 'mastercard', declines: 35, hours: 30 * DAY, sameAmount: false },
];

/** The longest that any limit looks back. */
export const LOOK_BACK_HOURS = Math.max(...RETRY_LIMITS.map(({ hours }) => hours));

export interface Declined {
  readonly amount: Money;
  readonly at: Instant;
}

/** The limit that one more try would break, or null. `declines`: of this card, those of the last LOOK_BACK_HOURS at least. */
export function brokenLimit(
  card: { readonly brand: string },
  declines: readonly Declined[],
  { amount, at }: Declined,
): RetryLimit | null {
  const counts = ({ hours, sameAmount }: RetryLimit): number =>
    declines.filter((one) => one.at > addMs(at, -hours * 3_600_000) && (!sameAmount || equals(one.amount, amount)))
      .length;
  return RETRY_LIMITS.find((limit) => limit.brand === card.brand && counts(limit) >= limit.declines) ?? null;
}
