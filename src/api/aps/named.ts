/** Finding what a request names, by our id or by the acquirer's own; what is another acquirer's is not there. */
import { parseId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import { findParticipant, type Participant } from '../../parties/index.ts';
import { findHubPayment, type HubPayment, loadHubPayment } from '../../wallets/index.ts';
import type { Call } from './call.ts';
import type { Sides } from './views.ts';

/** Our id wins, as documented. Null, and nothing rejected, when there is no such payment. */
export async function namedPayment({ app, participant, fields }: Call): Promise<HubPayment | null> {
  const [id, requestId] = [fields.text('paymentId', 64), fields.text('paymentRequestId', 64)];
  if (id === null && requestId === null) fields.reject('paymentRequestId', 'or paymentId is needed');
  if (fields.wrong !== null) return null;
  const { db } = app.journal;
  if (id === null) return findHubPayment(db, { acquirer: participant.id, requestId: requestId ?? '' });
  const own = parseId('hpy', id);
  const payment = own === null ? null : await loadHubPayment(db, own);
  return payment !== null && payment.acquirer === participant.id ? payment : null;
}

export const UNKNOWN_PAYMENT = { code: 'unknown_payment', detail: 'no such payment' } as const;

export const sidesOf = async (db: Queryable, acquirer: Participant, { wallet }: HubPayment): Promise<Sides> => ({
  acquirer,
  wallet: wallet === null ? null : await findParticipant(db, wallet),
});
