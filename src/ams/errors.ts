/** Why a command of the AMS gateway is refused. */
import type { Refusal } from '../base/result.ts';
import type { LinkRefusal } from '../checkout/index.ts';
import type { DisputeRefusal } from '../disputes/index.ts';
import type { FxRefusal } from '../fx/index.ts';
import type { JournalRefusal } from '../journal/index.ts';
import type { PartyRefusal } from '../parties/index.ts';
import type { PaymentRefusal } from '../payments/index.ts';
import type { PayoutRefusal, TransferRefusal } from '../payouts/index.ts';
import type { OrderRefusal, SettleRefusal } from '../protection/index.ts';
import type { AttachmentRefusal, RegistrationRefusal } from '../registrations/index.ts';
import type { CodeRefusal } from '../wallets/index.ts';

/** Of the operator's own commands about clients. */
export type AmsClientRefusal =
  | Refusal<
      | 'not_found'
      | 'unknown_party'
      | 'unknown_policy'
      | 'client_id_taken'
      | 'invalid_public_key'
      | 'key_version_taken'
      | 'unknown_key_version'
      | 'last_key'
    >
  | JournalRefusal;

/** Of what clients ask for. */
export type AmsRefusal =
  | Refusal<
      | 'unknown_payment'
      | 'unknown_refund'
      | 'unknown_merchant'
      | 'order_differs'
      | 'not_paid'
      | 'cancel_window_over'
      | 'canceled_before'
      | 'link_ended'
      | 'declined'
      | 'authorization_lapsed'
      | 'manual_capture_not_hosted'
      | 'balance_not_enough'
      | 'no_settlement_card'
      | 'unknown_dispute'
      | 'no_evidence'
      | 'quote_differs'
    >
  | CodeRefusal
  | PaymentRefusal
  | OrderRefusal
  | SettleRefusal
  | PayoutRefusal
  | TransferRefusal
  | FxRefusal
  | RegistrationRefusal
  | AttachmentRefusal
  | DisputeRefusal
  | LinkRefusal
  | PartyRefusal
  | JournalRefusal;
