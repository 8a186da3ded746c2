/**
 * The order gives back what a wallet was promised: out of what it holds, or, once released, out of the seller's balance. The case is
 * still open and blocks everything else; the refund is the one thing that settles it. A balance that is too small is waited for:
 * the case keeps payouts back meanwhile (`atRisk`). Whatever else stands against it is final, and ends the dispute unrefunded.
 */
import type { Id } from '../base/ids.ts';
import { type Money, zero } from '../base/money.ts';
import { FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import { commandKey } from '../journal/index.ts';
import { type PaymentDeps, type Refund, refundPayment, refundsOf } from '../payments/index.ts';
import { findOrder, type Order } from '../protection/index.ts';
import { endRefund, findWalletDispute } from '../wallets/index.ts';
import type { Case } from './case.ts';
import { findByClaim } from './store.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Refusals that pass by themselves, with how long to wait. */
const PASSING: Readonly<Record<string, number>> = {
  conflict: 1000,
  operation_in_progress: MINUTE_MS,
  payment_in_progress: MINUTE_MS,
  insufficient_balance: HOUR_MS,
};

/** Handler of the refund of an accepted dispute about an order. */
export async function refundEscalationJob(payments: PaymentDeps, { subject }: Job): Promise<JobResult> {
  const { db } = payments.journal;
  const dispute = await findWalletDispute(db, subject as Id<'esc'>);
  if (dispute === null || dispute.state !== 'refunding' || dispute.home.kind !== 'order') return FINISHED;
  const row = await findByClaim(db, dispute.home.network, dispute.id);
  const amount = dispute.answer?.amount ?? null;
  if (row === null || amount === null) return again(1000, 'its case is not open yet');
  const refunded = await giveBack(payments, row, amount);
  if (!refunded.ok) {
    const { code, detail } = refunded.error;
    const waits = PASSING[code];
    return waits === undefined ? endRefund(payments, dispute.id, { code, message: detail }) : again(waits, detail);
  }
  const refund = (await refundsOf(db, row.payment)).find(({ reason }) => reason === reasonOf(row)) as Refund;
  if (refund.state === 'initiated') return again(MINUTE_MS, 'the wallet has not answered yet');
  const failure = refund.state === 'confirmed' ? null : { code: 'refund_rejected', message: 'the wallet refused it' };
  return endRefund(payments, dispute.id, failure);
}

const again = (afterMs: number, reason: string): JobResult => ({ kind: 'again', afterMs, reason });

const reasonOf = ({ id }: Case): string => `dispute ${id}`;

async function giveBack(payments: PaymentDeps, row: Case, amount: Money) {
  const { db } = payments.journal;
  const order = (await findOrder(db, row.order)) as Order;
  const { payment } = row;
  const command = commandKey('wallet_escalation', row.id, 'refund_escalation', { payment, amount });
  return refundPayment(payments, command, {
    ...{ marketplace: row.marketplace, payment, amount, reason: reasonOf(row), settles: row.case },
    from: order.state === 'released' ? { seller: amount, marketplace: zero(amount.currency) } : null,
  });
}
