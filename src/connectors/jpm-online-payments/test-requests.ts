/** Test support: requests as the platform makes them. */
import { money } from '../../base/money.ts';
import type { AuthenticationProof, FollowUpRequest, PayRequest, VerifyRequest } from '../ports/card-acquirer.ts';
import type { AuthenticationRequest } from '../ports/card-authentication.ts';

export const PAY: PayRequest = {
  kind: 'authorize',
  reference: 'A1B2C3D4E5F6G7H',
  amount: money(12_345n, 'USD'),
  cardToken: 'card_tok_1',
  use: 'pay_1',
  softMerchant: { sellerId: 'sel_1', name: 'Ming & Søn <GmbH>', country: 'USA', categoryCode: '5945' },
  orderNumber: 'ORDER 1.2-3',
  statementDescriptor: 'CAUSEWAY*MING',
};

export const VERIFY: VerifyRequest = {
  kind: 'verify',
  reference: 'V1',
  currency: 'USD',
  cardToken: 'card_tok_1',
  softMerchant: PAY.softMerchant,
};

export const PROOF: AuthenticationProof = {
  status: 'Y',
  eci: '05',
  cryptogram: 'AJkBBhVRVQAAAABZl4BydAAAAAA=',
  transactionId: 'f38e6948-5388-41a6-bca4-b49723c19437',
  version: '2.2.0',
};

export const AUTHENTICATE: AuthenticationRequest = {
  reference: 'T1',
  cardToken: 'card_tok_1',
  use: 'pay_1',
  amount: money(12_345n, 'USD'),
  browser: {
    acceptHeader: 'text/html',
    userAgent: 'Mozilla/5.0',
    language: 'en-US',
    ip: '192.0.2.7',
    screenWidth: 1280,
    screenHeight: 720,
    colorDepth: 24,
    timeZoneOffset: -60,
  },
  returnUrl: 'https://shop.example/return',
};

export const followUp = (kind: FollowUpRequest['kind'], reference = 'R2'): FollowUpRequest => ({
  kind,
  reference,
  networkPaymentId: 'cdf62f90-6440-496f-817c-c05dd3b7b01a',
  amount: money(12_345n, 'USD'),
});

/** A successful answer of the network, as §2.4 of the facts describes it. */
export const success = (
  reference: string,
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => ({
  transactionId: 'cdf62f90-6440-496f-817c-c05dd3b7b01a',
  requestId: reference,
  transactionState: 'AUTHORIZED',
  responseStatus: 'SUCCESS',
  responseCode: 'APPROVED',
  responseMessage: 'Transaction approved by Issuer',
  approvalCode: 'tst269',
  amount: 12_345,
  currency: 'USD',
  paymentMethodType: { card: { cardType: 'VI', maskedAccountNumber: '411234XXXXXX4113' } },
  ...changes,
});
