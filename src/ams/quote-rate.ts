/**
 * The rate at which a wallet would pay an order, locked for a client. A quote here is for one major unit of the order's currency: what the
 * order comes to is not known yet. Who pays at it gets its own amount priced by the same table of rates (charge-wallet.ts).
 */
import { type Currency, exponentOf } from '../base/currency.ts';
import { money } from '../base/money.ts';
import { ok, type Result } from '../base/result.ts';
import { chainedRate, lockQuote, type Quote } from '../fx/index.ts';
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

/** Refused where both are one currency, or there is no rate young enough. */
export async function quoteRate(
  { fx }: Pick<AmsDeps, 'fx'>,
  { marketplace }: AmsClient,
  { sell, buy }: RatePair,
): Promise<Result<LockedRate, AmsRefusal>> {
  const amount = money(10n ** BigInt(exponentOf(buy)), buy);
  const locked = await lockQuote(fx, undefined, { from: sell, to: buy, amount, marketplace, use: 'wallet_order' });
  if (!locked.ok) return locked;
  if (locked.value.kind === 'repeated') throw new Error('a quote without a key is no repeat');
  const quote = locked.value.value;
  return ok({ quote, rate: chainedRate('1', quote.rate) });
}
