/** Which request of a client an order's money came through: of several, some may have been declined or canceled. */
import type { Id } from '../base/ids.ts';
import type { AmsDeps } from './deps.ts';
import type { AmsPayment } from './rows.ts';
import { standingOf } from './standing.ts';
import { amsPaymentsOf } from './store.ts';

/** The first that was captured, with this payment where one is named; null when the order was paid otherwise. */
export async function paidThrough(
  deps: AmsDeps,
  order: Id<'ord'>,
  payment: Id<'pay'> | null = null,
): Promise<AmsPayment | null> {
  for (const row of await amsPaymentsOf(deps.journal.db, order)) if (await hasPaid(deps, row, payment)) return row;
  return null;
}

export async function hasPaid(deps: AmsDeps, row: AmsPayment, named: Id<'pay'> | null = null): Promise<boolean> {
  const { payment } = await standingOf(deps, row);
  return payment !== null && payment.captured.amount > 0n && (named === null || payment.id === named);
}
