/** The payment that a wallet disputes: one through the hub, or one of an order here; found by the reference the wallet knows it by. */

import { add, subtract } from '../../base/money.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Participant } from '../../parties/index.ts';
import { findOperationByReference, findPayment, isByWallet, refundable } from '../../payments/index.ts';
import type { HubPayment } from '../hub-payment.ts';
import { findByReference } from '../store.ts';
import type { Disputable } from './may-open.ts';
import type { DisputeHome } from './wallet-dispute.ts';

export interface DisputedPayment extends Disputable {
  readonly home: DisputeHome;
}

/** Null when that wallet knows no payment of ours by it. */
export async function findDisputedPayment(
  db: Queryable,
  wallet: Participant['id'],
  reference: string,
): Promise<DisputedPayment | null> {
  const payment = await findByReference(db, reference);
  if (payment !== null) return payment.wallet === wallet ? ofHub(payment) : null;
  const operation = await findOperationByReference(db, reference);
  const paid = operation?.kind === 'sale' ? await findPayment(db, operation.payment) : null;
  if (paid === null || !isByWallet(paid) || paid.wallet.participant !== wallet) return null;
  return {
    home: { kind: 'order', payment: paid.id, network: paid.network },
    paidAt: paid.state === 'captured' && paid.wallet.canceling === null ? paid.wallet.paidAt : null,
    left: refundable(paid),
  };
}

const ofHub = ({ id, acquirer, state, paidAt, amount, refunded, refunding }: HubPayment): DisputedPayment => ({
  home: { kind: 'hub', payment: id, acquirer },
  paidAt: state === 'paid' ? paidAt : null,
  left: subtract(amount, add(refunded, refunding)),
});
