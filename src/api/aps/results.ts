/**
 * What the hub says of an outcome: result codes of Alipay+, each with its one status (S done, F never, U ask again). One table maps every
 * refusal of the hub to its code; a refusal without its line does not compile. What an acquirer says of its own code is told on
 * in its words, as long as they are words of this protocol.
 */
import type { MoneyRefusal } from '../../base/money.ts';
import type { Refusal } from '../../base/result.ts';
import type { HubRefusal, IssueRefusal, ScanRefusal } from '../../wallets/index.ts';
import { withoutNumbers } from '../echo.ts';

export const APS_CODES = {
  SUCCESS: 'S',
  PAYMENT_IN_PROCESS: 'U',
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
  BUSINESS_NOT_SUPPORT: 'F',
  CURRENCY_NOT_SUPPORT: 'F',
  UNAVAILABLE_PAYMENT_METHOD: 'F',
  MERCHANT_NOT_REGISTERED: 'F',
  INVALID_CODE: 'F',
  EXPIRED_CODE: 'F',
  PAYMENT_AMOUNT_EXCEED_LIMIT: 'F',
  USER_AMOUNT_EXCEED_LIMIT: 'F',
  ORDER_NOT_EXIST: 'F',
  ORDER_IS_CLOSED: 'F',
  ORDER_IS_CANCELED: 'F',
  ORDER_STATUS_INVALID: 'F',
  ORDER_UNPAID: 'F',
  CANCEL_WINDOW_EXCEED: 'F',
  REFUND_WINDOW_EXCEED: 'F',
  REFUND_AMOUNT_EXCEED: 'F',
} as const;

export type ApsCode = keyof typeof APS_CODES;

export interface ApsResult {
  readonly resultCode: ApsCode;
  readonly resultStatus: 'S' | 'F' | 'U';
  readonly resultMessage: string;
}

type Code =
  | HubRefusal['code']
  | ScanRefusal['code']
  | IssueRefusal['code']
  | MoneyRefusal['code']
  | 'illegal_parameter';

export const APS_RESULTS: { readonly [Each in Code]: ApsCode } = {
  illegal_parameter: 'PARAM_ILLEGAL',
  invalid_money: 'PARAM_ILLEGAL',
  unknown_currency: 'CURRENCY_NOT_SUPPORT',
  access_denied: 'ACCESS_DENIED',

  invalid_code: 'INVALID_CODE',
  code_used: 'INVALID_CODE',
  expired_code: 'EXPIRED_CODE',
  order_closed: 'ORDER_IS_CLOSED',
  acquirer_suspended: 'BUSINESS_NOT_SUPPORT',
  acquirer_refused: 'INVALID_CODE',
  acquirer_silent: 'UNKNOWN_EXCEPTION',
  paid_by_another: 'REPEAT_REQ_INCONSISTENT',
  request_id_taken: 'REPEAT_REQ_INCONSISTENT',
  idempotency_key_reused: 'REPEAT_REQ_INCONSISTENT',
  wrong_currency: 'CURRENCY_NOT_SUPPORT',

  mode_not_offered: 'BUSINESS_NOT_SUPPORT',
  market_not_covered: 'BUSINESS_NOT_SUPPORT',
  country_not_served: 'BUSINESS_NOT_SUPPORT',
  wallet_unavailable: 'UNAVAILABLE_PAYMENT_METHOD',
  payment_limit: 'PAYMENT_AMOUNT_EXCEED_LIMIT',
  person_limit: 'USER_AMOUNT_EXCEED_LIMIT',
  settlement_currency: 'CURRENCY_NOT_SUPPORT',
  same_currency: 'PARAM_ILLEGAL',
  rate_unavailable: 'CURRENCY_NOT_SUPPORT',
  invalid_amount: 'PARAM_ILLEGAL',

  unknown_shop: 'MERCHANT_NOT_REGISTERED',
  code_not_allowed: 'PARAM_ILLEGAL',
  code_taken: 'REPEAT_REQ_INCONSISTENT',
  not_found: 'INVALID_CODE',
  illegal_move: 'INVALID_CODE',

  unknown_payment: 'ORDER_NOT_EXIST',
  payment_expired: 'ORDER_IS_CLOSED',
  payment_canceled: 'ORDER_IS_CANCELED',
  not_paid: 'ORDER_UNPAID',
  cancel_window_over: 'CANCEL_WINDOW_EXCEED',
  refunded_already: 'ORDER_STATUS_INVALID',
  refund_window_over: 'REFUND_WINDOW_EXCEED',
  refund_currency: 'CURRENCY_NOT_SUPPORT',
  amount_exceeds_refundable: 'REFUND_AMOUNT_EXCEED',
  amount_differs: 'REPEAT_REQ_INCONSISTENT',

  conflict: 'UNKNOWN_EXCEPTION',
  insufficient_balance: 'PROCESS_FAIL',
};

export const apsResult = (resultCode: ApsCode, message: string): ApsResult => ({
  resultCode,
  resultStatus: APS_CODES[resultCode],
  resultMessage: withoutNumbers(message).slice(0, 256),
});

export const APS_SUCCESS = apsResult('SUCCESS', 'success.');

export function apsResultOf({ code, detail, pointer, facts }: Refusal): ApsResult {
  const said =
    code === 'acquirer_refused' ? acquirersWord(facts?.code) : (APS_RESULTS[code as Code] ?? 'UNKNOWN_EXCEPTION');
  return apsResult(said, pointer === undefined ? detail : `${pointer.slice(1).replaceAll('/', '.')}: ${detail}`);
}

/** A refusal of this protocol; anything else says no more than that its code is none. */
function acquirersWord(code: unknown): ApsCode {
  const known = typeof code === 'string' && Object.hasOwn(APS_CODES, code) ? (code as ApsCode) : null;
  return known !== null && APS_CODES[known] === 'F' ? known : APS_RESULTS.acquirer_refused;
}
