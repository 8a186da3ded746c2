/**
 * What happens when an acquirer times out. The outcome is unknown, never failed; it is learned by asking with the same
 * reference, on a growing ladder, until the network gives its word. "Not found" counts only after the network's own
 * deadline has passed; then a first operation never happened, and a follow-up is sent again under the same reference.
 * An operator can close one with evidence. Never a new attempt under a new reference.
 */
import type { Id } from '../base/ids.ts';
import { type Result, refuse } from '../base/result.ts';
import type { AcquirerAnswer } from '../connectors/ports/card-acquirer.ts';
import { COMMITTED, FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import type { CommandKey, Outcome } from '../journal/index.ts';
import { resumeAuthentication } from './authenticate-payment.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { isOpen, type Operation } from './operation.ts';
import type { Payment } from './payment.ts';
import { settleOnce, settleOperation } from './settle-operation.ts';
import { followUpRequest } from './start-operation.ts';
import { findOperation, findOperationByReference } from './store.ts';

/** Pauses between inquiries, business time: 30 s, 1 min, 5 min, 15 min, then hourly. */
const LADDER_MS = [30_000, 60_000, 300_000, 900_000, 3_600_000] as const;

/** The resume job: inquire, settle what is known, come back for what is not. */
export async function resolveOperationJob(deps: PaymentDeps, job: Job): Promise<JobResult> {
  const operation = await findOperation(deps.journal.db, job.subject as Id<'opn'>);
  if (operation === null || !isOpen(operation)) return FINISHED;
  if (operation.kind === 'authenticate') return resumeAuthentication(deps, operation);
  if (deps.inFlight.has(operation.id)) return { kind: 'again', afterMs: LADDER_MS[0], reason: 'its call is under way' };
  const answer = await askAgain(deps, operation);
  const final = answer.outcome === 'approved' || answer.outcome === 'declined';
  if (!final && answer.outcome === operation.state) return again(job);
  const settled = await settleOperation(deps, {
    operation: operation.id,
    answer,
    ...(final ? { done: { job: job.id, lease: job.lease } } : {}),
  });
  if (settled.ok) return final ? COMMITTED : again(job);
  return settled.error.code === 'operation_closed' ? FINISHED : again(job);
}

/** A notification said that something changed: ask now, whatever the ladder says. Its own claims are not trusted. */
export async function confirmByInquiry(deps: PaymentDeps, reference: string): Promise<void> {
  const operation = await findOperationByReference(deps.journal.db, reference);
  if (operation === null || !isOpen(operation) || operation.kind === 'authenticate') return;
  const answer = await inquire(deps, operation);
  if (answer.outcome === 'approved' || answer.outcome === 'declined')
    await settleOperation(deps, { operation: operation.id, answer });
}

export interface ManualResolution {
  readonly operation: Id<'opn'>;
  readonly outcome: 'approved' | 'declined';
  /** What proves it: a network reference, a statement line, a letter. */
  readonly evidence: string;
  readonly reason: string;
  readonly who: string;
  readonly command?: CommandKey;
}

/** An operator closes an operation that no inquiry resolves. Kept with who, why and on what evidence. */
export async function resolveByHand(
  deps: PaymentDeps,
  input: ManualResolution,
): Promise<Result<Outcome<Payment>, PaymentRefusal>> {
  const operation = await findOperation(deps.journal.db, input.operation);
  if (operation === null) return refuse('not_found', 'no such operation');
  if (operation.kind === 'authenticate')
    return refuse('illegal_move', 'an authentication ends by itself; it moves no money');
  const answer: AcquirerAnswer =
    input.outcome === 'approved'
      ? {
          outcome: 'approved',
          networkId: operation.networkId ?? input.evidence,
          amount: operation.amount,
          details: { decided: 'by hand' },
        }
      : { outcome: 'declined', code: 'resolved_by_hand', message: input.reason };
  return settleOnce(deps, {
    ...(input.command === undefined ? {} : { command: input.command }),
    operation: operation.id,
    answer,
    decidedBy: { who: input.who, evidence: `${input.evidence}: ${input.reason}` },
  });
}

async function askAgain(deps: PaymentDeps, operation: Operation): Promise<AcquirerAnswer> {
  const answer = await inquire(deps, operation);
  if (answer.outcome !== 'not_found') return answer;
  if (operation.kind === 'authorize' || operation.kind === 'sale') {
    return { outcome: 'declined', code: 'not_received', message: 'the acquirer never received it' };
  }
  return deps.accounts.of(operation.network).acquirer.followUp(followUpRequest(operation));
}

function inquire(deps: PaymentDeps, operation: Operation) {
  const { kind, reference, amount, networkPaymentId, network } = operation;
  if (kind === 'authenticate') throw new Error('an authentication is asked about elsewhere');
  return deps.accounts
    .of(network)
    .acquirer.inquire({ kind, reference, amount, ...(networkPaymentId === null ? {} : { networkPaymentId }) });
}

function again(job: Job): JobResult {
  const rung = Math.min(job.attempts - 1, LADDER_MS.length - 1);
  return { kind: 'again', afterMs: LADDER_MS[rung] as number, reason: 'outcome unknown', countsAsAttempt: true };
}
