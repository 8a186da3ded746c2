/**
 * The job queue: at least once, idempotent by construction, since a job's unit checks the lease it ran under. Due times
 * are business time; leases are wall-clock time. Jobs are deleted by the unit that completes
 * them, or by one that makes them pointless.
 */
import type { Instant } from '../base/clock.ts';
import { uuidV7Hex } from '../base/ids.ts';
import { fromJson, toJson } from '../base/json.ts';
import type { Queryable } from '../db/pool.ts';

export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly due: Instant;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly attempts: number;
  readonly lease: string;
}

interface RawJob {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly due: Instant;
  readonly payload: string;
  readonly attempts: number;
}

/** Leases up to `limit` jobs that are due, oldest first. `leaseMs` is wall-clock time. */
export async function leaseJobs(
  db: Queryable,
  options: { now: Instant; limit: number; leaseMs: number; lease?: string },
): Promise<readonly Job[]> {
  const { lease = uuidV7Hex() } = options;
  const { rows } = await db.query<RawJob>(
    `update jobs set lease = $1, leased_until = clock_timestamp() + $2 * interval '1 millisecond', attempts = attempts + 1
      where id in (
        select id from jobs
         where not dead and due <= $3 and (leased_until is null or leased_until < clock_timestamp())
         order by due, id limit $4 for update skip locked)
      returning replace(id::text, '-', '') as id, kind, subject, due, payload, attempts`,
    [lease, options.leaseMs, options.now, options.limit],
  );
  return rows
    .map((row) => ({ ...row, payload: fromJson<Record<string, unknown>>(row.payload), lease }))
    .sort((a, b) => (a.due === b.due ? (a.id < b.id ? -1 : 1) : a.due < b.due ? -1 : 1));
}

/** Gives back what a call leased whose answer was lost: nobody works on those jobs. */
export async function giveBack(db: Queryable, lease: string): Promise<void> {
  await db.query(
    `update jobs set lease = null, leased_until = null, attempts = attempts - 1
      where id in (select id from jobs where lease = $1 order by id for update)`,
    [lease],
  );
}

/**
 * Removes jobs that had nothing to commit; one whose lease has passed to another worker stays. Locked in the order of their
 * ids, as journal_commit locks them: the two cannot deadlock.
 */
export async function finishJobs(db: Queryable, jobs: readonly Job[]): Promise<void> {
  await db.query(
    `delete from jobs where id in (
       select j.id from unnest($1::uuid[], $2::uuid[]) done (id, lease)
         join jobs j on j.id = done.id and j.lease = done.lease order by j.id for update of j)`,
    [jobs.map(({ id }) => id), jobs.map(({ lease }) => lease)],
  );
}

export interface Postponement {
  /** Business time. */
  readonly due: Instant;
  readonly reason: string;
  /** A planned next round is not a failed attempt. */
  readonly planned: boolean;
}

/** Gives a job back to be tried later. */
export async function postponeJob(db: Queryable, job: Job, { due, reason, planned }: Postponement): Promise<void> {
  await db.query(
    `update jobs set lease = null, leased_until = null, due = $3, last_error = $4, attempts = case when $5 then 0 else attempts end
      where id = $1 and lease = $2`,
    [job.id, job.lease, due, reason.slice(0, 2000), planned],
  );
}

/** Takes a job out of the queue; it stays visible and can be restarted. */
export async function buryJob(db: Queryable, job: Job, reason: string): Promise<void> {
  await db.query(
    'update jobs set lease = null, leased_until = null, dead = true, last_error = $3 where id = $1 and lease = $2',
    [job.id, job.lease, reason.slice(0, 2000)],
  );
}

/** Puts a dead job back. False when there is no such dead job. */
export async function restartJob(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query('update jobs set dead = false, attempts = 0 where id = $1 and dead', [id]);
  return rowCount === 1;
}

/** Enqueues outside the journal: for work that starts from the wire, not from a decision. */
export async function enqueueJob(
  db: Queryable,
  job: { kind: string; subject: string; due: Instant; payload: unknown },
): Promise<void> {
  await db.query('insert into jobs (id, kind, subject, due, payload) values ($1, $2, $3, $4, $5)', [
    uuidV7Hex(),
    job.kind,
    job.subject,
    job.due,
    toJson(job.payload),
  ]);
}

/** Makes sure that exactly one job of this kind and subject is waiting: for schedules that survive restarts. */
export async function ensureJob(db: Queryable, job: { kind: string; subject: string; due: Instant }): Promise<void> {
  await db.query(
    `insert into jobs (id, kind, subject, due, payload)
     select $1::uuid, $2::text, $3::text, $4::timestamptz, '{}'::jsonb where not exists (select 1 from jobs where kind = $2 and subject = $3)`,
    [uuidV7Hex(), job.kind, job.subject, job.due],
  );
}

export interface QueueFigures {
  readonly waiting: number;
  readonly due: number;
  readonly dead: number;
  readonly nextDue: Instant | null;
}

/** Counts at business time `now`; `nextDue` is the earliest due instant after it. */
export async function queueFigures(db: Queryable, now: Instant): Promise<QueueFigures> {
  const { rows } = await db.query<{ waiting: number; due: number; dead: number; nextDue: Instant | null }>(
    `select count(*) filter (where not dead)::int as waiting, count(*) filter (where not dead and due <= $1)::int as due,
            count(*) filter (where dead)::int as dead, min(due) filter (where not dead and due > $1) as "nextDue" from jobs`,
    [now],
  );
  return rows[0] as QueueFigures;
}

/** Dead jobs, newest first. */
export async function deadJobs(
  db: Queryable,
  limit: number,
): Promise<readonly { id: string; kind: string; subject: string; lastError: string }[]> {
  const { rows } = await db.query<{ id: string; kind: string; subject: string; lastError: string }>(
    `select replace(id::text, '-', '') as id, kind, subject, last_error as "lastError" from jobs where dead order by id desc limit $1`,
    [limit],
  );
  return rows;
}

/** Business time of the earliest job that is not dead; null when none waits. One index probe. */
export async function nextDue(db: Queryable): Promise<Instant | null> {
  const { rows } = await db.query<{ due: Instant }>('select due from jobs where not dead order by due limit 1');
  return rows[0]?.due ?? null;
}

/** Gives all leases back. Only for a process that knows that no other worker lives. */
export async function releaseLeases(db: Queryable): Promise<void> {
  await db.query('update jobs set lease = null, leased_until = null where lease is not null');
}
