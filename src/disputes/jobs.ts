/**
 * Jobs of disputes: the clock of an answer, the answer that gives itself, an answer without a word, what was accepted, the daily look at the network's list,
 * and the day's dispute report. None of them decides an outcome: each asks the network and records what it says.
 */
import { addDays, type Day, dayOf, msOf, untilNext } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { FINISHED, type JobHandler, type JobHandlers, type JobResult } from '../jobs/index.ts';
import { knownMessages, loadInbound, storeInbound } from '../network-log/index.ts';
import type { PaymentDeps } from '../payments/index.ts';
import { CASE_JOB, CASE_REFUND_JOB, findWalletDispute } from '../wallets/index.ts';
import { answerByProofJob } from './answer-by-proof.ts';
import { READ_JOB, RESUME_JOB, resumeAnswerJob } from './answer-dispute.ts';
import { bookReport, findUnreported } from './book-movements.ts';
import { canFollow, isFinal } from './case.ts';
import { type DisputeAccounts, type DisputeDeps, ofWallet } from './deps.ts';
import { observeDispute, PROOF_JOB, RESPOND_JOB } from './record-word.ts';
import { refundEscalationJob } from './refund-escalation.ts';
import { findByClaim, findDispute } from './store.ts';

export const DAILY_DISPUTES_JOB = 'disputes.daily';
export const REPORT_JOB = 'disputes.book_report';
/** 23:50 UTC: the acquirer closes its day at 22:00. Milliseconds into the day. */
export const DAILY_DISPUTES_AT_MS = (23 * 60 + 50) * 60_000;

/** The list shows what changed in this time; a notification that was lost is found within a day. */
const LIST_DAYS = 90;
const REPORT_DAYS = 5;
/** A movement that no report has shown after this many days is a difference. */
const UNREPORTED_DAYS = 3;
const HOUR_MS = 3_600_000;
const READ_MS = 5 * 60_000;

export function disputeJobs({ all, of, ofCase }: DisputeAccounts, payments: PaymentDeps): JobHandlers {
  const { journal, clock } = all[0];
  const depsOf = async (id: string): Promise<DisputeDeps | null> => {
    const found = await findDispute(journal.db, id as Id<'dsp'>);
    return found === null ? null : ofCase(found);
  };
  const looksAgain =
    (afterMs: number): JobHandler =>
    async ({ subject }) => {
      const deps = await depsOf(subject);
      return deps === null ? FINISHED : askAgain(deps, subject as Id<'dsp'>, afterMs);
    };
  return {
    [RESPOND_JOB]: looksAgain(HOUR_MS),
    [READ_JOB]: looksAgain(READ_MS),
    [RESUME_JOB]: async (job) => {
      const deps = await depsOf(job.subject);
      return deps === null ? FINISHED : resumeAnswerJob(deps, job);
    },
    [PROOF_JOB]: async (job) => {
      const deps = await depsOf(job.subject);
      return deps === null ? FINISHED : answerByProofJob(deps, job);
    },
    [CASE_JOB]: async ({ subject }) => {
      const row = await findWalletDispute(journal.db, subject as Id<'esc'>);
      if (row?.home.kind !== 'order') return FINISHED;
      await observeDispute(ofWallet(all[0], row.home.network), row.id);
      return FINISHED;
    },
    [CASE_REFUND_JOB]: (job) => refundEscalationJob(payments, job),
    [DAILY_DISPUTES_JOB]: async () => {
      for (const deps of all) {
        await lookAtList(deps);
        await fetchReports(deps);
      }
      await findUnreported(all[0], addDays(clock.now(), -UNREPORTED_DAYS));
      return { kind: 'again', afterMs: untilNext(msOf(clock.now()), DAILY_DISPUTES_AT_MS), reason: 'scheduled' };
    },
    [REPORT_JOB]: async (job) => {
      const message = await loadInbound(journal.db, job.subject as Id<'inb'>);
      if (message === null) return FINISHED;
      const day = message.messageId.slice(REPORT_ID.length) as Day;
      await bookReport(of(message.network as Id<'net'>), day, message.bytes);
      return FINISHED;
    },
  };
}

/** Records where the dispute stands; comes back while the network has not moved it. */
async function askAgain(deps: DisputeDeps, id: Id<'dsp'>, afterMs: number): Promise<JobResult> {
  const before = await findDispute(deps.journal.db, id);
  if (before === null || isFinal(before.state)) return FINISHED;
  const observed = await observeDispute(deps, before.claim);
  const waits = observed.found === 'case' && observed.case.version === before.version;
  return waits ? { kind: 'again', afterMs, reason: 'the network has not moved it' } : FINISHED;
}

/** Disputes that we do not know, or know otherwise, are asked for one by one. */
async function lookAtList(deps: DisputeDeps): Promise<void> {
  const { db } = deps.journal;
  for (const word of await deps.channel.changedSince(addDays(deps.clock.now(), -LIST_DAYS))) {
    const known = await findByClaim(db, deps.network, word.claim);
    const news = known === null || (canFollow(known, word) && (known.state !== word.state || known.turn !== word.turn));
    if (news) await observeDispute(deps, word.claim);
  }
}

const REPORT_ID = 'dispute_movements:';

/** Stores the reports of the last days that are not there yet; each is booked by a job of its own. */
async function fetchReports(deps: DisputeDeps): Promise<void> {
  const now = deps.clock.now();
  const days = Array.from({ length: REPORT_DAYS + 1 }, (_, back) => dayOf(addDays(now, -back))).reverse();
  const known = await knownMessages(
    deps.journal.db,
    deps.network,
    days.map((day) => REPORT_ID + day),
  );
  for (const day of days) {
    const messageId = REPORT_ID + day;
    if (known.has(messageId)) continue;
    const file = await deps.reports.fetchReport('disputes', day);
    if (file === null) continue;
    const message = { network: deps.network, messageId, kind: 'dispute_report', bytes: file.bytes };
    await storeInbound(deps.journal.db, message, { kind: REPORT_JOB, due: deps.clock.now() });
  }
}
