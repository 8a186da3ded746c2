/** Why a wallet may not open a dispute, or why an answer to one is not taken; each names the rule. */
import type { Refusal } from '../../base/result.ts';
import type { JournalRefusal } from '../../journal/index.ts';

/** Rules of opening, in `facts` the policy's own number. */
export type OpenRefusal = Refusal<
  | 'unknown_payment'
  | 'not_paid'
  | 'dispute_currency'
  | 'invalid_amount'
  | 'dispute_under_way'
  | 'too_many_disputes'
  | 'dispute_window_over'
  | 'amount_exceeds_disputable'
>;

export type AnswerRefusal = Refusal<'unknown_dispute' | 'dispute_answered' | 'response_overdue' | 'partial_amount'>;

export type WalletDisputeRefusal = OpenRefusal | AnswerRefusal | JournalRefusal;
