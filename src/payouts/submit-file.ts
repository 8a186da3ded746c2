/**
 * Sending a payout file. The name is unique and the bank gives one receipt per name, so a lost answer is resolved by asking
 * for the name first; "not found" means that it never arrived, and the same bytes go out again under the same name.
 */
import type { Id } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { FileAnswer } from '../connectors/ports/bank-rail.ts';
import { COMMITTED, FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import { type Decision, type JobLease, part, update, type Write } from '../journal/index.ts';
import { event, type NewEvent } from '../ledger/index.ts';
import { loadOutboundFile } from '../network-log/index.ts';
import type { PayoutDeps } from './deps.ts';
import type { PayoutRefusal } from './errors.ts';
import { movePayout, movePayoutFile, type PayoutFile, payoutFiles, payouts } from './payout.ts';
import { findPayoutFile, payoutsOfFile } from './store.ts';

export const SUBMIT_JOB = 'payouts.submit_file';
const ASK_AGAIN_MS = 60_000;

export async function submitFileJob(deps: PayoutDeps, job: Job): Promise<JobResult> {
  const file = await findPayoutFile(deps.journal.db, job.subject as Id<'pof'>);
  if (file === null || (file.state !== 'sent' && file.state !== 'unknown')) return FINISHED;
  const answer = await submit(deps, file, job.attempts > 1 || file.state === 'unknown');
  if (answer.outcome === 'unknown' && file.state === 'unknown') return again(answer.cause);
  const lease = { job: job.id, lease: job.lease };
  const settled = await settleFile(deps, file.id, answer, answer.outcome === 'unknown' ? undefined : lease);
  if (!settled.ok && settled.error.code === 'conflict') return again('conflict');
  return answer.outcome === 'unknown' ? again(answer.cause) : settled.ok ? COMMITTED : FINISHED;
}

async function submit(deps: PayoutDeps, file: PayoutFile, mayHaveArrived: boolean): Promise<FileAnswer> {
  if (mayHaveArrived) {
    const found = await deps.rail.inquireFile(file.name);
    if (found.outcome !== 'not_found') return found;
  }
  const kept = await loadOutboundFile(deps.journal.db, file.name);
  if (kept === null) throw new Error(`the bytes of ${file.name} are missing`);
  return deps.rail.submitFile(kept);
}

/** Writes the bank's word; a rejected file gives every seller the money back. */
function settleFile(deps: PayoutDeps, id: Id<'pof'>, answer: FileAnswer, done: JobLease | undefined) {
  return deps.journal.run(undefined, async (): Promise<Result<Decision<null>, PayoutRefusal>> => {
    const file = await findPayoutFile(deps.journal.db, id);
    if (file === null || (file.state !== 'sent' && file.state !== 'unknown'))
      return refuse('illegal_move', 'the file is answered already');
    const events: NewEvent[] = [
      event('payout_file.answered', file.id, {
        outcome: answer.outcome,
        ...(answer.outcome === 'accepted' ? { receipt: answer.receipt } : {}),
        ...(answer.outcome === 'rejected' ? { code: answer.code } : {}),
      }),
    ];
    const changes = movePayoutFile(
      file,
      answer.outcome,
      answer.outcome === 'accepted' ? { receipt: answer.receipt } : {},
    );
    const writes: Write[] = [update(payoutFiles, file, changes)];
    if (answer.outcome === 'rejected') {
      for (const payout of await payoutsOfFile(deps.journal.db, file.id)) {
        const { amount, seller, marketplace } = payout;
        events.push(
          event('payout.entry_rejected', payout.id, {
            payout: payout.id,
            file: file.id,
            seller,
            marketplace,
            amount,
            code: answer.code,
          }),
        );
        writes.push(
          update(
            payouts,
            payout,
            movePayout(payout, 'rejected', { returnReason: { code: answer.code, text: answer.message } }),
          ),
        );
      }
    }
    const unit = { at: deps.clock.now(), ...part({ events, writes }), ...(done === undefined ? {} : { done }) };
    return ok({ unit, value: null });
  });
}

const again = (reason: string): JobResult => ({ kind: 'again', afterMs: ASK_AGAIN_MS, reason, countsAsAttempt: true });
