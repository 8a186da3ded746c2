/** Why the hub does not take a code, or does not give one. `detail` says which rule, for whoever holds the code. */
import type { Refusal } from '../../base/result.ts';
import type { JournalRefusal } from '../../journal/index.ts';

/** What is wrong with a code that somebody shows or has scanned. */
export type CodeRefusal = Refusal<'invalid_code' | 'code_used' | 'expired_code' | 'order_closed'>;

/**
 * What else ends a scan. `acquirer_refused`: the acquirer's own code and words are in the facts. `payment_in_progress`: another payment of
 * the order is under way; scan again later.
 */
export type ScanRefusal =
  | CodeRefusal
  | Refusal<
      | 'mode_not_offered'
      | 'acquirer_suspended'
      | 'paid_by_another'
      | 'payment_in_progress'
      | 'request_id_taken'
      | 'wrong_currency'
      | 'invalid_amount'
      | 'acquirer_refused'
      | 'acquirer_silent'
    >
  | JournalRefusal;

/** Why a code is not made, or a shop not registered. */
export type IssueRefusal =
  | Refusal<
      | 'mode_not_offered'
      | 'country_not_served'
      | 'unknown_shop'
      | 'code_not_allowed'
      | 'code_taken'
      | 'not_found'
      | 'illegal_move'
    >
  | JournalRefusal;
