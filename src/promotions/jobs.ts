/** Deadlines of promotions: the end of a campaign's period, the end of a voucher's. */
import type { Id } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { COMMITTED, FINISHED, type Job, type JobHandlers, type JobResult } from '../jobs/index.ts';
import type { Decision } from '../journal/index.ts';
import { END_CAMPAIGN_JOB, moveCampaign } from './change-campaign.ts';
import type { PromotionDeps } from './deps.ts';
import type { PromotionRefusal } from './errors.ts';
import { findVoucher } from './store.ts';
import { LAPSE_JOB, lapsingVoucher } from './voucher.ts';

/** A voucher that an unpaid order has is looked at again after the shortest time that orders wait for payment. */
const AGAIN_MS = 3_600_000;

export function promotionJobs(deps: PromotionDeps): JobHandlers {
  return {
    [END_CAMPAIGN_JOB]: async (job) => {
      const campaign = job.subject as Id<'cmp'>;
      const ended = await moveCampaign(deps, undefined, { campaign, to: 'ended', by: 'deadline', done: lease(job) });
      if (ended.ok) return COMMITTED;
      return ended.error.code === 'conflict' ? { kind: 'again', afterMs: 1000, reason: 'conflict' } : FINISHED;
    },
    [LAPSE_JOB]: (job) => lapse(deps, job),
  };
}

const lease = ({ id, lease: held }: Job) => ({ job: id, lease: held });

async function lapse(deps: PromotionDeps, job: Job): Promise<JobResult> {
  const lapsed = await deps.journal.run(undefined, async (): Promise<Result<Decision<Id<'vch'>>, PromotionRefusal>> => {
    const voucher = await findVoucher(deps.journal.db, job.subject as Id<'vch'>);
    const at = deps.clock.now();
    if (voucher === null || (voucher.state !== 'issued' && voucher.state !== 'assigned') || voucher.expiresAt > at)
      return refuse('illegal_move', 'there is nothing to lapse');
    if (voucher.applied !== null) return refuse('voucher_in_use', 'an order that is not paid yet has it');
    return ok({ unit: { at, ...lapsingVoucher(voucher), done: lease(job) }, value: voucher.id });
  });
  if (lapsed.ok) return COMMITTED;
  const { code } = lapsed.error;
  return code === 'illegal_move' ? FINISHED : { kind: 'again', afterMs: AGAIN_MS, reason: code };
}
