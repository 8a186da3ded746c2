/** What discounts of a payment post, and that what goes back comes to what was paid. No database. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newId } from '../base/ids.ts';
import { money, sum } from '../base/money.ts';
import { refuse } from '../base/result.ts';
import type { UnitPart } from '../journal/index.ts';
import { transfersOf } from '../ledger/postings.ts';
import {
  cancelingPart,
  fundedIn,
  lettingGoPart,
  orWithout,
  reservingPart,
  returningPart,
  sharesOf,
  spendingPart,
} from './spend-discounts.ts';

const sides = { payment: newId('hpy'), acquirer: newId('ptc') };
const [hub, sponsor] = [newId('cmp'), newId('cmp')];
const jpy = (amount: number | bigint) => money(amount, 'JPY');
const discounts = [
  { campaign: hub, fundedBy: 'hub', funded: jpy(30), counted: true },
  { campaign: sponsor, fundedBy: 'sponsor', funded: jpy(20) },
  { campaign: newId('cmp'), fundedBy: 'merchant', funded: jpy(0) },
  { campaign: null, fundedBy: 'wallet', funded: jpy(0) },
] as const;

/** Account → change on its debit side, over all events of a part. */
function changes(part: UnitPart): Record<string, bigint> {
  const all: Record<string, bigint> = {};
  const names = new Map<string, string>([
    [hub, 'hub'],
    [sponsor, 'sponsor'],
    [sides.acquirer, 'acquirer'],
  ]);
  const label = ({ name, owner }: { name: string; owner: string }) => `${name} ${names.get(owner) ?? ''}`.trim();
  for (const { type, data } of part.events)
    for (const { debit, credit, amount } of transfersOf(type, data)) {
      all[label(debit)] = (all[label(debit)] ?? 0n) + amount.amount;
      all[label(credit)] = (all[label(credit)] ?? 0n) - amount.amount;
    }
  return Object.fromEntries(Object.entries(all).filter(([, amount]) => amount !== 0n));
}

const nobody = { campaigns: [], person: null };

test('reserved with the price, spent with the payment, let go without it', () => {
  assert.deepEqual(changes(reservingPart(sides.payment, discounts, nobody)), {
    'budget_reserved hub': 30n,
    'budget hub': -30n,
    'budget_reserved sponsor': 20n,
    'budget sponsor': -20n,
  });
  assert.deepEqual(changes(lettingGoPart(sides.payment, discounts, null)), {
    'budget_reserved hub': -30n,
    'budget hub': 30n,
    'budget_reserved sponsor': -20n,
    'budget sponsor': 20n,
  });
  assert.deepEqual(changes(spendingPart(discounts, sides)), {
    'budget_reserved hub': -30n,
    'budget_reserved sponsor': -20n,
    memo_contra: 50n,
    promotion_cost: 30n,
    'promotion_fund sponsor': 20n,
    'acquirer acquirer': -50n,
  });
});

test('a cancel brings it all back, budget and fund', () => {
  assert.deepEqual(changes(cancelingPart(discounts, { ...sides, person: null })), {
    'budget hub': 30n,
    'budget sponsor': 20n,
    memo_contra: -50n,
    promotion_cost: -30n,
    'promotion_fund sponsor': -20n,
    'acquirer acquirer': 50n,
  });
});

test('a refund gives each funder its share; the spent budget of the hub stays spent', () => {
  const half = sharesOf(discounts, { whole: jpy(100), before: jpy(0), part: jpy(50) });
  assert.deepEqual(changes(returningPart(half, sides)), {
    'budget sponsor': 10n,
    memo_contra: -10n,
    promotion_cost: -15n,
    'promotion_fund sponsor': -10n,
    'acquirer acquirer': 25n,
  });
  assert.deepEqual([fundedIn(half, 'hub', jpy(0)), fundedIn(half, 'sponsor', jpy(0))], [jpy(15), jpy(10)]);
});

test('whatever parts a payment goes back in, the shares come to what was funded', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(parts, fc.integer({ min: 0, max: 5000 }), (amounts, funded) => {
      const whole = jpy(amounts.reduce((all, each) => all + each, 0));
      const paid = [{ campaign: hub, fundedBy: 'hub', funded: jpy(funded) }] as const;
      let before = 0;
      const shares = amounts.map((amount) => {
        const [share] = sharesOf(paid, { whole, before: jpy(before), part: jpy(amount) });
        before += amount;
        return share?.funded ?? jpy(0);
      });
      assert.ok(shares.every(({ amount }) => amount >= 0n));
      assert.equal(sum(shares, 'JPY').amount, BigInt(funded));
    }),
  );
});

test('what a floor refuses is tried once more without discounts, anything else is not', async () => {
  const tried: boolean[] = [];
  const short = await orWithout(async (withDiscounts) => {
    tried.push(withDiscounts);
    return withDiscounts ? refuse('insufficient_balance', 'used up') : { ok: true as const, value: 'paid' };
  });
  assert.deepEqual([short, tried], [{ ok: true, value: 'paid' }, [true, false]]);
  let times = 0;
  const other = await orWithout(async () => {
    times += 1;
    return refuse('not_found', 'no such payment');
  });
  assert.deepEqual([other.ok, times], [false, 1]);
});
