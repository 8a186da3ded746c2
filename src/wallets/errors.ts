/** Why a command of the hub is refused. */
import type { Refusal } from '../base/result.ts';
import type { QuoteRefusal } from '../fx/index.ts';
import type { JournalRefusal } from '../journal/index.ts';
import type { CodeRefusal } from './hub-codes/errors.ts';

/** Of the wallet that shall pay. */
export type RouteRefusal = Refusal<'wallet_unavailable' | 'mode_not_offered' | 'market_not_covered'>;

/** Names who set the limit, in `facts.setBy`. */
export type LimitRefusal = Refusal<'payment_limit' | 'person_limit'>;

export type HubRefusal =
  | Refusal<
      | 'unknown_payment'
      | 'access_denied'
      | 'settlement_currency'
      | 'payment_expired'
      | 'request_id_taken'
      | 'cancel_window_over'
      | 'refunded_already'
      | 'not_paid'
      | 'payment_canceled'
      | 'refund_window_over'
      | 'refund_currency'
      | 'amount_exceeds_refundable'
      | 'amount_differs'
    >
  | CodeRefusal
  | RouteRefusal
  | LimitRefusal
  | QuoteRefusal
  | JournalRefusal;
