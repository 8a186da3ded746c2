/** A hosted page has ended, or the time of a code: the payment fails, unless somebody has paid or is paying. */
import type { Id } from '../base/ids.ts';
import { FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import { commandKey } from '../journal/index.ts';
import type { AmsDeps } from './deps.ts';
import { LINK_ENDED } from './keys.ts';
import { endInstead, endPayment } from './pay.ts';
import { standingOf } from './standing.ts';
import { loadAmsPayment } from './store.ts';

const LOOK_AGAIN_MS = 60_000;

export async function expireJob(deps: AmsDeps, job: Job): Promise<JobResult> {
  const row = await loadAmsPayment(deps.journal.db, job.subject as Id<'amp'>);
  if (row === null || row.state !== 'open') return FINISHED;
  const { status, link } = await standingOf(deps, row);
  if (status === 'SUCCESS' || status === 'CANCELLED') return FINISHED;
  if (status === 'PROCESSING' && link !== null)
    return { kind: 'again', afterMs: LOOK_AGAIN_MS, reason: 'a payment is under way', countsAsAttempt: false };
  const ended =
    link === null
      ? await endInstead(deps, row, 'failed', LINK_ENDED)
      : await endPayment(deps, commandKey(row.id, 'end', 'end_ams_payment', {}), row, {
          state: 'failed',
          because: LINK_ENDED,
        });
  return ended.ok ? FINISHED : { kind: 'again', afterMs: LOOK_AGAIN_MS, reason: ended.error.detail };
}
