/** Finding what a request names, by our id or by the client's own; what is another client's is not there. */
import { type AmsClient, type AmsPayment, findAmsPayment, loadAmsPayment } from '../../ams/index.ts';
import { parseId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';

export interface PaymentName {
  readonly id?: string | null;
  readonly requestId?: string | null;
}

/** Our id wins, as documented. */
export async function findNamedPayment(
  db: Queryable,
  client: AmsClient,
  { id = null, requestId = null }: PaymentName,
): Promise<AmsPayment | null> {
  if (id === null) return requestId === null ? null : findAmsPayment(db, { client: client.id, requestId });
  const own = parseId('amp', id);
  const row = own === null ? null : await loadAmsPayment(db, own);
  return row !== null && row.client === client.id ? row : null;
}
