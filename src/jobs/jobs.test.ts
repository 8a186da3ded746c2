import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { createTestDatabase, NO_DATABASE, type TestDatabase } from '../../test/support/database.ts';
import { addMs, type Instant, instant, monotone, msOf, sleep } from '../base/clock.ts';
import { createPool, type Pool } from '../db/pool.ts';
import {
  COMMITTED,
  deadJobs,
  enqueueJob,
  ensureJob,
  FINISHED,
  type JobHandlers,
  nextDue,
  queueFigures,
  restartJob,
  startWorker,
} from './index.ts';
import { leaseJobs } from './queue.ts';

describe('jobs', { skip: NO_DATABASE }, () => {
  let database: TestDatabase;
  let db: Pool;
  let now: Instant;
  const clock = monotone(() => msOf(now));
  before(async () => {
    database = await createTestDatabase();
    db = createPool({ url: database.app, applicationName: 'test' });
    now = instant(Date.UTC(2026, 0, 1));
  });
  after(async () => {
    await db.end();
    await database.drop();
  });
  beforeEach(async () => {
    await db.query('delete from jobs');
  });
  const add = (kind: string, inMs = 0) =>
    enqueueJob(db, { kind, subject: kind, due: addMs(now, inMs), payload: { kind } });
  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    for (let i = 0; i < 200 && !(await condition()); i += 1) await sleep(10);
    assert.ok(await condition());
  };
  const work = async (handlers: JobHandlers, condition: () => boolean | Promise<boolean>) => {
    const worker = startWorker({ db, clock, handlers, concurrency: 4, leaseMs: 10_000, log: () => undefined });
    worker.wake();
    await until(condition);
    await until(() => worker.idle());
    await worker.stop(1000);
  };

  test('due jobs run once, in order of their due time; later ones wait for business time', async () => {
    const ran: string[] = [];
    for (const [kind, inMs] of [
      ['c', -1],
      ['a', -3],
      ['b', -2],
      ['later', 60_000],
    ] as const)
      await add(kind, inMs);
    const handler = async ({ kind }: { kind: string }) => {
      ran.push(kind);
      return FINISHED;
    };
    await work({ a: handler, b: handler, c: handler, later: handler }, () => ran.length === 3);
    assert.deepEqual(ran, ['a', 'b', 'c']);
    assert.equal(await nextDue(db), addMs(now, 60_000));
    now = addMs(now, 60_000);
    await work({ later: handler }, () => ran.length === 4);
    assert.equal(await nextDue(db), null);
  });

  test('two workers never lease one job; a lease that ran out is free again', async () => {
    for (let i = 0; i < 40; i += 1) await add(`j${i}`);
    const leases = await Promise.all(
      Array.from({ length: 8 }, () => leaseJobs(db, { now, limit: 10, leaseMs: 60_000 })),
    );
    const ids = leases.flat().map(({ id }) => id);
    assert.equal(ids.length, 40);
    assert.equal(new Set(ids).size, 40);
    assert.equal((await leaseJobs(db, { now, limit: 50, leaseMs: 60_000 })).length, 0);
    await db.query("update jobs set leased_until = clock_timestamp() - interval '1 second'");
    assert.equal((await leaseJobs(db, { now, limit: 50, leaseMs: 60_000 })).length, 40);
  });

  test('a failing job is postponed with growing pauses and dies visibly; it can be restarted', async () => {
    await add('bad');
    let runs = 0;
    const bad = async () => {
      runs += 1;
      throw new Error('no luck');
    };
    await work({ bad }, () => runs === 1);
    const due = (await nextDue(db)) as Instant;
    assert.equal(msOf(due) - msOf(now), 1000);
    await db.query('update jobs set attempts = 24, due = $1', [now]);
    await work({ bad }, async () => (await deadJobs(db, 5)).length === 1);
    const [dead] = await deadJobs(db, 5);
    assert.match(dead?.lastError ?? '', /no luck/);
    assert.deepEqual([(await queueFigures(db, now)).dead, (await queueFigures(db, now)).waiting], [1, 0]);
    assert.equal(await restartJob(db, dead?.id as string), true);
    assert.equal(await restartJob(db, dead?.id as string), false);
  });

  test('a planned next round does not count as a failure; an unknown kind is dead at once', async () => {
    await add('daily');
    await add('nobody');
    let runs = 0;
    const daily = async () => {
      runs += 1;
      return { kind: 'again', afterMs: 3_600_000, reason: 'scheduled' } as const;
    };
    await work({ daily }, async () => runs === 1 && (await deadJobs(db, 5)).length === 1);
    const { rows } = await db.query('select attempts, due from jobs where kind = $1', ['daily']);
    assert.deepEqual(rows, [{ attempts: 0, due: addMs(now, 3_600_000) }]);
  });

  test('a job that its unit completed is not finished a second time', async () => {
    await add('own');
    await work({ own: async () => COMMITTED }, async () => (await queueFigures(db, now)).due === 1);
    assert.equal((await queueFigures(db, now)).waiting, 1, 'only its own unit may remove it');
  });

  test('a schedule exists once, however many processes make sure of it', async () => {
    for (let i = 0; i < 3; i += 1) await ensureJob(db, { kind: 'schedule', subject: 'x', due: now });
    assert.equal((await queueFigures(db, now)).waiting, 1);
  });
});
