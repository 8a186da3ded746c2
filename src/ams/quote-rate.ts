/**
 * The rate at which a wallet would pay an order, locked for a client. A quote here is for one major unit of the order's currency: what the
 * order comes to is not known yet. Who pays at it gets its own amount priced by the same table of rates (charge-wallet.ts).
 */

import type { Instant } from '../base/clock.ts';
import { type Currency, exponentOf } from '../base/currency.ts';
import { type Money, money } from '../base/money.ts';
import { ok, type Result } from '../base/result.ts';
import { chainedRate, currentRates, lockQuote, priceOf, type Quote, quotePolicyOf } from '../fx/index.ts';
import type { AmsDeps } from './deps.ts';
import type { AmsRefusal } from './errors.ts';
import type { AmsClient } from './rows.ts';

export interface RatePair {
  /** What the wallet's user gives. */
  readonly sell: Currency;
  /** What the order is in. */
  readonly buy: Currency;
}

export interface LockedRate {
  readonly quote: Quote;
  /** Major units of what is sold for one of what is bought, everything in it. */
  readonly rate: string;
}

const oneMajorUnit = (currency: Currency): Money => money(10n ** BigInt(exponentOf(currency)), currency);

/** Refused where both are one currency, or there is no rate young enough. */
export async function quoteRate(
  { fx }: Pick<AmsDeps, 'fx'>,
  { marketplace }: AmsClient,
  { sell, buy }: RatePair,
): Promise<Result<LockedRate, AmsRefusal>> {
  const amount = oneMajorUnit(buy);
  const locked = await lockQuote(fx, undefined, { from: sell, to: buy, amount, marketplace, use: 'wallet_order' });
  if (!locked.ok) return locked;
  if (locked.value.kind === 'repeated') throw new Error('a quote without a key is no repeat');
  const quote = locked.value.value;
  return ok({ quote, rate: chainedRate('1', quote.rate) });
}

export interface ReferenceRate extends RatePair {
  /** As a locked one is made. */
  readonly rate: string;
  /** When the market was so. */
  readonly asOf: Instant;
}

/** What it would be now, for nobody to rely on. Refused as a locked one is. */
export async function referenceRate(
  { fx }: Pick<AmsDeps, 'fx'>,
  { sell, buy }: RatePair,
): Promise<Result<ReferenceRate, AmsRefusal>> {
  const { markupBps, maxAgeMs } = quotePolicyOf('wallet_order');
  const rates = await currentRates(fx, maxAgeMs);
  if (!rates.ok) return rates;
  const price = priceOf(rates.value, { from: sell, to: buy, amount: oneMajorUnit(buy), markupBps });
  return price.ok ? ok({ sell, buy, rate: chainedRate('1', price.value.rate), asOf: rates.value.asOf }) : price;
}
