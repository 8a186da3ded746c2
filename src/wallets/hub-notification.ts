/**
 * What an acquirer is told of a payment of its shop, once: that it was paid, or that nobody will pay it. Made in the unit that
 * ends the payment, with the job that tells it, so no process can end in between; the body stays as it was made then, and
 * each attempt signs it anew. Only a signed answer with status S is an acknowledgment. The schedule runs in business time. What
 * has not been said when its acquirer asks to cancel is not said any more.
 */
import { addMs, type Instant } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { ok, type Result } from '../base/result.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow, type StateRow, stateTable } from '../db/state-table.ts';
import { COMMITTED, FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import {
  type Decision,
  deadline,
  EMPTY_PART,
  insert,
  type JournalRefusal,
  part,
  type UnitPart,
  update,
} from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { activeKeys, findParticipant, type Participant } from '../parties/index.ts';
import type { HubDeps } from './deps.ts';
import type { HubPayment } from './hub-payment.ts';
import { loadHubPayment } from './store.ts';

export interface HubNotification extends StateRow {
  readonly id: Id<'hnt'>;
  readonly state: keyof typeof HUB_NOTIFICATION_MOVES;
  readonly acquirer: Id<'ptc'>;
  readonly payment: Id<'hpy'>;
  readonly url: string;
  readonly body: string;
  readonly attempts: readonly { readonly at: Instant; readonly outcome: string }[];
  readonly createdAt: Instant;
}

export const HUB_NOTIFICATION_MOVES = {
  waiting: ['acknowledged', 'given_up'],
  acknowledged: [],
  given_up: [],
} as const;

export const hubNotifications = stateTable<HubNotification>('hub_notifications', 'hnt');

const loadHubNotification = (db: Queryable, id: Id<'hnt'>): Promise<HubNotification | null> =>
  loadRow(db, hubNotifications, id);

/** Of a payment, oldest first. */
export const hubNotificationsOf = (db: Queryable, payment: Id<'hpy'>): Promise<readonly HubNotification[]> =>
  findRows(db, hubNotifications, 'payment = $1 order by id', [payment]);

export const HUB_NOTIFY_JOB = 'hub.notify';
const MINUTE_MS = 60_000;
/** Before each try, after the one before it: at once, 2 min, 10 min, 10 min, 1 h, 2 h, 6 h, 15 h; eight in all. */
export const HUB_NOTIFY_PAUSES_MS: readonly number[] = [0, 2, 10, 10, 60, 120, 360, 900].map(
  (each) => each * MINUTE_MS,
);
const LOOK_AGAIN_MS = 60_000;

/** The part that tells the acquirer how the payment ended; nothing where it has no address for that. */
export async function tellingAcquirer(deps: HubDeps, payment: HubPayment, at: Instant): Promise<UnitPart> {
  const { db } = deps.journal;
  const acquirer = (await findParticipant(db, payment.acquirer)) as Participant;
  const url = payment.notifyUrl ?? notifyAddressOf(acquirer);
  if (url === null) return EMPTY_PART;
  const wallet = payment.wallet === null ? null : await findParticipant(db, payment.wallet);
  const row: HubNotification = {
    ...{ id: newId('hnt'), version: 0, state: 'waiting', acquirer: acquirer.id, payment: payment.id, url },
    ...{ body: deps.notificationBody(payment, { acquirer, wallet }), attempts: [], createdAt: at },
  };
  const made = event('hub_notification.made', row.id, { payment: payment.id, acquirer: acquirer.id });
  return part({
    events: [made],
    writes: [insert(hubNotifications, row)],
    jobs: [deadline(HUB_NOTIFY_JOB, row.id, at)],
  });
}

const notifyAddressOf = ({ acquirer }: Participant): string | null =>
  acquirer?.endpoint == null ? null : `${acquirer.endpoint.replace(/\/$/, '')}/notifyPayment`;

/** One attempt. */
export async function hubNotifyJob(deps: HubDeps, job: Job): Promise<JobResult> {
  const { db } = deps.journal;
  const id = job.subject as Id<'hnt'>;
  const waiting = await loadHubNotification(db, id);
  if (waiting === null || waiting.state !== 'waiting') return FINISHED;
  const acquirer = (await findParticipant(db, waiting.acquirer)) as Participant;
  const isOverruled = await hasAskedToCancel(db, waiting.payment);
  // One that is never called has an address in the request all the same.
  const target = { participantId: acquirer.participantId, endpoint: waiting.url, keys: activeKeys(acquirer) };
  const message = { url: waiting.url, body: waiting.body };
  const outcome = isOverruled ? 'withdrawn' : await deps.acquirers.notify(target, message);
  const told = await deps.journal.run(undefined, async (): Promise<Result<Decision<null>, JournalRefusal>> => {
    const row = (await loadHubNotification(db, id)) as HubNotification;
    const at = deps.clock.now();
    const attempts = [...row.attempts, { at, outcome }];
    const pause = isOverruled ? undefined : HUB_NOTIFY_PAUSES_MS[attempts.length];
    const state = outcome === 'acknowledged' ? 'acknowledged' : pause === undefined ? 'given_up' : 'waiting';
    const jobs = state === 'waiting' && pause !== undefined ? [deadline(HUB_NOTIFY_JOB, id, addMs(at, pause))] : [];
    const events = [event('hub_notification.sent', id, { attempt: attempts.length, outcome })];
    const writes = [update(hubNotifications, row, { state, attempts })];
    const done = { job: job.id, lease: job.lease };
    return ok({ unit: { at, ...part({ events, writes, jobs }), done }, value: null });
  });
  return told.ok ? COMMITTED : { kind: 'again', afterMs: LOOK_AGAIN_MS, reason: told.error.detail };
}

async function hasAskedToCancel(db: Queryable, id: Id<'hpy'>): Promise<boolean> {
  const state = (await loadHubPayment(db, id))?.state;
  return state === 'canceling' || state === 'canceled';
}
