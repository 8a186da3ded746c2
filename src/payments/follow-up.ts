/** Capture and void: one decide, one call, one settle. They differ in what the network does, not in how we ask. */
import type { Id } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, type Decision, merge, type Outcome, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { finishOperation } from './finish-operation.ts';
import type { Operation } from './operation.ts';
import { type Payment, payments } from './payment.ts';
import { startOperation } from './start-operation.ts';
import { findPayment } from './store.ts';

interface FollowUp {
  readonly marketplace: Id<'mkt'>;
  readonly payment: Id<'pay'>;
  readonly kind: 'capture' | 'void';
}

export async function followUp(
  deps: PaymentDeps,
  command: CommandKey,
  input: FollowUp,
): Promise<Result<Outcome<Payment>, PaymentRefusal>> {
  return deps.inFlight.during(async (flight) => {
    const begun = await deps.journal.run(command, async () => flight.track(await decide(deps, command, input)));
    if (!begun.ok || begun.value.kind === 'repeated') return begun as Result<Outcome<Payment>, PaymentRefusal>;
    const { payment, operation } = begun.value.value;
    const answer = await flight.call(() =>
      deps.acquirer.followUp({
        kind: input.kind,
        reference: operation.reference,
        networkPaymentId: operation.networkPaymentId as string,
        amount: operation.amount,
      }),
    );
    return finishOperation(deps, { payment, operation, answer, seq: begun.value.seq });
  });
}

type Begun = Decision<{ readonly payment: Payment; readonly operation: Operation }>;

async function decide(
  deps: PaymentDeps,
  command: CommandKey,
  { marketplace, payment: id, kind }: FollowUp,
): Promise<Result<Begun, PaymentRefusal>> {
  const payment = await findPayment(deps.journal.db, id);
  if (payment === null || payment.marketplace !== marketplace) return refuse('not_found', 'no such payment');
  if (payment.openOperation !== null)
    return refuse('operation_in_progress', 'the acquirer has not answered an earlier request about this payment');
  if (payment.state !== 'authorized') {
    return refuse(
      'illegal_move',
      `a payment that is ${payment.state} cannot be ${kind === 'capture' ? 'captured' : 'canceled'}`,
      { facts: { state: payment.state } },
    );
  }
  const at = deps.clock.now();
  const { operation, part: sent } = startOperation({
    payment,
    kind,
    amount: payment.amount,
    refund: null,
    command,
    at,
    timeoutMs: deps.acquirerTimeoutMs,
  });
  const changed: Payment = { ...payment, version: payment.version + 1, openOperation: operation.id };
  const started = part({
    events: [event('payment.operation_started', payment.id, { operation: operation.id, kind })],
    writes: [update(payments, payment, { openOperation: operation.id })],
  });
  return ok({
    unit: { at, ...merge(started, sent), open: true, answer: changed },
    value: { payment: changed, operation },
  });
}
