import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { randomBytes } from '../base/random.ts';
import { createKeyFile, readKeyFile } from './key-file.ts';
import { openKeyring } from './keyring.ts';
import { memoryStore, VISA } from './test-vault.ts';

const folder = await mkdtemp(join(tmpdir(), 'vault-keys-'));
after(() => rm(folder, { recursive: true }));
const freshPath = (): string => join(folder, randomBytes(6).toString('hex'), 'keys.json');

test('a fresh key file is private and holds two different keys', async () => {
  const path = freshPath();
  assert.equal(await readKeyFile(path), null);
  const keys = await createKeyFile(path);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.notDeepEqual(keys.kek, keys.fingerprintKey);
  assert.deepEqual(await readKeyFile(path), keys);
});

test('of several creators at once the first wins and all read its keys', async () => {
  const path = freshPath();
  const all = await Promise.all(Array.from({ length: 8 }, () => createKeyFile(path)));
  assert.equal(new Set(all.map((keys) => keys.kek.toString('hex'))).size, 1);
});

test('a key file that others can read, or that is malformed, is refused without showing its text', async () => {
  const path = freshPath();
  await createKeyFile(path);
  await chmod(path, 0o640);
  await assert.rejects(readKeyFile(path), { code: 'key_file', message: /chmod 600/ });
  await chmod(path, 0o600);
  for (const text of ['{"version":1,"kek":"c2hvcnQ="}', 'topsecret', '{"version":2}']) {
    await writeFile(path, text);
    await assert.rejects(readKeyFile(path), (error: Error) => {
      assert.match(error.message, /malformed/);
      return !error.message.includes('topsecret') && error.cause === undefined;
    });
  }
});

test('a restarted vault opens with the same data key and fingerprints', async () => {
  const path = freshPath();
  const store = memoryStore();
  const first = await openKeyring(path, store);
  const second = await openKeyring(path, store);
  assert.equal(second.current.keyId, first.current.keyId);
  assert.deepEqual(second.current.key, first.current.key);
  assert.deepEqual(second.fingerprint(VISA), first.fingerprint(VISA));
  await assert.rejects(second.dataKey('key_unknown'), { code: 'unknown_data_key' });
});

test('with stored keys, a missing or foreign key file stops the start', async () => {
  const path = freshPath();
  const store = memoryStore();
  await openKeyring(path, store);
  const original = await readFile(path, 'utf8');
  await rm(path);
  await assert.rejects(openKeyring(path, store), { code: 'key_file', message: /missing/ });
  assert.equal(await readKeyFile(path), null, 'no fresh file in the place of the lost one');
  await createKeyFile(path);
  await assert.rejects(openKeyring(path, store), { code: 'cannot_open' });
  await writeFile(path, original);
  await openKeyring(path, store);
});
