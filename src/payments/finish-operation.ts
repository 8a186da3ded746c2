/** The end of every payment command: settle the network's answer, and say what the caller gets. */
import { ok, type Result } from '../base/result.ts';
import type { AcquirerAnswer } from '../connectors/ports/card-acquirer.ts';
import type { Outcome } from '../journal/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import type { Payment } from './payment.ts';
import type { Waiting } from './second-try.ts';
import { type Begun, settleOperation } from './settle-operation.ts';
import { findPayment } from './store.ts';

interface Finish extends Begun {
  readonly answer: AcquirerAnswer;
  readonly seq: bigint;
  /** As in NetworkWord. */
  readonly waiting?: Waiting;
}

/** A notification may have settled it first: then the payment is read as it stands. */
export async function finishOperation(
  deps: PaymentDeps,
  { payment, operation, owner, answer, seq, waiting }: Finish,
): Promise<Result<Outcome<Payment>, PaymentRefusal>> {
  const settled = await settleOperation(deps, {
    operation: operation.id,
    answer,
    begun: { operation, payment, ...(owner === undefined ? {} : { owner }) },
    ...(waiting === undefined ? {} : { waiting }),
  });
  if (settled.ok) return ok({ kind: 'committed', value: settled.value, seq });
  if (settled.error.code !== 'operation_closed') return settled;
  const current = (await findPayment(deps.journal.db, payment.id)) as Payment;
  return ok({ kind: 'committed', value: current, seq });
}
