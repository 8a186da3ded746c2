/**
 * A quote: a rate that holds for a while, for one amount, and is used once. It says what is given, what is got for it, and
 * what part of the difference to the mid rate is ours.
 *
 * Invariant: got + margin = what was given, at mid, in the target currency, so the position stands at mid once it is used.
 */
import { type Instant, msOf } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import { assertMove } from '../base/moves.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';
import { part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { QuoteUseRefusal } from './errors.ts';

export interface Quote extends StateRow {
  readonly id: Id<'qte'>;
  readonly state: keyof typeof QUOTE_MOVES;
  /** Whose it is; null where the operator's own. */
  readonly marketplace: Id<'mkt'> | null;
  readonly from: Currency;
  readonly to: Currency;
  /** Major units of `to` for one of `from`: in the middle of the market, and with the markup. */
  readonly mid: string;
  readonly rate: string;
  readonly markupBps: number;
  /** What the terms are from, `conversion@1`; null where the caller set them. */
  readonly policy: string | null;
  readonly rates: Id<'fxr'>;
  readonly source: string;
  readonly asOf: Instant;
  readonly given: Money;
  readonly got: Money;
  /** In the currency of what is got. */
  readonly margin: Money;
  readonly lockedAt: Instant;
  readonly expiresAt: Instant;
  /** What it was used for. */
  readonly usedBy: string | null;
}

/** That it has expired is a fact of time, not a move. */
export const QUOTE_MOVES = { locked: ['used'], used: [] } as const;

export const fxQuotes = stateTable<Quote>('fx_quotes', 'qte');

export const isExpired = ({ state, expiresAt }: Pick<Quote, 'state' | 'expiresAt'>, now: Instant): boolean =>
  state === 'locked' && msOf(now) >= msOf(expiresAt);

/** The part that uses the quote, of the unit whose event moves the money at its rate. Used before, then expired. */
export function usingQuote(quote: Quote, by: string, now: Instant): Result<UnitPart, QuoteUseRefusal> {
  if (quote.state === 'used')
    return refuse('quote_used', 'a quote is used once; ask for another', { pointer: '/quote' });
  if (isExpired(quote, now))
    return refuse('quote_expired', 'the quote does not hold any more; ask for another', {
      pointer: '/quote',
      facts: { expiresAt: quote.expiresAt },
    });
  return ok(quoteUsed(quote, by));
}

/**
 * The part that uses the quote by a fact: somebody else has moved the money at its rate already, so that it has expired
 * meanwhile changes nothing. Asserts that nothing else has used it.
 */
export function quoteUsed(quote: Quote, by: string): UnitPart {
  assertMove(QUOTE_MOVES, `quote ${quote.id}`, quote.state, 'used');
  const used = event('fx.quote_used', quote.id, { by });
  return part({ events: [used], writes: [update(fxQuotes, quote, { state: 'used', usedBy: by })] });
}
