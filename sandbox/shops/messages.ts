/** The results that the acquirers give. */
import type { Answer, ResultPart } from '../base/message-result.ts';

export const REFUSALS = {
  PARAM_ILLEGAL: 'a field is missing or wrong',
  INVALID_CLIENT: 'the client is not known',
  KEY_NOT_FOUND: 'there is no key of this client and version',
  INVALID_SIGNATURE: 'the signature does not verify',
  NO_INTERFACE_DEF: 'there is no such operation',
  REPEAT_REQ_INCONSISTENT: 'the same request id came with other facts',
  INVALID_CODE: 'the code is not one of this acquirer',
  EXPIRED_CODE: 'the code is too old',
  ORDER_IS_CLOSED: 'the order is closed',
  ORDER_NOT_EXIST: 'there is no such payment',
  PROCESS_FAIL: 'it failed',
} as const;
export type RefusalCode = keyof typeof REFUSALS;

export const failed = (resultCode: RefusalCode, resultMessage: string = REFUSALS[resultCode]): ResultPart => ({
  resultCode,
  resultStatus: 'F',
  resultMessage,
});

export const refused = (code: RefusalCode, message?: string): Answer => ({ result: failed(code, message) });

/** F of the hub that speaks of the call and not of the payment: a repeat that gets one has learned nothing. */
const OF_THE_CALL: ReadonlySet<string> = new Set([
  ...['INVALID_CLIENT', 'KEY_NOT_FOUND', 'INVALID_SIGNATURE', 'INVALID_API', 'NO_INTERFACE_DEF', 'ACCESS_DENIED'],
  ...['PARAM_ILLEGAL', 'REPEAT_REQ_INCONSISTENT'],
]);

export const isOfTheCall = (code: string): boolean => OF_THE_CALL.has(code);
