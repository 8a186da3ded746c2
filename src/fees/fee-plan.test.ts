import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { money } from '../base/money.ts';
import { feeOn, feeReturnedOn, makeFeePlan } from './index.ts';

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
  const refused = makeFeePlan({ percentBps: 10_001 }, { version: 1, at: '/feePlan' });
  assert.equal(refused.ok ? 'accepted' : refused.error.pointer, '/feePlan/percentBps');
  const negative = makeFeePlan({ percentBps: 1, cap: usd(-1n) }, { version: 1, at: '/feePlan' });
  assert.equal(negative.ok ? 'accepted' : negative.error.pointer, '/feePlan/cap');
});

test('a plan that says nothing of chargebacks keeps the commission, and the operator pays the network', () => {
  const made = makeFeePlan({ percentBps: 1, chargebacks: { networkFee: 'seller' } }, { version: 3, at: '/feePlan' });
  assert.deepEqual(made.ok && [made.value.version, made.value.chargebacks], [
    3,
    { commission: 'kept', networkFee: 'seller' },
  ]);
});

test('commission goes back for what is lost, and only what the plan no longer takes of the rest', () => {
  const plan = (commission: 'kept' | 'returned') => {
    const made = makeFeePlan(
      { percentBps: 300, fixed: usd(30n), chargebacks: { commission } },
      { version: 1, at: '/feePlan' },
    );
    assert.ok(made.ok);
    return made.value;
  };
  const on = (commission: 'kept' | 'returned', lostBefore: bigint, lost: bigint) =>
    feeReturnedOn(plan(commission), { released: usd(10_000n), lostBefore: usd(lostBefore), lost: usd(lost) }).amount;
  assert.equal(on('kept', 0n, 10_000n), 0n);
  assert.equal(on('returned', 0n, 10_000n), 330n, 'all of it, the fixed part too');
  assert.equal(on('returned', 0n, 4000n), 120n, 'a part: its percentage');
  assert.equal(on('returned', 4000n, 6000n), 210n, 'the second loss brings the rest');
  assert.equal(on('returned', 10_000n, 500n), 0n, 'nothing more than the fee');
});

test('several losses together never return more than the fee', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000 }),
      fc.bigInt({ min: 0n, max: 10n ** 12n }),
      fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { maxLength: 5 }),
      fc.bigInt({ min: 0n, max: 10n ** 6n }),
      (percentBps, released, losses, cap) => {
        const made = makeFeePlan(
          { percentBps, cap: usd(cap), chargebacks: { commission: 'returned' } },
          { version: 1, at: '/feePlan' },
        );
        assert.ok(made.ok);
        let lostBefore = 0n;
        let back = 0n;
        for (const lost of losses) {
          const amounts = { released: usd(released), lostBefore: usd(lostBefore), lost: usd(lost) };
          back += feeReturnedOn(made.value, amounts).amount;
          lostBefore += lost;
        }
        const left = released > lostBefore ? released - lostBefore : 0n;
        assert.equal(back, feeOn(made.value, usd(released)).amount - feeOn(made.value, usd(left)).amount);
      },
    ),
  );
});
