/** Why a checkout command is refused. */
import type { Refusal } from '../base/result.ts';
import type { JournalRefusal } from '../journal/index.ts';
import type { PaymentRefusal } from '../payments/index.ts';

export type LinkRefusal =
  | Refusal<'not_found' | 'illegal_move' | 'unknown_instalment' | 'instalment_paid' | 'invalid_return_url'>
  | JournalRefusal;

export type CheckoutRefusal =
  | Refusal<
      | 'not_found'
      | 'link_revoked'
      | 'link_expired'
      | 'too_many_attempts'
      | 'instalment_paid'
      | 'instalment_not_due'
      | 'illegal_move'
      | 'payment_in_progress'
      | 'conflict'
    >
  | PaymentRefusal;
