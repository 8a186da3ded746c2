/** Deadlines of orders. Each asks the same command a person would; an order that has moved on makes it a no-op. */
import type { Id } from '../base/ids.ts';
import type { Result } from '../base/result.ts';
import { COMMITTED, FINISHED, type Job, type JobHandlers, type JobResult } from '../jobs/index.ts';
import type { Outcome } from '../journal/index.ts';
import { cancelOrder } from './cancel-order.ts';
import { PAY_DEADLINE_JOB } from './create-order.ts';
import type { OrderDeps } from './deps.ts';
import type { OrderRefusal } from './errors.ts';
import type { Order } from './order.ts';
import { RELEASE_JOB, receiveOrder } from './receive-order.ts';
import { releaseOrder } from './release-order.ts';
import { AUTO_RECEIPT_JOB } from './ship-order.ts';

const HOUR_MS = 3_600_000;

export function orderJobs(deps: OrderDeps): JobHandlers {
  const target = (job: Job) => ({
    marketplace: null,
    order: job.subject as Id<'ord'>,
    done: { job: job.id, lease: job.lease },
  });
  return {
    [PAY_DEADLINE_JOB]: async (job) =>
      jobResult(await cancelOrder(deps, undefined, { ...target(job), reason: 'not paid in time', by: 'deadline' })),
    [AUTO_RECEIPT_JOB]: async (job) =>
      jobResult(await receiveOrder(deps, undefined, { ...target(job), by: 'deadline' })),
    [RELEASE_JOB]: async (job) => jobResult(await releaseOrder(deps, undefined, { ...target(job), by: 'deadline' })),
  };
}

/** Something on its way (a payment, a refund) is waited for; anything else means that the deadline has nothing left to do. */
function jobResult(result: Result<Outcome<Order>, OrderRefusal>): JobResult {
  if (result.ok) return COMMITTED;
  switch (result.error.code) {
    case 'payment_in_progress':
    case 'refund_in_progress':
    case 'dispute_open':
    case 'conflict':
      return { kind: 'again', afterMs: HOUR_MS, reason: result.error.code };
    default:
      return FINISHED;
  }
}
