/** What AMS shows of a payment by wallet: its user, and the rate, where there was one. */
import type { Money } from '../../base/money.ts';
import type { WalletPayment } from '../../payments/index.ts';
import { amountOf, timeOf } from './view-values.ts';

/** Nothing of a rate before there is money. */
export function viewWallet({ wallet, captured }: WalletPayment) {
  const { name, customerId } = wallet;
  return {
    ...(customerId === null ? {} : { pspCustomerInfo: viewUser(name, customerId) }),
    ...(captured.amount === 0n ? {} : viewRate(wallet, captured)),
  };
}

/** The wallet's user, as merchants are told of him. */
export const viewUser = (wallet: string, customerId: string) => ({
  pspName: wallet,
  pspCustomerId: customerId,
  displayCustomerId: masked(customerId),
});

export const masked = (name: string): string => `${'*'.repeat(Math.max(name.length - 4, 4))}${name.slice(-4)}`;

/** Major units of the wallet's currency for one of the order's, everything in it. */
function viewRate({ rate, payTo }: WalletPayment['wallet'], captured: Money) {
  if (rate === null) return {};
  const pair = `${rate.margin.currency}/${payTo.currency}`;
  return {
    grossSettlementAmount: amountOf(captured),
    settlementQuote: {
      quoteId: rate.quote,
      quoteCurrencyPair: pair,
      quotePrice: Number(rate.allIn),
      quoteStartTime: timeOf(rate.lockedAt),
      guaranteed: true,
    },
  };
}
