/** Campaigns move: launched, paused, going on, ended by a person or by the end of their period. Each takes effect at once. */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { assertMove } from '../base/moves.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, deadline, type JobLease, type NewJob, type Outcome, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { CAMPAIGN_MOVES, type Campaign, campaigns, canMoveCampaign } from './campaign.ts';
import type { PromotionDeps } from './deps.ts';
import type { PromotionRefusal } from './errors.ts';
import { findCampaign } from './store.ts';

export const END_CAMPAIGN_JOB = 'promotions.end_campaign';

export interface MoveCampaign {
  readonly campaign: Id<'cmp'>;
  readonly to: 'live' | 'paused' | 'ended';
  /** Whoever moves it: a key, or the deadline. */
  readonly by: string;
  readonly done?: JobLease;
}

export function moveCampaign(
  deps: PromotionDeps,
  command: CommandKey | undefined,
  { campaign: id, to, by, done }: MoveCampaign,
): Promise<Result<Outcome<Campaign>, PromotionRefusal>> {
  return deps.journal.run(command, async () => {
    const campaign = await findCampaign(deps.journal.db, id);
    if (campaign === null) return refuse('not_found', 'no such campaign') as Result<never, PromotionRefusal>;
    const at = deps.clock.now();
    const allowed = checkMove(campaign, to, at);
    if (!allowed.ok) return allowed;
    assertMove(CAMPAIGN_MOVES, `campaign ${id}`, campaign.state, to);
    const job = to === 'live' && campaign.endJob === null ? deadline(END_CAMPAIGN_JOB, id, campaign.to) : null;
    const changes = changesOf(campaign, to, { job, at });
    const own = part({
      events: [event('campaign.moved', id, { state: to, by })],
      writes: [update(campaigns, campaign, changes)],
      jobs: job === null ? [] : [job],
      withdraws: to === 'ended' && campaign.endJob !== null ? [campaign.endJob] : [],
    });
    const after: Campaign = { ...campaign, ...changes, version: campaign.version + 1 };
    return ok({ unit: { at, ...own, answer: after, ...(done === undefined ? {} : { done }) }, value: after });
  });
}

function changesOf(
  campaign: Campaign,
  to: MoveCampaign['to'],
  { job, at }: { readonly job: NewJob | null; readonly at: Instant },
): Partial<Campaign> {
  if (to === 'ended') return { state: to, endJob: null, endedAt: at };
  return { state: to, endJob: job?.id ?? campaign.endJob };
}

function checkMove(campaign: Campaign, to: MoveCampaign['to'], at: Instant): Result<undefined, PromotionRefusal> {
  const { state } = campaign;
  if (!canMoveCampaign(campaign, to))
    return refuse('illegal_move', `a campaign that is ${state} cannot become ${to}`, { facts: { state } });
  if (to === 'live' && campaign.to <= at)
    return refuse('illegal_move', 'the period of this campaign is over', { facts: { to: campaign.to } });
  return ok(undefined);
}
