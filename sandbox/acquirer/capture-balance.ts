/**
 * What can still be refunded of each capture. Refunds are replayed in their order: one that names a capture takes from it,
 * one that does not takes from the earliest captures that still have something.
 */
import { assert } from '../../src/base/assert.ts';
import type { OperationRow } from './rows.ts';

/** By the capture's id; sales are captures. `operations` of one payment, in order. */
export function refundableByCapture(operations: readonly OperationRow[]): ReadonlyMap<string, bigint> {
  const left = new Map<string, bigint>();
  for (const { kind, status, id, amount, capture_id: named } of operations) {
    if (status !== 'CLOSED') continue;
    if (kind !== 'refund') {
      left.set(id, amount);
      continue;
    }
    let rest = amount;
    for (const captureId of named === null ? [...left.keys()] : [named]) {
      const available = left.get(captureId) ?? 0n;
      const taken = rest < available ? rest : available;
      left.set(captureId, available - taken);
      rest -= taken;
    }
    assert(rest === 0n, 'refunds never exceed the captures they take from');
  }
  return left;
}
