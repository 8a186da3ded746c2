/** Why a command of exchange is refused. */
import type { Refusal } from '../base/result.ts';
import type { JournalRefusal } from '../journal/index.ts';

export type RateRefusal = Refusal<'rate_unavailable'>;
export type QuoteRefusal = RateRefusal | Refusal<'invalid_amount' | 'same_currency'>;
export type QuoteUseRefusal = Refusal<'quote_expired' | 'quote_used'>;
export type DealRefusal = Refusal<'invalid_amount' | 'same_currency' | 'duplicate_reference'>;
export type DealLineRefusal = Refusal<'illegal_move' | 'amount_differs'>;

export type FxRefusal = QuoteRefusal | QuoteUseRefusal | DealRefusal | DealLineRefusal | JournalRefusal;
