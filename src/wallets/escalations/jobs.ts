/** What disputes of wallets do later: the clock of the answer, telling both sides, giving back. */
import type { JobHandlers } from '../../jobs/index.ts';
import type { HubDeps } from '../deps.ts';
import { respondJob } from './answer-dispute.ts';
import { refundJob } from './refund-accepted.ts';
import { REFUND_JOB, RELAY_JOB, RESPOND_JOB, TELL_JOB } from './steps.ts';
import { relayJob, tellJob } from './tell.ts';

export const walletDisputeJobs = (deps: HubDeps): JobHandlers => ({
  [RESPOND_JOB]: (job) => respondJob(deps, job),
  [RELAY_JOB]: (job) => relayJob(deps, job),
  [TELL_JOB]: (job) => tellJob(deps, job),
  [REFUND_JOB]: (job) => refundJob(deps, job),
});
