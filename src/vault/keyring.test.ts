import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { instant } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { randomBytes } from '../base/random.ts';
import { fingerprintOf, wrapKey } from './envelope.ts';
import { createKeyFile, openKeyFile } from './key-file.ts';
import { type Keyring, openKeyring, openRootKeys } from './keyring.ts';
import { memoryStore, VISA } from './test-vault.ts';

const folder = await mkdtemp(join(tmpdir(), 'vault-keys-'));
after(() => rm(folder, { recursive: true }));
const freshPath = (): string => join(folder, randomBytes(6).toString('hex'), 'keys.json');

const open = async (path: string, store: ReturnType<typeof memoryStore>): Promise<Keyring> =>
  openKeyring(await openRootKeys(path, null, store), store);

test('a fresh key file is private and holds one key under a name', async () => {
  const path = freshPath();
  assert.equal(await openKeyFile(path), null);
  const keys = await createKeyFile(path);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await keys.keyIds(), [await keys.currentKeyId()]);
  assert.match(await keys.currentKeyId(), /^kek_[0-9a-f]{32}$/);
  const sealed = await keys.wrap(Buffer.alloc(32, 7), 'context');
  assert.deepEqual(await (await openKeyFile(path))?.unwrap(sealed, 'context'), Buffer.alloc(32, 7));
  await assert.rejects(keys.unwrap(sealed, 'other'), { code: 'cannot_open' });
  await assert.rejects(keys.unwrap({ ...sealed, rootKeyId: 'kek_x' }, 'context'), { code: 'unknown_root_key' });
});

test('of several creators at once the first wins and all read its key', async () => {
  const path = freshPath();
  const all = await Promise.all(Array.from({ length: 8 }, () => createKeyFile(path)));
  assert.equal(new Set(await Promise.all(all.map((keys) => keys.currentKeyId()))).size, 1);
  assert.deepEqual(await readdir(dirname(path)), ['keys.json'], 'no drafts are left');
});

test('a vault that starts while another makes the first key takes the other’s file; a file that is gone is refused', async () => {
  const path = freshPath();
  const store = memoryStore();
  const first = await open(path, store);
  const moved = `${path}.away`;
  await rename(path, moved);
  // What the second process saw: no file, then a data key, then the file that the first had made meanwhile.
  const late = {
    ...store,
    newestDataKey: async (purpose: Parameters<typeof store.newestDataKey>[0]) => {
      await rename(moved, path);
      return store.newestDataKey(purpose);
    },
  };
  const { current } = await openRootKeys(path, null, late);
  assert.equal(
    (await openKeyring({ provider: 'file', current, file: null }, store)).current.keyId,
    first.current.keyId,
  );
  await rename(path, moved);
  await assert.rejects(openRootKeys(path, null, store), { code: 'key_file', message: /is missing/ });
});

test('keys come and go; the file stays private and the current key stays', async () => {
  const path = freshPath();
  const keys = await createKeyFile(path);
  const first = await keys.currentKeyId();
  const sealed = await keys.wrap(Buffer.alloc(32, 1), 'c');
  const second = await keys.addKey();
  assert.deepEqual([await keys.keyIds(), await keys.currentKeyId()], [[first, second], second]);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await keys.unwrap(sealed, 'c'), Buffer.alloc(32, 1), 'the old key still opens');
  await assert.rejects(keys.removeKey(second), /stays/);
  await keys.removeKey(first);
  assert.deepEqual(await keys.keyIds(), [second]);
  await assert.rejects(keys.unwrap(sealed, 'c'), { code: 'unknown_root_key' });
});

test('a key file that others can read, or that is malformed, is refused without showing its text', async () => {
  const path = freshPath();
  await createKeyFile(path);
  await chmod(path, 0o640);
  await assert.rejects(openKeyFile(path), { code: 'key_file', message: /chmod 600/ });
  await chmod(path, 0o600);
  const good = randomBytes(32).toString('base64');
  for (const text of [
    '{"version":1,"kek":"c2hvcnQ="}',
    `{"version":1,"kek":"${good}"}`,
    'topsecret',
    '{"version":3}',
    '{"version":2,"current":"a","keks":{}}',
    `{"version":2,"current":"a","keks":{"b":"${good}"}}`,
    `{"version":2,"current":"a","keks":{"a":"${good}","b":"c2hvcnQ="}}`,
  ]) {
    await writeFile(path, text);
    await assert.rejects(openKeyFile(path), (error: Error) => {
      assert.match(error.message, /malformed/);
      return !error.message.includes('topsecret') && error.cause === undefined;
    });
  }
});

test('a restarted vault opens with the same data key and fingerprints', async () => {
  const path = freshPath();
  const store = memoryStore();
  const first = await open(path, store);
  const second = await open(path, store);
  assert.equal(second.current.keyId, first.current.keyId);
  assert.deepEqual(second.current.key, first.current.key);
  assert.deepEqual(second.fingerprint(VISA), first.fingerprint(VISA));
  await assert.rejects(second.dataKey('key_unknown'), { code: 'unknown_data_key' });
  const fingerprintRow = await store.newestDataKey('fingerprint');
  await assert.rejects(second.dataKey(fingerprintRow?.keyId ?? ''), { code: 'unknown_data_key' }, 'not for cards');
});

test('an installation of version 1 goes on with its key, its data keys and its fingerprints', async () => {
  const path = freshPath();
  const [kek, fingerprintKey, dataKey] = [randomBytes(32), randomBytes(32), randomBytes(32)];
  await createKeyFile(path);
  const [kekText, fingerprintText] = [kek.toString('base64'), fingerprintKey.toString('base64')];
  await writeFile(path, JSON.stringify({ version: 1, kek: kekText, fingerprintKey: fingerprintText }));
  const store = memoryStore();
  const keyId = newId('key');
  await store.registerRootKey({ rootKeyId: 'kek_1', registeredAt: instant(0) });
  // As version 1 wrapped it, and as the migration named the key that did.
  const wrapped = wrapKey(kek, `data-key|${keyId}`, dataKey);
  await store.addDataKey({ keyId, purpose: 'card', rootKeyId: 'kek_1', wrapped, createdAt: instant(0) });
  for (const keyring of [await open(path, store), await open(path, store)]) {
    assert.deepEqual([keyring.current.keyId, keyring.current.key], [keyId, dataKey]);
    assert.deepEqual(keyring.fingerprint(VISA), fingerprintOf(fingerprintKey, VISA));
  }
  const file = await openKeyFile(path);
  const next = await file?.addKey();
  assert.deepEqual([await file?.keyIds(), await file?.currentKeyId()], [['kek_1', next], next]);
  assert.deepEqual(await file?.inheritedFingerprintKey(), fingerprintKey, 'a backup from before still opens');
  await file?.removeKey('kek_1');
  assert.equal(await file?.inheritedFingerprintKey(), null);
});

test('with stored keys, a missing or foreign key file stops the start', async () => {
  const path = freshPath();
  const store = memoryStore();
  await open(path, store);
  const original = await readFile(path, 'utf8');
  await rm(path);
  await assert.rejects(open(path, store), { code: 'key_file', message: /missing/ });
  assert.equal(await openKeyFile(path), null, 'no fresh file in the place of the lost one');
  await createKeyFile(path);
  await assert.rejects(open(path, store), { code: 'unknown_root_key' });
  await writeFile(path, original);
  await open(path, store);
});
