import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { money } from '../base/money.ts';
import { parseFeeReport } from '../connectors/jpm-online-payments/fee-report.ts';
import { parseSettlementReport } from '../connectors/jpm-online-payments/settlement-report.ts';
import type { FeeLine } from '../connectors/ports/card-acquirer.ts';
import { feeColumnsOf, figuresOf } from './batch-figures.ts';
import { assessed, feeLinesOf, feesByOperation } from './operation-fees.ts';

const sample = (name: string): Uint8Array =>
  readFileSync(new URL(`../../test/vectors/jpm/${name}.csv`, import.meta.url));

test('the published fee file: every fee once, in as many operations as it names', () => {
  const lines = parseFeeReport(sample('FeeDetails'));
  const operations = feesByOperation(lines);
  const total = lines.reduce((sum, { amount }) => sum + amount.amount, 0n);
  assert.equal(
    operations.reduce((sum, fees) => sum + assessed(fees) - fees.returned.amount, 0n),
    total,
  );
  const named = new Set(lines.map(({ batch, networkId, amount }) => `${batch} ${networkId} ${amount.currency}`));
  assert.equal(operations.length, named.size);
  assert.ok(operations.length < lines.length, 'an operation has several fees');
});

test('the published settlement file: the columns of its lines are its fees, and net is what is left', () => {
  const batches = parseSettlementReport(sample('SettlementDetails'));
  for (const batch of batches) {
    const fees = feesByOperation(feeLinesOf([batch]));
    const columns = feeColumnsOf(batch);
    assert.equal(
      fees.reduce((sum, each) => sum + assessed(each) - each.returned.amount, 0n),
      columns.amount,
    );
    const { sales, refunds, net, own, converted } = figuresOf(batch, columns);
    assert.equal(net.amount, sales.amount - refunds.amount - columns.amount);
    assert.equal(
      own.amount + converted.reduce((sum, { settled }) => sum + settled.amount, 0n),
      net.amount,
      'what is converted and what is not are the whole',
    );
  }
  assert.ok(batches.length > 0);
});

test('what is given back stands apart, and operations that only got back come last', () => {
  const line = (networkId: string, cents: number, kind: FeeLine['kind'] = 'scheme'): FeeLine => ({
    batch: 'b',
    networkId,
    kind,
    text: '',
    amount: money(cents, 'USD'),
  });
  const found = feesByOperation([line('back', -5), line('both', 9), line('both', -2, 'processing'), line('none', 0)]);
  assert.deepEqual(
    found.map(({ networkId, schemeFee, returned }) => [networkId, schemeFee.amount, returned.amount]),
    [
      ['both', 9n, 2n],
      ['back', 0n, 5n],
    ],
  );
});
