/**
 * The connection between committer and PostgreSQL is lost under load: ended by the server, cut, gone for longer than anyone
 * waits, lost between commit and answer, or silent for ever. Every unit is answered as it ended or rejected as unknown and
 * then resolved by its key, and the same committer goes on without a restart of Node.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { sleep } from '../../src/base/clock.ts';
import { createPool, type Pool } from '../../src/db/pool.ts';
import { type Committer, createCommitter } from '../../src/journal/index.ts';
import { planStep } from '../soak/commit/lane-plan.ts';
import { startLanes } from '../soak/commit/lanes.ts';
import { SETUP } from '../soak/commit/order-units.ts';
import { proveUnits } from '../soak/commit/prove-units.ts';
import { type CommitRecord, newCommitRecord, untilServed } from '../soak/commit/record.ts';
import { createTestDatabase, NO_DATABASE, type TestDatabase } from '../support/database.ts';
import { type FrailLine, openFrailLine } from './frail-line.ts';

const SEED = 1;
const LANES = 128;
const LOSSES = 6;
/** Far below the product's, so that silence is noticed soon. */
const ANSWER_MS = 300;
const TERMINATE =
  "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'causeway-commit' and datname = current_database()";

describe('connection loss under load', { skip: NO_DATABASE, timeout: 60_000 }, () => {
  let database: TestDatabase;
  let owner: Pool;
  let line: FrailLine;
  let pool: Pool;
  let record: CommitRecord;
  const committers: Committer[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    owner = createPool({ url: database.owner, applicationName: 'test' });
    line = await openFrailLine(database.app);
    pool = createPool({ url: line.through(database.app), applicationName: 'test', answerMs: ANSWER_MS });
    record = newCommitRecord(SEED, LANES);
  });
  afterEach(async () => {
    for (const committer of committers.splice(0)) await committer.close();
    await pool.end();
    await line.close();
    await owner.end();
    await database.drop();
  });

  const open = async (
    settings: { readonly reconnectMs?: number; readonly answerMs?: number } = {},
  ): Promise<Committer> => {
    const committer = createCommitter({ url: line.through(database.app), pool, ...settings });
    committers.push(committer);
    await committer.commit(SETUP);
    return committer;
  };
  /** The load runs while `trouble` does its work; then everything is proven. */
  const under = async (committer: Committer, trouble: () => Promise<void>): Promise<void> => {
    const from = record.lanes.map(() => 0);
    const lanes = startLanes({ seed: SEED, from, committers: [committer], acknowledge: record.acknowledge });
    try {
      await untilServed(record);
      await trouble();
      await untilServed(record);
    } finally {
      await lanes.stop();
    }
    assert.deepEqual(lanes.failures, []);
    assert.deepEqual((await proveUnits(owner, record)).violations, []);
  };

  test('the server ends the connection, again and again: nobody notices', async () => {
    await under(await open(), async () => {
      for (let loss = 0; loss < LOSSES; loss += 1) {
        await owner.query(TERMINATE);
        await sleep(60);
      }
    });
    assert.equal(record.counts.unknownAnswers, 0);
  });

  test('the cable is cut, again and again: nobody notices', async () => {
    await under(await open(), async () => {
      for (let loss = 0; loss < LOSSES; loss += 1) {
        line.cut();
        await sleep(60);
      }
    });
    assert.equal(record.counts.unknownAnswers, 0);
  });

  test('answers are lost after the commit: the units are found by their key, none is written twice', async () => {
    await under(await open({ reconnectMs: 0 }), async () => {
      for (let loss = 0; loss < LOSSES; loss += 1) {
        line.set('mute');
        await sleep(150); // what is on its way commits meanwhile
        line.set('closed');
        line.cut();
        await sleep(60);
        line.set('open');
        await untilServed(record);
      }
    });
    assert.ok(record.counts.foundCommitted > 0, 'no answer was lost');
  });

  test('out of reach for longer than anyone waits: a clear fault, then the same committer goes on', async () => {
    const committer = await open({ reconnectMs: 100 });
    const { unit } = planStep(SEED, 0, 0);
    line.set('closed');
    line.cut();
    await assert.rejects(committer.commit(unit), { name: 'Fault', code: 'database_unavailable', retryable: true });
    line.set('open');
    assert.equal((await committer.commit(unit)).code, 'committed');
    assert.equal((await committer.commit(unit)).code, 'repeated');
  });

  test('silent for a while: nobody waits for ever, and requests that arrive late do nothing a second time', async () => {
    await under(await open({ answerMs: ANSWER_MS, reconnectMs: ANSWER_MS }), async () => {
      line.set('silent');
      await sleep(3_000);
      line.set('open');
    });
    assert.ok(record.counts.unknownAnswers > 0, 'somebody waited for ever');
  });

  test('connections silent for ever: the committer opens another one, nobody notices', async () => {
    await under(await open({ answerMs: ANSWER_MS }), async () => {
      for (let loss = 0; loss < LOSSES / 2; loss += 1) {
        line.freeze();
        await untilServed(record);
      }
    });
    assert.equal(record.counts.unknownAnswers, 0);
  });

  test('silent while it looks up what became of its units: it asks again', async () => {
    await under(await open({ answerMs: ANSWER_MS }), async () => {
      const frozen = line.freezeAt('journal_find');
      line.cut();
      await frozen;
    });
    assert.equal(record.counts.unknownAnswers, 0);
  });
});
