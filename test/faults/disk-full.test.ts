/**
 * The disk under PostgreSQL is full, first for its tables, then for its write-ahead log too, which ends the server
 * (PostgreSQL documentation, "Disk Full Failure"). Callers get a clear fault, nothing acknowledged is lost, and with room
 * again the same committer goes on without a restart of Node.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { monotonicMs, sleep } from '../../src/base/clock.ts';
import { createPool, type Pool } from '../../src/db/pool.ts';
import { createCommitter } from '../../src/journal/index.ts';
import { startLanes } from '../soak/commit/lanes.ts';
import { SETUP } from '../soak/commit/order-units.ts';
import { type OwnServer, startOwnServer } from '../soak/commit/own-server.ts';
import { proveUnits } from '../soak/commit/prove-units.ts';
import { newCommitRecord, untilServed } from '../soak/commit/record.ts';
import { mountSmallDisk, NO_SMALL_DISK, type SmallDisk } from './small-disk.ts';

const LANES = 64;
const DISK_MIB = 256;
/** A short patience, so that the fault comes soon. */
const RECONNECT_MS = 500;
const NOTICED_LIMIT_MS = 20_000;

test('disk full under load: a clear fault, nothing lost, on it goes with room again', {
  skip: NO_SMALL_DISK,
}, async (t) => {
  const disk = mountSmallDisk(DISK_MIB);
  try {
    const server = await startOwnServer(disk.folder);
    try {
      if (existsSync(join(server.dataDir, 'location'))) t.skip('PostgreSQL keeps its data elsewhere on this machine');
      else await fillTwice(t, server, disk);
    } finally {
      disk.free();
      await server.end();
    }
  } finally {
    disk.unmount();
  }
});

async function fillTwice(t: TestContext, server: OwnServer, disk: SmallDisk): Promise<void> {
  const owner = createPool({ url: server.owner, applicationName: 'test' });
  const pool = createPool({ url: server.app, applicationName: 'test' });
  const committer = createCommitter({ url: server.app, pool, reconnectMs: RECONNECT_MS });
  await committer.commit(SETUP);
  const record = newCommitRecord(1, LANES);
  const from = record.lanes.map(() => 0);
  const lanes = startLanes({ seed: 1, from, committers: [committer], acknowledge: record.acknowledge });
  const told = (code: string): boolean => (lanes.faults.get(code) ?? 0) >= LANES;
  try {
    await untilServed(record);
    disk.fill();
    await until('units are told that the disk is full', () => told('database_full'));
    assert.equal(server.restarts(), 0, 'PostgreSQL did not go on');
    disk.free();
    await untilServed(record);

    disk.fill();
    await until('PostgreSQL ends for want of room', () => needLog(owner).then(() => server.restarts() > 0));
    await until('units are told that the database is away', () => told('database_unavailable'));
    disk.free();
    await untilServed(record);
  } finally {
    disk.free();
    await lanes.stop();
  }
  assert.deepEqual(lanes.failures, []);
  assert.deepEqual((await proveUnits(pool, record)).violations, []);
  t.diagnostic(JSON.stringify({ ...record.counts, ...Object.fromEntries(lanes.faults), restarts: server.restarts() }));
  await committer.close();
  await Promise.all([pool.end(), owner.end()]);
}

/** A new segment of the write-ahead log; those kept for reuse are soon used up. */
const needLog = (owner: Pool): Promise<unknown> =>
  owner.query("select pg_logical_emit_message(false, 'test', 'full'), pg_switch_wal()").catch(() => undefined);

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const began = monotonicMs(); !(await holds()); await sleep(20))
    if (monotonicMs() - began > NOTICED_LIMIT_MS) assert.fail(`not within ${NOTICED_LIMIT_MS / 1000} s: ${what}`);
}
