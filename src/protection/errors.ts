/** Why an order command is refused. */
import type { Refusal } from '../base/result.ts';
import type { JournalRefusal } from '../journal/index.ts';
import type { VoucherUseRefusal } from '../promotions/index.ts';

export type OrderRefusal =
  | Refusal<
      | 'not_found'
      | 'illegal_move'
      | 'unknown_party'
      | 'invalid_total'
      | 'instalments_do_not_sum'
      | 'invalid_instalments'
      | 'unknown_policy'
      | 'no_rail'
      | 'duplicate_reference'
      | 'ship_by_in_the_past'
      | 'payment_in_progress'
      | 'refund_in_progress'
      | 'dispute_open'
      | 'nothing_left_to_charge'
    >
  | VoucherUseRefusal
  | JournalRefusal;
