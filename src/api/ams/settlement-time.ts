/** earliestSettlementTime, of inquiries and notifications. */
import type { AmsPayment } from '../../ams/index.ts';
import { findOrder, settleableFrom } from '../../protection/index.ts';
import type { App } from '../app.ts';
import { timeOf } from './views.ts';

/** From when on the order of a payment can be settled; nothing while it is not paid, or once it is closed. */
export async function viewSettlementTime(
  { journal }: App,
  { order }: AmsPayment,
): Promise<{ readonly earliestSettlementTime?: string }> {
  const row = await findOrder(journal.db, order);
  const from = row === null ? null : settleableFrom(row);
  return from === null ? {} : { earliestSettlementTime: timeOf(from) };
}
