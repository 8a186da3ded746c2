/** cancel, capture, refund and inquiryRefund. */
import {
  type AmsPayment,
  type AmsRefusal,
  type AmsRequest,
  cancelThroughAms,
  captureThroughAms,
  findRequest,
  loadAmsPayment,
  loadRequest,
  operationFor,
  outcomeOf,
  refundThroughAms,
} from '../../ams/index.ts';
import { parseId } from '../../base/ids.ts';
import { add, equals, isPositive, type Money, zero } from '../../base/money.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { findRefund, operationsOf, type RefundSource } from '../../payments/index.ts';
import { type Answer, type Call, refused } from './call.ts';
import type { Fields } from './fields.ts';
import { findNamedPayment } from './named.ts';
import { resultOf, resultOfRefusal, SUCCESS } from './results.ts';
import { requestResult, timeOf, viewCapture, viewRefund } from './views.ts';
import { viewRefundRate } from './wallet-view.ts';
import { inTime } from './within-time.ts';

const UNKNOWN: Refusal = { code: 'unknown_payment', detail: 'no such payment' };
const LATER = resultOf('PAYMENT_IN_PROCESS', 'a payment is under way; repeat the request');

export async function cancel(call: Call): Promise<Answer> {
  const { app, client, fields } = call;
  const named = { id: fields.text('paymentId', 64), requestId: fields.text('paymentRequestId', 64) };
  if (named.id === null && named.requestId === null) fields.reject('paymentRequestId', 'or paymentId is needed');
  if (fields.wrong !== null) return refused(fields.wrong);
  const row = await findNamedPayment(app.journal.db, client, named);
  if (row === null) return refused(UNKNOWN);
  const canceled = await inTime(call, cancelThroughAms(app.ams, client, row));
  if (canceled !== null && !canceled.ok) return refused(canceled.error);
  const { at, done, when } = canceled?.value ?? { at: null, done: false };
  const names = { paymentId: row.id, paymentRequestId: row.requestId };
  if (at === null && !done) return { result: LATER, ...names };
  const operations = at === null ? [] : await operationsOf(app.journal.db, at.payment);
  const result = at === null ? SUCCESS : requestResult(at, operations);
  if (result.resultStatus !== 'S') return { result, ...names };
  const ended = (await loadAmsPayment(app.journal.db, row.id))?.ending?.at;
  const answered = operations.find(({ command }) => command?.client === at?.id)?.answeredAt;
  const time = answered ?? ended ?? when;
  return { result, ...names, ...(time === undefined ? {} : { cancelTime: timeOf(time) }) };
}

export async function capture(call: Call): Promise<Answer> {
  const { app, client, fields } = call;
  const requestId = fields.needText('captureRequestId', 64);
  const id = fields.needText('paymentId', 64);
  const amount = fields.needAmount('captureAmount');
  const final = fields.flag('isLastCapture');
  if (fields.wrong !== null) return refused(fields.wrong);
  const amsPayment = await findNamedPayment(app.journal.db, client, { id });
  if (amsPayment === null) return refused(UNKNOWN);
  const asked = await inTime(call, captureThroughAms(app.ams, { client, requestId, amsPayment, amount, final }));
  return answerOf(call, asked, amsPayment, { kind: 'capture', requestId });
}

export async function refund(call: Call): Promise<Answer> {
  const { app, client, fields } = call;
  const requestId = fields.needText('refundRequestId', 64);
  const id = fields.needText('paymentId', 64);
  const amount = fields.needAmount('refundAmount');
  const reason = fields.text('refundReason', 256) ?? 'refund';
  const notifyUrl = fields.address('refundNotifyUrl');
  fields.flag('isAsyncRefund');
  const from = readRefundSource(fields, amount);
  if (fields.wrong !== null) return refused(fields.wrong);
  const amsPayment = await findNamedPayment(app.journal.db, client, { id });
  if (amsPayment === null) return refused(UNKNOWN);
  const wish = { client, requestId, amsPayment, amount, reason: reason.slice(0, 200), notifyUrl, from };
  return answerOf(call, await inTime(call, refundThroughAms(app.ams, wish)), amsPayment, { kind: 'refund', requestId });
}

/** Before the settlement it is UNSETTLED_FUNDS, said or not; afterwards SELLER and MARKETPLACE say how much each gives back. */
function readRefundSource(fields: Fields, whole: Money): RefundSource | null {
  const none = zero(whole.currency);
  let given = { SELLER: none, MARKETPLACE: none, UNSETTLED_FUNDS: none };
  const count = fields.count('refundDetails', 20);
  for (let index = 0; index < count; index += 1) {
    const path = `refundDetails.${index}`;
    const from = fields.word(`${path}.refundFrom`, ['SELLER', 'MARKETPLACE', 'UNSETTLED_FUNDS'] as const);
    const amount = fields.needAmount(`${path}.refundAmount`);
    if (from === null) fields.reject(`${path}.refundFrom`, 'is needed');
    else if (amount.currency !== whole.currency)
      fields.reject(`${path}.refundAmount`, 'must be in the currency of the refund');
    else given = { ...given, [from]: add(given[from], amount) };
  }
  const { SELLER: seller, MARKETPLACE: marketplace, UNSETTLED_FUNDS: unsettled } = given;
  const settled = add(seller, marketplace);
  if (isPositive(unsettled) && isPositive(settled))
    fields.reject('refundDetails', 'a payment is settled or it is not; both cannot give back');
  else if (count > 0 && !equals(add(unsettled, settled), whole))
    fields.reject('refundDetails', 'must sum to the amount of the refund');
  return isPositive(settled) ? { seller, marketplace } : null;
}

async function answerOf(
  { app, client }: Call,
  asked: Result<AmsRequest, AmsRefusal> | null,
  amsPayment: AmsPayment,
  name: { readonly kind: 'capture' | 'refund'; readonly requestId: string },
): Promise<Answer> {
  if (asked !== null && !asked.ok) return refused(asked.error);
  const { db } = app.journal;
  const request = asked?.value ?? (await findRequest(db, { client: client.id, ...name }));
  if (request === null) return { result: LATER, paymentId: amsPayment.id };
  const operations = await operationsOf(db, request.payment);
  const result = requestResult(request, operations);
  if (name.kind === 'capture') return { result, ...viewCapture(request, operations) };
  return {
    result,
    ...viewRefund(request, operations),
    ...(await viewRefundRate(db, operationFor(request, operations))),
  };
}

/** `result` is about the inquiry; the refund has a status of its own. */
export async function inquiryRefund({ app, client, fields }: Call): Promise<Answer> {
  const [refundId, requestId] = [fields.text('refundId', 64), fields.text('refundRequestId', 64)];
  if (refundId === null && requestId === null) fields.reject('refundRequestId', 'or refundId is needed');
  if (fields.wrong !== null) return refused(fields.wrong);
  const { db } = app.journal;
  const request =
    refundId === null
      ? await findRequest(db, { client: client.id, kind: 'refund', requestId: requestId ?? '' })
      : await byRefundId({ app, client, fields }, refundId);
  if (request === null) return { result: resultOfRefusal({ code: 'unknown_refund', detail: 'no such refund' }) };
  const operations = await operationsOf(db, request.payment);
  const rate = await viewRefundRate(db, operationFor(request, operations));
  return { result: SUCCESS, refundStatus: outcomeOf(request, operations), ...viewRefund(request, operations), ...rate };
}

/** The id of the refund that the network was asked for, or of the request while there is none. */
async function byRefundId({ app, client }: Call, refundId: string): Promise<AmsRequest | null> {
  const { db } = app.journal;
  const id = parseId('ref', refundId);
  const refund = id === null ? null : await findRefund(db, id);
  if (refund === null || refund.marketplace !== client.marketplace) return null;
  const operation = (await operationsOf(db, refund.payment)).find((each) => each.refund === refund.id);
  const row = parseId('amr', operation?.command?.client);
  const request = row === null ? null : await loadRequest(db, row);
  return request !== null && request.client === client.id && request.kind === 'refund' ? request : null;
}
