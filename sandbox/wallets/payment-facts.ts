/**
 * What the hub says about a payment, in `pay` and in the answer of `userInitiatedPay`: read, and what the person will be charged
 * for it. What the wallet owes the hub (`payTo`) and what it charges differ by its own fee and its own discounts.
 */
import { canonicalJson } from '../../src/base/json.ts';
import type { Money } from '../../src/base/money.ts';
import { amountOf, type Fields, fieldsOf, textOf, timeMsOf } from '../base/message-fields.ts';
import type { Wallet } from './wallet.ts';

export interface PaymentFacts {
  readonly paymentRequestId: string;
  readonly acquirerId: string | null;
  readonly paymentAmount: Money;
  readonly payTo: Money;
  /** The wallet's own fee, a part of the charge. */
  readonly fee: bigint;
  readonly charge: bigint;
  readonly expiresMs: number | null;
  readonly fingerprint: string;
  readonly content: Content;
}

/** Kept as it came; the pages and the answers read it. */
export interface Content {
  readonly order: Fields;
  readonly paymentQuote: Fields | null;
  readonly paymentPromoInfo: Fields | null;
  readonly paymentNotifyUrl: string | null;
  readonly paymentRedirectUrl: string | null;
}

export interface Promotion {
  readonly name: string;
  readonly savings: bigint;
  readonly fundedBy: 'WALLET' | 'HUB' | 'MERCHANT';
}

/** The facts, or what is missing or wrong. */
export function readFacts(wallet: Wallet, fields: Fields): PaymentFacts | string {
  const paymentRequestId = textOf(fields.paymentRequestId);
  const paymentAmount = amountOf(fields.paymentAmount);
  const payTo = amountOf(fields.payToAmount);
  const order = fieldsOf(fields.order);
  if (paymentRequestId === null) return 'paymentRequestId is needed, up to 64 characters';
  if (fields.pspId !== wallet.pspId) return `pspId must be ${wallet.pspId}`;
  if (paymentAmount === null) return 'paymentAmount must be {currency, value} in minor units above zero';
  if (payTo === null) return 'payToAmount must be {currency, value} in minor units above zero';
  if (payTo.currency === 'IDR' && payTo.amount % 100n !== 0n) return 'the last two digits of IDR must be 00';
  if (textOf(order.referenceOrderId) === null) return 'order.referenceOrderId is needed';
  if (shopName(order) === null) return 'order.merchant.merchantName is needed';
  if (fields.paymentExpiryTime !== undefined && timeMsOf(fields.paymentExpiryTime) === null)
    return 'paymentExpiryTime must be ISO 8601 with an offset';
  const promotions = readPromotions(wallet, fields.paymentPromoInfo);
  if (promotions === null) return `paymentPromoInfo must list savings in ${wallet.currency}`;
  const fee = (payTo.amount * wallet.feeBasisPoints + 5_000n) / 10_000n;
  const charge = payTo.amount + fee - ownSavings(promotions);
  if (charge < 0n) return 'the savings are more than the price';
  return {
    ...{ paymentRequestId, paymentAmount, payTo, fee, charge },
    acquirerId: textOf(fields.acquirerId),
    expiresMs: timeMsOf(fields.paymentExpiryTime),
    fingerprint: fingerprintOf(fields),
    content: {
      order,
      paymentQuote: fields.paymentQuote === undefined ? null : fieldsOf(fields.paymentQuote),
      paymentPromoInfo: fields.paymentPromoInfo === undefined ? null : fieldsOf(fields.paymentPromoInfo),
      paymentNotifyUrl: textOf(fields.paymentNotifyUrl, 2_048),
      paymentRedirectUrl: textOf(fields.paymentRedirectUrl, 2_048),
    },
  };
}

/** What may not differ when the same paymentRequestId comes again. */
function fingerprintOf({ paymentAmount, payToAmount, paymentMethod, paymentFactor }: Fields): string {
  const { paymentMethodType, paymentMethodId } = fieldsOf(paymentMethod);
  return canonicalJson({ paymentAmount, payToAmount, paymentMethodType, paymentMethodId, paymentFactor });
}

const ownSavings = (promotions: readonly Promotion[]): bigint =>
  promotions.reduce((sum, { fundedBy, savings }) => (fundedBy === 'WALLET' ? sum + savings : sum), 0n);

/** Null when one of them is no discount in the wallet's currency. */
export function readPromotions(wallet: Wallet, info: unknown): readonly Promotion[] | null {
  const { paymentPromoDetails: details = [] } = fieldsOf(info);
  if (!Array.isArray(details)) return null;
  const read = details.map((detail: unknown): Promotion | null => {
    const { promoName, savingsAmount, fundedBy = 'HUB' } = fieldsOf(detail);
    const savings = amountOf(savingsAmount);
    if (savings === null || savings.currency !== wallet.currency) return null;
    if (fundedBy !== 'WALLET' && fundedBy !== 'HUB' && fundedBy !== 'MERCHANT') return null;
    return { name: textOf(promoName, 256) ?? 'Discount', savings: savings.amount, fundedBy };
  });
  const promotions = read.filter((promotion) => promotion !== null);
  return promotions.length === read.length ? promotions : null;
}

/** The shop in its own writing. */
export const shopName = (order: Fields): string | null => textOf(fieldsOf(order.merchant).merchantName, 256);
