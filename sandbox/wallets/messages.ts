/** The results that the wallets give. */
import type { Answer, ResultPart } from '../base/message-result.ts';

/** F of the codes that the wallets give. */
export const REFUSALS = {
  PARAM_ILLEGAL: 'a field is missing or wrong',
  INVALID_CLIENT: 'the client is not known',
  KEY_NOT_FOUND: 'there is no key of this client and version',
  INVALID_SIGNATURE: 'the signature does not verify',
  NO_INTERFACE_DEF: 'there is no such operation',
  REPEAT_REQ_INCONSISTENT: 'the same request id came with other facts',
  CURRENCY_NOT_SUPPORT: 'the wallet does not pay in this currency',
  BUSINESS_NOT_SUPPORT: 'the wallet does not offer this',
  INVALID_CODE: 'the code is not known here or was used',
  EXPIRED_CODE: 'the code is too old',
  INVALID_TOKEN: 'the token is not known here or has ended',
  ORDER_IS_CLOSED: 'the payment is closed',
  ORDER_NOT_EXIST: 'there is no such payment',
  ORDER_UNPAID: 'the payment was not paid',
  ORDER_STATUS_INVALID: 'the payment does not allow this any more',
  CANCEL_WINDOW_EXCEED: 'it is too late to cancel',
  REFUND_WINDOW_EXCEED: 'it is too late to refund',
  REFUND_AMOUNT_EXCEED: 'more than was paid cannot be refunded',
  PAYMENT_AMOUNT_EXCEED_LIMIT: 'a limit for one payment does not allow it',
  USER_AMOUNT_EXCEED_LIMIT: 'a limit of the person does not allow it',
  USER_BALANCE_NOT_ENOUGH: 'the balance is not enough',
  USER_STATUS_ABNORMAL: 'the account is frozen',
  USER_NOT_EXIST: 'there is no such account',
  USER_KYC_NOT_QUALIFIED: 'the person is not identified well enough',
  USER_PAYMENT_VERIFICATION_FAILED: 'the person was not verified',
  RISK_REJECT: 'risk control refused it',
  PROCESS_FAIL: 'it failed',
} as const;
export type RefusalCode = keyof typeof REFUSALS;

export const IN_PROCESS: ResultPart = {
  resultCode: 'PAYMENT_IN_PROCESS',
  resultStatus: 'U',
  resultMessage: 'the person has not decided yet',
};

export const failed = (resultCode: RefusalCode, resultMessage: string = REFUSALS[resultCode]): ResultPart => ({
  resultCode,
  resultStatus: 'F',
  resultMessage,
});

export const refused = (code: RefusalCode, message?: string): Answer => ({ result: failed(code, message) });
