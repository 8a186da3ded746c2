/** What a marketplace's rules for cards come to for one payment. Pure. */
import type { Money } from '../base/money.ts';
import type { Checks, Exemption } from '../connectors/ports/card-acquirer.ts';
import type { CardRules } from '../parties/index.ts';

export type Step = { readonly kind: 'authenticate' } | { readonly kind: 'go_on'; readonly exemption?: Exemption };

/** Whether the cardholder is asked first. `country`: of the buyer. `declines`: of this card, within a day. */
export function authenticationStep(
  { authenticate: rules }: CardRules,
  { amount, country, declines }: { readonly amount: Money; readonly country: string; readonly declines: number },
): Step {
  const suspect = rules.afterDeclines !== null && declines >= rules.afterDeclines;
  if (rules.always || suspect || reaches(rules.from, amount)) return { kind: 'authenticate' };
  if (!rules.countries.includes(country)) return { kind: 'go_on' };
  const low = rules.lowValueBelow[amount.currency];
  return low !== undefined && amount.amount < BigInt(low)
    ? { kind: 'go_on', exemption: 'low_value' }
    : { kind: 'authenticate' };
}

const reaches = (from: Readonly<Record<string, string>>, { amount, currency }: Money): boolean => {
  const least = from[currency];
  return least !== undefined && amount >= BigInt(least);
};

/** True when money should not be taken at once, for a mismatch would send it back. */
export const looksBeforeCapture = ({ mismatch }: Pick<CardRules, 'mismatch'>): boolean =>
  mismatch.cvv === 'decline' || mismatch.address === 'decline';

/** The rule an approval breaks, or null. */
export function brokenRule(
  { mismatch }: Pick<CardRules, 'mismatch'>,
  checks: Checks | undefined,
): 'cvv_mismatch' | 'address_mismatch' | null {
  if (mismatch.cvv === 'decline' && checks?.cvv === 'no_match') return 'cvv_mismatch';
  if (mismatch.address === 'decline' && checks?.address === 'no_match') return 'address_mismatch';
  return null;
}
