/** What payments cost the operator so far: fees of networks, summed by kind. Known once the day's files are posted. */
import { add, isPositive, type Money } from '../base/money.ts';
import type { Queryable } from '../db/pool.ts';
import { feesOf } from './store.ts';

/** `returned`: given back, to be taken off the others. */
export interface PaymentCost {
  readonly kind: 'interchange' | 'scheme' | 'processing' | 'returned';
  readonly amount: Money;
}

/** By kind and currency; empty until a file has told. */
export async function costsOf(db: Queryable, payments: readonly string[]): Promise<readonly PaymentCost[]> {
  const sums = new Map<string, PaymentCost>();
  for (const fee of await feesOf(db, payments)) {
    for (const { kind, amount } of [
      { kind: 'interchange', amount: fee.interchange },
      { kind: 'scheme', amount: fee.schemeFee },
      { kind: 'processing', amount: fee.processingFee },
      { kind: 'returned', amount: fee.returned },
    ] as const) {
      if (!isPositive(amount)) continue;
      const key = `${kind} ${amount.currency}`;
      const before = sums.get(key);
      sums.set(key, { kind, amount: before === undefined ? amount : add(before.amount, amount) });
    }
  }
  return [...sums.values()];
}
