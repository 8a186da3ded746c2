/** The proof of the soaks must be able to fail: each way to lose, double, tear or move a unit is tried on a real journal. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep } from '../../../src/base/clock.ts';
import { createPool } from '../../../src/db/pool.ts';
import { createCommitter } from '../../../src/journal/index.ts';
import { createTestDatabase, NO_DATABASE } from '../../support/database.ts';
import { startLanes } from './lanes.ts';
import { SETUP } from './order-units.ts';
import { proveUnits } from './prove-units.ts';
import { newCommitRecord } from './record.ts';

const LANES = 8;
const STEPS = 25;

test('the proof finds every unit that is missing, doubled, torn or moved, and nothing else', {
  skip: NO_DATABASE,
}, async (t) => {
  const database = await createTestDatabase();
  const pool = createPool({ url: database.owner, applicationName: 'test' });
  const committer = createCommitter({ url: database.app, pool });
  t.after(async () => {
    await committer.close();
    await pool.end();
    await database.drop();
  });
  const record = newCommitRecord(1, LANES);
  const from = record.lanes.map(() => 0);
  await committer.commit(SETUP);
  const lanes = startLanes({ seed: 1, from, committers: [committer], acknowledge: record.acknowledge });
  while (record.lanes.some(({ length }) => length < STEPS)) await sleep(5);
  await lanes.stop();
  assert.deepEqual(lanes.failures, []);
  const proof = await proveUnits(pool, record);
  assert.deepEqual(proof.violations, []);
  assert.equal(proof.counts.units, record.counts.committed);
  assert.ok(record.counts.refused > 0, 'nothing was refused');

  const lane = (number: number) => record.lanes[number] as (bigint | null)[];
  lane(0).push(7n, 8n); // of two steps in a row at least one is committed
  lane(1)[1] = 7n;
  lane(2).length -= 2;
  for (const sql of SABOTAGE) assert.equal((await pool.query(sql)).rowCount, 1, sql);
  const told = (await proveUnits(pool, record)).violations.join('\n');
  for (const expected of FINDINGS) assert.match(told, expected);
});

const SEQ_OF = (key: string): string => `(select seq from commands where client = 'soak' and key = '${key}')`;
const JOB_OF = (key: string): string => `(select id from jobs where payload ->> 'unit' = '${key}')`;
const ORDER_OF = (key: string): string => `(select subject from journal_events where seq = ${SEQ_OF(key)})`;

const SABOTAGE = [
  `delete from transfers where seq = ${SEQ_OF('3.1')} + 1`,
  `delete from jobs where id = ${JOB_OF('4.1')}`,
  `insert into jobs (id, kind, subject, due, payload) select gen_random_uuid(), kind, subject, due, payload from jobs where id = ${JOB_OF('4.2')}`,
  `update orders set version = version + 1 where id = ${ORDER_OF('5.1')}`,
  `update orders set data = jsonb_set(data, '{captured,value}', '"1"') where id = ${ORDER_OF('5.9')}`,
  `delete from commands where client = 'soak' and key = '6.1'`,
  `update commands set answer = '{"unit": "another"}' where client = 'soak' and key = '7.1'`,
  `update journal_head set seq = seq + 1 where journal_id = 1`,
];

const FINDINGS = [
  /acknowledged unit 0\.\d+ is missing/,
  /unit 1\.1 was acknowledged with seq 7 and has \d+/,
  /unit 2\.\d+ is in the journal, but nobody was answered/,
  /unit 3\.1 left .*payment\.captured \S+ 1 \[\], not .*receivable \S+ > held/,
  /the job of unit 4\.1 is missing/,
  /a job soak\.deadline for \S+ of unit 4\.2 too many/,
  /order \S+ is released at version 7 with \d+, should be released at version \d+|order \S+ is \S+ at version \d+ with \d+, should be/,
  /order \S+ is \S+ at version \d+ with 1, should be/,
  /acknowledged unit 6\.1 is missing/,
  /unit 7\.1 does not keep its answer/,
  /journal: seq has no gap and ends at the head/,
  /balances: every account equals the sum of its transfers/,
];
