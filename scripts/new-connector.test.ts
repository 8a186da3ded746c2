import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeConnector } from './new-connector.ts';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
/** Of a checkout, what a connector imports and what it is checked with. */
const LINKED = [
  'src/base',
  'src/connectors/ports',
  'test',
  'node_modules',
  'tsconfig.json',
  'biome.json',
  'package.json',
];

const root = mkdtempSync(join(tmpdir(), 'causeway-connector-'));
after(() => rmSync(root, { recursive: true, force: true }));
mkdirSync(join(root, 'src/connectors'), { recursive: true });
for (const path of LINKED) symlinkSync(join(REPOSITORY, path), join(root, path));

/** A test runner inside a test runner reports to the outer one unless it does not know of it. */
const { NODE_TEST_CONTEXT: _, ...env } = process.env;
const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env });

test('a connector is written, and compiles and is formatted as it stands', () => {
  assert.deepEqual(writeConnector(root, 'nordic-acquiring'), {
    files: ['index.ts', 'settings.ts', 'connector.ts', 'answers.ts', 'answers.test.ts', 'contract.test.ts'].map(
      (file) => `src/connectors/nordic-acquiring/${file}`,
    ),
  });
  const folder = join(root, 'src/connectors/nordic-acquiring');
  for (const file of readdirSync(folder)) {
    assert.doesNotMatch(readFileSync(join(folder, file), 'utf8'), /__name__|__Name__/, file);
  }
  assert.match(readFileSync(join(folder, 'index.ts'), 'utf8'), /createNordicAcquiring/);
  const options = { extends: './tsconfig.json', include: ['src/connectors/nordic-acquiring'] };
  writeFileSync(join(root, 'tsconfig.connector.json'), JSON.stringify(options));
  const types = run('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.connector.json');
  assert.deepEqual([types.status, types.stdout], [0, '']);
  const format = run('node_modules/@biomejs/biome/bin/biome', 'check', 'src/connectors/nordic-acquiring');
  assert.equal(format.status, 0, format.stdout + format.stderr);
});

test('its contract fails until it is filled in, and says why', () => {
  const contract = run('--test', 'src/connectors/nordic-acquiring/contract.test.ts');
  assert.equal(contract.status, 1);
  assert.match(contract.stdout, /setUp has no network to start yet/);
  const answers = run('--test', 'src/connectors/nordic-acquiring/answers.test.ts');
  assert.equal(answers.status, 0, answers.stdout);
});

test('refused: a name that is none, a name that is taken', () => {
  for (const name of ['', 'Nordic', 'a b', '../ports', '-a', 'ports']) {
    assert.ok('refused' in writeConnector(root, name), name);
  }
  const again = writeConnector(root, 'nordic-acquiring');
  assert.ok('refused' in again && /there already/.test(again.refused));
});

test('the command refuses what is not one name, and tells how', () => {
  for (const args of [[], ['a', 'b'], ['No']]) {
    const { status, stderr } = spawnSync(process.execPath, [join(REPOSITORY, 'scripts/new-connector.ts'), ...args], {
      encoding: 'utf8',
    });
    assert.equal(status, 2);
    assert.match(stderr, /new-connector: .*nordic-acquiring/);
  }
});
