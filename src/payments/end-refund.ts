/** The end of a refund: confirmed, the money has left; rejected, it is back where it was locked from. */
import type { Id } from '../base/ids.ts';
import { add, money, subtract } from '../base/money.ts';
import { merge, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { Operation } from './operation.ts';
import { type Payment, type Refund, refunds, withReturned } from './payment.ts';
import { sourcesOf } from './refund-source.ts';
import { changed, type Settled } from './settled.ts';
import { findRefund } from './store.ts';

export async function endRefund(
  deps: PaymentDeps,
  payment: Payment,
  operation: Operation,
  outcome: 'confirmed' | 'rejected',
  code = '',
): Promise<Settled> {
  const id = operation.refund as Id<'ref'>;
  const refund = await findRefund(deps.journal.db, id);
  if (refund === null) throw new Error(`refund ${id} of operation ${operation.id} is missing`);
  const { amount } = operation;
  const confirmed = outcome === 'confirmed';
  const posting = confirmed
    ? event('refund.confirmed', id, { refund: id, network: payment.network, amount })
    : event('refund.rejected', id, { code, ...sourcesOf(refund) });
  const refundPart = part({ events: [posting], writes: [update(refunds, refund, { state: outcome })] });
  const ended = event('payment.refund_ended', payment.id, { refund: id, amount, outcome });
  const changes = {
    refunding: subtract(payment.refunding, amount),
    ...(confirmed
      ? { refunded: add(payment.refunded, amount) }
      : { captures: withReturned(payment, refund.capture, money(-amount.amount, amount.currency)) }),
  };
  const owner = await deps.owner.refundEnded(payment, refund, outcome);
  const answer: Refund = { ...refund, state: outcome, version: refund.version + 1 };
  return { ...changed(payment, changes, [ended], merge(refundPart, owner)), answer };
}
