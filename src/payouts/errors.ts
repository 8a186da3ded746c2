/** Why a payout command is refused. */
import type { Refusal } from '../base/result.ts';
import type { QuoteUseRefusal } from '../fx/index.ts';
import type { JournalRefusal } from '../journal/index.ts';

export type PayoutRefusal =
  | Refusal<
      | 'not_found'
      | 'unknown_party'
      | 'invalid_amount'
      | 'payouts_blocked'
      | 'nothing_to_pay_out'
      | 'no_rail'
      | 'illegal_move'
      | 'dispute_open'
      | 'debt_open'
    >
  | JournalRefusal;

/** Why a transfer between balances is refused. */
export type TransferRefusal = Refusal<'same_party' | 'invalid_amount'> | ConversionRefusal;

/** Why a conversion of a balance is refused. */
export type ConversionRefusal =
  | Refusal<'unknown_party' | 'unknown_quote' | 'dispute_open' | 'debt_open'>
  | QuoteUseRefusal
  | JournalRefusal;
