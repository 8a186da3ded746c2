/** What an answer of the network came to: the payment as it stands after it, and everything that commits with it. */
import { merge, part, type UnitPart, update } from '../journal/index.ts';
import type { NewEvent } from '../ledger/index.ts';
import { type Payment, payments, type Refund } from './payment.ts';

export interface Settled {
  readonly payment: Payment;
  readonly part: UnitPart;
  /** The command that waits may have its answer now. */
  readonly final: boolean;
  /** What that command is about, when it is not the payment. */
  readonly answer?: Refund;
}

/** The payment's own row, its operation closed, with what else commits. */
export function changed(
  payment: Payment,
  changes: Partial<Payment>,
  events: readonly NewEvent[],
  rest: UnitPart = part({}),
): Settled {
  const closed = { openOperation: null, ...changes };
  return {
    payment: { ...payment, ...closed, version: payment.version + events.length },
    part: merge(part({ events, writes: [update(payments, payment, closed)] }), rest),
    final: true,
  };
}
