/**
 * Bodies of requests, strictly by the published schema (online-payments-2.0.55.yaml). Amounts are integers of the minor
 * unit. Card data are placeholders that the vault fills in; the expiry ones become JSON integers there.
 *
 * Beyond 2.0.55: `subMerchantSupplementalData` (2.8.0, jpmorgan.md §2.8), which an aggregator must send.
 */
import { assert } from '../../base/assert.ts';
import type { Money } from '../../base/money.ts';
import type { FollowUpRequest, PayRequest, SoftMerchant } from '../ports/card-acquirer.ts';
import type { JpmOnlinePaymentsSettings } from './settings.ts';

/** Largest amount of the schema, in minor units. */
const AMOUNT_MAX = 999_999_999_999n;
const STATEMENT_DESCRIPTOR_MIN = 4;
const STATEMENT_DESCRIPTOR_MAX = 100;

/** POST /payments. An authorization is captured by us (MANUAL); a sale at once (NOW). DELAYED is never used. */
export function paymentBody(request: PayRequest, settings: JpmOnlinePaymentsSettings): object {
  assert(/^[A-Za-z0-9 .-]{1,22}$/.test(request.orderNumber), 'order number is 1–22 of A–Z a–z 0–9 . - space');
  return {
    captureMethod: request.kind === 'sale' ? 'NOW' : 'MANUAL',
    ...amountOf(request.amount),
    merchant: { ...softwareOf(settings), ...sellerOf(request.softMerchant) },
    subMerchantSupplementalData: { merchantIdentification: { sellerIdentifier: request.softMerchant.sellerId } },
    paymentMethodType: {
      card: {
        accountNumberType: 'PAN',
        accountNumber: '{{card_number}}',
        expiry: { month: '{{expiry_month}}', year: '{{expiry_year}}' },
        cvv: '{{cvv}}',
      },
    },
    initiatorType: 'CARDHOLDER',
    accountOnFile: 'NOT_STORED',
    isAmountFinal: true,
    merchantOrderNumber: request.orderNumber,
    ...descriptorOf(request.statementDescriptor),
    // An order is paid whole or not at all.
    partialAuthorizationSupport: 'NOT_SUPPORTED',
  };
}

/** POST /payments/{id}/captures. The amount is always said; what is left of the authorization is given back. */
export const captureBody = (request: FollowUpRequest): object => ({
  captureMethod: 'NOW',
  ...amountOf(request.amount),
  isAmountFinal: true,
});

/** PATCH /payments/{id}. Voids the whole authorization; the network takes no amount with it. */
export const voidBody = (): object => ({ isVoid: true });

/** POST /refunds, always linked to the payment: a refund to a card out of nowhere is not for a marketplace. */
export const refundBody = (request: FollowUpRequest, settings: JpmOnlinePaymentsSettings): object => ({
  ...amountOf(request.amount),
  merchant: softwareOf(settings),
  paymentMethodType: { transactionReference: { transactionReferenceId: request.networkPaymentId } },
});

function amountOf(value: Money): { readonly amount: number; readonly currency: string } {
  assert(value.amount > 0n && value.amount <= AMOUNT_MAX, 'amount within 1 and 999999999999 minor units');
  return { amount: Number(value.amount), currency: value.currency }; // exact: below 2^53
}

const softwareOf = (settings: JpmOnlinePaymentsSettings): object => ({
  merchantSoftware: {
    companyName: settings.softwareCompany,
    productName: settings.softwareName,
    ...(settings.softwareVersion === undefined ? {} : { version: settings.softwareVersion }),
  },
});

const sellerOf = (seller: SoftMerchant): object => ({
  merchantCategoryCode: seller.categoryCode,
  softMerchant: { name: seller.name, address: { countryCode: seller.country } },
});

/** Too short for the schema: left out, so that the merchant profile's descriptor is shown. */
const descriptorOf = (descriptor: string): object =>
  descriptor.length < STATEMENT_DESCRIPTOR_MIN
    ? {}
    : { statementDescriptor: descriptor.slice(0, STATEMENT_DESCRIPTOR_MAX) };
