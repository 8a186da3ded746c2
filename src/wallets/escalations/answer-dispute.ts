/**
 * The one answer to a dispute of a wallet: all of it goes back, a part, or nothing. Whoever was paid gives it, or the clock does by
 * the policy: silence to a claim accepts it, a question that nobody answers lapses. What is accepted is refunded by a job of
 * the same unit, within the policy's days. The same answer again is taken and changes nothing.
 */
import { addDays, type Instant } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import { compare, isPositive, type Money } from '../../base/money.ts';
import { assertMove } from '../../base/moves.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import { FINISHED, type Job, type JobResult } from '../../jobs/index.ts';
import { type Decision, part, type UnitPart, update } from '../../journal/index.ts';
import { event } from '../../ledger/index.ts';
import type { HubDeps } from '../deps.ts';
import type { AnswerRefusal, WalletDisputeRefusal } from './errors.ts';
import { walletDisputePolicy } from './policies.ts';
import { givingBack, tellingAll } from './steps.ts';
import { findWalletDispute } from './store.ts';
import {
  WALLET_DISPUTE_MOVES,
  type WalletDispute,
  type WalletDisputeAnswer,
  walletDisputes,
} from './wallet-dispute.ts';

export interface AnswerWalletDispute {
  readonly dispute: Id<'esc'>;
  readonly kind: WalletDisputeAnswer['kind'];
  /** Of a part; null otherwise. */
  readonly amount: Money | null;
  readonly text: string;
  readonly evidence: WalletDisputeAnswer['evidence'];
  readonly by: 'acquirer' | 'seller';
}

export async function answerWalletDispute(
  deps: Pick<HubDeps, 'journal' | 'clock'>,
  input: AnswerWalletDispute,
): Promise<Result<WalletDispute, WalletDisputeRefusal>> {
  const { db } = deps.journal;
  const answered = await deps.journal.run(undefined, async () => {
    const row = await findWalletDispute(db, input.dispute);
    if (row === null) return refuse('unknown_dispute', 'no such dispute');
    const at = deps.clock.now();
    const allowed = mayAnswer(row, input, at);
    if (!allowed.ok) return allowed;
    return ok({ unit: { at, ...answering(row, { ...input, amount: allowed.value, at }) }, value: null });
  });
  if (!answered.ok && answered.error.code !== 'answered_alike') return answered as Result<never, WalletDisputeRefusal>;
  return ok((await findWalletDispute(db, input.dispute)) as WalletDispute);
}

type Allowed = AnswerRefusal | Refusal<'answered_alike'>;

/** What goes back by it, or null. */
function mayAnswer(row: WalletDispute, input: AnswerWalletDispute, at: Instant): Result<Money | null, Allowed> {
  if (row.answer !== null)
    return isAlike(row.answer, input)
      ? refuse('answered_alike', 'it is answered so')
      : refuse('dispute_answered', 'a dispute is answered once');
  if (row.state !== 'open' || row.respondBy <= at)
    return refuse('response_overdue', 'the time to answer has run out', { facts: { respondBy: row.respondBy } });
  if (input.kind === 'refuse') return ok(null);
  if (input.kind === 'full') return ok(row.amount);
  const { amount } = input;
  if (amount === null || amount.currency !== row.amount.currency || !isPositive(amount))
    return refuse('partial_amount', `a part is an amount in ${row.amount.currency}`, { pointer: '/amount' });
  return compare(amount, row.amount) < 0
    ? ok(amount)
    : refuse('partial_amount', 'a part is less than what is disputed', {
        pointer: '/amount/value',
        facts: { disputed: row.amount },
      });
}

const isAlike = (given: WalletDisputeAnswer, { kind, amount }: AnswerWalletDispute): boolean =>
  given.by !== 'deadline' && given.kind === kind && (kind !== 'partial' || given.amount?.amount === amount?.amount);

type Given = Pick<WalletDisputeAnswer, 'kind' | 'amount' | 'text' | 'evidence' | 'by' | 'at'>;

function answering(row: WalletDispute, { kind, amount, text, evidence, by, at }: Given): UnitPart {
  const state = amount === null ? 'answered' : 'refunding';
  assertMove(WALLET_DISPUTE_MOVES, `wallet dispute ${row.id}`, row.state, state);
  const refundBy = amount === null ? null : addDays(at, walletDisputePolicy(row.kind, row.policy).refundDays);
  const answer: WalletDisputeAnswer = { kind, amount, text, evidence, by, at };
  const back = amount === null || refundBy === null ? {} : { amount, refundBy };
  return part({
    events: [event('wallet_dispute.answered', row.id, { answer: kind, by, ...back })],
    writes: [
      update(walletDisputes, row, { state, answer, refundBy, deadline: null, endedAt: amount === null ? at : null }),
    ],
    jobs: [...tellingAll(row, at), ...(amount === null ? [] : [givingBack(row, at)])],
    withdraws: row.deadline === null ? [] : [row.deadline],
  });
}

/** Handler of RESPOND_JOB. */
export async function respondJob(deps: HubDeps, job: Job): Promise<JobResult> {
  const { db } = deps.journal;
  const silent = await deps.journal.run(undefined, async (): Promise<Result<Decision<null>, Refusal<'answered'>>> => {
    const row = await findWalletDispute(db, job.subject as Id<'esc'>);
    const at = deps.clock.now();
    if (row === null || row.state !== 'open' || at < row.respondBy) return refuse('answered', 'nobody is waited for');
    return ok({ unit: { at, ...silence(row, at) }, value: null });
  });
  if (silent.ok || silent.error.code === 'answered') return FINISHED;
  return { kind: 'again', afterMs: 1000, reason: silent.error.detail };
}

function silence(row: WalletDispute, at: Instant): UnitPart {
  if (walletDisputePolicy(row.kind, row.policy).silence === 'accepted')
    return answering(row, { kind: 'full', amount: row.amount, text: '', evidence: [], by: 'deadline', at });
  assertMove(WALLET_DISPUTE_MOVES, `wallet dispute ${row.id}`, row.state, 'lapsed');
  return part({
    events: [event('wallet_dispute.lapsed', row.id, { because: 'nobody answered in time' })],
    writes: [update(walletDisputes, row, { state: 'lapsed', deadline: null, endedAt: at })],
    jobs: tellingAll(row, at),
  });
}
