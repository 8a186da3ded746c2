import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextTurn } from '../base/clock.ts';
import type { Queryable } from './pool.ts';
import { loadRaw } from './row-loads.ts';

/** A database whose queries are answered by the test, one by one, with the rows of even ids. */
function scene() {
  const asked: { ids: readonly string[]; answer(): void; fail(): void }[] = [];
  const query = (_text: string, values: unknown[] = []) =>
    new Promise((resolve, reject) => {
      const ids = values[0] as readonly string[];
      const rows = ids.filter((id) => Number(id) % 2 === 0).map((id) => ({ id, version: 1, state: 's', data: '{}' }));
      asked.push({
        ids,
        answer: () => resolve({ rows, rowCount: rows.length }),
        fail: () => reject(new Error('gone')),
      });
    });
  return { asked, db: { query } as unknown as Queryable };
}

test('loads of one turn are one query; each gets its own row, or null', async () => {
  const { asked, db } = scene();
  const loads = ['1', '2', '2', '4'].map((id) => loadRaw(db, 't', id));
  await nextTurn();
  assert.equal(asked.length, 1);
  asked[0]?.answer();
  const rows = await Promise.all(loads);
  assert.deepEqual(
    rows.map((row) => row?.id ?? null),
    [null, '2', '2', '4'],
  );
});

test('while two queries of a table are under way, what comes is gathered; another table does not wait', async () => {
  const { asked, db } = scene();
  const loads: Promise<unknown>[] = [];
  for (const id of ['2', '4', '6', '8']) {
    loads.push(loadRaw(db, 't', id));
    await nextTurn();
  }
  assert.deepEqual(
    asked.map(({ ids }) => ids),
    [['2'], ['4']],
  );
  loads.push(loadRaw(db, 'other', '10'));
  await nextTurn();
  assert.deepEqual(asked[2]?.ids, ['10']);
  asked[0]?.answer();
  while (asked.length < 4) await nextTurn();
  assert.deepEqual(asked[3]?.ids, ['6', '8']);
  for (const each of asked) each.answer();
  await Promise.all(loads);
});

test('a query that fails fails those who asked, and the next one is sent', async () => {
  const { asked, db } = scene();
  const lost = [loadRaw(db, 't', '2'), loadRaw(db, 't', '4')];
  await nextTurn();
  asked[0]?.fail();
  for (const load of lost) await assert.rejects(load, /gone/);
  const next = loadRaw(db, 't', '6');
  await nextTurn();
  asked[1]?.answer();
  assert.equal((await next)?.id, '6');
});
