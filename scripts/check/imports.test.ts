import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNotImport } from './import-order.ts';
import { checkImports, importsOf } from './imports.ts';
import { treeOf } from './tree.ts';

const ALLOWED: readonly (readonly [string, string])[] = [
  ['src/payments/capture-payment.ts', 'src/base/money.ts'],
  ['src/payments/capture-payment.ts', 'src/connectors/ports/card-acquirer.ts'],
  ['src/payments/capture-payment.ts', 'src/payments/payment.ts'],
  ['src/promotions/store.ts', 'src/parties/index.ts'],
  ['src/protection/order.ts', 'src/promotions/index.ts'],
  ['src/journal/commit.ts', 'src/ledger/postings.ts'],
  ['src/ledger/postings.ts', 'src/ledger/chart.ts'],
  ['src/ledger/trace.ts', 'src/journal/index.ts'],
  ['src/network-log/network-http.ts', 'src/connectors/ports/network-http.ts'],
  ['src/connectors/ach-bank/nacha-write.ts', 'src/connectors/ports/bank-rail.ts'],
  ['src/connectors/alipay-plus/pay.ts', 'src/ams-protocol/index.ts'],
  ['src/connectors/ach-bank/a.ts', 'src/connectors/ach-bank/b.ts'],
  ['src/api/rest/payments.ts', 'src/disputes/index.ts'],
  ['src/main/api.ts', 'src/connectors/ach-bank/connector.ts'],
  ['src/vault/store.ts', 'src/base/clock.ts'],
  ['sandbox/bank/main.ts', 'sandbox/base/start-network.ts'],
  ['sandbox/bank/main.ts', 'src/base/clock.ts'],
  ['stories/card.ts', 'src/main/world.ts'],
  ['sim/auditor.ts', 'src/ledger/balances.ts'],
  ['bench/commit.ts', 'src/journal/commit.ts'],
  ['src/base/money.test.ts', 'src/db/pool.ts'],
  ['web/src/a.tsx', 'web/src/b.tsx'],
];

const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  ['src/base/money.ts', 'src/db/pool.ts', /base may not import db/],
  ['src/ledger/postings.ts', 'src/journal/commit.ts', /ledger may not import journal/],
  ['src/ledger/chart.ts', 'src/ledger/postings.ts', /chart may not import postings/],
  ['src/ledger/balances.ts', 'src/ledger/trace.ts', /core of the ledger/],
  ['src/journal/commit.ts', 'src/jobs/queue.ts', /journal may not import jobs/],
  ['src/payments/capture-payment.ts', 'src/protection/order.ts', /payments may not import protection/],
  ['src/fees/plan.ts', 'src/parties/party.ts', /fees may not import parties/],
  ['src/promotions/store.ts', 'src/payments/index.ts', /promotions may not import payments/],
  ['src/payments/store.ts', 'src/connectors/ach-bank/connector.ts', /only main/],
  ['src/api/ams/pay.ts', 'src/connectors/jpm-online-payments/connector.ts', /only main/],
  ['src/connectors/ach-bank/a.ts', 'src/connectors/jpm-online-payments/b.ts', /only main/],
  ['src/connectors/ach-bank/a.ts', 'src/db/pool.ts', /base, ams-protocol and connectors\/ports only/],
  ['src/connectors/ports/bank-rail.ts', 'src/network-log/a.ts', /may not import/],
  ['src/api/server.ts', 'src/main/config.ts', /api may not import main/],
  ['src/vault/main.ts', 'src/journal/commit.ts', /vault imports base and db/],
  ['src/main/start.ts', 'src/vault/main.ts', /nobody imports the vault/],
  ['test/e2e/a.test.ts', 'src/vault/main.ts', /nobody imports the vault/],
  ['src/elsewhere/a.ts', 'src/base/money.ts', /no place in the order/],
  ['src/payments/a.ts', 'sandbox/bank/main.ts', /src does not import sandbox/],
  ['sandbox/bank/main.ts', 'src/connectors/ach-bank/nacha-write.ts', /src\/base only/],
  ['stories/card.ts', 'src/payments/index.ts', /may import only/],
  ['cli/main.ts', 'src/journal/commit.ts', /may import only/],
  ['web/src/a.tsx', 'src/base/money.ts', /nothing from outside web/],
  ['src/main/start.ts', 'web/src/a.ts', /nothing imports web/],
];

for (const [from, to] of ALLOWED) test(`${from} may import ${to}`, () => assert.equal(whyNotImport(from, to), null));
for (const [from, to, why] of REFUSED) {
  test(`${from} may not import ${to}`, () => assert.match(whyNotImport(from, to) ?? 'allowed', why));
}

test('imports are read from code: types, re-exports, bare and dynamic ones; not from comments or strings', () => {
  const lines = [
    "import { a } from './a.ts';",
    'import {',
    '  type B,',
    "} from '../base/b.ts';",
    "export * from './c.ts';",
    "import './d.ts';",
    "const e = await import('./e.ts');",
    "// import { x } from './x.ts';",
    'const text = "from \'./y.ts\'";',
    "import pg from 'pg';",
  ];
  const [file] = treeOf({ 'src/db/f.ts': lines.join('\n') }).code;
  assert.ok(file);
  const found = importsOf(file).map(({ to, line }) => `${line} ${to}`);
  assert.deepEqual(found, ['1 src/db/a.ts', '4 src/base/b.ts', '5 src/db/c.ts', '6 src/db/d.ts', '7 src/db/e.ts']);
});

const messages = (files: Record<string, string>): string[] =>
  checkImports(treeOf(files)).findings.map(({ file, line, message }) => `${file}:${line} ${message}`);

test('a module with an index is entered through it, except by tests', () => {
  const files = {
    'src/db/index.ts': "export { a } from './a.ts';",
    'src/db/a.ts': 'export const a = 1;',
    'src/jobs/good.ts': "import { a } from '../db/index.ts';",
    'src/jobs/bad.ts': "import { a } from '../db/a.ts';",
    'src/jobs/bad.test.ts': "import { a } from '../db/a.ts';",
  };
  assert.deepEqual(messages(files), ['src/jobs/bad.ts:1 imports src/db/a.ts: reach db through src/db/index.ts']);
});

test("the journal reaches the ledger's core behind its index, but not what reads the journal", () => {
  const files = {
    'src/ledger/index.ts': "export { t } from './trace.ts';",
    'src/ledger/chart.ts': '',
    'src/ledger/trace.ts': '',
    'src/journal/a.ts': "import '../ledger/chart.ts';",
    'src/journal/b.ts': "import '../ledger/trace.ts';",
    'src/jobs/c.ts': "import '../ledger/chart.ts';",
  };
  assert.deepEqual(
    checkImports(treeOf(files)).findings.map(({ file }) => file),
    ['src/journal/b.ts', 'src/jobs/c.ts'],
  );
});

test('a circle of files is reported once, with its way round', () => {
  const files = {
    'src/db/a.ts': "import { b } from './b.ts';",
    'src/db/b.ts': "import type { C } from './c.ts';",
    'src/db/c.ts': "import { a } from './a.ts';",
    'src/db/d.ts': "import { a } from './a.ts';",
  };
  assert.deepEqual(messages(files), [
    'src/db/a.ts:0 import cycle: src/db/a.ts → src/db/b.ts → src/db/c.ts → src/db/a.ts',
  ]);
});
