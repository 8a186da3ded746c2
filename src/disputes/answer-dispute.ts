/**
 * Answering a dispute: challenge it with the evidence of the stage (for an inquiry: hand in what it asks for), or accept it. Decided and recorded first, under a
 * reference that never changes; then sent; then what the network said is recorded, once, whoever brings it. "Taken" says
 * that the answer arrived, not how the case ends: only the network's next word does.
 *
 * When nobody answers, the dispute is read again: if it has moved on, the answer arrived; if not, it is sent again under its
 * reference, which the network takes once.
 */
import { addMs } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { compare, isPositive, type Money, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { COMMITTED, FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import {
  type CommandKey,
  type Decision,
  deadline,
  type JobLease,
  merge,
  type Outcome,
  part,
  update,
} from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { mintReference } from '../payments/index.ts';
import { disputeOnOrder, findOrder, type Order } from '../protection/index.ts';
import { type Answer, type Case, disputes, isFinal, moveCase, openAnswer } from './case.ts';
import type { ChannelAnswer } from './channel.ts';
import type { DisputeDeps } from './deps.ts';
import type { DisputeRefusal } from './errors.ts';
import { mayAnswer } from './may-answer.ts';
import { observeDispute } from './record-word.ts';
import { findDispute, loadDocuments } from './store.ts';

export const RESUME_JOB = 'disputes.resume_answer';
export const READ_JOB = 'disputes.read';

/** Added to the network's deadline before it is asked what became of an answer. */
const MARGIN_MS = 10_000;
const AGAIN_MS = 60_000;

export interface AnswerDispute {
  /** Null: the operator acts for whoever's it is. */
  readonly marketplace: Id<'mkt'> | null;
  readonly dispute: Id<'dsp'>;
  readonly kind: Answer['kind'];
  /** Accepts this much of it; without it, all. */
  readonly amount?: Money;
}

/** The case as far as it is known; its last answer is open while the network has not said that it took it. */
export async function answerDispute(
  deps: DisputeDeps,
  command: CommandKey,
  input: AnswerDispute,
): Promise<Result<Outcome<Case>, DisputeRefusal>> {
  const begun = await deps.journal.run(command, () => decide(deps, command, input));
  if (!begun.ok || begun.value.kind === 'repeated') return begun;
  const answer = openAnswer(begun.value.value) as Answer;
  const settled = await settleAnswer(
    deps,
    input.dispute,
    answer.reference,
    await send(deps, begun.value.value, answer),
  );
  if (!settled.ok && settled.error.code !== 'operation_closed') return settled;
  const current = (await findDispute(deps.journal.db, input.dispute)) as Case;
  return ok({ kind: 'committed', value: current, seq: begun.value.seq });
}

async function decide(
  deps: DisputeDeps,
  command: CommandKey,
  { marketplace, dispute, kind, amount }: AnswerDispute,
): Promise<Result<Decision<Case>, DisputeRefusal>> {
  const row = await findDispute(deps.journal.db, dispute);
  if (row === null || (marketplace !== null && row.marketplace !== marketplace))
    return refuse('not_found', 'no such dispute');
  const at = deps.clock.now();
  const allowed = mayAnswer(row, at);
  if (!allowed.ok) return allowed;
  const taken = amount === undefined ? ok(null) : mayTakePart(deps, row, amount);
  if (!taken.ok) return taken;
  const documents = kind === 'accept' ? 0 : row.documents.filter(({ stage }) => stage === row.stage).length;
  if (kind === 'challenge' && documents === 0)
    return refuse('evidence_missing', 'hand in at least one document for this stage first', {
      facts: { stage: row.stage },
    });
  const resume = deadline(RESUME_JOB, row.id, addMs(at, deps.answerTimeoutMs + MARGIN_MS));
  const answer: Answer = {
    kind,
    ...(amount === undefined ? {} : { amount }),
    stage: row.stage,
    reference: mintReference(),
    state: 'sent',
    sentAt: at,
    answeredAt: null,
    refusal: null,
    resumeJob: resume.id,
    command: { client: command.client, key: command.key },
  };
  const { stage, reference } = answer;
  const answers = [...row.answers, answer];
  const after: Case = { ...row, answers, version: row.version + 1 };
  const sent = part({
    events: [event('dispute.answer_sent', row.id, { answer: kind, stage, reference, documents })],
    writes: [update(disputes, row, { answers })],
    jobs: [resume],
  });
  return ok({ unit: { at, ...sent, open: true, answer: after }, value: after });
}

/** A part is less than what is disputed, where the channel takes parts at all. */
function mayTakePart({ channel }: DisputeDeps, row: Case, amount: Money): Result<null, DisputeRefusal> {
  if (!channel.takesParts)
    return refuse('partial_not_offered', 'a dispute of this channel is accepted as a whole', { pointer: '/amount' });
  const fits = amount.currency === row.amount.currency && isPositive(amount) && compare(amount, row.amount) < 0;
  return fits
    ? ok(null)
    : refuse('invalid_amount', 'must be above zero and less than what is disputed', {
        pointer: '/amount/value',
        facts: { disputed: row.amount },
      });
}

async function send(deps: DisputeDeps, row: Case, { kind, amount, stage, reference }: Answer): Promise<ChannelAnswer> {
  const records = kind === 'accept' ? [] : row.documents.filter((document) => document.stage === stage);
  const contents = await loadDocuments(deps.journal.db, records);
  const documents = records.map(({ name, mediaType }, index) => ({
    name,
    mediaType,
    content: contents[index] as Uint8Array,
  }));
  return deps.channel.answer({
    kind,
    amount: amount ?? null,
    stage,
    claim: row.claim,
    reference,
    facts: row.facts,
    documents,
  });
}

/** Records what the network said about an answer; `operation_closed` when it was final already. */
async function settleAnswer(
  deps: DisputeDeps,
  dispute: Id<'dsp'>,
  reference: string,
  word: ChannelAnswer,
  done?: JobLease,
): Promise<Result<Case, DisputeRefusal>> {
  const result = await deps.journal.run(undefined, async (): Promise<Result<Decision<Case>, DisputeRefusal>> => {
    const row = (await findDispute(deps.journal.db, dispute)) as Case;
    const answer = openAnswer(row);
    if (answer === null || answer.reference !== reference)
      return refuse('operation_closed', 'the answer has its outcome');
    if (word.outcome === answer.state) return refuse('operation_closed', 'nothing new about the answer');
    const order = (await findOrder(deps.journal.db, row.order)) as Order;
    return ok(planSettle(deps, { row, order, answer, word, ...(done === undefined ? {} : { done }) }));
  });
  if (!result.ok) return result;
  return result.value.kind === 'committed' ? ok(result.value.value) : refuse('operation_closed', 'settled already');
}

interface Settle {
  readonly row: Case;
  readonly order: Order;
  readonly answer: Answer;
  readonly word: ChannelAnswer;
  readonly done?: JobLease;
}

function planSettle(deps: DisputeDeps, { row, order, answer, word, done }: Settle): Decision<Case> {
  const at = deps.clock.now();
  const final = word.outcome !== 'unknown';
  const refusal = word.outcome === 'refused' ? { code: word.code, message: word.message } : null;
  const told: Answer = { ...answer, state: word.outcome, answeredAt: final ? at : null, refusal };
  const answers = row.answers.map((each) => (each.reference === answer.reference ? told : each));
  // The case may have moved on since the answer was sent; then it stands where the network said.
  const passes = word.outcome === 'taken' && !isFinal(row.state) && row.stage === answer.stage && row.turn === 'ours';
  const represents = passes && answer.kind === 'challenge' && row.stage !== 'inquiry';
  const state = represents && row.state === 'chargeback' ? 'represented' : row.state;
  const changes = moveCase(row, state, {
    answers,
    ...(passes ? { turn: 'theirs' as const, respondBy: null, deadline: null } : {}),
  });
  const events = [
    event('dispute.answered', row.id, {
      reference: answer.reference,
      outcome: word.outcome,
      ...(refusal === null ? {} : { code: refusal.code }),
    }),
    ...(represents ? [event('chargeback.represented', row.id, { dispute: row.id, stage: row.stage })] : []),
  ];
  const after: Case = { ...row, ...changes, version: row.version + events.length };
  const own = part({
    events,
    writes: [update(disputes, row, changes)],
    // The outcome of what was accepted is the network's to say.
    jobs: word.outcome === 'taken' && answer.kind === 'accept' ? [deadline(READ_JOB, row.id, at)] : [],
    withdraws: [...(final ? [answer.resumeJob] : []), ...(passes && row.deadline !== null ? [row.deadline] : [])],
  });
  const unit = {
    at,
    ...(passes ? merge(own, stepOnOrder(order, after, at)) : own),
    answer: after,
    ...(final && answer.command !== null ? { closes: answer.command } : {}),
    ...(done === undefined ? {} : { done }),
  };
  return { unit, value: after };
}

function stepOnOrder(order: Order, row: Case, at: Answer['sentAt']) {
  const none = zero(row.amount.currency);
  const { channel, state } = row;
  return disputeOnOrder(order, {
    ...{ dispute: row.id, channel, state, at, frozen: none, returned: none, feeReturned: none },
    // The case goes on, so nothing is settled with who paid a part.
    ...{ opens: false, ends: false, other: null, vouchers: [] },
  });
}

/** The job of an answer that nobody has confirmed. */
export async function resumeAnswerJob(deps: DisputeDeps, job: Job): Promise<JobResult> {
  const before = await findDispute(deps.journal.db, job.subject as Id<'dsp'>);
  if (before === null || openAnswer(before) === null) return FINISHED;
  await observeDispute(deps, before.claim);
  const row = (await findDispute(deps.journal.db, before.id)) as Case;
  const answer = openAnswer(row);
  if (answer === null) return FINISHED;
  const arrived = row.turn !== 'ours' || row.stage !== answer.stage;
  const word: ChannelAnswer = arrived ? { outcome: 'taken' } : await send(deps, row, answer);
  const final = word.outcome !== 'unknown';
  const lease = { job: job.id, lease: job.lease };
  const settled = await settleAnswer(deps, row.id, answer.reference, word, final ? lease : undefined);
  if (settled.ok && final) return COMMITTED;
  if (!settled.ok && final && settled.error.code === 'operation_closed') return FINISHED;
  return { kind: 'again', afterMs: AGAIN_MS, reason: 'no answer yet', countsAsAttempt: true };
}
