/** GET of payments, captures, refunds and verifications, by the network's id or by the merchant's request id. Never changes anything. */
import { json, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';
import { invalid, notFound } from './messages.ts';
import { captureAnswer, changeAnswer, firstAnswer, paymentAnswer, refundAnswer } from './payment-answer.ts';
import * as rows from './payment-rows.ts';
import type { OperationRow } from './rows.ts';
import { verificationAnswer, verificationBy } from './verification-answer.ts';

type Lookup = (acquirer: Acquirer, request: Request) => Reply;

export const getPayment: Lookup = (acquirer, { params }) => {
  const payment = rows.paymentById(acquirer.store, params.id ?? '');
  return payment === null ? notFound('payment') : json(200, paymentAnswer(acquirer, payment));
};

/** By the request id that made the payment, or by that of a PATCH: then with the PATCH's own answer. */
export const findPayment: Lookup = (acquirer, request) =>
  byRequest(request, (id) => {
    const payment = rows.paymentByRequest(acquirer.store, id);
    if (payment !== null) return json(200, firstAnswer(acquirer, payment));
    const change = rows.changeByRequest(acquirer.store, id);
    if (change === null) return notFound('payment');
    return json(200, changeAnswer(acquirer, rows.mustFind(acquirer.store, change.payment_id), change));
  });

export const getVerification: Lookup = (acquirer, { params }) => showVerification(acquirer, 'id', params.id ?? '');

export const findVerification: Lookup = (acquirer, request) =>
  byRequest(request, (id) => showVerification(acquirer, 'request_id', id));

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

function showVerification({ store }: Acquirer, by: 'id' | 'request_id', value: string): Reply {
  const verification = verificationBy(store, by, value);
  return verification === null ? notFound('verification') : json(200, verificationAnswer(verification));
}

function showOperation(
  acquirer: Acquirer,
  operation: OperationRow | null,
  answer: typeof captureAnswer,
  what: string,
): Reply {
  return operation === null ? notFound(what) : json(200, answer(acquirer, operation));
}
