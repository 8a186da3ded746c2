/**
 * One program per DATA_DIR. The lock is an exclusive SQLite transaction on DATA_DIR/lock.sqlite that stays open: the
 * operating system drops it when the process ends in whatever way, kill -9 included, so there is no stale lock to clean
 * up. Invariant: while it is held, no other code of this process opens and closes that file, which on POSIX would drop
 * the lock. running.json only tells a second start whom it met; the lock decides, not that file.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { instant, wallNow } from '../base/clock.ts';

export interface DataLock {
  /** Tells a second start where this one listens: name → URL. */
  setAddresses(addresses: Readonly<Record<string, string>>): void;
  /** Gives the folder free. The end of the process does the same. */
  release(): void;
}

/** Another program works on this folder. What it wrote about itself; null where it has not written yet. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
  readonly code = 'already_running';
  readonly pid: number | null;
  readonly startedAt: string | null;
  readonly addresses: Readonly<Record<string, string>>;
  constructor(dataDir: string, running: Partial<Running>) {
    const who = running.pid === undefined ? '' : ` (process ${running.pid}, since ${running.startedAt})`;
    const where = Object.entries(running.addresses ?? {}).map(([name, url]) => `\n  ${name}: ${url}`);
    super(`already running on ${dataDir}${who}${where.join('')}`);
    this.pid = running.pid ?? null;
    this.startedAt = running.startedAt ?? null;
    this.addresses = running.addresses ?? {};
  }
}

/** Takes the folder for this process, creating it when missing. Throws AlreadyRunning when another process has it. */
export function lockDataDir(dataDir: string): DataLock {
  mkdirSync(dataDir, { recursive: true });
  const database = openExclusively(dataDir);
  const running: Running = { pid: process.pid, startedAt: instant(wallNow()), addresses: {} };
  writeRunning(dataDir, running);
  return {
    setAddresses: (addresses) => writeRunning(dataDir, { ...running, addresses }),
    release: () => {
      if (!database.isOpen) return;
      rmSync(join(dataDir, RUNNING_FILE), { force: true });
      database.close();
    },
  };
}

interface Running {
  readonly pid: number;
  readonly startedAt: string;
  readonly addresses: Readonly<Record<string, string>>;
}

const RUNNING_FILE = 'running.json';
const SQLITE_BUSY = 5;

function openExclusively(dataDir: string): DatabaseSync {
  const database = new DatabaseSync(join(dataDir, 'lock.sqlite'));
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) {
      throw new AlreadyRunning(dataDir, readRunning(dataDir));
    }
    throw new Error(`DATA_DIR ${dataDir} cannot be locked: ${String(error)}`, { cause: error });
  }
}

function writeRunning(dataDir: string, running: Running): void {
  const draft = join(dataDir, `${RUNNING_FILE}.${running.pid}`);
  writeFileSync(draft, `${JSON.stringify(running)}\n`);
  renameSync(draft, join(dataDir, RUNNING_FILE));
}

function readRunning(dataDir: string): Partial<Running> {
  try {
    // Written by this file; a field that is missing is shown as unknown.
    return JSON.parse(readFileSync(join(dataDir, RUNNING_FILE), 'utf8')) as Partial<Running>;
  } catch {
    return {};
  }
}
