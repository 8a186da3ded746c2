import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AlreadyRunning, lockDataDir } from './data-lock.ts';

test('a second program is told who runs and where; the lock falls with its holder, even by kill -9', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'causeway-lock-'));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const holder = await holderOf(dataDir);
  t.after(() => holder.kill('SIGKILL'));

  const met = meeting(dataDir);
  assert.equal(met.code, 'already_running');
  assert.equal(met.pid, holder.pid);
  assert.deepEqual(met.addresses, { api: 'http://127.0.0.1:1' });
  assert.match(met.message, /already running on .* \(process \d+, since .*\n {2}api: http/s);

  holder.kill('SIGKILL');
  await once(holder, 'exit');
  lockDataDir(dataDir).release();
});

test('the same process cannot take the folder twice, and can again after release', (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'causeway-lock-'));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const lock = lockDataDir(dataDir);
  assert.equal(meeting(dataDir).pid, process.pid);
  lock.release();
  lock.release();
  assert.equal(existsSync(join(dataDir, 'running.json')), false);
  lockDataDir(dataDir).release();
});

test('of programs that start together exactly one gets the folder', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'causeway-lock-'));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const started = await Promise.all([1, 2, 3].map(() => tryHolding(dataDir)));
  t.after(() => started.forEach(({ child }) => void child.kill('SIGKILL')));
  assert.deepEqual(started.map(({ word }) => word).sort(), ['already_running', 'already_running', 'held']);
});

function meeting(dataDir: string): AlreadyRunning {
  try {
    lockDataDir(dataDir).release();
  } catch (error) {
    assert.ok(error instanceof AlreadyRunning, String(error));
    return error;
  }
  return assert.fail('the folder was free');
}

async function holderOf(dataDir: string): Promise<ChildProcess> {
  const { child, word } = await tryHolding(dataDir);
  assert.equal(word, 'held');
  return child;
}

/** Another process that takes the folder, says so and stays. */
async function tryHolding(dataDir: string): Promise<{ readonly child: ChildProcess; readonly word: string }> {
  const source = `
    import { lockDataDir } from ${JSON.stringify(new URL('./data-lock.ts', import.meta.url).href)};
    try {
      const lock = lockDataDir(${JSON.stringify(dataDir)});
      lock.setAddresses({ api: 'http://127.0.0.1:1' });
      console.log('held');
      setInterval(() => lock, 1000);
    } catch (error) { console.log(error.code ?? String(error)); }`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = await once(child.stdout, 'data');
  return { child, word: String(chunk).trim() };
}
