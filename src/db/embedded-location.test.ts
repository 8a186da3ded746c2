import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { locateEmbedded, removeEmbeddedData } from './embedded-location.ts';
import { startEmbeddedServer } from './embedded-server.ts';

const asRoot = { skip: process.getuid?.() === 0 ? false : 'needs root' };

test('a reachable DATA_DIR keeps its database inside', async (t) => {
  const dataDir = newDataDir(t, 0o755);
  const location = await locateEmbedded(dataDir, () => undefined);
  assert.equal(location.cluster, join(location.base, 'postgres'));
  if (process.getuid?.() !== 0) assert.deepEqual([location.base, location.runAs], [dataDir, null]);
  else assert.notEqual(location.runAs?.uid ?? 0, 0, 'never as root');
});

test('below a folder of mode 700, root’s database goes outside, runs there and is found again', asRoot, async (t) => {
  const dataDir = newDataDir(t, 0o700);
  const first = await startEmbeddedServer({ dataDir });
  const base = fs.readFileSync(join(dataDir, 'location'), 'utf8');
  assert.match(base, /^\/var\/lib\/causeway\/[0-9a-f]{16}$/);
  assert.equal(fs.existsSync(join(dataDir, 'postgres')), false);
  const owner = fs.statSync(`/proc/${first.pid}`).uid;
  await first.stop();
  assert.notEqual(owner, 0);
  assert.equal(owner, fs.statSync(join(base, 'postgres')).uid);

  const version = join(base, 'native', '.version');
  assert.ok(fs.lstatSync(join(base, 'native', 'lib', 'libpq.so.5')).isSymbolicLink(), 'links are kept');
  fs.writeFileSync(version, 'older');
  const second = await startEmbeddedServer({ dataDir });
  await second.stop();
  assert.notEqual(fs.readFileSync(version, 'utf8'), 'older', 'programs of another version are copied anew');

  removeEmbeddedData(dataDir);
  assert.equal(fs.existsSync(base), false);
});

test('a copied DATA_DIR does not open the database of the original; a moved one keeps its own', asRoot, async (t) => {
  const dataDir = newDataDir(t, 0o700);
  const { base } = await locateEmbedded(dataDir, () => undefined);
  const copy = `${dataDir}-copy`;
  fs.cpSync(dataDir, copy, { recursive: true });
  await assert.rejects(
    locateEmbedded(copy, () => undefined),
    { code: 'embedded_postgres_unusable', message: /is a copy/ },
  );
  fs.rmSync(dataDir, { recursive: true });
  assert.equal((await locateEmbedded(copy, () => undefined)).base, base);
  fs.rmSync(base, { recursive: true });
  await assert.rejects(
    locateEmbedded(copy, () => undefined),
    { message: /which is not there/ },
  );
});

test('a database left outside by a deleted DATA_DIR is neither opened nor deleted', asRoot, async (t) => {
  const dataDir = newDataDir(t, 0o700);
  const first = await locateEmbedded(dataDir, () => undefined);
  fs.mkdirSync(first.cluster);
  fs.writeFileSync(join(first.cluster, 'PG_VERSION'), '18\n');
  fs.rmSync(dataDir, { recursive: true });
  fs.mkdirSync(dataDir);
  const second = await locateEmbedded(dataDir, () => undefined);
  assert.equal(second.base, `${first.base}-2`);
  assert.ok(fs.existsSync(join(first.cluster, 'PG_VERSION')));
});

function newDataDir(t: TestContext, parentMode: number): string {
  const parent = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), 'causeway-location-'));
  fs.chmodSync(parent, parentMode);
  const dataDir = join(parent, 'data');
  fs.mkdirSync(dataDir);
  t.after(() => {
    removeEmbeddedData(parent);
    assert.equal(fs.existsSync(parent), false);
  });
  return dataDir;
}
