import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { money } from '../../base/money.ts';
import { assessFees } from './assess-fees.ts';

const amount = fc.bigInt({ min: 0n, max: 10n ** 14n });
const bps = fc.integer({ min: 0, max: 1000 });

test('in one currency interchange passes through to the unit: what the acquirer pays the wallet gets', () => {
  fc.assert(
    fc.property(
      amount,
      amount,
      amount,
      bps,
      bps,
      bps,
      (paid, settled, back, interchangeBps, acquirerServiceBps, walletServiceBps) => {
        const cleared = {
          paid: money(paid, 'JPY'),
          settled: money(settled, 'JPY'),
          settledBack: money(back, 'JPY'),
          rate: null,
        };
        const fees = assessFees(cleared, { interchangeBps, acquirerServiceBps, walletServiceBps });
        assert.deepEqual(fees.interchangePaid, fees.interchange);
        assert.deepEqual(fees.interchangeBack, fees.interchangeReturned);
        const exact = (of: bigint, at: number) => Number(of * BigInt(at)) / 10_000;
        assert.ok(
          Math.abs(Number(fees.interchange.amount) - exact(settled, interchangeBps)) <=
            0.5 + exact(settled, interchangeBps) * 1e-12,
        );
      },
    ),
  );
});

test('a refund brings interchange back and no service fee', () => {
  const cleared = {
    paid: money(0n, 'MYR'),
    settled: money(0n, 'JPY'),
    settledBack: money(10_000n, 'JPY'),
    rate: '0.03',
  };
  const fees = assessFees(cleared, { interchangeBps: 100, acquirerServiceBps: 20, walletServiceBps: 10 });
  assert.deepEqual(
    Object.entries(fees).map(([name, { amount: minor, currency }]) => `${name} ${minor} ${currency}`),
    [
      ...['interchange 0 JPY', 'interchangePaid 0 MYR', 'interchangeBack 300 MYR', 'interchangeReturned 100 JPY'],
      ...['acquirerFee 0 JPY', 'walletFee 0 MYR'],
    ],
  );
});

test('halves go to the even unit', () => {
  const of = (settled: bigint) =>
    assessFees(
      { paid: money(0n, 'JPY'), settled: money(settled, 'JPY'), settledBack: money(0n, 'JPY'), rate: null },
      { interchangeBps: 100, acquirerServiceBps: 0, walletServiceBps: 0 },
    ).interchange.amount;
  assert.deepEqual([of(50n), of(150n), of(250n), of(251n)], [0n, 2n, 2n, 3n]);
});
