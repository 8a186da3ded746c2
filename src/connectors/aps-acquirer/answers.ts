/** What answers of an acquirer mean. An order that lacks what a payment needs is not half an order: `unknown`. */
import {
  addressOf,
  amountOf,
  currencyOf,
  type Fields,
  objectOf,
  resultOf,
  type Said,
  textOf,
  timeOf,
} from '../../ams-protocol/index.ts';
import type { Instant } from '../../base/clock.ts';
import { isCountry } from '../../base/country.ts';
import type { DecodedCode, PushAnswer } from '../ports/shop-acquirer.ts';
import type { ShopFacts } from '../ports/wallet.ts';

export function decoded(said: Said): DecodedCode {
  if (!said.believed) return unknown(said.cause);
  const { status, code, message } = said.result;
  if (status === 'U') return unknown(code);
  return status === 'F' ? { outcome: 'refused', code, message } : orderOf(said.fields);
}

function orderOf(fields: Fields): DecodedCode {
  const order = objectOf(fields.order);
  const requestId = textOf(fields.paymentRequestId, 64);
  const orderReference = textOf(order.referenceOrderId, 64);
  const amount = amountOf(fields.paymentAmount);
  const shop = shopOf(objectOf(order.merchant), objectOf(objectOf(order.merchant).store ?? order.store));
  const { settlementCurrency } = objectOf(fields.settlementStrategy);
  if (requestId === null || orderReference === null || amount === null || shop === null) return unknown('malformed');
  if (!readable(settlementCurrency, currencyOf) || !readable(fields.paymentExpiryTime, timeOf))
    return unknown('malformed');
  return {
    outcome: 'order',
    requestId,
    orderReference,
    description: textOf(order.orderDescription, 256) ?? '',
    amount,
    shop,
    settlementCurrency: currencyOf(settlementCurrency),
    expiresAt: timeOf(fields.paymentExpiryTime),
    notifyUrl: addressOf(fields.paymentNotifyUrl),
  };
}

/** Absent is fine; there and not readable is not: a payment must not be settled or expire otherwise than was said. */
const readable = (value: unknown, read: (value: unknown) => unknown): boolean =>
  value === undefined || value === null || value === '' || read(value) !== null;

function shopOf(merchant: Fields, store: Fields): ShopFacts | null {
  const merchantId = textOf(merchant.referenceMerchantId, 64);
  const name = textOf(merchant.merchantName, 256);
  const categoryCode = textOf(merchant.merchantMCC, 4);
  const country = textOf(objectOf(merchant.merchantAddress).region, 2);
  if (merchantId === null || name === null || categoryCode === null || country === null) return null;
  if (!/^\d{4}$/.test(categoryCode) || !isCountry(country)) return null;
  const [storeId, storeName] = [textOf(store.referenceStoreId, 64), textOf(store.storeName, 256)];
  const place = storeId === null || storeName === null ? {} : { store: { id: storeId, name: storeName } };
  return { merchantId, name, country, categoryCode, ...place };
}

/** `now`: when nothing says when it arrived. */
export function pushed(said: Said, now: () => Instant): PushAnswer {
  if (!said.believed) return unknown(said.cause);
  if (said.result.status !== 'S') return unknown(said.result.code);
  const result = resultOf(said.fields.paymentResult);
  switch (result?.status) {
    case 'S':
      return { outcome: 'arrived', at: timeOf(said.fields.paymentTime) ?? now() };
    case 'F':
      return { outcome: 'refused', code: result.code, message: result.message };
    case 'U':
      return { outcome: 'pending' };
    default:
      return unknown('malformed');
  }
}

const unknown = (cause: string): { readonly outcome: 'unknown'; readonly cause: string } => ({
  outcome: 'unknown',
  cause,
});
