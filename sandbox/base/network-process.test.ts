/** How a network reports itself and how it ends. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startNetwork, temporaryFolder } from './start-network.ts';

const MAIN = fileURLToPath(new URL('../bank/main.ts', import.meta.url));

test('a forked network reports its port, and ends when its parent goes away', async () => {
  const folder = temporaryFolder();
  const env = { PORT: '0', DATA_FILE: join(folder.path, 'bank.sqlite') };
  const child = fork(MAIN, [], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [message] = await once(child, 'message');
  assert.equal(message.ready, true);
  assert.equal((await fetch(`http://127.0.0.1:${message.port}/_sandbox/totals`)).status, 200);
  const began = performance.now();
  child.disconnect();
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
  assert.ok(performance.now() - began < 1_000);
  folder.remove();
});

test('a network ends within a second when asked to, with a connection still open', async () => {
  const folder = temporaryFolder();
  const network = await startNetwork('acquirer', folder.path, {});
  await fetch(`${network.url}/_sandbox/totals`);
  const began = performance.now();
  assert.deepEqual(await network.end('SIGTERM'), { code: 0, signal: null });
  assert.ok(performance.now() - began < 1_000);
  folder.remove();
});
