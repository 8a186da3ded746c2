/**
 * A wallet's user has scanned a code (docs/sandbox-wallets.md, userInitiatedPay). What is answered of a payment is all from the price that it
 * keeps, so the same scan is answered alike whatever the market does.
 */
import type { WalletDebit } from '../../connectors/ports/wallet.ts';
import type { Participant } from '../../parties/index.ts';
import { type HubDeps, hubDebitOf, type Scanned, type Scenario, scan } from '../../wallets/index.ts';
import { amountOf, timeOf } from '../ams/views.ts';
import { type Answer, type Call, refused } from './call.ts';
import { SUCCESS } from './results.ts';
import { viewOrder, viewShop } from './views.ts';

export async function userInitiatedPay({ app, participant, fields }: Call): Promise<Answer> {
  const value = fields.needText('codeValue', 512);
  const customerId = fields.needText('customerId', 64);
  const userRequestId = fields.text('userRequestId', 64);
  const amount = fields.has('paymentAmount') ? fields.needAmount('paymentAmount') : null;
  if (amount !== null && userRequestId === null) fields.reject('userRequestId', 'is needed with an amount');
  if (fields.wrong !== null) return refused(fields.wrong);
  const typed = amount === null || userRequestId === null ? null : { amount, userRequestId };
  const scanned = await scan(app.hub.deps, { value, wallet: participant, customerId, typed });
  return scanned.ok ? viewScanned(app.hub.deps, scanned.value, participant) : refused(scanned.error);
}

async function viewScanned(hub: HubDeps, scanned: Scanned, { participantId: pspId }: Participant): Promise<Answer> {
  switch (scanned.kind) {
    case 'open_page':
      return { ...viewSides(scanned.acquirer.participantId, pspId), actionForm: { redirectUrl: scanned.url } };
    case 'ask_amount': {
      const { acquirer, shop, currency, amount } = scanned;
      const fixed = amount === null ? {} : { orderAmount: amountOf(amount) };
      return {
        ...viewSides(acquirer.participantId, pspId),
        codeType: 'STORE_CODE',
        order: { merchant: viewShop(shop), ...fixed },
        orderCurrency: currency,
      };
    }
    case 'payment': {
      const { acquirer, payment, codeType } = scanned;
      const debit = await hubDebitOf(hub, payment, acquirer.participantId);
      return { ...viewSides(debit.acquirer, pspId), codeType, ...viewDebit(debit, payment.scenario) };
    }
    case 'order': {
      const { debit } = scanned;
      return { ...viewSides(debit.acquirer, pspId), codeType: 'ORDER_CODE', ...viewDebit(debit, 'order_code') };
    }
  }
}

const viewSides = (acquirerId: string, pspId: string) => ({ result: SUCCESS, acquirerId, pspId });

/** What the wallet needs to ask its user, to debit him and to tell us. */
function viewDebit(debit: WalletDebit, scenario: Scenario) {
  const { reference, order, amount, payTo, expiresAt, notifyUrl, redirectUrl } = debit;
  return {
    paymentRequestId: reference,
    order: viewOrder({ ...order, amount }),
    paymentAmount: amountOf(amount),
    payToAmount: amountOf(payTo),
    ...viewQuote(debit),
    paymentFactor: factorOf(scenario),
    paymentExpiryTime: timeOf(expiresAt),
    ...(redirectUrl === undefined ? {} : { paymentRedirectUrl: redirectUrl }),
    paymentNotifyUrl: notifyUrl,
    ...viewDiscounts(debit),
  };
}

function viewQuote({ quote, amount, payTo }: WalletDebit) {
  if (quote === null) return {};
  return {
    paymentQuote: {
      quoteId: quote.id,
      quoteCurrencyPair: `${amount.currency}/${payTo.currency}`,
      quotePrice: quote.rate,
      baseCurrency: amount.currency,
      quoteUnit: '1',
      quoteStartTime: timeOf(quote.from),
      quoteExpiryTime: timeOf(quote.until),
      markupAmount: amountOf(quote.markup),
    },
  };
}

function viewDiscounts({ discounts }: WalletDebit) {
  const paymentPromoDetails = discounts.map(({ id, name, fundedBy, savings }) => ({
    promoId: id,
    promoName: name,
    promoType: 'DISCOUNT',
    savingsAmount: amountOf(savings),
    fundedBy,
  }));
  return paymentPromoDetails.length === 0 ? {} : { paymentPromoInfo: { paymentPromoDetails } };
}

/** How payer and payment came together, in the protocol's words; a printed or national code is an order code once it has an amount. */
const factorOf = (scenario: Scenario) => ({
  isInStorePayment: true,
  inStorePaymentScenario: scenario === 'entry_code' ? 'EntryCode' : 'OrderCode',
});
