/**
 * Bodies of the requests that need a card: payment and verification, strictly by the published schema
 * (test/vectors/jpm/online-payments-2.0.55.yaml; what goes beyond it is in later-fields.ts). Amounts are integers of the minor
 * unit. Card data are placeholders that the vault fills in; the expiry ones become JSON integers there.
 */
import { createHash } from 'node:crypto';
import { assert, present } from '../../base/assert.ts';
import type { Money } from '../../base/money.ts';
import type {
  AuthenticationProof,
  BillingAddress,
  Exemption,
  PayRequest,
  SoftMerchant,
  StoredCredential,
  VerifyRequest,
} from '../ports/card-acquirer.ts';
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
    subMerchantSupplementalData: subMerchantOf(request.softMerchant),
    paymentMethodType: { card: cardOf(request) },
    ...filingOf(request.stored),
    ...agreementOf(request.stored),
    isAmountFinal: request.amountIsFinal ?? true,
    merchantOrderNumber: request.orderNumber,
    ...descriptorOf(request.statementDescriptor),
    partialAuthorizationSupport: request.partialApproval === true ? 'SUPPORTED' : 'NOT_SUPPORTED',
    ...holderOf(request.billingAddress),
  };
}

/** POST /verifications: no amount, nothing is held. The sequence of an agreement stands at the top here. */
export function verificationBody(request: VerifyRequest, settings: JpmOnlinePaymentsSettings): object {
  const sequence = sequenceOf(request.stored);
  return {
    currency: request.currency,
    merchant: { ...softwareOf(settings), ...sellerOf(request.softMerchant) },
    paymentMethodType: { card: cardOf(request) },
    ...filingOf(request.stored),
    ...(sequence === undefined ? {} : { recurringSequence: sequence }),
    ...holderOf(request.billingAddress),
  };
}

/** `amount` and `currency` of a request. */
export function amountOf(value: Money): { readonly amount: number; readonly currency: string } {
  assert(value.amount > 0n && value.amount <= AMOUNT_MAX, 'amount within 1 and 999999999999 minor units');
  return { amount: Number(value.amount), currency: value.currency }; // exact: below 2^53
}

export const softwareOf = (settings: JpmOnlinePaymentsSettings): object => ({
  merchantSoftware: {
    companyName: settings.softwareCompany,
    productName: settings.softwareName,
    ...(settings.softwareVersion === undefined ? {} : { version: settings.softwareVersion }),
  },
});

/** Beyond its limits the network refuses optional texts; then the order is worth more than they are. */
const sellerOf = ({ categoryCode, name, email, city, country }: SoftMerchant): object => ({
  merchantCategoryCode: categoryCode,
  softMerchant: {
    name,
    ...(email === undefined ? {} : { email }),
    address: { ...placeOf(city), countryCode: country },
  },
});

/**
 * Who sells, for the schemes: American Express reads `sellerIdentifier`, all brands `subMerchantId` of ten characters at most. Ours
 * are longer, so it is made of the digest: the same seller always has the same, and two of a million sellers share one with
 * a chance of 1 in 2,000 (50 bits).
 */
function subMerchantOf({ sellerId }: SoftMerchant): object {
  const digest = createHash('sha256').update(sellerId).digest();
  const subMerchantId = [...digest.subarray(0, 10)].map((byte) => BASE32[byte % 32]).join('');
  return { merchantIdentification: { subMerchantId, sellerIdentifier: sellerId } };
}

/** Crockford's: no letter that is taken for a digit. */
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

type CardUse = Pick<PayRequest, 'authentication' | 'exemption' | 'stored'>;

/** A charge without the buyer carries no verification value, for nobody may keep one; it names the first use instead. */
function cardOf({ authentication, exemption, stored }: CardUse): object {
  const merchantInitiated = stored?.use === 'merchant';
  const original = merchantInitiated
    ? present(stored.originalTransactionId, 'originalTransactionId of a charge without the buyer')
    : stored?.originalTransactionId;
  return {
    accountNumberType: 'PAN',
    accountNumber: '{{card_number}}',
    expiry: { month: '{{expiry_month}}', year: '{{expiry_year}}' },
    ...(merchantInitiated ? {} : { cvv: '{{cvv}}' }),
    ...(original === undefined ? {} : { originalNetworkTransactionId: original }),
    ...proofOf(authentication, exemption),
  };
}

const EXEMPTIONS: Readonly<Record<Exemption, string>> = {
  low_value: 'LOW_VALUE_PAYMENT',
  risk_analysis: 'TRANSACTION_RISK_ANALYSIS',
  trusted_merchant: 'TRUSTED_MERCHANT',
  secure_corporate: 'SECURE_CORPORATE_PAYMENT',
};

function proofOf(proof: AuthenticationProof | undefined, exemption: Exemption | undefined): object {
  if (proof === undefined && exemption === undefined) return {};
  return {
    authentication: {
      ...(proof === undefined ? {} : { electronicCommerceIndicator: proof.eci, threeDS: threeDsOf(proof) }),
      ...(exemption === undefined ? {} : { SCAExemptionReason: EXEMPTIONS[exemption] }),
    },
  };
}

/** The schema knows no status I: an informational authentication travels by its indicator and transaction id. */
const threeDsOf = ({ cryptogram, transactionId, version, status }: AuthenticationProof): object => ({
  ...(cryptogram === undefined ? {} : { authenticationValue: cryptogram }),
  authenticationTransactionId: transactionId,
  threeDSProgramProtocol: version.split('.')[0],
  ...(status === 'I' ? {} : { version2: { threeDSTransactionStatus: status } }),
});

/** Who initiates, and whether the card is on file, by the network's matrix of stored credentials. */
const filingOf = (stored: StoredCredential | undefined): object => ({
  initiatorType: stored?.use === 'merchant' ? 'MERCHANT' : 'CARDHOLDER',
  accountOnFile: stored === undefined ? 'NOT_STORED' : stored.use === 'store' ? 'TO_BE_STORED' : 'STORED',
});

/** The first use opens an agreement, charges without the buyer follow it; the buyer's own next use stands by itself. */
function sequenceOf(stored: StoredCredential | undefined): 'FIRST' | 'SUBSEQUENT' | undefined {
  if (stored?.use === 'store') return 'FIRST';
  return stored?.use === 'merchant' ? 'SUBSEQUENT' : undefined;
}

function agreementOf(stored: StoredCredential | undefined): object {
  const sequence = sequenceOf(stored);
  if (stored === undefined || sequence === undefined) return {};
  return { recurring: { recurringSequence: sequence, agreementId: stored.agreement } };
}

function holderOf(address: BillingAddress | undefined): object {
  if (address === undefined) return {};
  const { postalCode, country, line1, city } = address;
  const fits = (value: string | undefined, pattern: RegExp): value is string =>
    value !== undefined && value.length <= 40 && pattern.test(value);
  return {
    accountHolder: {
      billingAddress: {
        ...(fits(line1, /^[^<>{}]+$/) ? { line1 } : {}),
        ...placeOf(city),
        ...(/^[a-zA-Z0-9]+(-|\s?)[a-zA-Z0-9]+$/.test(postalCode) && postalCode.length >= 3 && postalCode.length <= 12
          ? { postalCode }
          : {}),
        countryCode: country,
      },
    },
  };
}

const placeOf = (city: string | undefined): object =>
  city !== undefined && city.length <= 40 && /^[\p{L}'. ]+$/u.test(city) ? { city } : {};

/** Too short for the schema: left out, so that the merchant profile's descriptor is shown. */
const descriptorOf = (descriptor: string): object =>
  descriptor.length < STATEMENT_DESCRIPTOR_MIN
    ? {}
    : { statementDescriptor: descriptor.slice(0, STATEMENT_DESCRIPTOR_MAX) };
