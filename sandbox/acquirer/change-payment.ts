/**
 * PATCH /payments/{id}: one wish a call. Which one it is, the body says; whether an amount means more or less, the payment.
 * Every wish is kept with its answer (`change`), so that it is found by its request id later. A refusal is an answer:
 * HTTP 200, DENIED, and the payment as it stands.
 */
import { bodyObject, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';
import { captureAndReverse, changeTotal } from './change-total.ts';
import { type FieldReader, readFields } from './fields.ts';
import { type FieldError, invalid, notFound } from './messages.ts';
import { done, once } from './once.ts';
import { MAX_AMOUNT } from './payment-request.ts';
import * as rows from './payment-rows.ts';
import { reauthorizePayment } from './reauthorize-payment.ts';
import type { ChangeKind, PaymentRow } from './rows.ts';
import { voidPayment } from './void-payment.ts';

type Wish =
  | { readonly what: 'void' }
  | { readonly what: 'reauthorize' }
  | { readonly what: 'total'; readonly amount: bigint }
  | { readonly what: 'capture'; readonly amount: bigint | null };

export function changePayment(acquirer: Acquirer, request: Request, requestId: string): Reply {
  const { store } = acquirer;
  return once(acquirer, 'payments', requestId, () => {
    const wish = parseWish(bodyObject(request) ?? {});
    if (!('what' in wish)) return invalid(wish);
    const payment = rows.paymentById(store, request.params.id ?? '');
    if (payment === null) return notFound('payment');
    if (wish.what === 'capture' && rows.operationByRequest(store, 'capture', requestId) !== null) {
      return invalid([{ code: 'INVALID_HEADER', message: 'request-id was used by a capture', entity: 'request-id' }]);
    }
    return done(fulfil(acquirer, payment, wish, requestId));
  });
}

function fulfil(acquirer: Acquirer, payment: PaymentRow, wish: Wish, requestId: string) {
  switch (wish.what) {
    case 'void':
      return voidPayment(acquirer, payment, requestId);
    case 'reauthorize':
      return reauthorizePayment(acquirer, payment, requestId);
    case 'total':
      return changeTotal(acquirer, payment, { total: wish.amount, requestId });
    case 'capture':
      return captureAndReverse(acquirer, payment, { amount: wish.amount ?? payment.authorized_open, requestId });
  }
}

/** What faults of this call are ordered under. A call that is wrong anyway counts as a void. */
export function changeKind({ store }: Acquirer, request: Request): ChangeKind {
  const wish = parseWish(bodyObject(request) ?? {});
  if (!('what' in wish) || wish.what === 'void') return 'void';
  if (wish.what === 'reauthorize') return 'reauthorize';
  if (wish.what === 'capture') return 'capture_and_reverse';
  const payment = rows.paymentById(store, request.params.id ?? '');
  return payment !== null && wish.amount <= payment.amount ? 'reverse' : 'increment';
}

function parseWish(body: Record<string, unknown>): Wish | readonly FieldError[] {
  const fields = readFields(body);
  const amount = fields.integer('amount', { min: 1, max: MAX_AMOUNT });
  const method = fields.choice('captureMethod', ['NOW', 'MANUAL']);
  const alone = (['isVoid', 'isReauthorization'] as const).find((flag) => fields.flag(flag) === true);
  if (alone !== undefined) checkAlone(fields, alone);
  if (fields.errors.length > 0) return fields.errors;
  if (alone === 'isVoid') return { what: 'void' };
  if (alone === 'isReauthorization') return { what: 'reauthorize' };
  if (method === 'NOW') return { what: 'capture', amount: amount === null ? null : BigInt(amount) };
  if (amount !== null) return { what: 'total', amount: BigInt(amount) };
  const message = 'one of isVoid, isReauthorization, amount or captureMethod NOW is needed';
  return [{ code: 'INVALID_FIELD', message, entity: 'isVoid' }];
}

function checkAlone(fields: FieldReader, flag: 'isVoid' | 'isReauthorization'): void {
  for (const other of ['amount', 'captureMethod', 'isVoid', 'isReauthorization']) {
    const value = fields.at(other);
    if (other !== flag && value !== undefined && value !== false) fields.fail(other, `does not go with ${flag}`);
  }
}
