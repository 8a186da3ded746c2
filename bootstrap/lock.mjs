/**
 * One installation or build at a time per checkout. The lock is a directory (mkdir is atomic everywhere); its owner file
 * names the processes that work under it and is touched every two seconds. It is stale when those processes are gone on
 * this machine, or when nobody touched it for half a minute. Only one waiting run can take a stale lock over.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const STALE_AFTER_MS = 30_000;
const ORPHAN_LIMIT_MS = 600_000;
const HEARTBEAT_MS = 2_000;

/** Runs `work` while no other run of this checkout does. `work` gets a holder to name child processes that also hold it. */
export async function withLock(root, waitingMessage, work) {
  const dir = join(root, '.install-lock');
  const owner = { token: randomUUID(), host: hostname(), pids: [process.pid] };
  for (let waited = false; !acquire(root, dir, owner); waited = true) {
    if (!waited) console.error(waitingMessage);
    await sleep(300);
  }
  const heartbeat = setInterval(() => touch(dir), HEARTBEAT_MS);
  try {
    return await work({
      alsoHeldBy(pid) {
        owner.pids.push(pid);
        writeOwner(dir, owner);
      },
    });
  } finally {
    clearInterval(heartbeat);
    if (readOwner(dir)?.token === owner.token) rmSync(dir, { recursive: true, force: true });
  }
}

function acquire(root, dir, owner) {
  try {
    mkdirSync(dir);
  } catch (error) {
    if (error.code === 'EEXIST') return takeOver(dir, owner);
    throw new Error(`Dependencies are missing or stale, and ${root} is not writable for this user (${error.code}).`);
  }
  writeFileSync(join(dir, '.gitignore'), '*\n'); // git never sees the lock
  writeOwner(dir, owner);
  return true;
}

/** The right to replace a stale owner is itself a directory named after that owner, so one run gets it. */
function takeOver(dir, owner) {
  const stale = readOwner(dir);
  if (!isStale(dir, stale)) return false;
  const claim = join(dir, `takeover-${stale?.token ?? 'unowned'}`);
  try {
    mkdirSync(claim);
  } catch {
    if (ageMs(claim) > STALE_AFTER_MS) rmSync(claim, { recursive: true, force: true });
    return false;
  }
  const won = readOwner(dir)?.token === stale?.token;
  if (won) writeOwner(dir, owner);
  rmdirSync(claim);
  return won;
}

function isStale(dir, owner) {
  if (owner === undefined) return ageMs(dir) > STALE_AFTER_MS;
  const silentMs = ageMs(join(dir, 'owner.json'));
  if (owner.host !== hostname()) return silentMs > STALE_AFTER_MS;
  // A process that lives may be an npm whose parent was killed: it is given its time. Longer silence is a reused id.
  return !owner.pids.some(isAlive) || silentMs > ORPHAN_LIMIT_MS;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Milliseconds since the last change; 0 when it is gone meanwhile (then there is nothing to take over). */
function ageMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function touch(dir) {
  try {
    utimesSync(join(dir, 'owner.json'), new Date(), new Date());
  } catch {
    // The lock was removed by hand: the work goes on.
  }
}

function writeOwner(dir, owner) {
  const draft = join(dir, `owner-${owner.token}`);
  writeFileSync(draft, JSON.stringify(owner));
  renameSync(draft, join(dir, 'owner.json'));
}

function readOwner(dir) {
  try {
    return JSON.parse(readFileSync(join(dir, 'owner.json'), 'utf8'));
  } catch {
    return undefined;
  }
}
