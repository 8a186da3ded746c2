import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Day } from '../base/clock.ts';
import { money } from '../base/money.ts';
import { parseFeeReport } from '../connectors/jpm-online-payments/fee-report.ts';
import { parseSettlementReport } from '../connectors/jpm-online-payments/settlement-report.ts';
import type { CardAcquirer, FeeLine } from '../connectors/ports/card-acquirer.ts';
import type { CardAccount } from '../parties/index.ts';
import { figuresOf } from './batch-figures.ts';
import { contentOf, feesOfBatch } from './day-content.ts';
import { assessed, feesByOperation } from './operation-fees.ts';

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

test('the published day has authorizations and their fees: transfers of fees alone, or bills', () => {
  const file = (name: string) => ({ name, bytes: sample(name) });
  const reports = { settlement: file('SettlementDetails'), fees: file('FeeDetails') };
  const acquirer = { parseSettlement: parseSettlementReport, parseFees: parseFeeReport } as unknown as CardAcquirer;
  const contentFor = (funding: 'net' | 'gross') =>
    contentOf({ acquirer, funding } as CardAccount, reports, '2023-09-08' as Day);
  const { batches, fees, bills } = contentFor('net');
  assert.deepEqual([...new Set(fees.map(({ batch }) => batch))].sort(), batches.map(({ batch }) => batch).sort());
  assert.deepEqual([bills.size, contentFor('gross').bills.size], [0, batches.length]);
  for (const batch of batches) {
    const taken = feesOfBatch({ fees }, batch);
    const { net, own, converted } = figuresOf(batch, taken);
    assert.deepEqual([net.amount, own.amount, converted], [-taken.amount, -taken.amount, []]);
  }
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

test('a dispute of a converted payment crosses with its own amounts', () => {
  const [eur, usd] = [(cents: number) => money(cents, 'EUR'), (cents: number) => money(cents, 'USD')];
  const none = { interchange: eur(0), schemeFee: eur(0), processingFee: eur(0) };
  const sale = {
    kind: 'sale',
    reference: 'A',
    networkId: 'a',
    amount: eur(920),
    presentment: usd(1_000),
    ...none,
  } as const;
  const debit = {
    dispute: 'd',
    networkPaymentId: 'a',
    kind: 'debit',
    amount: eur(930),
    presentment: usd(1_000),
  } as const;
  const fee = { ...debit, kind: 'fee', amount: eur(1_380), presentment: usd(1_500) } as const;
  const { net, own, converted } = figuresOf({ lines: [sale], currency: 'EUR' }, eur(20), [debit, fee]);
  assert.deepEqual([net, own], [eur(920 - 20 - 930 - 1_380), eur(-20)]);
  assert.deepEqual(converted, [{ presented: usd(-1_500), settled: eur(920 - 930 - 1_380) }]);
});
