/** Which discounts a payment gets: where, when, whom, how much, which together. No database. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addDays, type Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import { add, compare, type Money, money, sum, zero } from '../base/money.ts';
import type { Campaign, DiscountTerms, Funder } from './campaign.ts';
import { type DiscountFacts, discountsFor } from './discounts-for.ts';
import { percentOf, stepOf } from './smallest-step.ts';

const NOW = '2026-11-28T00:00:00.000Z' as Instant;
const ptc = (letter: string) => `ptc_${letter.repeat(32)}` as Id<'ptc'>;
const [WALLET, ACQUIRER] = [ptc('a'), ptc('b')];
const HUB: Funder = { by: 'hub' };
const jpy = (amount: number | bigint): Money => money(amount, 'JPY');

const amountOff = (threshold: Money, amount: Money): DiscountTerms => ({ threshold, off: { kind: 'amount', amount } });
const percentOff = (threshold: Money, bps: number, cap: Money): DiscountTerms => ({
  threshold,
  off: { kind: 'percent', bps, cap },
});

let made = 0;
const campaign = (terms: readonly DiscountTerms[], fields: Partial<Campaign> = {}): Campaign => {
  made += 1;
  return {
    ...{ id: `cmp_${made.toString(16).padStart(32, '0')}` as Id<'cmp'>, version: 1, state: 'live' },
    ...{ name: `Campaign ${made}`, funder: HUB, gives: { kind: 'discount', terms } },
    ...{ inShops: { countries: null, wallets: null, acquirers: null, shops: null }, onOrders: null },
    ...{ from: addDays(NOW, -1), to: addDays(NOW, 1), perPerson: null, stackable: true, priority: 0 },
    ...{ budgets: [], endJob: null, createdAt: NOW, endedAt: null },
    ...fields,
  };
};

const inShop = (amount: Money, fields: Partial<DiscountFacts> = {}): DiscountFacts => ({
  amount,
  place: { kind: 'shop', country: 'JP', wallet: WALLET, acquirer: ACQUIRER, merchantId: 'M1' },
  uses: new Map(),
  ...fields,
});
const offs = (facts: DiscountFacts, ...campaigns: readonly Campaign[]) =>
  discountsFor(facts, campaigns, NOW).map(({ off }) => off.amount);

const TEN_FROM_100 = [amountOff(jpy(100), jpy(10))];

test('ten off from a hundred: above the threshold it applies, below it does not', () => {
  assert.deepEqual(offs(inShop(jpy(110)), campaign(TEN_FROM_100)), [10n]);
  assert.deepEqual(offs(inShop(jpy(100)), campaign(TEN_FROM_100)), [10n]);
  assert.deepEqual(offs(inShop(jpy(99)), campaign(TEN_FROM_100)), []);
});

test('terms are by currency of the order', () => {
  const both = campaign([...TEN_FROM_100, amountOff(money(500, 'EUR'), money(50, 'EUR'))]);
  assert.deepEqual(offs(inShop(money(500, 'EUR')), both), [50n]);
  assert.deepEqual(offs(inShop(money(500, 'USD')), both), []);
});

test('nothing outside its period, its state or its places', () => {
  const never: Partial<Campaign>[] = [
    { state: 'draft' },
    { state: 'paused' },
    { state: 'ended' },
    { to: NOW },
    { from: addDays(NOW, 1), to: addDays(NOW, 2) },
    { inShops: null, onOrders: { marketplaces: null } },
    { inShops: { countries: ['KR'], wallets: null, acquirers: null, shops: null } },
    { inShops: { countries: null, wallets: [ACQUIRER], acquirers: null, shops: null } },
    { inShops: { countries: null, wallets: null, acquirers: [WALLET], shops: null } },
    { inShops: { countries: null, wallets: null, acquirers: null, shops: [{ acquirer: ACQUIRER, merchantId: 'M2' }] } },
    { funder: { by: 'wallet', wallet: ACQUIRER } },
    { funder: { by: 'merchant', acquirer: ACQUIRER, merchantId: 'M2' } },
  ];
  for (const fields of never)
    assert.deepEqual(offs(inShop(jpy(200)), campaign(TEN_FROM_100, fields)), [], JSON.stringify(fields));
  const there: Partial<Campaign>[] = [
    { from: NOW },
    { inShops: { countries: ['JP'], wallets: [WALLET], acquirers: [ACQUIRER], shops: null } },
    { inShops: { countries: null, wallets: null, acquirers: null, shops: [{ acquirer: ACQUIRER, merchantId: 'M1' }] } },
    { funder: { by: 'wallet', wallet: WALLET } },
    { funder: { by: 'merchant', acquirer: ACQUIRER, merchantId: 'M1' } },
    { funder: { by: 'sponsor', name: 'Tourism board' } },
  ];
  for (const fields of there)
    assert.deepEqual(offs(inShop(jpy(200)), campaign(TEN_FROM_100, fields)), [10n], JSON.stringify(fields));
});

test('so often a person, and never for one who is not known', () => {
  const twice = campaign(TEN_FROM_100, { perPerson: 2 });
  assert.deepEqual(offs(inShop(jpy(200), { uses: new Map([[twice.id, 1]]) }), twice), [10n]);
  assert.deepEqual(offs(inShop(jpy(200), { uses: new Map([[twice.id, 2]]) }), twice), []);
  assert.deepEqual(offs(inShop(jpy(200), { uses: null }), twice), []);
  assert.deepEqual(offs(inShop(jpy(200), { uses: null }), campaign(TEN_FROM_100)), [10n]);
});

test('stacked in the order of priority, then of age; one that stands alone goes alone when it is first', () => {
  const [old, young] = [campaign([amountOff(jpy(0), jpy(3))]), campaign([amountOff(jpy(0), jpy(5))])];
  const important = campaign([amountOff(jpy(0), jpy(7))], { priority: 1 });
  assert.deepEqual(offs(inShop(jpy(200)), young, old, important), [7n, 3n, 5n]);
  const alone = { stackable: false };
  assert.deepEqual(offs(inShop(jpy(200)), { ...important, ...alone }, old, young), [7n]);
  assert.deepEqual(offs(inShop(jpy(200)), important, { ...old, ...alone }, young), [7n, 5n]);
});

test('a campaign whose budget is known not to be enough is passed over, also one that would have gone alone', () => {
  const big = campaign([amountOff(jpy(0), jpy(50))], { priority: 9, stackable: false });
  const small = campaign([amountOff(jpy(0), jpy(5))]);
  const covers = ({ id }: Campaign) => id !== big.id;
  assert.deepEqual(offs(inShop(jpy(200)), big, small), [50n]);
  assert.deepEqual(offs(inShop(jpy(200), { covers }), big, small), [5n]);
});

test('something is left to pay, however much is off', () => {
  assert.deepEqual(offs(inShop(jpy(100)), campaign([amountOff(jpy(0), jpy(500))])), [99n]);
  const idr = money(50_000n, 'IDR');
  assert.deepEqual(offs(inShop(idr), campaign([amountOff(money(0, 'IDR'), money(90_000n, 'IDR'))])), [49_900n]);
  assert.deepEqual(
    offs(inShop(jpy(100), { least: jpy(40) }), campaign([amountOff(jpy(0), jpy(50))]), campaign(TEN_FROM_100)),
    [50n, 10n],
  );
  assert.deepEqual(
    offs(inShop(jpy(100), { least: jpy(45) }), campaign([amountOff(jpy(0), jpy(50))]), campaign(TEN_FROM_100)),
    [50n, 5n],
  );
  assert.deepEqual(offs(inShop(jpy(1)), campaign([amountOff(jpy(0), jpy(50))])), []);
});

test('a percentage is rounded half to even, in amounts that people pay', () => {
  assert.equal(percentOf(jpy(5), 1000).amount, 0n, '0.5 to even');
  assert.equal(percentOf(jpy(15), 1000).amount, 2n, '1.5 to even');
  assert.equal(percentOf(jpy(25), 1000).amount, 2n, '2.5 to even');
  assert.equal(percentOf(money(2600, 'IDR'), 1000).amount, 300n, 'whole rupiah: 2.6 of them');
  assert.equal(percentOf(money(1999, 'USD'), 1500).amount, 300n);
  assert.deepEqual(offs(inShop(jpy(10_000)), campaign([percentOff(jpy(0), 2000, jpy(500))])), [500n], 'capped');
});

const currency = fc.constantFrom<Currency>('JPY', 'KRW', 'IDR', 'USD', 'EUR', 'KWD');
const drawn = currency.chain((code) => {
  const steps = (most: number) => fc.integer({ min: 0, max: most }).map((n) => money(BigInt(n) * stepOf(code), code));
  const above = (most: number) => fc.integer({ min: 1, max: most }).map((n) => money(BigInt(n) * stepOf(code), code));
  const off = fc.oneof(
    above(5000).map((amount) => ({ kind: 'amount', amount }) as const),
    fc
      .tuple(fc.integer({ min: 1, max: 10_000 }), above(5000))
      .map(([bps, cap]) => ({ kind: 'percent', bps, cap }) as const),
  );
  const one = fc.record({
    threshold: steps(3000),
    off,
    priority: fc.integer({ min: 0, max: 2 }),
    stackable: fc.boolean(),
  });
  return fc.record({
    amount: fc.integer({ min: 1, max: 5_000_000 }).map((n) => money(n, code)),
    campaigns: fc
      .array(one, { maxLength: 6 })
      .map((all) => all.map(({ threshold, off: o, ...rest }) => campaign([{ threshold, off: o }], rest))),
  });
});

test('whatever is drawn: whole steps, each as its terms say at most, the sum leaves something to pay', () => {
  fc.assert(
    fc.property(drawn, ({ amount, campaigns }) => {
      const granted = discountsFor(inShop(amount), campaigns, NOW);
      const step = stepOf(amount.currency);
      for (const { off, campaign: by } of granted) {
        assert.ok(off.amount > 0n && off.amount % step === 0n, 'a whole step');
        const [terms] = by.gives.kind === 'discount' ? by.gives.terms : [];
        assert.ok(terms !== undefined && compare(amount, terms.threshold) >= 0);
        assert.ok(compare(off, terms.off.kind === 'amount' ? terms.off.amount : terms.off.cap) <= 0);
      }
      const all = sum(
        granted.map(({ off }) => off),
        amount.currency,
      );
      assert.ok(all.amount === 0n || compare(add(all, money(step, amount.currency)), amount) <= 0);
      assert.ok(granted.length <= 1 || granted.every(({ campaign: by }) => by.stackable));
    }),
  );
});

test('whatever is drawn: the order in which campaigns are read changes nothing', () => {
  fc.assert(
    fc.property(drawn, fc.integer({ min: 0, max: 5 }), ({ amount, campaigns }, turns) => {
      const turned = [...campaigns.slice(turns), ...campaigns.slice(0, turns)].reverse();
      const names = (all: readonly Campaign[]) =>
        discountsFor(inShop(amount), all, NOW).map(({ campaign: by }) => by.id);
      assert.deepEqual(names(turned), names(campaigns));
    }),
  );
});

test('an order of nothing has no discount', () => {
  assert.deepEqual(offs(inShop(zero('JPY')), campaign([amountOff(jpy(0), jpy(5))])), []);
});
