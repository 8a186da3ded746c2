/**
 * What happens to a payment while nobody acts on it: its wallet is asked again and again, it is closed when its time is over, and a
 * wallet that had it is told to cancel until it has done so. One job a payment, committed with every step before it, so a process that
 * ends anywhere leaves the next step to another.
 *
 * "Not found" is no word: the request may be on its way. Only when the wallet has taken a cancel of what it does not know, so
 * that it will refuse what still comes, has the payment failed.
 */
import type { Instant } from '../base/clock.ts';
import { assertMove } from '../base/moves.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import type { WalletInquiryAnswer } from '../connectors/ports/wallet.ts';
import { COMMITTED, FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import { type Decision, merge, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { partiesOf } from './ask-wallet.ts';
import { cancelAtWallet } from './cancel-payment.ts';
import type { HubDeps } from './deps.ts';
import { tellingAcquirer } from './hub-notification.ts';
import { HUB_PAYMENT_MOVES, type HubPayment, hubPayments, type Scenario } from './hub-payment.ts';
import { settlePayment } from './settle-payment.ts';
import { loadHubPayment } from './store.ts';
import { nextLook, pauseMs } from './wait-times.ts';

/** Those for which we call the wallet; for the others the wallet calls us. */
const CALLED: ReadonlySet<Scenario> = new Set(['payment_code', 'entry_code', 'cashier', 'agreement']);

/** From which rung on it counts that a wallet that we called does not know the payment: after 38 s, longer than any call. */
const NOT_FOUND_RUNG = 2;

/** Handler of HUB_WAIT_JOB. */
export async function hubWaitJob(deps: HubDeps, job: Job): Promise<JobResult> {
  const payment = await loadHubPayment(deps.journal.db, job.subject as HubPayment['id']);
  if (payment === null || payment.waitJob !== job.id) return FINISHED;
  switch (payment.state) {
    case 'waiting':
      return commit(deps, job, (open, at) => closing(deps, open, at));
    case 'in_process':
      return askAgain(deps, payment, job);
    case 'canceling':
    case 'closed':
      return (await cancelAtWallet(deps, payment)) ? FINISHED : commit(deps, job, later);
    default:
      return FINISHED;
  }
}

async function askAgain(deps: HubDeps, payment: HubPayment, job: Job): Promise<JobResult> {
  if (deps.calling.has(payment.reference))
    return { kind: 'again', afterMs: pauseMs(0), reason: 'its call is under way' };
  const word = await inquire(deps, payment);
  const settled = await settlePayment(deps, payment.id, word);
  if (!settled.ok) return { kind: 'again', afterMs: pauseMs(0), reason: settled.error.detail };
  if (settled.value.state !== 'in_process') return FINISHED;
  const isOver = payment.expiresAt <= deps.clock.now();
  return commit(deps, job, isOver ? (open, at) => closing(deps, open, at) : later);
}

async function inquire(deps: HubDeps, payment: HubPayment): Promise<WalletInquiryAnswer> {
  const { target, acquirer } = await partiesOf(deps, payment);
  const name = { reference: payment.reference, acquirer };
  const word = await deps.wallets.inquire(target, name);
  if (word.outcome !== 'not_found' || !CALLED.has(payment.scenario) || payment.inquiries < NOT_FOUND_RUNG) return word;
  const canceled = await deps.wallets.cancel(target, name);
  return canceled.outcome === 'done' ? NEVER_ARRIVED : word;
}

const NEVER_ARRIVED: WalletInquiryAnswer = {
  outcome: 'declined',
  code: 'PROCESS_FAIL',
  message: 'it never reached the wallet',
  limitSetBy: null,
};

/** Nobody has paid in time; a wallet that has it is told to cancel from now on. */
async function closing(deps: HubDeps, payment: HubPayment, at: Instant): Promise<UnitPart> {
  assertMove(HUB_PAYMENT_MOVES, `hub payment ${payment.id}`, payment.state, 'closed');
  const look = payment.wallet === null ? null : nextLook({ ...payment, state: 'closed', inquiries: 0 }, at);
  const closed: HubPayment = { ...payment, state: 'closed', endedAt: at, inquiries: 0, waitJob: look?.id ?? null };
  return merge(
    part({
      events: [event('hub_payment.closed', payment.id, { because: 'expired' })],
      writes: [update(hubPayments, payment, closed)],
      jobs: look === null ? [] : [look],
    }),
    await deps.discounts.lettingGo(payment),
    await tellingAcquirer(deps, closed, at),
  );
}

/** The next rung. */
function later(payment: HubPayment, at: Instant): UnitPart {
  const inquiries = payment.inquiries + 1;
  const look = nextLook({ ...payment, inquiries }, at);
  return part({
    events: [event('hub_payment.asked_again', payment.id, { rung: inquiries })],
    writes: [update(hubPayments, payment, { inquiries, waitJob: look.id })],
    jobs: [look],
  });
}

/** The step that the job stands for, unless something else has moved the payment on. */
async function commit(
  deps: HubDeps,
  job: Job,
  step: (payment: HubPayment, at: Instant) => UnitPart | Promise<UnitPart>,
): Promise<JobResult> {
  const done = { job: job.id, lease: job.lease };
  const taken = await deps.journal.run(undefined, async (): Promise<Result<Decision<null>, Refusal<'moved_on'>>> => {
    const payment = (await loadHubPayment(deps.journal.db, job.subject as HubPayment['id'])) as HubPayment;
    if (payment.waitJob !== job.id) return refuse('moved_on', 'it has moved on');
    const at = deps.clock.now();
    return ok({ unit: { at, ...(await step(payment, at)), done }, value: null });
  });
  if (taken.ok) return COMMITTED;
  return taken.error.code === 'moved_on'
    ? FINISHED
    : { kind: 'again', afterMs: pauseMs(0), reason: taken.error.detail };
}
