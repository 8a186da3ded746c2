/**
 * Decide's half of every network operation: the record in state `sent`, the payment's open operation, and the job that
 * resumes by inquiry. The resume job starts after the network's own deadline plus a margin, so that "not found" means it.
 */
import { addMs, type Instant } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import type { FollowUpRequest } from '../connectors/ports/card-acquirer.ts';
import { type CommandKey, deadline, insert, part, type UnitPart } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { mintReference, type Operation, operations } from './operation.ts';
import type { Payment } from './payment.ts';

export const RESOLVE_JOB = 'payments.resolve_operation';
/** Added to the network's deadline before inquiry may believe a "not found". */
export const MARGIN_MS = 10_000;

export interface StartOperation {
  readonly payment: Payment;
  readonly kind: Operation['kind'];
  readonly amount: Money;
  readonly refund?: Id<'ref'>;
  readonly part?: { readonly sequence: number; readonly final: boolean };
  readonly networkCaptureId?: string;
  /** What moves at the wallet, of an operation with one. */
  readonly moved?: Money;
  /** The command that waits for the outcome. */
  readonly command: Pick<CommandKey, 'client' | 'key'> | undefined;
  readonly at: Instant;
  readonly timeoutMs: number;
}

/** An operation about an authorized or captured payment, as the acquirer is asked; the same when it is asked again. */
export const followUpRequest = (operation: Operation): FollowUpRequest => ({
  kind: operation.kind as FollowUpRequest['kind'],
  reference: operation.reference,
  networkPaymentId: operation.networkPaymentId as string,
  amount: operation.amount,
  ...(operation.part === null ? {} : { part: operation.part }),
  ...(operation.networkCaptureId === null ? {} : { networkCaptureId: operation.networkCaptureId }),
});

/** The new operation, as it stands once committed, and what commits with it. */
export function startOperation(input: StartOperation): { readonly operation: Operation; readonly part: UnitPart } {
  const { payment, kind, amount, command, at } = input;
  const id = newId('opn');
  const resume = deadline(RESOLVE_JOB, id, addMs(at, input.timeoutMs + MARGIN_MS));
  const operation: Operation = {
    id,
    version: 1,
    state: 'sent',
    marketplace: payment.marketplace,
    payment: payment.id,
    order: payment.order,
    network: payment.network,
    kind,
    reference: mintReference(),
    amount,
    networkPaymentId: payment.networkPaymentId,
    networkId: null,
    refund: input.refund ?? null,
    part: input.part ?? null,
    networkCaptureId: input.networkCaptureId ?? null,
    command: command === undefined ? null : { client: command.client, key: command.key },
    sentAt: at,
    answeredAt: null,
    resumeJob: resume.id,
    resends: 0,
    answer: null,
    ...(input.moved === undefined ? {} : { moved: input.moved }),
  };
  return {
    operation,
    part: part({
      events: [
        event('operation.sent', operation.id, { payment: payment.id, kind, reference: operation.reference, amount }),
      ],
      writes: [insert(operations, operation)],
      jobs: [resume],
    }),
  };
}
