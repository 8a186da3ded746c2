/** The rows of the acquirer's tables (schema.ts). */
import type { Currency } from '../../src/base/currency.ts';

export interface PaymentRow {
  readonly id: string;
  readonly request_id: string;
  readonly currency: Currency;
  /** The total that is authorized now. */
  readonly amount: bigint;
  /** What was approved first; null as long as nothing but the amount is known (files of the first version). */
  readonly first_amount: bigint | null;
  /** What the merchant asked for: more than was approved after a partial approval. */
  readonly requested: bigint | null;
  readonly capture_method: 'NOW' | 'DELAYED' | 'MANUAL';
  readonly state: 'AUTHORIZED' | 'CLOSED' | 'VOIDED' | 'DECLINED';
  readonly authorized_open: bigint;
  readonly captured: bigint;
  readonly refunded: bigint;
  readonly response_code: string;
  readonly response_message: string;
  readonly host_message: string;
  readonly network_code: string;
  readonly card_type: string;
  readonly card_type_name: string;
  readonly masked: string;
  /** YYYY-MM. */
  readonly expiry: string;
  readonly cvv_result: string;
  readonly avs_result: string;
  readonly order_number: string;
  readonly descriptor: string;
  /** The merchant object of the request, as JSON: echoed in answers. */
  readonly merchant: string;
  /** Use of a kept card, as JSON (stored-credential.ts). */
  readonly credential: string;
  /** The proof of authentication that came with the request, as JSON (authentication-proof.ts). */
  readonly proof: string;
  readonly approval_code: string;
  readonly host_reference: string;
  readonly network_transaction: string;
  readonly created_ms: bigint;
  readonly expires_ms: bigint;
  /** When the acquirer captures by itself (DELAYED); null when it does not or no longer will. */
  readonly capture_due_ms: bigint | null;
  /** The payment that this one reauthorized. */
  readonly replaces: string | null;
}

export type OperationKind = 'sale' | 'capture' | 'refund';

export interface OperationRow {
  readonly seq: bigint;
  readonly id: string;
  readonly kind: OperationKind;
  readonly payment_id: string;
  readonly request_id: string;
  readonly currency: Currency;
  readonly amount: bigint;
  readonly status: 'CLOSED' | 'DENIED';
  readonly response_code: string;
  readonly response_message: string;
  readonly order_number: string;
  /** Of a refund that names one of several captures. */
  readonly capture_id: string | null;
  readonly interchange: bigint;
  readonly assessment: bigint;
  readonly processing: bigint;
  readonly created_ms: bigint;
  readonly batch_id: string | null;
}

export type ChangeKind = 'void' | 'increment' | 'reverse' | 'reauthorize' | 'capture_and_reverse';

/** One PATCH of a payment. */
export interface ChangeRow {
  readonly seq: bigint;
  readonly kind: ChangeKind;
  readonly payment_id: string;
  readonly request_id: string;
  /** The total asked for. */
  readonly amount: bigint;
  readonly status: 'APPROVED' | 'DENIED';
  readonly response_code: string;
  readonly response_message: string;
  readonly created_ms: bigint;
}

export interface VerificationRow {
  readonly id: string;
  readonly request_id: string;
  readonly currency: Currency;
  readonly approved: bigint;
  readonly response_code: string;
  readonly response_message: string;
  readonly host_message: string;
  readonly network_code: string;
  readonly card_type: string;
  readonly card_type_name: string;
  readonly masked: string;
  readonly cvv_result: string;
  readonly avs_result: string;
  readonly order_number: string;
  readonly merchant: string;
  readonly credential: string;
  readonly proof: string;
  readonly host_reference: string;
  readonly network_transaction: string;
  readonly created_ms: bigint;
}

export interface AuthenticationRow {
  readonly id: string;
  readonly request_id: string;
  readonly amount: bigint;
  readonly currency: Currency;
  readonly card_type: string;
  readonly masked: string;
  readonly return_url: string;
  readonly ds_transaction: string;
  readonly status: 'Y' | 'A' | 'N' | 'R' | 'U' | 'C';
  readonly reason: string | null;
  readonly cryptogram: string | null;
  /** What the browser brings to the issuer's page; null without a challenge. */
  readonly challenge: string | null;
  readonly wrong_codes: bigint;
  readonly created_ms: bigint;
  readonly created_wall_ms: bigint;
}

export interface BatchRow {
  readonly seq: bigint;
  /** Fund transfer identifier: eleven digits. */
  readonly id: string;
  readonly day: string;
  readonly currency: Currency;
  readonly net: bigint;
  readonly kind: 'deposit' | 'fees';
  readonly effective_ms: bigint;
  /** What the bank was told to move; fixed before it is told. */
  readonly pay: bigint | null;
  readonly paid_ms: bigint | null;
  readonly next_try_ms: bigint | null;
  readonly attempts: bigint;
}
