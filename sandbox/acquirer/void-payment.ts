/**
 * PATCH /payments/{id} with isVoid: gives the whole authorization back, before any capture. Voiding what is void already
 * answers its state again. Other changes of a payment are not part of this sandbox.
 */
import { bodyObject, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';
import { invalid, notFound } from './messages.ts';
import { notify } from './notifications.ts';
import { done, once } from './once.ts';
import { type Answer, paymentAnswer } from './payment-answer.ts';
import * as rows from './payment-rows.ts';
import type { PaymentRow } from './schema.ts';

export function voidPayment(acquirer: Acquirer, request: Request, requestId: string): Reply {
  const { store } = acquirer;
  return once(acquirer, 'void', requestId, () => {
    if (bodyObject(request)?.isVoid !== true) {
      return invalid([{ code: 'INVALID_FIELD', message: 'only isVoid: true is supported', entity: 'isVoid' }]);
    }
    const payment = rows.paymentById(store, request.params.id ?? '');
    if (payment === null) return notFound('payment');
    if (payment.state === 'VOIDED') return done(answer(acquirer, payment, requestId));
    const refused = payment.state !== 'AUTHORIZED' || payment.captured > 0n;
    if (!refused) store.run(`update payment set state = 'VOIDED', authorized_open = 0 where id = ?`, payment.id);
    const subType = refused ? 'PaymentDeclined' : 'PaymentVoid';
    notify(acquirer, { operation: 'void', subType, requestId, transactionId: payment.id });
    const after = rows.paymentById(store, payment.id) ?? payment;
    return done(refused ? { ...answer(acquirer, after, requestId), ...REFUSAL } : answer(acquirer, after, requestId));
  });
}

const REFUSAL = {
  responseStatus: 'DENIED',
  responseCode: 'VOID_NOT_ALLOWED',
  responseMessage: 'Only an uncaptured authorization can be voided',
} as const;

const answer = ({ store, time }: Acquirer, payment: PaymentRow, requestId: string): Answer => ({
  ...paymentAnswer(payment, rows.operationsOf(store, payment.id), time.nowMs()),
  requestId,
});
