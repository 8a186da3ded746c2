/** The body of pay, for each way a payer and a payment come together. Pure. Source: docs/hub.md, "pay". */
import type { Currency } from '../../src/base/currency.ts';
import type { Money } from '../../src/base/money.ts';
import { timeText } from '../base/alipay-time.ts';
import { amountPart } from '../base/message-fields.ts';
import type { Acquirer, Shop } from './acquirer.ts';

/** How the payer is known. A private code is no pay: the hub asks what it is. */
export type Payer =
  | { readonly scenario: 'payment_code'; readonly paymentCode: string }
  | { readonly scenario: 'order_code' }
  | { readonly scenario: 'entry_code'; readonly userAgent: string }
  /** Without a wallet it is chosen on the hub's page. */
  | { readonly scenario: 'cashier'; readonly wallet: string | null }
  | { readonly scenario: 'agreement'; readonly wallet: string; readonly accessToken: string }
  | { readonly scenario: 'private_code' };

export interface PayFacts {
  readonly paymentRequestId: string;
  readonly orderReference: string;
  readonly description: string;
  readonly amount: Money;
  readonly settlementCurrency: Currency;
  readonly expiresMs: number;
  readonly redirectUrl: string | null;
}

export const merchantPart = ({ country }: Acquirer, shop: Shop) => ({
  referenceMerchantId: shop.merchantId,
  merchantName: shop.localName ?? shop.name,
  merchantDisplayName: shop.name,
  merchantMCC: shop.mcc,
  merchantAddress: { region: country, city: shop.city },
  store: { referenceStoreId: `${shop.merchantId}-1`, storeName: shop.localName ?? shop.name },
});

/** What the hub is told of an order, in pay and when it asks what a private code is. */
export function orderPart(
  acquirer: Acquirer,
  shop: Shop,
  facts: Pick<PayFacts, 'orderReference' | 'description' | 'amount'>,
  userAgent?: string,
) {
  return {
    referenceOrderId: facts.orderReference,
    orderDescription: facts.description,
    orderAmount: amountPart(facts.amount),
    merchant: merchantPart(acquirer, shop),
    env: { terminalType: 'WEB', ...(userAgent === undefined ? {} : { userAgent }) },
  };
}

export function payRequest(
  acquirer: Acquirer,
  shop: Shop,
  facts: PayFacts,
  payer: Exclude<Payer, { scenario: 'private_code' }>,
) {
  const userAgent = payer.scenario === 'entry_code' ? payer.userAgent : undefined;
  return {
    paymentRequestId: facts.paymentRequestId,
    order: orderPart(acquirer, shop, facts, userAgent),
    paymentAmount: amountPart(facts.amount),
    settlementStrategy: { settlementCurrency: facts.settlementCurrency },
    ...howPart(payer),
    paymentExpiryTime: timeText(facts.expiresMs),
    ...(facts.redirectUrl === null ? {} : { paymentRedirectUrl: facts.redirectUrl }),
  };
}

const CONNECT = 'CONNECT_WALLET';

function howPart(payer: Exclude<Payer, { scenario: 'private_code' }>) {
  const inStore = (inStorePaymentScenario: string) => ({ isInStorePayment: true, inStorePaymentScenario });
  switch (payer.scenario) {
    case 'payment_code':
      return {
        paymentMethod: { paymentMethodType: CONNECT, paymentMethodId: payer.paymentCode },
        paymentFactor: inStore('PaymentCode'),
      };
    case 'order_code':
      return { paymentMethod: { paymentMethodType: CONNECT }, paymentFactor: inStore('OrderCode') };
    case 'entry_code':
      return { paymentMethod: { paymentMethodType: CONNECT }, paymentFactor: inStore('EntryCode') };
    case 'cashier':
      return {
        paymentMethod: { paymentMethodType: payer.wallet ?? CONNECT },
        paymentFactor: { isCashierPayment: true },
      };
    case 'agreement':
      return {
        paymentMethod: { paymentMethodType: payer.wallet, paymentMethodId: payer.accessToken },
        paymentFactor: { isAgreementPayment: true },
      };
  }
}
