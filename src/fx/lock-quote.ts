/**
 * Locking a quote: the price of an amount at the rates of now, on terms that hold until it expires. No money moves. Who uses it
 * merges usingQuote() into the unit that moves the money.
 */
import { addMs, type Instant } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { ok, type Result } from '../base/result.ts';
import { type CommandKey, type Decision, insert, type Outcome, part, type UnitPart } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { currentRates } from './current-rates.ts';
import type { FxDeps } from './deps.ts';
import type { FxRefusal, QuoteRefusal } from './errors.ts';
import { type QuotePolicy, quotePolicyOf } from './policies.ts';
import { type PriceRequest, priceOf } from './price.ts';
import { fxQuotes, type Quote } from './quote.ts';
import type { RateTable } from './rate-table.ts';

export interface QuoteTerms extends PriceRequest {
  readonly marketplace: Id<'mkt'> | null;
  readonly validMs: number;
  /** What the terms are from. */
  readonly policy: string | null;
  /** Who takes it at once: the quote is used from the start, and holds for its user whenever the money moves. */
  readonly takenBy?: string;
}

/** On the terms of a use. */
export async function lockQuote(
  deps: FxDeps,
  command: CommandKey | undefined,
  input: Pick<QuoteTerms, 'from' | 'to' | 'amount' | 'marketplace'> & { readonly use: QuotePolicy['use'] },
): Promise<Result<Outcome<Quote>, FxRefusal>> {
  const { use, ...asked } = input;
  const { markupBps, validMs, maxAgeMs, version } = quotePolicyOf(use);
  const rates = await currentRates(deps, maxAgeMs);
  return deps.journal.run(command, async (): Promise<Result<Decision<Quote>, FxRefusal>> => {
    if (!rates.ok) return rates;
    const at = deps.clock.now();
    const locked = lockingQuote(rates.value, { ...asked, markupBps, validMs, policy: `${use}@${version}` }, at);
    if (!locked.ok) return locked;
    const { quote } = locked.value;
    return ok({ unit: { at, ...locked.value.part, answer: quote }, value: quote });
  });
}

export interface LockedQuote {
  readonly quote: Quote;
  readonly part: UnitPart;
}

/** The part that locks it, for units that do more than that. */
export function lockingQuote(rates: RateTable, terms: QuoteTerms, at: Instant): Result<LockedQuote, QuoteRefusal> {
  const price = priceOf(rates, terms);
  if (!price.ok) return price;
  const { from, to, markupBps, policy, marketplace, validMs, takenBy } = terms;
  const quote: Quote = {
    id: newId('qte'),
    version: takenBy === undefined ? 1 : 2,
    state: takenBy === undefined ? 'locked' : 'used',
    marketplace,
    from,
    to,
    ...price.value,
    markupBps,
    policy,
    rates: rates.id,
    source: rates.source,
    asOf: rates.asOf,
    lockedAt: at,
    expiresAt: addMs(at, validMs),
    usedBy: takenBy ?? null,
  };
  const locked = event('fx.quote_locked', quote.id, { from, to, ...price.value });
  const used = takenBy === undefined ? [] : [event('fx.quote_used', quote.id, { by: takenBy })];
  return ok({ quote, part: part({ events: [locked, ...used], writes: [insert(fxQuotes, quote)] }) });
}
