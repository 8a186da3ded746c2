/**
 * inquireExchangeRate: rates at which wallets pay orders, each locked until its quote expires; `pay` names it in `paymentQuote`. Those of
 * rateType REFERENCE are what it would be now, for prices in a shop: nothing is locked, and they have no quoteId.
 */
import { quoteRate, type RatePair, referenceRate } from '../../ams/index.ts';
import { isCurrency } from '../../base/currency.ts';
import type { App } from '../app.ts';
import { type Answer, type Call, refused } from './call.ts';
import type { Fields } from './fields.ts';
import { SUCCESS } from './results.ts';
import { timeOf } from './views.ts';

const MOST_PAIRS = 10;

export async function inquireExchangeRate({ app, client, fields }: Call): Promise<Answer> {
  const pairs = readPairs(fields);
  const type = fields.word('rateType', ['TRADE', 'REFERENCE'] as const);
  if (fields.wrong !== null) return refused(fields.wrong);
  if (type === 'REFERENCE') return reference(app, pairs);
  const locked = await Promise.all(pairs.map((pair) => quoteRate(app.ams, client, pair)));
  const without = locked.find((each) => !each.ok);
  if (without !== undefined && !without.ok) return refused(without.error);
  const rates = locked.flatMap((each) => (each.ok ? [each.value] : []));
  return {
    result: SUCCESS,
    quotes: rates.map(({ quote, rate }) => ({
      quoteId: quote.id,
      quoteCurrencyPair: `${quote.to}/${quote.from}`,
      quotePrice: Number(rate),
      quoteStartTime: timeOf(quote.lockedAt),
      quoteExpiryTime: timeOf(quote.expiresAt),
      guaranteed: true,
    })),
    paymentQuotes: rates.map(({ quote, rate }) => ({
      ...{ quoteId: quote.id, sellCurrency: quote.from, buyCurrency: quote.to, exchangeRate: Number(rate) },
    })),
  };
}

async function reference(app: App, pairs: readonly RatePair[]): Promise<Answer> {
  const found = await Promise.all(pairs.map((pair) => referenceRate(app.ams, pair)));
  const without = found.find((each) => !each.ok);
  if (without !== undefined && !without.ok) return refused(without.error);
  const rates = found.flatMap((each) => (each.ok ? [each.value] : []));
  return {
    result: SUCCESS,
    quotes: rates.map(({ sell, buy, rate, asOf }) => ({
      quoteCurrencyPair: `${buy}/${sell}`,
      quotePrice: Number(rate),
      quoteStartTime: timeOf(asOf),
      guaranteed: false,
    })),
  };
}

/** A list of pairs, or one of them at the top. */
function readPairs(fields: Fields): readonly RatePair[] {
  const count = fields.count('currencyPairs', MOST_PAIRS);
  if (count === 0) return [readPair(fields, '')];
  return Array.from({ length: count }, (_, index) => readPair(fields, `currencyPairs.${index}.`));
}

function readPair(fields: Fields, at: string): RatePair {
  const [sell, buy] = [fields.needText(`${at}sellCurrency`, 3), fields.needText(`${at}buyCurrency`, 3)];
  for (const [name, code] of [
    ['sellCurrency', sell],
    ['buyCurrency', buy],
  ] as const)
    if (!isCurrency(code)) fields.reject(`${at}${name}`, 'must be an ISO 4217 code with a minor unit');
  return isCurrency(sell) && isCurrency(buy) ? { sell, buy } : { sell: 'USD', buy: 'USD' };
}
