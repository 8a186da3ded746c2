/** What a payment comes to, and what of it goes back: by example, and for any amount, rate and discount. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Instant, instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { newId } from '../base/ids.ts';
import { add, type Money, money, zero } from '../base/money.ts';
import { must, ok, refuse } from '../base/result.ts';
import type { RateTable } from '../fx/index.ts';
import type { Discount, HubPayment, HubRefund } from './hub-payment.ts';
import { type PriceWish, pricePayment } from './price-payment.ts';
import { refundShares } from './refund-shares.ts';

const AT: Instant = instant(Date.UTC(2026, 10, 28));
const table: RateTable = {
  ...{ id: newId('fxr'), version: 1, state: 'received', source: 'desk', base: 'USD', asOf: AT, receivedAt: AT },
  perBase: { USD: '1', EUR: '0.8', JPY: '150', MYR: '4.5', IDR: '16000', KWD: '0.3' },
};
const rates = ok(table);
const wish = (changes: Partial<PriceWish> = {}): PriceWish => ({
  amount: money(10_000, 'JPY'),
  walletCurrency: 'MYR',
  settlementCurrency: 'JPY',
  discounts: [],
  ...changes,
});
const price = (changes: Partial<PriceWish> = {}) => must(pricePayment(rates, wish(changes), AT)).price;
const discount = (fundedBy: Discount['fundedBy'], off: Money, funded: Money): Discount => ({
  ...{ campaign: fundedBy === 'wallet' ? null : newId('cmp'), name: 'a tenth', fundedBy, off, funded },
  savings: zero('MYR'),
});

describe('the price', () => {
  test('the wallet’s currency into the acquirer’s, one percent dearer than mid, rounded up', () => {
    const { payTo, settled, settlement, margin, shownRate, shownFee, settlementRate } = price();
    // 10,000 yen ÷ (150 ÷ 4.5 × 0.99) = 303.0303 ringgit, given as 303.04; at mid that is 10,101 yen.
    assert.deepEqual(
      [payTo, settled, settlement, margin].map(({ amount }) => amount),
      [30_304n, 10_000n, 10_000n, 101n],
    );
    assert.deepEqual([shownRate, settlementRate], ['0.03030303031', null]);
    // 101 of 10,101 yen are ours: of 303.04 ringgit 3.03.
    assert.deepEqual(shownFee, money(303, 'MYR'));
  });

  test('the order’s currency into the acquirer’s at mid first', () => {
    const { settlement, settlementRate, payTo, shownRate } = price({ settlementCurrency: 'USD' });
    assert.deepEqual([settlement, settlementRate], [money(6_667, 'USD'), '0.006666666667']);
    // 66.67 dollars ÷ (1 ÷ 4.5 × 0.99)
    assert.deepEqual(payTo, money(30_305, 'MYR'));
    assert.equal(shownRate, '0.03030303031');
  });

  test('in one currency there is no quote and no margin; where only the shop has another, no quote', () => {
    const same = price({ walletCurrency: 'JPY' });
    assert.deepEqual([same.payTo, same.quote, same.shownRate], [money(10_000, 'JPY'), null, null]);
    const abroad = price({ walletCurrency: 'USD', settlementCurrency: 'USD' });
    assert.deepEqual([abroad.payTo, abroad.quote, abroad.shownRate], [money(6_667, 'USD'), null, '0.006666666667']);
  });

  test('rupiah are whole hundreds of their minor unit, on either side', () => {
    const { payTo } = price({ walletCurrency: 'IDR' });
    assert.equal(payTo.amount % 100n, 0n);
    const { settlement } = price({ settlementCurrency: 'IDR', amount: money(333, 'JPY') });
    assert.equal(settlement.amount % 100n, 0n);
    const odd = pricePayment(rates, wish({ amount: money(1_050, 'IDR'), settlementCurrency: 'IDR' }), AT);
    assert.equal(odd.ok ? null : odd.error.code, 'invalid_amount');
  });

  test('who funds a discount pays it: the merchant gets less, hub and sponsor pay their part, the wallet’s is its own', () => {
    const yen = (amount: number) => money(amount, 'JPY');
    const discounts = [
      discount('merchant', yen(1_000), zero('JPY')),
      discount('hub', yen(500), yen(500)),
      discount('sponsor', yen(300), yen(300)),
      discount('wallet', yen(200), zero('JPY')),
    ];
    const { settlement, settled, hubDiscount, sponsorDiscount } = price({ discounts });
    assert.deepEqual(
      [settlement, settled, hubDiscount, sponsorDiscount].map(({ amount }) => amount),
      [9_000n, 8_200n, 500n, 300n],
    );
  });

  test('a discount of everything leaves nothing to pay, and that is no payment', () => {
    const all = [discount('hub', money(10_000, 'JPY'), money(10_000, 'JPY'))];
    const priced = pricePayment(rates, wish({ discounts: all }), AT);
    assert.equal(priced.ok ? null : priced.error.code, 'invalid_amount');
  });

  test('without rates only what is in one currency has a price', () => {
    const none = refuse('rate_unavailable', 'none');
    assert.equal(pricePayment(none, wish({ walletCurrency: 'JPY' }), AT).ok, true);
    for (const changes of [{}, { walletCurrency: 'USD', settlementCurrency: 'USD' }] as const) {
      const priced = pricePayment(none, wish(changes), AT);
      assert.equal(priced.ok ? null : priced.error.code, 'rate_unavailable');
    }
    const unknown = pricePayment(rates, wish({ walletCurrency: 'THB' }), AT);
    assert.equal(unknown.ok ? null : unknown.error.code, 'rate_unavailable');
  });
});

const CURRENCIES = ['USD', 'EUR', 'JPY', 'MYR', 'IDR', 'KWD'] as const;
const currency = fc.constantFrom<Currency>(...CURRENCIES);

test('for any payment: the sides agree, and refunds in any parts bring back exactly what was paid', () => {
  fc.assert(
    fc.property(
      ...([fc.integer({ min: 1, max: 90_000 }), currency, currency, currency] as const),
      fc.integer({ min: 0, max: 30 }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 40_000 }), fc.boolean()), { maxLength: 8 }),
      (hundreds, shop, walletCurrency, settlementCurrency, percent, parts) => {
        const amount = money(hundreds * 100, shop);
        const bare = pricePayment(rates, wish({ amount, walletCurrency, settlementCurrency }), AT);
        if (!bare.ok) return;
        const whole = bare.value.price.settlement;
        const funded = money(((whole.amount * BigInt(percent)) / 10_000n) * 100n, settlementCurrency);
        const discounts = funded.amount === 0n ? [] : [discount('hub', zero(shop), funded)];
        const priced = pricePayment(rates, wish({ amount, walletCurrency, settlementCurrency, discounts }), AT);
        if (!priced.ok) return;
        const own = priced.value.price;
        assert.deepEqual(own.settlement, add(own.settled, add(own.hubDiscount, own.sponsorDiscount)));
        assert.ok(own.payTo.amount > 0n && own.margin.amount >= 0n);
        const payment = { amount, price: own, discounts } as unknown as HubPayment;
        const refunds: HubRefund[] = [];
        let left = amount.amount;
        for (const [size, refusedLater] of [...parts, [0, false] as const]) {
          const part = size === 0 || BigInt(size) * 100n > left ? left : BigInt(size) * 100n;
          if (part === 0n) break;
          const back = money(part, shop);
          const refund = { amount: back, ...refundShares(payment, refunds, back) } as unknown as HubRefund;
          if (refusedLater) continue;
          refunds.push(refund);
          left -= part;
        }
        const total = (of: (refund: HubRefund) => Money): bigint =>
          refunds.reduce((sum, each) => sum + of(each).amount, 0n);
        if (left > 0n) return;
        assert.equal(
          total(({ payBack }) => payBack),
          own.payTo.amount,
        );
        assert.equal(
          total(({ settled }) => settled),
          own.settled.amount,
        );
        assert.equal(
          total(({ margin }) => margin),
          own.margin.amount,
        );
        assert.equal(
          total(({ hubDiscount }) => hubDiscount),
          own.hubDiscount.amount,
        );
        assert.ok(walletCurrency !== 'IDR' || refunds.every(({ payBack }) => payBack.amount % 100n === 0n));
      },
    ),
    { numRuns: 400 },
  );
});
