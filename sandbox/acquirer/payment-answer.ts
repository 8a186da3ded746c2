/**
 * Answers about a payment, its captures and its refunds, always drawn from the rows, so that a later inquiry and the first
 * answer cannot differ by accident.
 * Source: Online Payments OpenAPI 2.0.55, paymentResponse and refundResponse; states of jpmorgan.md §2.5.
 */
import { instant } from '../../src/base/clock.ts';
import type { OperationRow, PaymentRow } from './schema.ts';

/** The JSON object of an answer. */
export type Answer = Readonly<Record<string, unknown>>;

/** The payment as such: POST, PATCH and GET /payments. */
export function paymentAnswer(payment: PaymentRow, operations: readonly OperationRow[], nowMs: number): Answer {
  const declined = payment.state === 'DECLINED';
  const open = openAuthorization(payment, nowMs);
  return {
    transactionId: payment.id,
    requestId: payment.request_id,
    transactionState: payment.state,
    responseStatus: declined ? 'DENIED' : 'SUCCESS',
    responseCode: payment.response_code,
    responseMessage: payment.response_message,
    hostMessage: payment.host_message,
    ...shared(payment),
    ...(payment.state === 'VOIDED' ? { isVoid: true } : {}),
    amount: Number(payment.amount),
    ...(declined ? {} : { approvalCode: payment.approval_code }),
    remainingAuthAmount: Number(open),
    totalAuthorizedAmount: declined ? 0 : Number(payment.amount),
    remainingRefundableAmount: Number(payment.captured - payment.refunded),
    transactionDate: instant(Number(payment.created_ms)),
    paymentRequest: paymentRequest(payment, operations, open),
  };
}

/** One capture: POST and GET /captures. */
export function captureAnswer(
  capture: OperationRow,
  payment: PaymentRow,
  all: readonly OperationRow[],
  nowMs: number,
): Answer {
  const denied = capture.status === 'DENIED';
  const open = openAuthorization(payment, nowMs);
  return {
    transactionId: capture.id,
    requestId: capture.request_id,
    transactionState: denied ? 'DECLINED' : 'CLOSED',
    responseStatus: denied ? 'DENIED' : 'SUCCESS',
    responseCode: capture.response_code,
    responseMessage: capture.response_message,
    ...shared(payment),
    captureMethod: 'NOW',
    merchantOrderNumber: capture.order_number,
    amount: Number(capture.amount),
    approvalCode: payment.approval_code,
    remainingAuthAmount: Number(open),
    remainingRefundableAmount: Number(payment.captured - payment.refunded),
    transactionDate: instant(Number(capture.created_ms)),
    paymentRequest: paymentRequest(payment, all, open),
  };
}

/** One refund: POST and GET /refunds. An accepted refund stays AUTHORIZED, as the real network's does. */
export function refundAnswer(
  refund: OperationRow,
  payment: PaymentRow,
  all: readonly OperationRow[],
  nowMs: number,
): Answer {
  const denied = refund.status === 'DENIED';
  return {
    transactionId: refund.id,
    requestId: refund.request_id,
    transactionState: denied ? 'DECLINED' : 'AUTHORIZED',
    amount: Number(refund.amount),
    responseStatus: denied ? 'DENIED' : 'SUCCESS',
    responseCode: refund.response_code,
    responseMessage: refund.response_message,
    transactionReferenceId: payment.id,
    ...shared(payment),
    merchantOrderNumber: refund.order_number,
    approvalCode: payment.approval_code,
    remainingRefundableAmount: Number(payment.captured - payment.refunded),
    transactionDate: instant(Number(refund.created_ms)),
    paymentRequest: paymentRequest(payment, all, openAuthorization(payment, nowMs)),
  };
}

/** What may still be captured: nothing once the authorization has lapsed. */
export const openAuthorization = (payment: PaymentRow, nowMs: number): bigint =>
  lapsed(payment, nowMs) ? 0n : payment.authorized_open;

export const lapsed = (payment: PaymentRow, nowMs: number): boolean => nowMs >= Number(payment.expires_ms);

function shared(payment: PaymentRow) {
  return {
    paymentMethodType: {
      card: {
        cardType: payment.card_type,
        cardTypeName: payment.card_type_name,
        maskedAccountNumber: payment.masked,
        networkResponse: {
          addressVerificationResult: 'NOT_REQUESTED',
          cardVerificationResult: payment.cvv_result,
          networkTransactionId: payment.network_transaction,
          networkResponseCode: payment.network_code,
        },
      },
    },
    captureMethod: payment.capture_method,
    currency: payment.currency,
    hostReferenceId: payment.host_reference,
    merchant: JSON.parse(payment.merchant) as unknown,
    ...(payment.order_number === '' ? {} : { merchantOrderNumber: payment.order_number }),
    ...(payment.descriptor === '' ? {} : { statementDescriptor: payment.descriptor }),
  };
}

function paymentRequest(payment: PaymentRow, operations: readonly OperationRow[], open: bigint) {
  const accepted = operations.filter((operation) => operation.status === 'CLOSED');
  let refundedLeft = payment.refunded;
  const captures = accepted
    .filter((operation) => operation.kind !== 'refund')
    .map((capture) => {
      // Refunds name the payment, not a capture: the earliest captures are given back first.
      let given = capture.amount;
      if (refundedLeft < given) given = refundedLeft;
      refundedLeft -= given;
      const captureRemainingRefundableAmount = Number(capture.amount - given);
      const amount = Number(capture.amount);
      return { captureId: capture.id, amount, transactionStatusCode: 'CLOSED', captureRemainingRefundableAmount };
    });
  const refunds = accepted
    .filter((operation) => operation.kind === 'refund')
    .map((refund) => ({ refundId: refund.id, amount: Number(refund.amount), transactionStatusCode: 'CLOSED' }));
  return {
    paymentRequestId: payment.id,
    paymentRequestStatus: requestStatus(payment, open),
    authorizations: [
      {
        authorizationId: payment.id,
        amount: Number(payment.amount),
        transactionStatusCode: authorizationStatus(payment, open),
        authorizationType: 'INITIAL',
      },
    ],
    captures,
    refunds,
  };
}

function requestStatus(payment: PaymentRow, open: bigint): 'PENDING' | 'OPEN' | 'CLOSED' | 'CANCELLED' {
  if (payment.state === 'VOIDED') return 'CANCELLED';
  if (payment.state !== 'AUTHORIZED') return 'CLOSED';
  if (open === 0n) return payment.captured > 0n ? 'CLOSED' : 'CANCELLED';
  return payment.captured > 0n ? 'OPEN' : 'PENDING';
}

function authorizationStatus(payment: PaymentRow, open: bigint): string {
  if (payment.state === 'VOIDED' || payment.state === 'DECLINED') return payment.state;
  if (payment.captured > 0n) return 'CAPTURED';
  return open === 0n ? 'EXPIRED' : 'AUTHORIZED';
}
