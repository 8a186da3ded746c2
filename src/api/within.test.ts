/** Answering in time while the work goes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep } from '../base/clock.ts';
import { within } from './within.ts';

test('work that is done in time is its answer, or its error; work that is not is null, and its error then is nobody’s', async () => {
  assert.equal(await within(Promise.resolve('done'), 1000), 'done');
  await assert.rejects(within(Promise.reject(new Error('failed')), 1000), /failed/);
  const late = sleep(20).then(() => Promise.reject(new Error('failed later')));
  late.catch(() => undefined);
  assert.equal(await within(late, 1), null);
  await assert.rejects(late, /failed later/);
});
