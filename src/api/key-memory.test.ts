import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instant } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import type { ApiKey } from '../parties/index.ts';
import { createKeyMemory, FRESH_MS } from './key-memory.ts';

const KEY: ApiKey = {
  id: newId('key'),
  version: 1,
  state: 'active',
  name: 'k',
  secretHash: '',
  marketplace: null,
  scopes: [],
  createdAt: '2026-01-01T00:00:00.000Z' as Instant,
};

/** A memory over one secret that can be taken away, and the looks it took. */
function scene() {
  const state = { owned: true, broken: false, looks: 0, now: 0 };
  const look = async (secret: string): Promise<ApiKey | null> => {
    state.looks += 1;
    if (state.broken) throw new Error('out of reach');
    return state.owned && secret === 'sk_ours' ? KEY : null;
  };
  return { state, memory: createKeyMemory(look, () => state.now) };
}

test('a busy key is looked up once a second, and once for all that ask at the same time', async () => {
  const { state, memory } = scene();
  assert.deepEqual(await Promise.all([memory.find('sk_ours'), memory.find('sk_ours')]), [KEY, KEY]);
  state.now += FRESH_MS - 1;
  assert.equal(await memory.find('sk_ours'), KEY);
  assert.equal(state.looks, 1);
  state.now += 1;
  assert.equal(await memory.find('sk_ours'), KEY);
  assert.equal(state.looks, 2);
});

test('a revoked key is refused after a second at the latest', async () => {
  const { state, memory } = scene();
  await memory.find('sk_ours');
  state.owned = false;
  state.now += FRESH_MS;
  assert.equal(await memory.find('sk_ours'), null);
});

test('an unknown secret and a failed look are not remembered', async () => {
  const { state, memory } = scene();
  state.owned = false;
  assert.equal(await memory.find('sk_ours'), null);
  state.owned = true;
  assert.equal(await memory.find('sk_ours'), KEY);
  state.now += FRESH_MS;
  state.broken = true;
  await assert.rejects(memory.find('sk_ours'), /out of reach/);
  state.broken = false;
  assert.equal(await memory.find('sk_ours'), KEY);
});
