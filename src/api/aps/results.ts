/**
 * What is said of an outcome on the hub's wire: result codes of APS, each with the one status it has (S done, F refused for good, U
 * ask again). One table maps every refusal to a code; a refusal without its line does not compile. What a wallet refuses goes on
 * to the acquirer as the wallet says it, and what an acquirer says of its own code to the wallet, where it is one of these.
 */
import type { MoneyRefusal } from '../../base/money.ts';
import type { Refusal } from '../../base/result.ts';
import type { HubRefusal, IssueRefusal, ScanRefusal, WalletDisputeRefusal } from '../../wallets/index.ts';
import { withoutNumbers } from '../echo.ts';
import type { WireRefusal } from '../signed-messages.ts';

/** The codes that are said, with their status. */
export const RESULT_CODES = {
  SUCCESS: 'S',
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
  ACCESS_DENIED: 'F',
  REPEAT_REQ_INCONSISTENT: 'F',
  MERCHANT_NOT_REGISTERED: 'F',
  BUSINESS_NOT_SUPPORT: 'F',
  CURRENCY_NOT_SUPPORT: 'F',
  UNAVAILABLE_PAYMENT_METHOD: 'F',
  INVALID_CODE: 'F',
  EXPIRED_CODE: 'F',
  INVALID_TOKEN: 'F',
  PAYMENT_AMOUNT_EXCEED_LIMIT: 'F',
  USER_AMOUNT_EXCEED_LIMIT: 'F',
  USER_BALANCE_NOT_ENOUGH: 'F',
  USER_STATUS_ABNORMAL: 'F',
  USER_PAYMENT_VERIFICATION_FAILED: 'F',
  USER_KYC_NOT_QUALIFIED: 'F',
  USER_CANCELED: 'F',
  RISK_REJECT: 'F',
  ORDER_NOT_EXIST: 'F',
  ORDER_IS_CLOSED: 'F',
  ORDER_IS_CANCELED: 'F',
  ORDER_STATUS_INVALID: 'F',
  ORDER_UNPAID: 'F',
  CANCEL_WINDOW_EXCEED: 'F',
  REFUND_WINDOW_EXCEED: 'F',
  REFUND_AMOUNT_EXCEED: 'F',
  DISPUTE_NOT_EXIST: 'F',
  DISPUTE_IN_PROCESS: 'F',
  DISPUTE_COUNT_EXCEED_LIMIT: 'F',
  DISPUTE_WINDOW_EXCEED: 'F',
  DISPUTE_AMOUNT_EXCEED: 'F',
  DISPUTE_ALREADY_ANSWERED: 'F',
  DISPUTE_RESPONSE_OVERDUE: 'F',
} as const;

export type ResultCode = keyof typeof RESULT_CODES;

export interface ApsResult {
  readonly resultCode: ResultCode;
  readonly resultStatus: 'S' | 'F' | 'U';
  readonly resultMessage: string;
}

type Code = (HubRefusal | WalletDisputeRefusal | ScanRefusal | IssueRefusal | WireRefusal | MoneyRefusal)['code'];

export const RESULTS: { readonly [Each in Code]: ResultCode } = {
  illegal_parameter: 'PARAM_ILLEGAL',
  unknown_client: 'INVALID_CLIENT',
  unknown_key: 'KEY_NOT_FOUND',
  wrong_signature: 'INVALID_SIGNATURE',
  unknown_api: 'INVALID_API',
  not_post: 'METHOD_NOT_SUPPORTED',
  too_often: 'REQUEST_TRAFFIC_EXCEED_LIMIT',

  idempotency_key_reused: 'REPEAT_REQ_INCONSISTENT',
  request_id_taken: 'REPEAT_REQ_INCONSISTENT',
  conflict: 'UNKNOWN_EXCEPTION',
  insufficient_balance: 'PROCESS_FAIL',
  invalid_money: 'PARAM_ILLEGAL',
  unknown_currency: 'CURRENCY_NOT_SUPPORT',
  invalid_amount: 'PARAM_ILLEGAL',
  amount_differs: 'PARAM_ILLEGAL',

  access_denied: 'ACCESS_DENIED',
  settlement_currency: 'CURRENCY_NOT_SUPPORT',
  rate_unavailable: 'CURRENCY_NOT_SUPPORT',
  same_currency: 'CURRENCY_NOT_SUPPORT',
  wrong_currency: 'CURRENCY_NOT_SUPPORT',
  payment_expired: 'ORDER_IS_CLOSED',
  invalid_code: 'INVALID_CODE',
  code_used: 'INVALID_CODE',
  paid_by_another: 'REPEAT_REQ_INCONSISTENT',
  payment_in_progress: 'PAYMENT_IN_PROCESS',
  expired_code: 'EXPIRED_CODE',
  order_closed: 'ORDER_IS_CLOSED',
  wallet_unavailable: 'UNAVAILABLE_PAYMENT_METHOD',
  mode_not_offered: 'BUSINESS_NOT_SUPPORT',
  market_not_covered: 'BUSINESS_NOT_SUPPORT',
  payment_limit: 'PAYMENT_AMOUNT_EXCEED_LIMIT',
  person_limit: 'USER_AMOUNT_EXCEED_LIMIT',

  unknown_payment: 'ORDER_NOT_EXIST',
  not_paid: 'ORDER_UNPAID',
  payment_canceled: 'ORDER_IS_CANCELED',
  cancel_window_over: 'CANCEL_WINDOW_EXCEED',
  refunded_already: 'ORDER_STATUS_INVALID',
  refund_window_over: 'REFUND_WINDOW_EXCEED',
  refund_currency: 'CURRENCY_NOT_SUPPORT',
  amount_exceeds_refundable: 'REFUND_AMOUNT_EXCEED',

  unknown_dispute: 'DISPUTE_NOT_EXIST',
  dispute_under_way: 'DISPUTE_IN_PROCESS',
  too_many_disputes: 'DISPUTE_COUNT_EXCEED_LIMIT',
  dispute_window_over: 'DISPUTE_WINDOW_EXCEED',
  dispute_currency: 'CURRENCY_NOT_SUPPORT',
  amount_exceeds_disputable: 'DISPUTE_AMOUNT_EXCEED',
  partial_amount: 'PARAM_ILLEGAL',
  dispute_answered: 'DISPUTE_ALREADY_ANSWERED',
  response_overdue: 'DISPUTE_RESPONSE_OVERDUE',

  acquirer_suspended: 'BUSINESS_NOT_SUPPORT',
  acquirer_refused: 'INVALID_CODE',
  acquirer_silent: 'UNKNOWN_EXCEPTION',
  country_not_served: 'BUSINESS_NOT_SUPPORT',
  unknown_shop: 'MERCHANT_NOT_REGISTERED',
  code_not_allowed: 'PARAM_ILLEGAL',
  code_taken: 'REPEAT_REQ_INCONSISTENT',
  not_found: 'ORDER_NOT_EXIST',
  illegal_move: 'ORDER_STATUS_INVALID',
};

export const resultOf = (resultCode: ResultCode, message: string): ApsResult => ({
  resultCode,
  resultStatus: RESULT_CODES[resultCode],
  resultMessage: withoutNumbers(message).slice(0, 256),
});

export const SUCCESS = resultOf('SUCCESS', 'success.');

export function resultOfRefusal({ code, detail, pointer, facts }: Refusal): ApsResult {
  const word = code === 'acquirer_refused' ? refusalNamed(facts?.code) : null;
  const said = word ?? RESULTS[code as Code] ?? 'UNKNOWN_EXCEPTION';
  return resultOf(said, pointer === undefined ? detail : `${pointer.slice(1).replaceAll('/', '.')}: ${detail}`);
}

/** A wallet's own word; one that nobody knows here is a plain failure, with the wallet's message. */
export function resultOfFailure({ code, message }: { readonly code: string; readonly message: string }): ApsResult {
  return resultOf(refusalNamed(code) ?? 'PROCESS_FAIL', message === '' ? code : message);
}

/** A participant's word, where it is a refusal of this protocol. */
function refusalNamed(code: unknown): ResultCode | null {
  const known = typeof code === 'string' && Object.hasOwn(RESULT_CODES, code) ? (code as ResultCode) : null;
  return known !== null && RESULT_CODES[known] === 'F' ? known : null;
}
