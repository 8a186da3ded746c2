/** What AMS shows of a payment by wallet: its user, and the rate, where there was one. */
import type { Money } from '../../base/money.ts';
import type { Queryable } from '../../db/pool.ts';
import { findPayment, isByWallet, type Operation, type WalletPayment } from '../../payments/index.ts';
import { amountOf, timeOf } from './view-values.ts';

/** Nothing of a rate before there is money. */
export function viewWallet({ wallet, captured }: WalletPayment) {
  const { name, customerId } = wallet;
  return {
    ...(customerId === null ? {} : { pspCustomerInfo: viewUser(name, customerId) }),
    ...(captured.amount === 0n ? {} : viewRate(wallet, captured)),
  };
}

/** What a refund was converted at: the payment's own rate. Nothing is looked up for cards. */
export async function viewRefundRate(db: Queryable, operation: Operation | undefined) {
  if (operation?.moved === undefined || operation.state !== 'approved') return {};
  const payment = await findPayment(db, operation.payment);
  return payment !== null && isByWallet(payment) ? viewRate(payment.wallet, operation.amount) : {};
}

/** The wallet's user, as merchants are told of him. */
export const viewUser = (wallet: string, customerId: string) => ({
  pspName: wallet,
  pspCustomerId: customerId,
  displayCustomerId: masked(customerId),
});

export const masked = (name: string): string => `${'*'.repeat(Math.max(name.length - 4, 4))}${name.slice(-4)}`;

/** What comes of it here, and major units of the wallet's currency for one of the order's, everything in it. */
function viewRate({ rate, payTo }: WalletPayment['wallet'], amount: Money) {
  if (rate === null) return {};
  const pair = `${rate.margin.currency}/${payTo.currency}`;
  return {
    grossSettlementAmount: amountOf(amount),
    settlementQuote: {
      quoteId: rate.quote,
      quoteCurrencyPair: pair,
      quotePrice: Number(rate.allIn),
      quoteStartTime: timeOf(rate.lockedAt),
      guaranteed: true,
    },
  };
}
