/** Bodies of requests to a wallet. Amounts in whole minor units as text; absent rather than null or empty. */
import { amountPart } from '../../ams-protocol/index.ts';
import type {
  ShopFacts,
  ShownDiscount,
  ShownQuote,
  WalletPayer,
  WalletPayRequest,
  WalletRefundRequest,
  WalletTarget,
} from '../ports/wallet.ts';

export function payBody({ participantId }: WalletTarget, request: WalletPayRequest): object {
  const { reference, acquirer, payer, amount, payTo, quote, discounts, order, expiresAt, notifyUrl } = request;
  return {
    acquirerId: acquirer,
    pspId: participantId,
    paymentRequestId: reference,
    order: {
      referenceOrderId: order.reference,
      orderDescription: order.description,
      orderAmount: amountPart(amount),
      merchant: merchantPart(order.shop),
    },
    paymentAmount: amountPart(amount),
    payToAmount: amountPart(payTo),
    ...(quote === null
      ? {}
      : { paymentQuote: quotePart(quote, { pair: `${amount.currency}/${payTo.currency}`, base: amount.currency }) }),
    ...(discounts.length === 0 ? {} : { paymentPromoInfo: { paymentPromoDetails: discounts.map(discountPart) } }),
    ...payerPart(payer),
    paymentExpiryTime: expiresAt,
    paymentNotifyUrl: notifyUrl,
    ...(request.redirectUrl === undefined ? {} : { paymentRedirectUrl: request.redirectUrl }),
  };
}

export const refundBody = ({ participantId }: WalletTarget, request: WalletRefundRequest): object => ({
  pspId: participantId,
  paymentRequestId: request.paymentReference,
  refundRequestId: request.reference,
  refundAmount: amountPart(request.amount),
  refundFromAmount: amountPart(request.payBack),
  ...(request.reason === '' ? {} : { refundReason: request.reason }),
});

const merchantPart = ({ merchantId, name, latinName, country, categoryCode, store }: ShopFacts): object => ({
  referenceMerchantId: merchantId,
  merchantName: name,
  ...(latinName === undefined ? {} : { merchantDisplayName: latinName }),
  merchantMCC: categoryCode,
  merchantAddress: { region: country },
  ...(store === undefined ? {} : { store: { referenceStoreId: store.id, storeName: store.name } }),
});

const quotePart = (
  { id, rate, markup, from, until }: ShownQuote,
  { pair, base }: { readonly pair: string; readonly base: string },
): object => ({
  quoteId: id,
  quoteCurrencyPair: pair,
  quotePrice: rate,
  baseCurrency: base,
  quoteUnit: '1',
  quoteStartTime: from,
  quoteExpiryTime: until,
  markupAmount: amountPart(markup),
});

const discountPart = ({ id, name, fundedBy, savings }: ShownDiscount): object => ({
  promoId: id,
  promoName: name,
  promoType: 'DISCOUNT',
  savingsAmount: amountPart(savings),
  fundedBy,
});

function payerPart(payer: WalletPayer): object {
  const method = (id?: string) => ({
    paymentMethodType: 'CONNECT_WALLET',
    ...(id === undefined ? {} : { paymentMethodId: id }),
  });
  switch (payer.kind) {
    case 'payment_code':
      return {
        paymentMethod: method(payer.code),
        paymentFactor: { isInStorePayment: 'true', inStorePaymentScenario: 'PaymentCode' },
      };
    case 'agreement':
      return { paymentMethod: method(payer.accessToken), paymentFactor: { isAgreementPayment: 'true' } };
    case 'cashier':
      return { paymentMethod: method(), paymentFactor: { isCashierPayment: 'true' } };
  }
}
