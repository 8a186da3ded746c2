/** GET of payments, captures and refunds, by the network's id or by the merchant's request id. Never changes anything. */
import { json, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';
import { invalid, notFound } from './messages.ts';
import { captureAnswer, paymentAnswer, refundAnswer } from './payment-answer.ts';
import * as rows from './payment-rows.ts';
import type { OperationRow, PaymentRow } from './schema.ts';

type Lookup = (acquirer: Acquirer, request: Request) => Reply;

export const getPayment: Lookup = (acquirer, { params }) =>
  show(acquirer, rows.paymentById(acquirer.store, params.id ?? ''));

export const findPayment: Lookup = (acquirer, request) =>
  byRequest(request, (id) => show(acquirer, rows.paymentByRequest(acquirer.store, id)));

/** The capture that a sale made at once is found by its id, as JPM's captureId equals the transactionId then. */
export const getCapture: Lookup = (acquirer, { params }) => {
  const id = params.id ?? '';
  const found = rows.operationById(acquirer.store, 'capture', id) ?? rows.operationById(acquirer.store, 'sale', id);
  return showOperation(acquirer, found, captureAnswer, 'capture');
};

export const findCapture: Lookup = (acquirer, request) =>
  byRequest(request, (id) =>
    showOperation(acquirer, rows.operationByRequest(acquirer.store, 'capture', id), captureAnswer, 'capture'),
  );

export const getRefund: Lookup = (acquirer, { params }) =>
  showOperation(acquirer, rows.operationById(acquirer.store, 'refund', params.id ?? ''), refundAnswer, 'refund');

export const findRefund: Lookup = (acquirer, request) =>
  byRequest(request, (id) =>
    showOperation(acquirer, rows.operationByRequest(acquirer.store, 'refund', id), refundAnswer, 'refund'),
  );

function byRequest(request: Request, find: (requestId: string) => Reply): Reply {
  const id = request.query.get('requestIdentifier');
  if (id !== null && id !== '') return find(id);
  return invalid([{ code: 'INVALID_FIELD', message: 'requestIdentifier is required', entity: 'requestIdentifier' }]);
}

function show({ store, time }: Acquirer, payment: PaymentRow | null): Reply {
  if (payment === null) return notFound('payment');
  return json(200, paymentAnswer(payment, rows.operationsOf(store, payment.id), time.nowMs()));
}

function showOperation(
  { store, time }: Acquirer,
  operation: OperationRow | null,
  answer: typeof captureAnswer,
  what: string,
): Reply {
  const payment = operation === null ? null : rows.paymentById(store, operation.payment_id);
  if (operation === null || payment === null) return notFound(what);
  return json(200, answer(operation, payment, rows.operationsOf(store, payment.id), time.nowMs()));
}
