import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkHomes } from './homes.ts';
import { checkNames, emptyWord } from './names.ts';
import { treeOf } from './tree.ts';

test('names that say nothing are recognised; words of the trade are not', () => {
  for (const name of ['PaymentService', 'order-manager', 'utils', 'stringUtils', 'test_helper', 'common', 'handler2']) {
    assert.notEqual(emptyWord(name), null, name);
  }
  for (const name of [
    'serviceFee',
    'serviceClass',
    'commonwealth',
    'utility',
    'handler',
    'managerial',
    'capturePayment',
  ]) {
    assert.equal(emptyWord(name), null, name);
  }
});

test('file names and exported names are judged, others are not', () => {
  const tree = treeOf({
    'src/payments/utils/a.ts': 'export const fine = 1;',
    'src/payments/order-service.ts': '',
    'src/payments/b.ts':
      'export class OrderManager {}\nconst helper = 1;\nexport { helper as helpers, fine };\n// export const utils = 1',
  });
  const found = checkNames(tree).findings.map(({ file, line }) => `${file}:${line}`);
  assert.deepEqual(found, [
    'src/payments/utils/a.ts:0',
    'src/payments/order-service.ts:0',
    'src/payments/b.ts:1',
    'src/payments/b.ts:3',
  ]);
});

test('the licensed word is refused in src, web and docs, and allowed in the glossary', () => {
  const text = `held, not ${'Esc'}row`;
  const files = { 'src/a.ts': `// ${text}`, 'docs/a.md': text, 'docs/glossary.md': text, 'README.md': text };
  assert.deepEqual(
    checkNames(treeOf(files)).findings.map(({ file }) => file),
    ['src/a.ts', 'docs/a.md'],
  );
});

test('time, timers, randomness and the environment are found away from home', () => {
  const text = [
    'const a = Date.now();',
    'const b = new Date();',
    'const c = new Date(0);',
    'const d = performance.now();',
    'const e = Math.random();',
    'setTimeout(f, 1);',
    'socket.setTimeout(1);',
    'globalThis.setInterval(f, 1);',
    "const g = process.env['X'];",
    '// Date.now() in a comment',
    "const h = 'Math.random';",
  ].join('\n');
  const lines = (path: string): number[] =>
    checkHomes(treeOf({ [path]: text }))
      .findings.map(({ line }) => line)
      .sort((x, y) => x - y);
  assert.deepEqual(lines('src/payments/a.ts'), [1, 2, 4, 5, 6, 8, 9]);
  assert.deepEqual(lines('src/base/clock.ts'), [5, 9]);
  assert.deepEqual(lines('src/base/random.ts'), [1, 2, 4, 6, 8, 9]);
  assert.deepEqual(lines('sandbox/bank/main.ts'), [1, 2, 4, 5, 6, 8]);
  assert.deepEqual(lines('cli/main.ts'), [1, 2, 4, 5, 6, 8, 9]);
  for (const free of [
    'src/a.test.ts',
    'test/support/a.ts',
    'scripts/a.ts',
    'bench/a.ts',
    'web/src/a.ts',
    'bootstrap/run.mjs',
  ]) {
    assert.deepEqual(lines(free), [], free);
  }
});
