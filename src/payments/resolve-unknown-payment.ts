/**
 * What happens when an acquirer times out. The outcome is unknown, never failed; it is learned by asking with the same
 * reference, on a growing ladder, until the network gives its word. "Not found" counts only after the network's own
 * deadline has passed; then a first operation never happened, and a follow-up is sent again under the same reference.
 * The settlement file has the last word of the network's: what it shows was done, what no file shows was not. An operator
 * can close one with evidence. Never a new attempt under a new reference.
 */
import { Fault } from '../base/fault.ts';
import type { Id } from '../base/ids.ts';
import { equals, type Money } from '../base/money.ts';
import { type Result, refuse } from '../base/result.ts';
import type { AcquirerAnswer } from '../connectors/ports/card-acquirer.ts';
import { COMMITTED, FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import type { CommandKey, Outcome } from '../journal/index.ts';
import { resumeAuthentication } from './authenticate-payment.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { isOpen, type Operation } from './operation.ts';
import type { Payment } from './payment.ts';
import { resumeWalletOperation } from './resume-wallet.ts';
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
  if (operation.moved !== undefined) return resumeWalletOperation(deps, operation, job);
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
  if (operation === null || !isOpen(operation) || operation.kind === 'authenticate' || operation.moved !== undefined)
    return;
  const answer = await inquire(deps, operation);
  if (answer.outcome === 'approved' || answer.outcome === 'declined')
    await settleOperation(deps, { operation: operation.id, answer });
}

/** A line of a settlement file, in the money that the buyer paid or got back. */
export interface FileWord {
  readonly network: Id<'net'>;
  readonly reference: string;
  readonly kind: 'sale' | 'refund';
  readonly networkId: string;
  readonly amount: Money;
  /** Which file and batch. */
  readonly evidence: string;
}

/**
 * An open operation that the network's file settles is approved. One of another kind or amount stays as it is: the line is
 * then held against it and does not agree.
 */
export async function resolveByFile(deps: PaymentDeps, word: FileWord): Promise<void> {
  const operation = await findOperationByReference(deps.journal.db, word.reference);
  if (operation === null || operation.network !== word.network || !isOpen(operation)) return;
  const kinds: readonly Operation['kind'][] = word.kind === 'refund' ? ['refund'] : ['sale', 'capture'];
  if (!kinds.includes(operation.kind) || !equals(operation.amount, word.amount)) return;
  await decideByFiles(deps, operation.id, word.evidence, {
    outcome: 'approved',
    networkId: operation.networkId ?? word.networkId,
    amount: word.amount,
    details: {},
  });
}

/** A capture, sale or refund that is in no file of its day and the two after it was never done. */
export const closeNotInFiles = (deps: PaymentDeps, operation: Id<'opn'>, evidence: string): Promise<void> =>
  decideByFiles(deps, operation, evidence, {
    outcome: 'declined',
    code: 'not_in_files',
    message: 'no settlement file of the network shows it',
  });

/** @throws Fault, retryable, on a conflict: what a file says must not be lost. */
async function decideByFiles(
  deps: PaymentDeps,
  operation: Id<'opn'>,
  evidence: string,
  answer: AcquirerAnswer,
): Promise<void> {
  const settled = await settleOperation(deps, { operation, answer, decidedBy: { who: 'settlement files', evidence } });
  if (!settled.ok && settled.error.code === 'conflict')
    throw new Fault('conflict', settled.error.detail, { retryable: true });
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
