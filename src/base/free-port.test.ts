import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePort, isFree } from './free-port.ts';

test('a port that nobody has, outside those that systems give away', async () => {
  const port = await freePort();
  assert.ok(port >= 20_000 && port < 32_000);
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  assert.equal(await isFree(port), false);
  server.close();
  await once(server, 'close');
  assert.equal(await isFree(port), true);
});
