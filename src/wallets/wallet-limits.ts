/**
 * Limits of a wallet: data that names who set each one, because a person who is refused wants to know whom to ask. A payment
 * has a least and a most; a person has a most for the calendar year in UTC+8, in which payments that are not known yet count and
 * what came back does not. The wallet holds the same limits itself: two payments of one person at once, which both pass here,
 * do not both pass there.
 */
import { type Instant, instant, msOf } from '../base/clock.ts';
import { add, compare, formatMoney, type Money } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { WalletLimit } from '../parties/index.ts';
import type { LimitRefusal } from './errors.ts';

/** `spent`: of the person in this year before this payment; null while nobody knows who pays. */
export function checkLimits(
  limits: readonly WalletLimit[],
  payTo: Money,
  spent: Money | null,
): Result<null, LimitRefusal> {
  for (const limit of limits.filter(({ amount }) => amount.currency === payTo.currency)) {
    if (limit.per === 'payment' && breaks(limit, payTo)) return refuse('payment_limit', ...said(limit));
    if (limit.per === 'year' && spent !== null && breaks(limit, add(spent, payTo)))
      return refuse('person_limit', ...said(limit));
  }
  return ok(null);
}

const breaks = ({ kind, amount }: WalletLimit, value: Money): boolean =>
  compare(value, amount) === (kind === 'max' ? 1 : -1);

function said({ setBy, per, kind, amount }: WalletLimit) {
  const what = `${kind === 'max' ? 'at most' : 'at least'} ${formatMoney(amount)} a ${per}`;
  return [`${setBy} allows ${what}`, { facts: { setBy, per, kind, amount } }] as const;
}

const UTC8_MS = 8 * 3_600_000;

/** When the calendar year of an instant began, in UTC+8. */
export function yearStart(at: Instant): Instant {
  const year = new Date(msOf(at) + UTC8_MS).getUTCFullYear();
  return instant(Date.UTC(year, 0, 1) - UTC8_MS);
}
