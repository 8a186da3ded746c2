import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { money } from '../base/money.ts';
import { checkFeePlan, feeOn } from './index.ts';

const usd = (cents: bigint) => money(cents, 'USD');

test('percentage half-up, plus the fixed part, at most the cap', () => {
  assert.equal(feeOn({ percentBps: 250 }, usd(1_200_000n)).amount, 30_000n);
  assert.equal(feeOn({ percentBps: 250 }, usd(20n)).amount, 1n, '0.5 of a cent rounds up');
  assert.equal(feeOn({ percentBps: 250, fixed: usd(30n) }, usd(1000n)).amount, 55n);
  assert.equal(feeOn({ percentBps: 250, cap: usd(10_000n) }, usd(1_200_000n)).amount, 10_000n);
  assert.equal(
    feeOn({ percentBps: 0, fixed: money(30n, 'EUR') }, usd(1000n)).amount,
    0n,
    'a fixed part in another currency',
  );
});

test('a fee never exceeds what is released', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000 }),
      fc.bigInt({ min: 0n, max: 10n ** 15n }),
      fc.bigInt({ min: 0n, max: 10n ** 6n }),
      (percentBps, released, fixed) => {
        const fee = feeOn({ percentBps, fixed: usd(fixed) }, usd(released)).amount;
        assert.ok(fee >= 0n && fee <= released);
      },
    ),
  );
});

test('a plan out of range is refused with its field', () => {
  const refused = checkFeePlan({ percentBps: 10_001 });
  assert.equal(refused.ok ? 'accepted' : refused.error.pointer, '/feePlan/percentBps');
  const negative = checkFeePlan({ percentBps: 1, cap: usd(-1n) });
  assert.equal(negative.ok ? 'accepted' : negative.error.pointer, '/feePlan/cap');
});
