/** What the hub does later: waiting for wallets, refunds, telling acquirers, asking about money that was pushed on. */
import type { JobHandlers } from '../jobs/index.ts';
import type { HubDeps } from './deps.ts';
import { walletDisputeJobs } from './escalations/jobs.ts';
import { giveBack } from './give-back.ts';
import { pushJobs } from './hub-codes/index.ts';
import { HUB_NOTIFY_JOB, hubNotifyJob } from './hub-notification.ts';
import { hubRefundJob } from './refund-payment.ts';
import { hubWaitJob } from './wait-for-wallet.ts';
import { HUB_REFUND_JOB, HUB_WAIT_JOB } from './wait-times.ts';

export const hubJobs = (deps: HubDeps): JobHandlers => ({
  [HUB_WAIT_JOB]: (job) => hubWaitJob(deps, job),
  [HUB_REFUND_JOB]: (job) => hubRefundJob(deps, job),
  [HUB_NOTIFY_JOB]: (job) => hubNotifyJob(deps, job),
  ...walletDisputeJobs(deps),
  ...pushJobs({ ...deps, giveBack: (payment, reason) => giveBack(deps, payment, reason) }),
});
