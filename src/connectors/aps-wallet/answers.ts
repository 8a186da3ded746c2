/**
 * What answers of a wallet mean. S and F are its word and final; U is no word. Codes are passed on as they come and looked
 * at only where one means something of its own:
 * - ORDER_NOT_EXIST: to an inquiry `not_found`; to a cancel `done`, for the wallet refuses a payment that comes after its cancel.
 * - REPEAT_REQ_INCONSISTENT: the wallet knows our reference with other facts, so something was done under it: `unknown`.
 * - Refusals of the message itself (NOT_TAKEN) say nothing about what an earlier message did. A pay they refuse was not made;
 *   what is asked about something that exists stays `unknown`.
 */
import {
  addressOf,
  amountOf,
  type CallResult,
  type Fields,
  objectOf,
  resultOf,
  type Said,
  textOf,
  timeOf,
} from '../../ams-protocol/index.ts';
import { equals, type Money } from '../../base/money.ts';
import type {
  WalletAnswer,
  WalletCancelAnswer,
  WalletInquiryAnswer,
  WalletRefundAnswer,
  WalletTokenAnswer,
} from '../ports/wallet.ts';

const NOT_TAKEN: ReadonlySet<string> = new Set([
  'INVALID_API',
  'NO_INTERFACE_DEF',
  'INVALID_CLIENT',
  'INVALID_SIGNATURE',
  'KEY_NOT_FOUND',
  'ACCESS_DENIED',
  'METHOD_NOT_SUPPORTED',
  'MEDIA_TYPE_NOT_ACCEPTABLE',
]);

/** What the answer must be about. */
interface Asked {
  readonly reference: string;
  readonly participantId: string;
  readonly amount?: Money;
  readonly payTo?: Money;
}

export function paid(said: Said, asked: Asked): WalletAnswer {
  if (!said.believed) return unknown(said.cause);
  if (said.result.code === 'REPEAT_REQ_INCONSISTENT') return unknown(said.result.code);
  return standing(said.result, said.fields, asked);
}

export function found(said: Said, asked: Asked): WalletInquiryAnswer {
  if (!said.believed) return unknown(said.cause);
  if (said.result.code === 'ORDER_NOT_EXIST') return { outcome: 'not_found' };
  if (said.result.status !== 'S') return unknown(said.result.code);
  const result = resultOf(said.fields.paymentResult);
  return result === null ? unknown('malformed') : standing(result, said.fields, asked);
}

function standing(result: CallResult, fields: Fields, asked: Asked): WalletAnswer {
  const odd = whyAboutOther(fields, asked);
  if (odd !== null) return unknown(odd);
  switch (result.status) {
    case 'S':
      return approved(fields);
    case 'F':
      return { outcome: 'declined', ...wordOf(result), limitSetBy: textOf(objectOf(fields.limit).setBy, 60) };
    case 'U': {
      const payUrl = addressOf(fields.paymentUrl);
      return result.code === 'PAYMENT_IN_PROCESS' || payUrl !== null
        ? { outcome: 'pending', walletPaymentId: textOf(fields.paymentId, 64), payUrl }
        : unknown(result.code);
    }
  }
}

function approved(fields: Fields): WalletAnswer {
  const walletPaymentId = textOf(fields.paymentId, 64);
  const paidAt = timeOf(fields.paymentTime);
  return walletPaymentId === null || paidAt === null
    ? unknown('malformed')
    : { outcome: 'approved', walletPaymentId, paidAt, customerId: textOf(fields.customerId, 64) };
}

/** An answer that names another payment, wallet or sum than was asked about is not believed. Absent is not another. */
function whyAboutOther(fields: Fields, { reference, participantId, amount, payTo }: Asked): string | null {
  const differs = (name: string, expected: string): boolean => (textOf(fields[name], 64) ?? expected) !== expected;
  if (differs('paymentRequestId', reference) || differs('pspId', participantId)) return 'answer_to_another';
  const changed = (name: string, expected: Money | undefined): boolean => {
    const told = amountOf(fields[name]);
    return expected !== undefined && fields[name] !== undefined && (told === null || !equals(told, expected));
  };
  return changed('paymentAmount', amount) || changed('payToAmount', payTo) ? 'amount_differs' : null;
}

export function canceled(said: Said): WalletCancelAnswer {
  if (!said.believed) return unknown(said.cause);
  const { result } = said;
  if (result.status === 'S' || result.code === 'ORDER_NOT_EXIST') return { outcome: 'done' };
  return result.status === 'U' || NOT_TAKEN.has(result.code) ? unknown(result.code) : refused(result);
}

export function refunded(said: Said): WalletRefundAnswer {
  if (!said.believed) return unknown(said.cause);
  const { result, fields } = said;
  if (result.status === 'U' || NOT_TAKEN.has(result.code) || result.code === 'REPEAT_REQ_INCONSISTENT')
    return unknown(result.code);
  if (result.status === 'F') return { outcome: 'declined', ...wordOf(result) };
  const walletRefundId = textOf(fields.refundId, 64);
  const refundedAt = timeOf(fields.refundTime);
  return walletRefundId === null || refundedAt === null
    ? unknown('malformed')
    : { outcome: 'approved', walletRefundId, refundedAt };
}

export function token(said: Said): WalletTokenAnswer {
  if (!said.believed) return unknown(said.cause);
  const { result, fields } = said;
  if (result.status === 'U') return unknown(result.code);
  if (result.status === 'F') return { outcome: 'declined', ...wordOf(result) };
  const accessToken = textOf(fields.accessToken, 128);
  const expiresAt = timeOf(fields.accessTokenExpiryTime);
  const refresh = refreshOf(fields);
  return accessToken === null || expiresAt === null || refresh === undefined
    ? unknown('malformed')
    : { outcome: 'approved', accessToken, expiresAt, customerId: textOf(fields.customerId, 64), refresh };
}

/** Null when there is none, undefined when it cannot be read. */
function refreshOf(fields: Fields) {
  if (fields.refreshToken === undefined || fields.refreshToken === null) return null;
  const token = textOf(fields.refreshToken, 128);
  const expiresAt = timeOf(fields.refreshTokenExpiryTime);
  return token === null || expiresAt === null ? undefined : { token, expiresAt };
}

/** A token that the wallet does not know charges nobody. */
export function tokenCanceled(said: Said): WalletCancelAnswer {
  if (said.believed && said.result.code === 'INVALID_TOKEN') return { outcome: 'done' };
  return canceled(said);
}

const unknown = (cause: string): { readonly outcome: 'unknown'; readonly cause: string } => ({
  outcome: 'unknown',
  cause,
});

const wordOf = ({ code, message }: CallResult): { readonly code: string; readonly message: string } => ({
  code,
  message,
});

const refused = (result: CallResult): WalletCancelAnswer => ({ outcome: 'refused', ...wordOf(result) });
