/** The rate that a wallet shows beside a code: indicative, for one unit of what is bought. */
import { isCurrency } from '../../base/currency.ts';
import { indicativeRate } from '../../wallets/index.ts';
import { timeOf } from '../ams/views.ts';
import { type Answer, type Call, refused } from './call.ts';
import { SUCCESS } from './results.ts';

export async function inquiryForeignExchangeQuote({ app, participant, fields }: Call): Promise<Answer> {
  const [sell, buy] = [fields.needText('sellCurrency', 3), fields.needText('buyCurrency', 3)];
  if (fields.wrong !== null) return refused(fields.wrong);
  if (!isCurrency(sell) || sell !== participant.wallet?.currency)
    return refused({ code: 'wrong_currency', detail: 'must be the currency of the wallet', pointer: '/sellCurrency' });
  if (!isCurrency(buy))
    return refused({ code: 'unknown_currency', detail: 'must be an ISO 4217 code', pointer: '/buyCurrency' });
  const shown = await indicativeRate(app.fx, { sell, buy });
  if (!shown.ok) return refused(shown.error);
  const { id, rate, from, until } = shown.value;
  const foreignExchangeQuote = {
    quoteId: id,
    quoteCurrencyPair: `${buy}/${sell}`,
    quotePrice: rate,
    baseCurrency: buy,
    quoteUnit: '1',
    quoteStartTime: timeOf(from),
    quoteExpiryTime: timeOf(until),
  };
  return { result: SUCCESS, foreignExchangeQuote };
}
