import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { nextTurn } from '../base/clock.ts';
import { limitRequests } from './back-pressure.ts';

test('one request too many is told busy and when to come back; those inside and /health are served', async () => {
  const server = fastify({ forceCloseConnections: true });
  limitRequests(server, 2);
  const inside: (() => void)[] = [];
  server.get('/slow', () => new Promise((resolve) => inside.push(() => resolve({ done: true }))));
  server.get('/health', async () => ({ ok: true }));
  const address = await server.listen({ port: 0, host: '127.0.0.1' });
  try {
    const served = [fetch(`${address}/slow`), fetch(`${address}/slow`)];
    while (inside.length < 2) await nextTurn();
    const refused = await fetch(`${address}/slow`);
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get('retry-after'), '1');
    assert.equal(((await refused.json()) as { code: string }).code, 'busy');
    assert.equal((await fetch(`${address}/health`)).status, 200);
    for (const finish of inside.splice(0)) finish();
    assert.deepEqual(await Promise.all(served.map(async (answer) => (await answer).status)), [200, 200]);
    const hungUp = new AbortController();
    const left = fetch(`${address}/slow`, { signal: hungUp.signal }).catch(() => undefined);
    while (inside.length < 1) await nextTurn();
    hungUp.abort();
    await left;
    const again = fetch(`${address}/slow`);
    while (inside.length < 2) await nextTurn();
    for (const finish of inside) finish();
    assert.equal((await again).status, 200);
  } finally {
    await server.close();
  }
});
