/**
 * What a client is told, once for each thing: that a payment, a capture or a refund has its outcome. The body is made when it
 * becomes known and stays; each attempt signs it anew. Acknowledged is only what was answered as documented; the schedule
 * runs in business time.
 */
import { addMs, type Instant } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { ok, type Result } from '../base/result.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow, type StateRow, stateTable } from '../db/state-table.ts';
import { COMMITTED, FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import { commandKey, type Decision, deadline, insert, type JournalRefusal, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { AmsDeps } from './deps.ts';

export interface Attempt {
  readonly at: Instant;
  /** `acknowledged`, or why it was not. */
  readonly outcome: string;
}

export type NotificationKind =
  | 'PAYMENT_RESULT'
  | 'CAPTURE_RESULT'
  | 'REFUND_RESULT'
  | 'SETTLEMENT_RESULT'
  | 'TRANSFER_RESULT'
  | 'PAYOUT_RESULT'
  | 'REGISTRATION_RESULT'
  | 'SETTLEMENT_INFO_UPDATE_RESULT'
  | 'TOKEN_CREATED'
  | 'TOKEN_CANCELED'
  | DisputeNotificationKind;

export type DisputeNotificationKind =
  | 'DISPUTE_CREATED'
  | 'DISPUTE_JUDGED'
  | 'DISPUTE_CANCELLED'
  | 'DISPUTE_ACCEPTED'
  | 'DEFENSE_SUPPLIED'
  | 'DEFENSE_DUE_ALERT';

export interface AmsNotification extends StateRow {
  readonly id: Id<'amn'>;
  readonly state: keyof typeof AMS_NOTIFICATION_MOVES;
  readonly client: Id<'amc'>;
  readonly clientId: string;
  readonly kind: NotificationKind;
  /** What it is about. */
  readonly subject: string;
  readonly url: string;
  readonly body: string;
  readonly attempts: readonly Attempt[];
  readonly createdAt: Instant;
}

export const AMS_NOTIFICATION_MOVES = {
  waiting: ['acknowledged', 'given_up'],
  acknowledged: [],
  given_up: [],
} as const;

export const amsNotifications = stateTable<AmsNotification>('ams_notifications', 'amn');

export const NOTIFY_JOB = 'ams.notify';
const MINUTE_MS = 60_000;
/** Before each try, after the one before it: at once, 2 min, 10 min, 10 min, 1 h, 2 h, 6 h, 15 h; eight in all. */
export const NOTIFY_PAUSES_MS: readonly number[] = [0, 2, 10, 10, 60, 120, 360, 900].map((each) => each * MINUTE_MS);

export const loadNotification = (db: Queryable, id: Id<'amn'>): Promise<AmsNotification | null> =>
  loadRow(db, amsNotifications, id);

/** The newest hundred of a client. */
export const notificationsOf = (db: Queryable, client: Id<'amc'>): Promise<readonly AmsNotification[]> =>
  findRows(db, amsNotifications, 'client = $1 order by id desc limit 100', [client]);

export type NewNotification = Pick<AmsNotification, 'client' | 'clientId' | 'kind' | 'subject' | 'url' | 'body'> & {
  /** What is told once; the subject where there is one thing to tell of it. */
  readonly once?: string;
};

/**
 * Does nothing when the client was told already. `atOnce` may make the first attempt, and what became of it commits with the
 * notification; when it says null, a job makes it. When the process ends in between, the client is told once more.
 */
export async function makeNotification(
  { journal, clock }: Pick<AmsDeps, 'journal' | 'clock'>,
  { once, ...made }: NewNotification,
  atOnce: (notification: AmsNotification) => Promise<string | null> = byJob,
): Promise<void> {
  const command = commandKey(made.client, `notify ${once ?? made.subject}`, 'ams_notify', {});
  if ((await journal.findAnswer(command.client, command.key)) !== null) return;
  const row: AmsNotification = {
    id: newId('amn'),
    version: 0,
    state: 'waiting',
    ...made,
    attempts: [],
    createdAt: clock.now(),
  };
  const outcome = await atOnce(row);
  await journal.run(command, async (): Promise<Result<Decision<null>, JournalRefusal>> => {
    const at = clock.now();
    const { client, kind, subject } = row;
    const events = [event('ams_notification.made', row.id, { client, kind, subject })];
    if (outcome === null) {
      const jobs = [deadline(NOTIFY_JOB, row.id, at)];
      return ok({ unit: { at, ...part({ events, writes: [insert(amsNotifications, row)], jobs }) }, value: null });
    }
    const told = attempted(row, outcome, at);
    const writes = [insert(amsNotifications, { ...row, ...told.changes })];
    const unit = { at, ...part({ events: [...events, told.event], writes, jobs: told.jobs }) };
    return ok({ unit, value: null });
  });
}

const byJob = async (): Promise<null> => null;

/** What an attempt changes; the next one waits, while the schedule has one. */
function attempted(row: AmsNotification, outcome: string, at: Instant) {
  const attempts = [...row.attempts, { at, outcome }];
  const pause = NOTIFY_PAUSES_MS[attempts.length];
  const state: AmsNotification['state'] =
    outcome === 'acknowledged' ? 'acknowledged' : pause === undefined ? 'given_up' : 'waiting';
  return {
    changes: { state, attempts },
    event: event('ams_notification.sent', row.id, { attempt: attempts.length, outcome }),
    jobs: state === 'waiting' && pause !== undefined ? [deadline(NOTIFY_JOB, row.id, addMs(at, pause))] : [],
  };
}

/** One attempt. `post` says `acknowledged`, or why it was not; it never throws. */
export async function notifyJob(
  { journal, clock }: Pick<AmsDeps, 'journal' | 'clock'>,
  job: Job,
  post: (notification: AmsNotification) => Promise<string>,
): Promise<JobResult> {
  const id = job.subject as Id<'amn'>;
  const waiting = await loadNotification(journal.db, id);
  if (waiting === null || waiting.state !== 'waiting') return FINISHED;
  const outcome = await post(waiting);
  const told = await journal.run(undefined, async (): Promise<Result<Decision<null>, JournalRefusal>> => {
    const row = (await loadNotification(journal.db, id)) as AmsNotification;
    const at = clock.now();
    const { changes, event: sent, jobs } = attempted(row, outcome, at);
    const writes = [update(amsNotifications, row, changes)];
    const unit = { at, ...part({ events: [sent], writes, jobs }), done: { job: job.id, lease: job.lease } };
    return ok({ unit, value: null });
  });
  return told.ok ? COMMITTED : { kind: 'again', afterMs: 1000, reason: told.error.detail };
}
