/** Why a payment command is refused. */
import type { Refusal } from '../base/result.ts';
import type { QuoteRefusal } from '../fx/index.ts';
import type { JournalRefusal } from '../journal/index.ts';
import type { OwnerRefusal } from './ports.ts';

export type PaymentRefusal =
  | Refusal<
      | 'not_found'
      | 'illegal_move'
      | 'operation_in_progress'
      | 'unknown_token'
      | 'unknown_agreement'
      | 'agreement_not_active'
      | 'agreement_does_not_cover'
      | 'agreement_currency'
      | 'amount_exceeds_agreement'
      | 'first_use_unknown'
      | 'first_use_not_authenticated'
      | 'card_expired'
      | 'nothing_left_to_charge'
      | 'too_many_declines'
      | 'no_route'
      | 'amount_exceeds_refundable'
      | 'amount_exceeds_capture'
      | 'amount_exceeds_authorized'
      | 'amount_is_final'
      | 'cardholder_required'
      | 'invalid_amount'
      | 'operation_closed'
      | 'unknown_wallet'
      | 'wallet_not_offered'
      | 'wallet_limit'
      | 'cancel_window_over'
      | 'invalid_expiry'
    >
  | OwnerRefusal
  | QuoteRefusal
  | JournalRefusal;
