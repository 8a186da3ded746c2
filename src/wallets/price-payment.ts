/**
 * What a payment comes to for each side; pure. The acquirer gets the order's amount in its settlement currency, at mid where the two
 * differ, less what the merchant itself gives away. Of that, what the hub or a sponsor gives is theirs to pay; for the rest
 * the wallet owes `payTo` in its own currency, at a rate with our markup. The wallet's own discounts are between it and its
 * user. Rounding is src/fx's: payTo up, so that it buys what the acquirer gets.
 *
 * Invariant: settlement = settled + hubDiscount + sponsorDiscount, and settled + margin = payTo at mid.
 */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { add, compare, isPositive, type Money, multiplyRatio, subtract, sum, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import {
  chainedRate,
  lockingQuote,
  midOf,
  payableAtMid,
  payableStep,
  type QuoteRefusal,
  quotePolicyOf,
  type RateRefusal,
  type RateTable,
} from '../fx/index.ts';
import { EMPTY_PART, type UnitPart } from '../journal/index.ts';
import type { Discount, HubPrice } from './hub-payment.ts';

export interface PriceWish {
  /** What the shop sells for. */
  readonly amount: Money;
  readonly walletCurrency: Currency;
  readonly settlementCurrency: Currency;
  readonly discounts: readonly Discount[];
}

export interface PricedPayment {
  readonly price: HubPrice;
  /** Locks the quote; nothing where wallet and acquirer have one currency. */
  readonly part: UnitPart;
}

/**
 * The price and the part that keeps its quote. Refused when the amount cannot be paid in its currency, when a rate that is needed
 * is missing, or when discounts leave nothing for the wallet to pay.
 */
export function pricePayment(
  rates: Result<RateTable, RateRefusal>,
  wish: PriceWish,
  at: Instant,
): Result<PricedPayment, QuoteRefusal> {
  const { amount, walletCurrency, settlementCurrency: to, discounts } = wish;
  if (!isPositive(amount) || amount.amount % payableStep(amount.currency) !== 0n)
    return refuse('invalid_amount', 'must be above zero, in units that can be paid', {
      pointer: '/paymentAmount/value',
    });
  const table = rates.ok ? rates.value : null;
  const [whole, given] = [inSettlement(table, amount, to), inSettlement(table, merchantsOf(wish), to)];
  if (whole === null || given === null) return rates.ok ? noRate(amount.currency, to) : rates;
  const [hubDiscount, sponsorDiscount] = [fundedBy('hub', discounts, to), fundedBy('sponsor', discounts, to)];
  const funded = add(hubDiscount, sponsorDiscount);
  const settlement = subtract(whole, given);
  if (compare(settlement, funded) <= 0)
    return refuse('invalid_amount', 'comes to nothing', { pointer: '/paymentAmount/value' });
  const settled = subtract(settlement, funded);
  const locked = lockedFor({ rates, settled, walletCurrency, at });
  if (!locked.ok) return locked;
  const { payTo, margin, quote, rate, part } = locked.value;
  const settlementRate = amount.currency === to ? null : midOf(table as RateTable, amount.currency, to);
  const shownRate = amount.currency === to && rate === null ? null : chainedRate(settlementRate ?? '1', rate ?? '1');
  const shownFee = multiplyRatio(payTo, margin.amount, add(settled, margin).amount, 'half-even');
  const sides = { payTo, settlement, settled, margin, hubDiscount, sponsorDiscount };
  return ok({ price: { ...sides, quote, shownRate, settlementRate, shownFee, lockedAt: at }, part });
}

const inSettlement = (table: RateTable | null, amount: Money, to: Currency): Money | null =>
  amount.currency === to ? amount : table === null ? null : payableAtMid(table, amount, to);

const merchantsOf = ({ amount, discounts }: PriceWish): Money =>
  sum(
    discounts.filter((each) => each.fundedBy === 'merchant').map(({ off }) => off),
    amount.currency,
  );

const fundedBy = (funder: Discount['fundedBy'], discounts: readonly Discount[], currency: Currency): Money =>
  sum(
    discounts.filter((each) => each.fundedBy === funder).map(({ funded }) => funded),
    currency,
  );

const noRate = (from: Currency, to: Currency): Result<never, RateRefusal> =>
  refuse('rate_unavailable', `the source has no rate of ${from} in ${to}`);

interface Locked {
  readonly payTo: Money;
  readonly margin: Money;
  readonly quote: HubPrice['quote'];
  /** Major units of the settlement currency for one of the wallet's, with the markup. */
  readonly rate: string | null;
  readonly part: UnitPart;
}

interface Target {
  readonly rates: Result<RateTable, RateRefusal>;
  readonly settled: Money;
  readonly walletCurrency: Currency;
  readonly at: Instant;
}

function lockedFor({ rates, settled, walletCurrency, at }: Target): Result<Locked, QuoteRefusal> {
  const { currency } = settled;
  if (currency === walletCurrency)
    return ok({ payTo: settled, margin: zero(currency), quote: null, rate: null, part: EMPTY_PART });
  if (!rates.ok) return rates;
  const { markupBps, validMs, version } = quotePolicyOf('wallet_payment');
  const terms = { from: walletCurrency, to: currency, amount: settled, markupBps, validMs };
  const locked = lockingQuote(rates.value, { ...terms, marketplace: null, policy: `wallet_payment@${version}` }, at);
  if (!locked.ok) return locked;
  const { quote, part } = locked.value;
  return ok({ payTo: quote.given, margin: quote.margin, quote: quote.id, rate: quote.rate, part });
}
