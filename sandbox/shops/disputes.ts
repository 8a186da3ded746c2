/**
 * A wallet's question (retrieval) and a wallet's claim (escalation), as they come from the hub, and what the acquirer answers: it gives the
 * money back, a part of it, or nothing, and says why. A dispute is taken once; an answer that the hub took stays.
 */
import type { Money } from '../../src/base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../../src/base/result.ts';
import { amountOf, amountPart, type Fields, textOf } from '../base/message-fields.ts';
import { type Answer, SUCCESS } from '../base/message-result.ts';
import type { Acquirer } from './acquirer.ts';
import { callHub } from './call-hub.ts';
import { refused } from './messages.ts';
import { findByRequest } from './payment-rows.ts';
import { refundPayment } from './refund.ts';
import type { Shops } from './shops.ts';

export const DISPUTE_ANSWERS = ['ACCEPT_REFUND', 'ACCEPT_PARTIAL_REFUND', 'REFUSE_REFUND'] as const;
export type DisputeKind = 'retrieval' | 'escalation';

const SAYS = { retrieval: 'disputes/responseRetrieval', escalation: 'disputes/responseEscalation' } as const;

export const initiateRetrieval = (shops: Shops, acquirer: Acquirer, fields: Fields): Answer =>
  receive(shops, acquirer, { kind: 'retrieval', fields });

export const initiateEscalation = (shops: Shops, acquirer: Acquirer, fields: Fields): Answer =>
  receive(shops, acquirer, { kind: 'escalation', fields });

function receive(
  { store, time }: Shops,
  { acquirerId }: Acquirer,
  { kind, fields }: { readonly kind: DisputeKind; readonly fields: Fields },
): Answer {
  const disputeId = textOf(fields.disputeId);
  if (disputeId === null) return refused('PARAM_ILLEGAL', 'disputeId is needed');
  store.run(
    'insert or ignore into dispute (acquirer_id, dispute_id, kind, body, received_ms) values (?, ?, ?, ?, ?)',
    ...[acquirerId, disputeId, kind, JSON.stringify(fields), time.nowMs()],
  );
  return { result: SUCCESS };
}

export interface DisputeAnswer {
  readonly disputeId: string;
  readonly kind: DisputeKind;
  readonly answer: (typeof DISPUTE_ANSWERS)[number];
  readonly amount: unknown;
  readonly text: string;
}

export type DisputeRefusal = Refusal<'no_dispute' | 'invalid_request' | 'no_answer' | 'refused'>;

export async function answerDispute(
  shops: Shops,
  acquirer: Acquirer,
  { disputeId, kind, answer, amount, text }: DisputeAnswer,
): Promise<Result<DisputeRow, DisputeRefusal>> {
  const row = findDispute(shops, acquirer, { disputeId, kind });
  if (row === null) return refuse('no_dispute', 'there is no such dispute');
  const given = amountOf(amount);
  if (answer === 'ACCEPT_PARTIAL_REFUND' && given === null)
    return refuse('invalid_request', 'a part needs its amount {currency, value}');
  const body = {
    ...{ acquirerId: acquirer.acquirerId, disputeId, answer, text },
    ...(given === null ? {} : { amount: amountPart(given) }),
  };
  const heard = await callHub(shops, acquirer, SAYS[kind], body);
  if (!heard.answered) return refuse('no_answer', heard.reason);
  if (heard.status !== 'S') return refuse('refused', `${heard.code}: ${heard.message}`);
  shops.store.run(
    'update dispute set answer = ?, answered_ms = ? where acquirer_id = ? and dispute_id = ? and kind = ?',
    ...[JSON.stringify(body), shops.time.nowMs(), acquirer.acquirerId, disputeId, kind],
  );
  if (answer !== 'REFUSE_REFUND') await bookRefund(shops, acquirer, { row, amount: amountOf(heard.body.refundAmount) });
  return ok(findDispute(shops, acquirer, { disputeId, kind }) ?? row);
}

/** What was accepted is refunded by the hub under the dispute's id; asking for it under that id brings it into these books. */
async function bookRefund(
  shops: Shops,
  acquirer: Acquirer,
  { row, amount }: { readonly row: DisputeRow; readonly amount: Money | null },
): Promise<void> {
  const name = textOf((JSON.parse(row.body) as Fields).paymentRequestId) ?? '';
  const payment = findByRequest(shops, acquirer, name);
  if (payment === null || amount === null) return;
  const wish = { amount: amount.amount, reason: 'Dispute', refundRequestId: row.dispute_id };
  await refundPayment(shops, acquirer, payment, wish);
}

export interface DisputeRow {
  readonly acquirer_id: string;
  readonly dispute_id: string;
  readonly kind: DisputeKind;
  readonly body: string;
  readonly received_ms: bigint;
  readonly answer: string | null;
  readonly answered_ms: bigint | null;
}

const findDispute = (
  { store }: Shops,
  { acquirerId }: Acquirer,
  { disputeId, kind }: Pick<DisputeAnswer, 'disputeId' | 'kind'>,
): DisputeRow | null =>
  store.first<DisputeRow>(
    'select * from dispute where acquirer_id = ? and dispute_id = ? and kind = ?',
    ...[acquirerId, disputeId, kind],
  );

export const disputesOf = ({ store }: Shops, { acquirerId }: Acquirer): readonly DisputeRow[] =>
  store.all<DisputeRow>('select * from dispute where acquirer_id = ? order by received_ms, dispute_id', acquirerId);
