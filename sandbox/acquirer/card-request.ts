/**
 * What payments and verifications ask for alike: merchant, card, billing address, use of a kept card, proof of
 * authentication. Source: Online Payments OpenAPI 2.0.55, components/schemas/payment and verification.
 */
import { type Proof, readProof } from './authentication-proof.ts';
import type { FieldReader } from './fields.ts';
import { type Brand, brandOf, type Card, luhnHolds } from './issuer.ts';
import { type Credential, readCredential } from './stored-credential.ts';

export interface CardRequest {
  readonly merchant: Readonly<Record<string, unknown>>;
  readonly card: Card;
  readonly brand: Brand;
  readonly postalCode: string | null;
  readonly orderNumber: string;
  readonly credential: Credential;
  readonly proof: Proof;
}

const NAME = { required: true, min: 1, max: 256, pattern: /^[^<>{}]*$/ } as const;
export const ORDER_NUMBER = { min: 1, max: 40, pattern: /^[A-Za-z0-9 .-]*$/ } as const;

/** Null when the card is not one; every error is with the reader. */
export function readCardRequest(fields: FieldReader): CardRequest | null {
  readMerchant(fields);
  const orderNumber = fields.text('merchantOrderNumber', ORDER_NUMBER) ?? '';
  const postalCode = fields.text('accountHolder.billingAddress.postalCode', { min: 3, max: 12 });
  const known = readCard(fields);
  const credential = readCredential(fields, known?.brand.type ?? '');
  const proof = readProof(fields);
  if (known === null) return null;
  return { merchant: fields.object('merchant'), ...known, postalCode, orderNumber, credential, proof };
}

/** The card and its network, or null when it is not one. */
export function readCard(fields: FieldReader): { readonly card: Card; readonly brand: Brand } | null {
  const path = 'paymentMethodType.card';
  const number = fields.text(`${path}.accountNumber`, { required: true, pattern: /^\d{12,19}$/, max: 19 });
  const month = fields.integer(`${path}.expiry.month`, { required: true, min: 1, max: 12 });
  const year = fields.integer(`${path}.expiry.year`, { required: true, min: 2018, max: 2999 });
  const cvv = fields.text(`${path}.cvv`, { pattern: /^\d{3,6}$/, max: 6 });
  if (number === null || month === null || year === null) return null;
  if (/^\d+$/.test(number) && !luhnHolds(number)) fields.fail(`${path}.accountNumber`, 'has a wrong check digit');
  const brand = brandOf(number);
  if (brand === null) fields.fail(`${path}.accountNumber`, 'belongs to no card network');
  return brand === null ? null : { card: { number, month, year, cvv }, brand };
}

function readMerchant(fields: FieldReader): void {
  fields.text('merchant.merchantSoftware.companyName', NAME);
  fields.text('merchant.merchantSoftware.productName', NAME);
  fields.text('merchant.merchantSoftware.version', { max: 50 });
  fields.text('merchant.merchantCategoryCode', { pattern: /^\d{4}$/ });
  fields.text('merchant.softMerchant.name');
  fields.text('subMerchantSupplementalData.merchantIdentification.subMerchantId', { min: 1, max: 10 });
}
