/**
 * National schemes: the wallet has paid us, the acquirer pushes the money on through the scheme, and the hub asks whether it has
 * arrived: after 4 s, 4 s, 30 s, 60 s, 60 s, 60 s, 5 min, 5 min and then every 5 min; after a day every hour. The acquirer's word is
 * final both ways. Arrived: nothing more. Never: the person gets everything back, by cancel while that is possible and by
 * refund afterwards; nobody has to ask. No answer is no word: the money is not given back while it may still arrive.
 */
import { addMs, type Clock, type Instant, MS_PER_DAY, msOf } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import type { PushAnswer, ShopAcquirer } from '../../connectors/ports/shop-acquirer.ts';
import { COMMITTED, FINISHED, type Job, type JobHandlers, type JobResult } from '../../jobs/index.ts';
import { type Decision, deadline, EMPTY_PART, type Journal, part, type UnitPart, update } from '../../journal/index.ts';
import { event } from '../../ledger/index.ts';
import { findParticipant } from '../../parties/index.ts';
import { type HubPayment, hubPayments } from '../hub-payment.ts';
import { acquirerTarget } from './acquirer-target.ts';
import { loadPayment } from './store.ts';

export const PUSH_JOB = 'hub.push_inquiry';
export const PUSH_BACK_JOB = 'hub.push_give_back';

export interface PushDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly acquirers: Pick<ShopAcquirer, 'inquirePush'>;
  /** Everything back to the payer; repeated until it says `done`. */
  readonly giveBack: (payment: HubPayment, reason: string) => Promise<'done' | 'waiting'>;
}

/** The part of the unit by which a payment is paid: of one that is pushed on, the first inquiry. */
export const startingPush = ({ id, push }: Pick<HubPayment, 'id' | 'push'>, paidAt: Instant): UnitPart =>
  push === null ? EMPTY_PART : part({ jobs: [deadline(PUSH_JOB, id, addMs(paidAt, untilNextAsk(0)))] });

const LADDER_MS = [4, 4, 30, 60, 60, 60, 300, 300].map((seconds) => seconds * 1000);
const LATER_MS = 300_000;
const HOUR_MS = 3_600_000;
const BACK_AGAIN_MS = 60_000;

/** Milliseconds until the next inquiry, by how long ago the payment was paid: the rungs end where they would if each was on time. */
export function untilNextAsk(sincePaidMs: number): number {
  let rung = 0;
  for (const step of LADDER_MS) {
    rung += step;
    if (rung > sincePaidMs) return rung - sincePaidMs;
  }
  if (sincePaidMs >= MS_PER_DAY) return HOUR_MS;
  return LATER_MS - ((sincePaidMs - rung) % LATER_MS);
}

export function pushJobs(deps: PushDeps): JobHandlers {
  return {
    [PUSH_JOB]: (job) => askAgain(deps, job),
    [PUSH_BACK_JOB]: (job) => giveBackAgain(deps, job),
  };
}

/** Every minute for an hour, then every hour: a wallet that refuses for long is for people to talk to. */
async function giveBackAgain(deps: PushDeps, { subject }: Job): Promise<JobResult> {
  const payment = await loadPayment(deps.journal.db, subject as Id<'hpy'>);
  if (payment === null) return FINISHED;
  if ((await deps.giveBack(payment, 'the national scheme did not take it')) === 'done') return FINISHED;
  const since = msOf(deps.clock.now()) - msOf(payment.push?.at ?? payment.createdAt);
  const afterMs = since < HOUR_MS ? BACK_AGAIN_MS : HOUR_MS;
  return { kind: 'again', afterMs, reason: 'the wallet has not given it back yet' };
}

async function askAgain(deps: PushDeps, job: Job): Promise<JobResult> {
  const payment = await loadPayment(deps.journal.db, job.subject as Id<'hpy'>);
  if (payment === null || !isWaiting(payment)) return FINISHED;
  const said = await ask(deps, payment);
  if (said.outcome === 'arrived' || said.outcome === 'refused') return settle(deps, job, said);
  const since = msOf(deps.clock.now()) - msOf(payment.paidAt ?? payment.createdAt);
  const reason = said.outcome === 'pending' ? 'not there yet' : said.cause;
  return { kind: 'again', afterMs: untilNextAsk(since), reason };
}

const isWaiting = ({ state, push }: HubPayment): boolean => state === 'paid' && push?.state === 'waiting';

async function ask({ journal, acquirers }: PushDeps, { acquirer, requestId }: HubPayment): Promise<PushAnswer> {
  const participant = await findParticipant(journal.db, acquirer);
  const target = participant === null ? null : acquirerTarget(participant);
  if (target === null) return { outcome: 'unknown', cause: 'the acquirer has no place where it is asked' };
  return acquirers.inquirePush(target, { requestId });
}

type Word = PushAnswer & { readonly outcome: 'arrived' | 'refused' };

/** A payment that was canceled or refunded meanwhile has its end already. */
async function settle({ journal, clock }: PushDeps, job: Job, said: Word): Promise<JobResult> {
  const settled = await journal.run(undefined, async (): Promise<Result<Decision<null>, Refusal<'push_over'>>> => {
    const payment = await loadPayment(journal.db, job.subject as Id<'hpy'>);
    if (payment === null || !isWaiting(payment)) return refuse('push_over', 'nothing waits to arrive');
    const at = clock.now();
    const unit = said.outcome === 'arrived' ? arrived(payment, said.at) : neverComes(payment, said.code, at);
    return ok({ unit: { at, ...unit, done: { job: job.id, lease: job.lease } }, value: null });
  });
  if (settled.ok) return COMMITTED;
  const { code, detail } = settled.error;
  return code === 'push_over' ? FINISHED : { kind: 'again', afterMs: 1000, reason: detail };
}

const arrived = (payment: HubPayment, at: Instant): UnitPart =>
  part({
    events: [event('hub_payment.push_arrived', payment.id, { at })],
    writes: [update(hubPayments, payment, { push: pushed(payment, 'arrived', at) })],
  });

const neverComes = (payment: HubPayment, code: string, at: Instant): UnitPart =>
  part({
    events: [event('hub_payment.push_refused', payment.id, { code })],
    writes: [update(hubPayments, payment, { push: pushed(payment, 'refused', at) })],
    jobs: [deadline(PUSH_BACK_JOB, payment.id, at)],
  });

const pushed = ({ push }: HubPayment, state: 'arrived' | 'refused', at: Instant): HubPayment['push'] =>
  push === null ? null : { ...push, state, at };
