/**
 * The rate a wallet may show before anybody pays: what a payment would be priced at now, our markup in it. It binds nobody: nothing is
 * locked, and the rate of a payment is fixed when its code is scanned.
 */
import { addMs, type Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { newId } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import {
  chainedRate,
  currentRates,
  type FxDeps,
  lessBps,
  midOf,
  quotePolicyOf,
  type RateRefusal,
} from '../fx/index.ts';

export interface IndicativeRate {
  /** Names what was shown, and nothing that is kept. */
  readonly id: string;
  /** Major units of what is sold, the wallet's, for one of what is bought. */
  readonly rate: string;
  readonly from: Instant;
  readonly until: Instant;
}

/** Refused when there is no rate young enough. */
export async function indicativeRate(
  fx: FxDeps,
  { sell, buy }: { readonly sell: Currency; readonly buy: Currency },
): Promise<Result<IndicativeRate, RateRefusal>> {
  const { markupBps, validMs, maxAgeMs } = quotePolicyOf('wallet_payment');
  const from = fx.clock.now();
  const shown = { id: newId('qte'), from, until: addMs(from, validMs) };
  if (sell === buy) return ok({ ...shown, rate: '1' });
  const rates = await currentRates(fx, maxAgeMs);
  if (!rates.ok) return rates;
  const mid = midOf(rates.value, sell, buy);
  if (mid === null) return refuse('rate_unavailable', `the source has no rate of ${sell} in ${buy}`);
  return ok({ ...shown, rate: chainedRate('1', lessBps(mid, markupBps)) });
}
