/**
 * What is said of an outcome: result codes of AMS, each with the one status it has (S done, F never, U ask again). One table
 * maps every refusal of the core and of this layer to a code; a refusal without its line does not compile. A decline of an
 * issuer is told by what it means. results.test.ts holds the codes to the documented list, both ways.
 */
import type { AmsRefusal } from '../../ams/index.ts';
import type { MoneyRefusal } from '../../base/money.ts';
import type { Refusal } from '../../base/result.ts';
import { withoutNumbers } from '../echo.ts';
import type { WireRefusal } from '../signed-messages.ts';

/** The codes that are said, with their status. */
export const RESULT_CODES = {
  SUCCESS: 'S',
  PROCESSING: 'U',
  PAYMENT_IN_PROCESS: 'U',
  REFUND_IN_PROCESS: 'U',
  UNKNOWN_EXCEPTION: 'U',
  REQUEST_TRAFFIC_EXCEED_LIMIT: 'U',
  PARAM_ILLEGAL: 'F',
  PROCESS_FAIL: 'F',
  INVALID_API: 'F',
  METHOD_NOT_SUPPORTED: 'F',
  INVALID_CLIENT: 'F',
  INVALID_SIGNATURE: 'F',
  KEY_NOT_FOUND: 'F',
  REPEAT_REQ_INCONSISTENT: 'F',
  MERCHANT_NOT_REGISTERED: 'F',
  BUSINESS_NOT_SUPPORT: 'F',
  CURRENCY_NOT_SUPPORT: 'F',
  NO_PAY_OPTIONS: 'F',
  UNAVAILABLE_PAYMENT_METHOD: 'F',
  INVALID_TOKEN: 'F',
  PAYMENT_AMOUNT_EXCEED_LIMIT: 'F',
  PAYMENT_COUNT_EXCEED_LIMIT: 'F',
  USER_BALANCE_NOT_ENOUGH: 'F',
  USER_PAYMENT_VERIFICATION_FAILED: 'F',
  FRAUD_REJECT: 'F',
  AUTHENTICATION_REQUIRED: 'F',
  CARD_EXPIRED: 'F',
  INVALID_CVV: 'F',
  INVALID_CARD: 'F',
  DO_NOT_HONOR: 'F',
  ISSUER_REJECTS_TRANSACTION: 'F',
  ORDER_NOT_EXIST: 'F',
  ORDER_IS_CLOSED: 'F',
  ORDER_IS_CANCELED: 'F',
  ORDER_STATUS_INVALID: 'F',
  ORDER_UNPAID: 'F',
  CANCEL_WINDOW_EXCEED: 'F',
  REFUND_AMOUNT_EXCEED: 'F',
  MERCHANT_BALANCE_NOT_ENOUGH: 'F',
  BALANCE_NOT_ENOUGH: 'F',
  CONTRACT_CHECK_FAIL: 'F',
  USER_ACCOUNT_ABNORMAL: 'F',
  REGISTRATION_UNDER_REVIEW: 'F',
  REPEAT_REGISTRATION: 'F',
  REFUND_NOT_EXIST: 'F',
  CAPTURE_AMOUNT_EXCEED: 'F',
  AUTHORIZATION_EXPIRED: 'F',
  EXPIRED_CODE: 'F',
  INVALID_CODE: 'F',
  INVALID_PAYMENT_CODE: 'F',
  INVALID_ACCESS_TOKEN: 'F',
  REGULATION_RESTRICTION: 'F',
  USER_AMOUNT_EXCEED_LIMIT: 'F',
  USER_KYC_NOT_QUALIFIED: 'F',
  USER_NOT_EXIST: 'F',
  USER_STATUS_ABNORMAL: 'F',
  USER_CANCELED: 'F',
} as const;

export type ResultCode = keyof typeof RESULT_CODES;

export interface AmsResult {
  readonly resultCode: ResultCode;
  readonly resultStatus: 'S' | 'F' | 'U';
  readonly resultMessage: string;
}

/** What this layer itself refuses. */
export type GatewayRefusal =
  | WireRefusal
  | Refusal<'unsupported_product' | 'unsupported_method' | 'no_options' | 'authorization_refused'>;

type Code = AmsRefusal['code'] | GatewayRefusal['code'] | MoneyRefusal['code'];

export const RESULTS: { readonly [Each in Code]: ResultCode } = {
  illegal_parameter: 'PARAM_ILLEGAL',
  unknown_client: 'INVALID_CLIENT',
  unknown_key: 'KEY_NOT_FOUND',
  wrong_signature: 'INVALID_SIGNATURE',
  unknown_api: 'INVALID_API',
  not_post: 'METHOD_NOT_SUPPORTED',
  too_often: 'REQUEST_TRAFFIC_EXCEED_LIMIT',
  unsupported_product: 'BUSINESS_NOT_SUPPORT',
  unsupported_method: 'UNAVAILABLE_PAYMENT_METHOD',
  no_options: 'NO_PAY_OPTIONS',

  idempotency_key_reused: 'REPEAT_REQ_INCONSISTENT',
  conflict: 'UNKNOWN_EXCEPTION',
  insufficient_balance: 'MERCHANT_BALANCE_NOT_ENOUGH',
  invalid_money: 'PARAM_ILLEGAL',
  unknown_currency: 'CURRENCY_NOT_SUPPORT',

  unknown_payment: 'ORDER_NOT_EXIST',
  unknown_refund: 'REFUND_NOT_EXIST',
  unknown_merchant: 'MERCHANT_NOT_REGISTERED',
  order_differs: 'PARAM_ILLEGAL',
  not_paid: 'ORDER_UNPAID',
  cancel_window_over: 'CANCEL_WINDOW_EXCEED',
  canceled_before: 'ORDER_IS_CANCELED',
  link_ended: 'ORDER_IS_CLOSED',
  declined: 'ISSUER_REJECTS_TRANSACTION',
  authorization_lapsed: 'AUTHORIZATION_EXPIRED',
  manual_capture_not_hosted: 'BUSINESS_NOT_SUPPORT',

  balance_not_enough: 'BALANCE_NOT_ENOUGH',
  no_settlement_card: 'CONTRACT_CHECK_FAIL',
  unknown_dispute: 'ORDER_NOT_EXIST',
  no_evidence: 'PROCESS_FAIL',
  too_early: 'ORDER_STATUS_INVALID',
  split_does_not_sum: 'PARAM_ILLEGAL',
  refund_source_differs: 'PARAM_ILLEGAL',
  debt_open: 'BALANCE_NOT_ENOUGH',
  payouts_blocked: 'USER_ACCOUNT_ABNORMAL',
  nothing_to_pay_out: 'BALANCE_NOT_ENOUGH',
  same_party: 'PARAM_ILLEGAL',
  same_currency: 'PARAM_ILLEGAL',
  rate_unavailable: 'CURRENCY_NOT_SUPPORT',
  unknown_quote: 'PROCESS_FAIL',
  quote_expired: 'PROCESS_FAIL',
  quote_used: 'PROCESS_FAIL',
  amount_differs: 'PROCESS_FAIL',
  registration_under_review: 'REGISTRATION_UNDER_REVIEW',
  already_registered: 'REPEAT_REGISTRATION',
  login_taken: 'PARAM_ILLEGAL',
  unknown_attachment: 'PARAM_ILLEGAL',
  invalid_attachment: 'PARAM_ILLEGAL',
  no_payable_account: 'CONTRACT_CHECK_FAIL',
  already_answered: 'ORDER_STATUS_INVALID',
  response_overdue: 'ORDER_STATUS_INVALID',
  partial_not_offered: 'BUSINESS_NOT_SUPPORT',
  evidence_missing: 'PARAM_ILLEGAL',
  too_much_evidence: 'PARAM_ILLEGAL',
  invalid_document: 'PARAM_ILLEGAL',

  not_found: 'ORDER_NOT_EXIST',
  illegal_move: 'ORDER_STATUS_INVALID',
  operation_in_progress: 'PAYMENT_IN_PROCESS',
  payment_in_progress: 'PAYMENT_IN_PROCESS',
  refund_in_progress: 'REFUND_IN_PROCESS',
  operation_closed: 'UNKNOWN_EXCEPTION',
  unknown_token: 'INVALID_TOKEN',
  card_expired: 'CARD_EXPIRED',
  cardholder_required: 'AUTHENTICATION_REQUIRED',
  too_many_declines: 'PAYMENT_COUNT_EXCEED_LIMIT',
  no_route: 'NO_PAY_OPTIONS',
  invalid_amount: 'PARAM_ILLEGAL',
  amount_exceeds_refundable: 'REFUND_AMOUNT_EXCEED',
  amount_exceeds_capture: 'REFUND_AMOUNT_EXCEED',
  amount_exceeds_authorized: 'CAPTURE_AMOUNT_EXCEED',
  amount_is_final: 'ORDER_STATUS_INVALID',
  nothing_left_to_charge: 'ORDER_STATUS_INVALID',
  instalment_not_due: 'ORDER_STATUS_INVALID',
  unknown_instalment: 'ORDER_STATUS_INVALID',
  instalment_paid: 'ORDER_STATUS_INVALID',
  dispute_open: 'ORDER_STATUS_INVALID',
  no_rail: 'CURRENCY_NOT_SUPPORT',
  invalid_total: 'PARAM_ILLEGAL',
  invalid_return_url: 'PARAM_ILLEGAL',
  invalid_country: 'PARAM_ILLEGAL',
  // The rest is of the client's own set-up, or of agreements and vouchers, which nothing here makes or applies.
  unknown_voucher: 'PROCESS_FAIL',
  voucher_currency: 'PROCESS_FAIL',
  voucher_expired: 'PROCESS_FAIL',
  voucher_in_use: 'PROCESS_FAIL',
  voucher_not_theirs: 'PROCESS_FAIL',
  duplicate_reference: 'PROCESS_FAIL',
  unknown_party: 'PROCESS_FAIL',
  unknown_policy: 'PROCESS_FAIL',
  unknown_account: 'PROCESS_FAIL',
  unknown_scope: 'PROCESS_FAIL',
  instalments_do_not_sum: 'PROCESS_FAIL',
  invalid_instalments: 'PROCESS_FAIL',
  ship_by_in_the_past: 'PROCESS_FAIL',
  invalid_fee_plan: 'PROCESS_FAIL',
  invalid_routing_number: 'PROCESS_FAIL',
  invalid_account_number: 'PROCESS_FAIL',
  invalid_holder_name: 'PROCESS_FAIL',
  unknown_agreement: 'INVALID_ACCESS_TOKEN',
  agreement_not_active: 'INVALID_ACCESS_TOKEN',
  agreement_does_not_cover: 'INVALID_ACCESS_TOKEN',
  agreement_currency: 'PROCESS_FAIL',
  amount_exceeds_agreement: 'PROCESS_FAIL',
  first_use_unknown: 'PROCESS_FAIL',
  first_use_not_authenticated: 'PROCESS_FAIL',
  unknown_wallet: 'UNAVAILABLE_PAYMENT_METHOD',
  wallet_not_offered: 'UNAVAILABLE_PAYMENT_METHOD',
  wallet_limit: 'PAYMENT_AMOUNT_EXCEED_LIMIT',
  invalid_expiry: 'PARAM_ILLEGAL',
  invalid_code: 'INVALID_PAYMENT_CODE',
  code_used: 'INVALID_PAYMENT_CODE',
  expired_code: 'EXPIRED_CODE',
  order_closed: 'ORDER_IS_CLOSED',
  quote_differs: 'PARAM_ILLEGAL',
  authorization_refused: 'INVALID_CODE',
};

export const resultOf = (resultCode: ResultCode, message: string): AmsResult => ({
  resultCode,
  resultStatus: RESULT_CODES[resultCode],
  resultMessage: withoutNumbers(message).slice(0, 256),
});

export const SUCCESS = resultOf('SUCCESS', 'success.');

export function resultOfRefusal(refusal: Refusal): AmsResult {
  const { code, detail, pointer } = refusal;
  const said = code === 'declined' ? declineCode(refusal) : (RESULTS[code as Code] ?? 'UNKNOWN_EXCEPTION');
  return resultOf(said, pointer === undefined ? detail : `${pointer.slice(1).replaceAll('/', '.')}: ${detail}`);
}

/** Our own declines and the words of networks that mean one thing everywhere; of the rest, what may be done about it. */
const DECLINES: Readonly<Record<string, ResultCode>> = {
  authentication_failed: 'USER_PAYMENT_VERIFICATION_FAILED',
  cvv_mismatch: 'INVALID_CVV',
  address_mismatch: 'FRAUD_REJECT',
  DO_NOT_HONOR: 'DO_NOT_HONOR',
  INSUFFICIENT_FUNDS: 'USER_BALANCE_NOT_ENOUGH',
  CARD_EXPIRED: 'CARD_EXPIRED',
  EXPIRED_CARD: 'CARD_EXPIRED',
};

/** What wallets say: documented codes, nearly all of them also of this API; the hub has two words for what is a code or a token. */
export const WALLET_WORDS: Readonly<Record<string, ResultCode>> = {
  INVALID_CODE: 'INVALID_PAYMENT_CODE',
  EXPIRED_CODE: 'EXPIRED_CODE',
  INVALID_TOKEN: 'INVALID_ACCESS_TOKEN',
  ORDER_IS_CLOSED: 'ORDER_IS_CLOSED',
  PAYMENT_AMOUNT_EXCEED_LIMIT: 'PAYMENT_AMOUNT_EXCEED_LIMIT',
  USER_AMOUNT_EXCEED_LIMIT: 'USER_AMOUNT_EXCEED_LIMIT',
  USER_BALANCE_NOT_ENOUGH: 'USER_BALANCE_NOT_ENOUGH',
  USER_PAYMENT_VERIFICATION_FAILED: 'USER_PAYMENT_VERIFICATION_FAILED',
  USER_STATUS_ABNORMAL: 'USER_STATUS_ABNORMAL',
  USER_NOT_EXIST: 'USER_NOT_EXIST',
  USER_KYC_NOT_QUALIFIED: 'USER_KYC_NOT_QUALIFIED',
  USER_CANCELED: 'USER_CANCELED',
  REGULATION_RESTRICTION: 'REGULATION_RESTRICTION',
  BUSINESS_NOT_SUPPORT: 'BUSINESS_NOT_SUPPORT',
  CANCEL_WINDOW_EXCEED: 'CANCEL_WINDOW_EXCEED',
};

function declineCode({ facts }: Refusal): ResultCode {
  const said = String(facts?.code ?? '');
  if (facts?.byWallet === true) return WALLET_WORDS[said] ?? 'PROCESS_FAIL';
  const known = DECLINES[said];
  if (known !== undefined) return known;
  switch (facts?.class) {
    case 'authenticate':
      return 'AUTHENTICATION_REQUIRED';
    case 'hard':
      return 'INVALID_CARD';
    case 'soft':
      return 'DO_NOT_HONOR';
    default:
      return RESULTS.declined;
  }
}
