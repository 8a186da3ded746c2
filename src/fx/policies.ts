/**
 * The terms of exchange by what it is used for: versioned data, pinned on each quote. A value changes by adding a version.
 * Weekends and holidays have no new rates: what a valuation may rest on is older than what a quote may.
 */
import { MS_PER_DAY } from '../base/clock.ts';

export interface QuotePolicy {
  readonly use: 'conversion' | 'wallet_payment';
  readonly version: number;
  /** Our part of the rate, in hundredths of a percent. */
  readonly markupBps: number;
  /** How long a quote holds. */
  readonly validMs: number;
  /** How old the rates may be that it is made of. */
  readonly maxAgeMs: number;
}

export const QUOTE_POLICIES: readonly QuotePolicy[] = [
  // Half a percent; ten minutes to decide; a market that has been silent for a quarter of an hour is not quoted.
  { use: 'conversion', version: 1, markupBps: 50, validMs: 10 * 60_000, maxAgeMs: 15 * 60_000 },
  // One percent; as long as the longest payment may wait, and it is used all the same when its wallet says so later.
  { use: 'wallet_payment', version: 1, markupBps: 100, validMs: 30 * 60_000, maxAgeMs: 15 * 60_000 },
];

/** The newest version. */
export const quotePolicyOf = (use: QuotePolicy['use']): QuotePolicy =>
  QUOTE_POLICIES.filter((policy) => policy.use === use).reduce((newest, policy) =>
    policy.version > newest.version ? policy : newest,
  );

/** How old the rates of a day's end may be: a long weekend. */
export const VALUATION_MAX_AGE_MS = 4 * MS_PER_DAY;

/** Rates younger than this are not asked for again. */
export const FRESH_MS = 60_000;

/** How far a source's clock may be ahead of ours. */
export const AHEAD_MS = 60_000;
