/**
 * The operating system's processes of one world, read from /proc: who belongs to its DATA_DIR (or to the folder under
 * /var/lib/causeway that DATA_DIR/location names), what each one is, and killing it as a crash would: SIGKILL, by process id.
 * Invariant: a process of another world, or of the soak itself, is never named here.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { monotonicMs, sleep } from '../../src/base/clock.ts';

/** What can be killed. `postgres` is the postmaster, `keeper` the process that restarts it. */
export type Role = 'program' | 'postgres' | 'keeper' | 'vault' | 'acquirer' | 'bank' | 'clock';

export interface WorldProcess {
  readonly pid: number;
  /** Null: a helper of PostgreSQL or a process that only belongs to the folder. */
  readonly role: Role | null;
  readonly command: string;
}

const SCRIPTS: readonly (readonly [string, Role])[] = [
  ['/src/main/start.ts', 'program'],
  ['/src/db/postgres-keeper.ts', 'keeper'],
  ['/src/vault/main.ts', 'vault'],
  ['/sandbox/acquirer/main.ts', 'acquirer'],
  ['/sandbox/bank/main.ts', 'bank'],
  ['/sandbox/clock/main.ts', 'clock'],
];

/** Whether processes can be looked up at all on this machine. */
export const CAN_LOOK_UP = process.platform === 'linux' && existsSync('/proc/self/environ');

/** Every living process of the world in this DATA_DIR. */
export function processesOf(dataDir: string): readonly WorldProcess[] {
  const folders = foldersOf(dataDir);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => lookAt(Number(name), folders));
}

export interface Victim {
  readonly pid: number;
  readonly role: Role;
}

/** SIGKILL to the processes with these roles; answers those that were there to be killed. */
export function killRoles(dataDir: string, roles: readonly Role[]): readonly Victim[] {
  const targets = processesOf(dataDir).filter(({ role }) => role !== null && roles.includes(role));
  return targets.flatMap(({ pid, role }) => (role !== null && killed(pid) ? [{ pid, role }] : []));
}

/** Wall milliseconds until no process of the world is left. Throws, naming them, when some still run after `limitMs`. */
export async function untilNothingRuns(dataDir: string, limitMs: number): Promise<number> {
  const began = monotonicMs();
  for (;;) {
    const left = processesOf(dataDir);
    if (left.length === 0) return monotonicMs() - began;
    if (monotonicMs() - began > limitMs) {
      const names = left.map(({ pid, command }) => `${pid} ${command.slice(0, 120)}`);
      throw new Error(`the program was killed ${limitMs / 1000} s ago and left running: ${names.join('; ')}`);
    }
    await sleep(20);
  }
}

function foldersOf(dataDir: string): readonly string[] {
  const location = join(dataDir, 'location');
  return existsSync(location) ? [dataDir, readFileSync(location, 'utf8').trim()] : [dataDir];
}

function lookAt(pid: number, folders: readonly string[]): readonly WorldProcess[] {
  const args = read(`/proc/${pid}/cmdline`).split('\0');
  const texts = [args.join(' '), read(`/proc/${pid}/environ`), workingFolder(pid)];
  if (!folders.some((folder) => texts.some((text) => text.includes(folder)))) return [];
  return [{ pid, role: roleOf(args), command: args.join(' ') }];
}

function roleOf(args: readonly string[]): Role | null {
  const script = SCRIPTS.find(([path]) => args.some((arg) => arg.endsWith(path)));
  if (script !== undefined) return script[1];
  return args[0]?.endsWith('/bin/postgres') === true && args[1] === '-D' ? 'postgres' : null;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // gone meanwhile, or another user's
  }
}

function workingFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
