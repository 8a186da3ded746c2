/**
 * Answers about a payment, its captures and its refunds, always drawn from the rows, so that a later inquiry and the first
 * answer cannot differ by accident.
 * Source: Online Payments OpenAPI 2.0.55, paymentResponse and refundResponse.
 */
import { instant } from '../../src/base/clock.ts';
import type { Acquirer } from './acquirer.ts';
import { shownProof } from './authentication-proof.ts';
import { openAuthorization } from './authorization.ts';
import { refundableByCapture } from './capture-balance.ts';
import * as rows from './payment-rows.ts';
import type { ChangeRow, OperationRow, PaymentRow, VerificationRow } from './rows.ts';
import { shownCredential } from './stored-credential.ts';

/** The JSON object of an answer. */
export type Answer = Readonly<Record<string, unknown>>;

type Books = Pick<Acquirer, 'store' | 'time'>;

/** The payment as such: POST and GET /payments. `amount` is the total that is authorized now. */
export function paymentAnswer(books: Books, payment: PaymentRow): Answer {
  const declined = payment.state === 'DECLINED';
  const partial = payment.response_code === 'PARTIAL_APPROVAL';
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
    ...(partial ? { partialAuthorization: true, requestedAuthorizationAmount: Number(payment.requested) } : {}),
    amount: Number(payment.amount),
    ...(declined ? {} : { approvalCode: payment.approval_code }),
    remainingAuthAmount: Number(openAuthorization(payment, books.time.nowMs())),
    totalAuthorizedAmount: declined ? 0 : Number(payment.amount),
    remainingRefundableAmount: Number(payment.captured - payment.refunded),
    transactionDate: instant(Number(payment.created_ms)),
    paymentRequest: paymentRequest(books, payment),
  };
}

/** What the request of the payment itself asked for and got, whatever was changed since. */
export const firstAnswer = (books: Books, payment: PaymentRow): Answer => ({
  ...paymentAnswer(books, payment),
  amount: Number(payment.first_amount ?? payment.amount),
});

/** One PATCH: the payment as it stands, under the request id of the change, with the word on the change. */
export function changeAnswer(books: Books, payment: PaymentRow, change: ChangeRow): Answer {
  const answer = { ...paymentAnswer(books, payment), requestId: change.request_id, amount: Number(change.amount) };
  const { response_code: responseCode, response_message: responseMessage } = change;
  const responseStatus = change.status === 'DENIED' ? 'DENIED' : 'SUCCESS';
  return { ...answer, responseStatus, responseCode, responseMessage };
}

/** One capture: POST and GET /captures. */
export function captureAnswer(books: Books, capture: OperationRow): Answer {
  const payment = rows.mustFind(books.store, capture.payment_id);
  const denied = capture.status === 'DENIED';
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
    remainingAuthAmount: Number(openAuthorization(payment, books.time.nowMs())),
    remainingRefundableAmount: Number(payment.captured - payment.refunded),
    transactionDate: instant(Number(capture.created_ms)),
    paymentRequest: paymentRequest(books, payment),
  };
}

/** One refund: POST and GET /refunds. An accepted refund stays AUTHORIZED, as the real network's does. */
export function refundAnswer(books: Books, refund: OperationRow): Answer {
  const payment = rows.mustFind(books.store, refund.payment_id);
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
    ...(refund.capture_id === null ? {} : { captureId: refund.capture_id }),
    ...shared(payment),
    merchantOrderNumber: refund.order_number,
    approvalCode: payment.approval_code,
    remainingRefundableAmount: Number(payment.captured - payment.refunded),
    transactionDate: instant(Number(refund.created_ms)),
    paymentRequest: paymentRequest(books, payment),
  };
}

function shared(payment: PaymentRow) {
  return {
    paymentMethodType: { card: shownCard(payment) },
    captureMethod: payment.capture_method,
    currency: payment.currency,
    hostReferenceId: payment.host_reference,
    merchant: JSON.parse(payment.merchant) as unknown,
    ...shownCredential(payment.credential),
    ...(payment.order_number === '' ? {} : { merchantOrderNumber: payment.order_number }),
    ...(payment.descriptor === '' ? {} : { statementDescriptor: payment.descriptor }),
  };
}

/** The card of a payment or verification: never its number. */
export const shownCard = (row: PaymentRow | VerificationRow) => ({
  cardType: row.card_type,
  cardTypeName: row.card_type_name,
  maskedAccountNumber: row.masked,
  ...shownProof(row.proof),
  networkResponse: {
    addressVerificationResult: row.avs_result,
    cardVerificationResult: row.cvv_result,
    networkTransactionId: row.network_transaction,
    networkResponseCode: row.network_code,
  },
});

function paymentRequest({ store, time }: Books, payment: PaymentRow) {
  const operations = rows.operationsOf(store, payment.id);
  const open = openAuthorization(payment, time.nowMs());
  const accepted = operations.filter((operation) => operation.status === 'CLOSED');
  const refundable = refundableByCapture(operations);
  const captures = accepted
    .filter((operation) => operation.kind !== 'refund')
    .map((capture) => ({
      captureId: capture.id,
      amount: Number(capture.amount),
      transactionStatusCode: 'CLOSED',
      captureRemainingRefundableAmount: Number(refundable.get(capture.id) ?? 0n),
    }));
  const refunds = accepted
    .filter((operation) => operation.kind === 'refund')
    .map((refund) => ({ refundId: refund.id, amount: Number(refund.amount), transactionStatusCode: 'CLOSED' }));
  return {
    paymentRequestId: payment.id,
    paymentRequestStatus: requestStatus(payment, open),
    authorizations: authorizations(payment, open, rows.changesOf(store, payment.id)),
    captures,
    refunds,
  };
}

/** The first authorization with its own amount, and each increment with what it added. */
function authorizations(payment: PaymentRow, open: bigint, changes: readonly ChangeRow[]) {
  const transactionStatusCode = authorizationStatus(payment, open);
  let total = payment.first_amount ?? payment.amount;
  const authorizationType = payment.replaces === null ? 'INITIAL' : 'REAUTH';
  const shown = [{ authorizationId: payment.id, amount: Number(total), transactionStatusCode, authorizationType }];
  for (const { kind, status, amount, request_id: authorizationId } of changes) {
    if (status === 'DENIED' || (kind !== 'increment' && kind !== 'reverse')) continue;
    const added = Number(amount - total);
    total = amount;
    if (kind === 'increment') {
      shown.push({ authorizationId, amount: added, transactionStatusCode, authorizationType: 'INCREMENTAL' });
    }
  }
  return shown;
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
