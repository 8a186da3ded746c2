/** A payment through the hub as an acquirer sees it. Amounts have text values, all else native types. Pure. */
import type { Money } from '../../base/money.ts';
import type { ShopFacts, WalletDebit } from '../../connectors/ports/wallet.ts';
import type { Participant } from '../../parties/index.ts';
import type { Discount, HubPayment, HubPrice, NotificationBody } from '../../wallets/index.ts';
import { amountOf, timeOf, viewOrderCode } from '../ams/views.ts';
import { type ApsResult, resultOf, resultOfFailure, SUCCESS } from './results.ts';

export interface Sides {
  readonly acquirer: Participant;
  /** Null until a person has scanned. */
  readonly wallet: Participant | null;
}

/** What became of the payment. Who has asked to cancel is never told that it is paid. */
export function paymentResult({ state, failure }: HubPayment): ApsResult {
  switch (state) {
    case 'paid':
      return SUCCESS;
    case 'failed':
      return resultOfFailure(failure ?? { code: 'PROCESS_FAIL', message: 'the wallet refused it' });
    case 'closed':
      return resultOf('ORDER_IS_CLOSED', 'nobody paid before the payment expired');
    case 'canceled':
      return resultOf('ORDER_IS_CANCELED', 'the payment was canceled');
    default:
      return resultOf(
        'PAYMENT_IN_PROCESS',
        'the payment is in process; inquire, or repeat with the same paymentRequestId',
      );
  }
}

/** What pay and inquiry say alike. */
export function viewPayment(payment: HubPayment, sides: Sides) {
  const { state, scenario, payUrl, expiresAt, discounts, failure } = payment;
  const shown = state === 'waiting' && scenario === 'order_code' ? payUrl : null;
  const page = state === 'in_process' && scenario !== 'order_code' ? payUrl : null;
  return {
    ...viewFacts(payment, sides),
    ...(shown === null ? {} : { orderCodeForm: viewOrderCode({ value: shown, expiresAt }) }),
    ...(page === null ? {} : { paymentUrl: page }),
    ...(discounts.length === 0 ? {} : { promotionResults: discounts.map(viewDiscount) }),
    ...(failure?.limitSetBy === undefined ? {} : { limitSetBy: failure.limitSetBy }),
  };
}

/** What notifications say as well. */
function viewFacts(payment: HubPayment, { acquirer, wallet }: Sides) {
  const { requestId, id, amount, customerId, paidAt, price, state } = payment;
  const isPaid = state === 'paid' && paidAt !== null;
  return {
    acquirerId: acquirer.participantId,
    paymentRequestId: requestId,
    paymentId: id,
    paymentAmount: amountOf(amount),
    ...(wallet === null ? {} : { pspId: wallet.participantId, walletBrandName: wallet.wallet?.brandCode }),
    ...(customerId === null ? {} : { customerId }),
    ...(isPaid ? { paymentTime: timeOf(paidAt) } : {}),
    ...(price === null ? {} : viewSettlement(payment, price)),
  };
}

function viewSettlement({ id, amount }: HubPayment, { settlement, settlementRate }: HubPrice) {
  return {
    settlementAmount: amountOf(settlement),
    ...(settlementRate === null
      ? {}
      : {
          settlementQuote: {
            quoteId: id,
            quoteCurrencyPair: `${amount.currency}/${settlement.currency}`,
            quotePrice: settlementRate,
            baseCurrency: amount.currency,
            quoteUnit: '1',
          },
        }),
  };
}

const viewDiscount = ({ campaign, name, fundedBy, savings }: Discount) => ({
  promotionId: campaign ?? name,
  promotionName: name,
  promotionType: 'DISCOUNT',
  fundedBy: fundedBy.toUpperCase(),
  savingsAmount: amountOf(savings),
});

/** The order as the acquirer named it. */
export const viewOrder = ({
  reference,
  description,
  amount,
  shop,
}: WalletDebit['order'] & Pick<WalletDebit, 'amount'>) => ({
  referenceOrderId: reference,
  orderDescription: description,
  orderAmount: amountOf(amount),
  merchant: viewShop(shop),
});

export const viewShop = ({ merchantId, name, latinName, categoryCode, country, store }: ShopFacts) => ({
  referenceMerchantId: merchantId,
  merchantName: name,
  ...(latinName === undefined ? {} : { merchantDisplayName: latinName }),
  merchantMCC: categoryCode,
  merchantAddress: { region: country },
  ...(store === undefined ? {} : { store: { referenceStoreId: store.id, storeName: store.name } }),
});

/** What an acquirer is told of a payment that has ended. */
export const notificationBody: NotificationBody = (payment, sides) =>
  JSON.stringify({
    ...viewFacts(payment, sides),
    paymentResult: paymentResult(payment),
    order: viewOrder({ ...payment, reference: payment.orderReference }),
    // Whom the scheme has to pay: the acquirer pushes the money on to whoever the code names.
    ...(payment.push === null ? {} : { codeValue: payment.push.code }),
  });

export const viewRefund = (
  refund: {
    readonly id: string;
    readonly requestId: string;
    readonly amount: Money;
    readonly refundedAt: HubPayment['paidAt'];
  },
  settlement: Money,
) => ({
  refundId: refund.id,
  refundRequestId: refund.requestId,
  refundAmount: amountOf(refund.amount),
  ...(refund.refundedAt === null ? {} : { refundTime: timeOf(refund.refundedAt) }),
  settlementAmount: amountOf(settlement),
});
