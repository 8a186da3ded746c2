/** cancelPayment and refund. */
import type { Result } from '../../base/result.ts';
import {
  cancelHubPayment,
  findHubRefund,
  type HubPayment,
  type HubRefund,
  type HubRefusal,
  loadHubPayment,
  refundHubPayment,
  settlementOf,
} from '../../wallets/index.ts';
import { ANSWER_WITHIN_MS } from '../ams/pay.ts';
import { timeOf } from '../ams/views.ts';
import { within } from '../within.ts';
import { type Answer, type Call, refused } from './call.ts';
import { namedPayment, UNKNOWN_PAYMENT } from './named.ts';
import { resultOf, resultOfFailure, SUCCESS } from './results.ts';
import { viewRefund } from './views.ts';

const LATER = resultOf('PAYMENT_IN_PROCESS', 'the wallet has not answered yet; repeat the request');

export async function cancelPayment(call: Call): Promise<Answer> {
  const { app, participant, fields } = call;
  const payment = await namedPayment(call);
  if (fields.wrong !== null) return refused(fields.wrong);
  if (payment === null) return refused(UNKNOWN_PAYMENT);
  const canceled = await inTime(call, cancelHubPayment(app.hub.deps, { payment: payment.id, by: 'acquirer' }));
  if (canceled !== null && !canceled.ok) return refused(canceled.error);
  const standing = canceled?.value ?? ((await loadHubPayment(app.journal.db, payment.id)) as HubPayment);
  const { requestId, id, endedAt } = standing;
  const names = { acquirerId: participant.participantId, paymentRequestId: requestId, paymentId: id };
  if (!UNPAID_FOR_EVER.has(standing.state)) return { result: LATER, ...names };
  return { result: SUCCESS, ...names, ...(endedAt === null ? {} : { cancelTime: timeOf(endedAt) }) };
}

const UNPAID_FOR_EVER: ReadonlySet<HubPayment['state']> = new Set(['canceled', 'closed', 'failed']);

export async function refund(call: Call): Promise<Answer> {
  const { app, participant, fields } = call;
  const requestId = fields.needText('refundRequestId', 64);
  const amount = fields.needAmount('refundAmount');
  const reason = fields.text('refundReason', 256) ?? 'refund';
  const payment = await namedPayment(call);
  if (fields.wrong !== null) return refused(fields.wrong);
  if (payment === null) return refused(UNKNOWN_PAYMENT);
  const refunded = await inTime(call, refundHubPayment(app.hub.deps, { payment, requestId, amount, reason }));
  if (refunded !== null && !refunded.ok) return refused(refunded.error);
  const name = { acquirer: participant.id, requestId };
  const row = refunded?.value ?? (await findHubRefund(app.journal.db, name));
  if (row === null) return { result: REFUND_LATER };
  return { result: refundResult(row), ...viewRefund(row, settlementOf(row)) };
}

const REFUND_LATER = resultOf('REFUND_IN_PROCESS', 'the wallet has not answered yet; repeat with the same id');

function refundResult({ state, failure }: HubRefund) {
  if (state === 'refunded') return SUCCESS;
  return state === 'sent' || failure === null ? REFUND_LATER : resultOfFailure(failure);
}

/** Null when it takes longer than an acquirer waits; the work goes on. */
async function inTime<Value>(
  { app }: Call,
  work: Promise<Result<Value, HubRefusal>>,
): Promise<Result<Value, HubRefusal> | null> {
  const done = await within(work, ANSWER_WITHIN_MS);
  if (done === null)
    work.catch((error: unknown) => app.log.error({ error: String(error) }, 'a request to the hub failed'));
  return done;
}
