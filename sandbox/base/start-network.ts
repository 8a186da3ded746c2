/**
 * Starts a sandbox network as a process of its own, for tests: on a free port, with its data in a temporary folder, and
 * with nothing inherited from the environment. The IPC channel makes it end with the test, however the test ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Instant, instant, MS_PER_DAY, msOf } from '../../src/base/clock.ts';
import { isWorkingDay, nextWorking, timeOfDay } from './working-days.ts';

export type NetworkName = 'clock' | 'acquirer' | 'bank' | 'wallets' | 'fx' | 'shops';

export interface StartedNetwork {
  readonly url: string;
  readonly port: number;
  /** Ends it and waits until it is gone; how it ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'causeway-sandbox-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Rejects when the process ends before it says `ready`. */
export async function startNetwork(
  name: NetworkName,
  folder: string,
  settings: Record<string, string>,
): Promise<StartedNetwork> {
  const main = fileURLToPath(new URL(`../${name}/main.ts`, import.meta.url));
  const env = { PORT: '0', DATA_FILE: join(folder, `${name}.sqlite`), ...settings };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const port = await readyPort(name, child);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Moves a fresh clock to the next Monday 09:00Z, so that a test does not depend on the hour and day it is run at. */
export async function startWeek(clock: StartedNetwork): Promise<void> {
  const { now } = (await (await fetch(`${clock.url}/now`)).json()) as { now: Instant };
  let day = msOf(now);
  while (isWorkingDay(day)) day += MS_PER_DAY;
  const monday = nextWorking(day, timeOfDay(9));
  await fetch(`${clock.url}/advance`, { method: 'POST', body: JSON.stringify({ to: instant(monday) }) });
}

function readyPort(name: string, child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stderr?.pipe(process.stderr);
    child.stdout?.on('data', (chunk) => {
      output += String(chunk);
      const match = new RegExp(`^ready ${name} (\\d+)$`, 'm').exec(output);
      if (match !== null) resolve(Number(match[1]));
    });
    child.once('exit', () => reject(new Error(`${name} ended before it was ready`)));
  });
}
