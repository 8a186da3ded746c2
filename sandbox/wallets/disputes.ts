/**
 * A person says that something is wrong with a payment, and the wallet asks (retrieval) or claims the money (escalation) at the hub.
 * What becomes of it comes by notifyDispute, and stays. The money comes by a refund, which says nothing of the dispute.
 */
import { uuidV7Hex } from '../../src/base/ids.ts';
import type { Money } from '../../src/base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../../src/base/result.ts';
import { amountPart, type Fields, textOf } from '../base/message-fields.ts';
import { type Answer, SUCCESS } from '../base/message-result.ts';
import { callHub } from './call-hub.ts';
import { refused } from './messages.ts';
import type { PaymentRow } from './schema.ts';
import type { Wallet } from './wallet.ts';
import type { Wallets } from './wallets.ts';

export type DisputeKind = 'retrieval' | 'escalation';

export const DISPUTE_PATHS = {
  retrieval: '/aps/api/v1/disputes/initiateRetrieval',
  escalation: '/aps/api/v1/disputes/initiateEscalation',
} as const;

export interface NewDispute {
  readonly kind: DisputeKind;
  readonly reason: string;
  /** In the currency of the shop; all that is left without it. */
  readonly amount: Money | null;
}

export interface DisputeRow {
  readonly id: string;
  readonly wallet_id: string;
  readonly payment_id: string;
  readonly kind: DisputeKind;
  readonly reason: string;
  /** ASKING until the hub has answered; then as it last said: OPEN, ANSWERED, LAPSED, REFUNDING, REFUNDED, NOT_REFUNDED. */
  readonly state: string;
  /** JSON of the hub's last message; null while it has sent none. */
  readonly heard: string | null;
  readonly opened_ms: bigint;
}

/** What the hub refuses leaves nothing behind. Without an answer it stays `ASKING`: the hub may have taken it, and will say so. */
export async function openDispute(
  wallets: Wallets,
  wallet: Wallet,
  { payment, dispute }: { readonly payment: PaymentRow; readonly dispute: NewDispute },
): Promise<Result<DisputeRow, Refusal<'no_answer' | 'refused'>>> {
  const { store, time } = wallets;
  const { kind, reason, amount } = dispute;
  const id = `dispute-${uuidV7Hex()}`;
  store.run(
    `insert into dispute (id, wallet_id, payment_id, kind, reason, state, opened_ms) values (?, ?, ?, ?, ?, 'ASKING', ?)`,
    ...[id, wallet.walletId, payment.id, kind, reason, time.nowMs()],
  );
  const heard = await callHub(wallets, wallet, {
    to: DISPUTE_PATHS[kind],
    body: {
      ...{ disputeId: id, paymentRequestId: payment.payment_request_id, disputeReason: reason },
      ...(amount === null ? {} : { disputeAmount: amountPart(amount) }),
    },
  });
  if (!heard.answered) return refuse('no_answer', heard.reason);
  if (heard.status !== 'S') {
    store.run('delete from dispute where id = ?', id);
    return refuse('refused', `${heard.code}: ${heard.message}`);
  }
  store.run("update dispute set state = 'OPEN' where id = ? and state = 'ASKING'", id);
  return ok(findDispute(wallets, wallet, id) as DisputeRow);
}

/** Of the hub: where a dispute of this wallet stands. */
export function notifyDispute(wallets: Wallets, wallet: Wallet, fields: Fields): Answer {
  const [id, state] = [textOf(fields.disputeId), textOf(fields.disputeState, 32)];
  if (id === null || state === null) return refused('PARAM_ILLEGAL', 'disputeId and disputeState are needed');
  if (findDispute(wallets, wallet, id) === null) return refused('ORDER_NOT_EXIST', 'there is no such dispute');
  wallets.store.run('update dispute set state = ?, heard = ? where id = ?', state, JSON.stringify(fields), id);
  return { result: SUCCESS };
}

const findDispute = ({ store }: Wallets, { walletId }: Wallet, id: string): DisputeRow | null =>
  store.first<DisputeRow>('select * from dispute where wallet_id = ? and id = ?', walletId, id);

/** Of a payment, oldest first. */
export const disputesOf = ({ store }: Wallets, { id }: Pick<PaymentRow, 'id'>): readonly DisputeRow[] =>
  store.all<DisputeRow>('select * from dispute where payment_id = ? order by opened_ms, rowid', id);

export const shownDispute = ({ id, payment_id, kind, reason, state, heard }: DisputeRow) => ({
  ...{ disputeId: id, paymentId: payment_id, kind, reason, state },
  heard: heard === null ? null : (JSON.parse(heard) as object),
});
