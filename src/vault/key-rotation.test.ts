/** Rotation over a real key file and a KMS over HTTP; with the process's database where locks and grants matter. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { randomBytes } from '../base/random.ts';
import { openNumber } from './envelope.ts';
import { describeKeys, type KeyDeps, removeRootKey, rotateDataKey, rotateRootKey } from './key-rotation.ts';
import { openKeyring, openRootKeys } from './keyring.ts';
import { openVaultStore, type VaultStore } from './store.ts';
import { testKms } from './test-kms.ts';
import { cardBody, memoryStore, needsDatabase, SECRET, testDatabase, testVault, VISA } from './test-vault.ts';

const folder = await mkdtemp(join(tmpdir(), 'vault-rotation-'));
const kms = await testKms();
after(async () => {
  await kms.close();
  await rm(folder, { recursive: true });
});

const freshPath = (): string => join(folder, randomBytes(6).toString('hex'), 'keys.json');

async function openKeys(store: VaultStore, path = freshPath(), withKms = false): Promise<KeyDeps> {
  const rootKeys = await openRootKeys(path, withKms ? kms.settings : null, store);
  return { store, rootKeys, keyring: await openKeyring(rootKeys, store) };
}

/** A token sealed with the keys as they are. */
async function seal(keys: KeyDeps): Promise<string> {
  const { app } = testVault(keys);
  return (await app.inject({ method: 'POST', url: '/v1/tokens', payload: cardBody() })).json().token;
}

async function opens(keys: KeyDeps, token: string): Promise<boolean> {
  const card = await keys.store.card(token);
  return card !== null && openNumber(await keys.keyring.dataKey(card.keyId), card, card) === VISA;
}

test('a fresh data key seals new cards, and old cards open with the old one', async () => {
  const keys = await openKeys(memoryStore());
  const before = await seal(keys);
  const rotated = await rotateDataKey(keys);
  const afterwards = await seal(keys);
  assert.equal(keys.keyring.current.keyId, rotated);
  assert.notEqual((await keys.store.card(before))?.keyId, rotated);
  assert.equal((await keys.store.card(afterwards))?.keyId, rotated);
  assert.ok((await opens(keys, before)) && (await opens(keys, afterwards)));
});

test('another process takes the fresh data key up, and can open its cards before that', async () => {
  const store = memoryStore();
  const path = freshPath();
  const [one, two] = [await openKeys(store, path), await openKeys(store, path)];
  const rotated = await rotateDataKey(one);
  assert.ok(await opens(two, await seal(one)));
  assert.notEqual(two.keyring.current.keyId, rotated);
  await two.keyring.refresh();
  assert.equal(two.keyring.current.keyId, rotated);
});

test('a rotation of the root key wraps every data key anew; then the old one may go', async () => {
  const store = memoryStore();
  const path = freshPath();
  const keys = await openKeys(store, path);
  const token = await seal(keys);
  await rotateDataKey(keys);
  const old = await keys.rootKeys.current.currentKeyId();
  assert.equal(await removeRootKey(keys, old), 'key_in_use');
  const { rootKeyId, ...counts } = await rotateRootKey(keys);
  assert.deepEqual(counts, { rewrapped: 3, resumed: false });
  assert.notEqual(rootKeyId, old);
  assert.equal(await removeRootKey(keys, rootKeyId), 'key_in_use', 'the current one');
  assert.equal(await removeRootKey(keys, old), 'removed');
  assert.equal(await removeRootKey(keys, old), 'unknown_key');
  const restarted = await openKeys(store, path);
  assert.ok(await opens(restarted, token));
  assert.deepEqual(restarted.keyring.fingerprint(VISA), keys.keyring.fingerprint(VISA));
});

test('killed after any step, the vault starts, opens every card, and a second call finishes', async () => {
  // Six things are asked: keys, registration, keys again, three wrappings. So it dies before each of them.
  for (let step = 0; step < 6; step += 1) {
    const store = memoryStore();
    const path = freshPath();
    const keys = await openKeys(store, path);
    const tokens = [await seal(keys)];
    await rotateDataKey(keys);
    tokens.push(await seal(keys));
    const old = await keys.rootKeys.current.currentKeyId();
    await assert.rejects(rotateRootKey({ ...keys, store: dyingAfter(step, store) }), /killed/, `step ${step}`);

    const restarted = await openKeys(store, path);
    for (const token of tokens) assert.ok(await opens(restarted, token), `step ${step}`);
    const { rootKeyId, rewrapped } = await rotateRootKey(restarted);
    assert.ok(rewrapped > 0, `step ${step}`);
    const ids = await restarted.rootKeys.file?.keyIds();
    assert.deepEqual(ids, [old, rootKeyId], `step ${step}: no second new key`);
    assert.ok((await store.dataKeys()).every((row) => row.rootKeyId === rootKeyId));
    for (const token of tokens) assert.ok(await opens(await openKeys(store, path), token));
    assert.equal(await removeRootKey(restarted, old), 'removed');
  }
});

/** A store whose process dies at the n-th thing that a rotation asks of it; what was done before is done. */
function dyingAfter(steps: number, store: VaultStore): VaultStore {
  let left = steps;
  const count =
    <Arguments extends unknown[], Value>(work: (...args: Arguments) => Promise<Value>) =>
    async (...args: Arguments): Promise<Value> => {
      left -= 1;
      if (left < 0) throw new Error('killed');
      return work(...args);
    };
  const rows = {
    dataKeys: count(store.dataKeys),
    registerRootKey: count(store.registerRootKey),
    rewrapDataKey: count(store.rewrapDataKey),
  };
  return { ...store, ...rows, exclusively: (change) => change({ ...store, ...rows }) };
}

test('moving from the key file to a KMS is one rotation', async () => {
  const store = memoryStore();
  const path = freshPath();
  const token = await seal(await openKeys(store, path));
  const moved = await openKeys(store, path, true);
  assert.ok(await opens(moved, token), 'the file still opens what it wrapped');
  assert.deepEqual(await rotateRootKey(moved), { rootKeyId: 'kms/key-1', rewrapped: 2, resumed: true });
  await rm(path);
  const without = await openKeys(store, path, true);
  assert.equal(without.rootKeys.file, null);
  assert.ok(await opens(without, token));
  assert.deepEqual(await rotateRootKey(without), { rootKeyId: 'kms/key-1', rewrapped: 0, resumed: false });
});

test('when the KMS has rotated, a call follows it', async () => {
  const store = memoryStore();
  const keys = await openKeys(store, freshPath(), true);
  const old = await keys.rootKeys.current.currentKeyId();
  const next = kms.rotate();
  assert.equal((await rotateRootKey(keys)).rootKeyId, next);
  assert.equal(await removeRootKey(keys, old), 'removed');
  assert.ok((await store.dataKeys()).every((row) => row.rootKeyId === next));
});

const bearer = { authorization: `Bearer ${SECRET}` };

test('keys over HTTP: shown without a byte of them, rotated, removed; with the secret only', async () => {
  const keys = await openKeys(memoryStore());
  const { app } = testVault(keys);
  const old = await keys.rootKeys.current.currentKeyId();
  const call = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object, headers: object = bearer) =>
    app.inject({ method, url, headers: headers as Record<string, string>, ...(payload ? { payload } : {}) });
  for (const [method, url] of [
    ['GET', '/v1/keys'],
    ['POST', '/v1/keys/rotate'],
    ['DELETE', `/v1/keys/root/${old}`],
  ] as const)
    assert.equal((await call(method, url, method === 'POST' ? { what: 'data' } : undefined, {})).statusCode, 401, url);

  const shown = await call('GET', '/v1/keys');
  assert.equal(shown.statusCode, 200);
  const { rootKeys, dataKeys, ...rest } = shown.json();
  assert.deepEqual(rest, { provider: 'file', toRewrap: 0 });
  assert.deepEqual([rootKeys.length, rootKeys[0].id, rootKeys[0].current, rootKeys[0].wraps], [1, old, true, 2]);
  assert.deepEqual(dataKeys.map(({ purpose }: { purpose: string }) => purpose).sort(), ['card', 'fingerprint']);
  assert.equal(shown.body.includes(keys.keyring.current.key.toString('base64').slice(0, 20)), false);

  const dataKey = (await call('POST', '/v1/keys/rotate', { what: 'data' })).json().dataKey;
  assert.equal(dataKey, keys.keyring.current.keyId);
  const rotated = (await call('POST', '/v1/keys/rotate', { what: 'root' })).json();
  assert.deepEqual([rotated.rewrapped, rotated.resumed], [3, false]);
  const wrong = await call('POST', '/v1/keys/rotate', { what: VISA });
  assert.deepEqual([wrong.statusCode, wrong.json().errors[0].pointer], [400, '/what']);
  assert.equal((await call('DELETE', `/v1/keys/root/${rotated.rootKeyId}`)).json().code, 'key_in_use');
  assert.equal((await call('DELETE', `/v1/keys/root/${old}`)).statusCode, 204);
  assert.equal((await call('DELETE', `/v1/keys/root/${old}`)).statusCode, 404);
});

test('on a real database: rotations and removals at once leave every card openable', needsDatabase, async () => {
  const database = await testDatabase();
  const stores = [0, 1].map(() => openVaultStore(database.vaultUrl, () => undefined));
  try {
    const path = freshPath();
    const [one, two] = await Promise.all(stores.map((store) => openKeys(store, path)));
    assert.ok(one && two);
    const first = await one.rootKeys.current.currentKeyId();
    const tokens = [await seal(one), await seal(two)];
    await Promise.all([rotateRootKey(one), rotateRootKey(two), rotateDataKey(one), rotateDataKey(two)]);
    tokens.push(await seal(one), await seal(two));
    await Promise.all([rotateRootKey(one), removeRootKey(two, first), rotateDataKey(two)]);
    const { toRewrap } = await describeKeys(one);
    if (toRewrap !== 0) await rotateRootKey(one);
    const restarted = await openKeys(stores[0] as VaultStore, path);
    for (const token of tokens) assert.ok(await opens(restarted, token));
    assert.equal((await describeKeys(restarted)).toRewrap, 0);
    assert.notEqual(await removeRootKey(restarted, first), 'key_in_use');
  } finally {
    for (const store of stores) await store.close();
    await database.drop();
  }
});
