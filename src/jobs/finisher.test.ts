import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Instant, sleep } from '../base/clock.ts';
import { createFinisher } from './finisher.ts';
import type { Job } from './queue.ts';

const job = (id: string): Job => ({
  id,
  kind: 'k',
  subject: 's',
  due: '2026-01-01T00:00:00.000Z' as Instant,
  payload: {},
  attempts: 1,
  lease: 'l',
});

test('jobs that end together are removed at once; those that end meanwhile come next, one batch at a time', async () => {
  const batches: string[][] = [];
  let running = 0;
  const finisher = createFinisher(async (jobs) => {
    assert.equal(running++, 0, 'two batches at once');
    batches.push(jobs.map(({ id }) => id));
    await sleep(5);
    running -= 1;
  });
  const together = ['a', 'b', 'c'].map((id) => finisher.finish(job(id)));
  while (batches.length === 0) await sleep(1);
  const meanwhile = ['d', 'e'].map((id) => finisher.finish(job(id)));
  await Promise.all([...together, ...meanwhile]);
  assert.deepEqual(batches, [
    ['a', 'b', 'c'],
    ['d', 'e'],
  ]);
});

test('a batch that fails fails its own jobs, and the next one is tried', async () => {
  let calls = 0;
  const finisher = createFinisher(async () => {
    calls += 1;
    if (calls === 1) throw new Error('out of reach');
  });
  await assert.rejects(Promise.all([finisher.finish(job('a')), finisher.finish(job('b'))]), /out of reach/);
  await finisher.finish(job('c'));
  assert.equal(calls, 2);
});
