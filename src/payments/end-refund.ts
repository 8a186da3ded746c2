/** The end of a refund: confirmed, the money has left; rejected, it is back where it was locked from. */
import type { Id } from '../base/ids.ts';
import { add, money, subtract } from '../base/money.ts';
import { merge, part, update } from '../journal/index.ts';
import { event, type NewEvent } from '../ledger/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { Operation } from './operation.ts';
import { isByWallet, type Payment, type Refund, refunds, withReturned } from './payment.ts';
import { sourcesOf } from './refund-source.ts';
import { changed, type Settled } from './settled.ts';
import { findRefund } from './store.ts';
import { refundedByWallet } from './wallet-outcome.ts';

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
  const paid = confirmed ? paidBack(payment, operation, id) : null;
  const posting = paid?.posting ?? event('refund.rejected', id, { code, ...sourcesOf(refund) });
  const refundPart = part({ events: [posting], writes: [update(refunds, refund, { state: outcome })] });
  const ended = event('payment.refund_ended', payment.id, { refund: id, amount, outcome });
  const changes = {
    refunding: subtract(payment.refunding, amount),
    ...(confirmed
      ? { refunded: add(payment.refunded, amount), ...paid?.changes }
      : { captures: withReturned(payment, refund.capture, money(-amount.amount, amount.currency)) }),
  };
  const owner = await deps.owner.refundEnded(payment, refund, outcome);
  const answer: Refund = { ...refund, state: outcome, version: refund.version + 1 };
  return { ...changed(payment, changes, [ended], merge(refundPart, owner)), answer };
}

/** At a wallet it is at the payment's own rate, and its terms say what went back. */
function paidBack(
  payment: Payment,
  { amount, moved }: Operation,
  id: Id<'ref'>,
): { readonly posting: NewEvent; readonly changes: Partial<Payment> } {
  if (!isByWallet(payment) || moved === undefined)
    return { posting: event('refund.confirmed', id, { refund: id, network: payment.network, amount }), changes: {} };
  const { posting, wallet } = refundedByWallet(payment, { id, amount, moved });
  return { posting, changes: { wallet } };
}
