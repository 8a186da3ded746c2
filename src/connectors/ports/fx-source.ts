/**
 * What the platform asks of a source of exchange rates: the mid rates of one moment, all against one base currency, so that
 * the rate of any pair is a quotient of two of them. Rates are decimal texts; nobody makes floats of them.
 */
import type { Instant } from '../../base/clock.ts';
import type { Currency } from '../../base/currency.ts';

export interface MidRates {
  /** Who says so, as the source names itself. */
  readonly source: string;
  readonly base: Currency;
  /** The moment they were true at, by the source's word. */
  readonly asOf: Instant;
  /** Major units of each currency for one major unit of the base, as decimal text above zero; the base's own is "1". */
  readonly perBase: Readonly<Partial<Record<Currency, string>>>;
}

export interface FxSource {
  /**
   * The newest rates there are.
   * @throws NetworkFault when the source does not answer, or not in words that can be read.
   */
  fetchRates(): Promise<MidRates>;
}
