/**
 * POST /payments as the OpenAPI file describes it, narrowed to cards and to NOW or MANUAL capture.
 * Source: Online Payments OpenAPI 2.0.55, components/schemas/payment; jpmorgan.md §2.3.
 */
import { type Currency, isCurrency } from '../../src/base/currency.ts';
import { type FieldReader, readFields } from './fields.ts';
import { type Brand, brandOf, type Card, luhnHolds } from './issuer.ts';
import type { FieldError } from './messages.ts';

export interface PaymentRequest {
  readonly captureMethod: 'NOW' | 'MANUAL';
  readonly amount: bigint;
  readonly currency: Currency;
  readonly merchant: Readonly<Record<string, unknown>>;
  readonly card: Card;
  readonly brand: Brand;
  readonly orderNumber: string;
  readonly descriptor: string;
}

export const MAX_AMOUNT = 999_999_999_999;
const NAME = { required: true, min: 1, max: 256, pattern: /^[^<>{}]*$/ } as const;
export const ORDER_NUMBER = { min: 1, max: 40, pattern: /^[A-Za-z0-9 .-]*$/ } as const;

/** The request, or everything that is wrong with it. */
export function parsePayment(body: Record<string, unknown>): PaymentRequest | readonly FieldError[] {
  const fields = readFields(body);
  const captureMethod = fields.text('captureMethod') ?? 'NOW';
  const amount = fields.integer('amount', { required: true, min: 1, max: MAX_AMOUNT });
  const currency = fields.text('currency', { required: true });
  checkMerchant(fields);
  const orderNumber = fields.text('merchantOrderNumber', ORDER_NUMBER) ?? '';
  const descriptor = fields.text('statementDescriptor', { min: 4, max: 100 }) ?? '';
  if (captureMethod !== 'NOW' && captureMethod !== 'MANUAL') fields.fail('captureMethod', 'must be NOW or MANUAL here');
  if (!isCurrency(currency)) fields.fail('currency', 'must be an ISO 4217 code');
  const card = readCard(fields);
  const brand = card === null ? null : brandOf(card.number);
  if (card !== null && brand === null)
    fields.fail('paymentMethodType.card.accountNumber', 'belongs to no card network');
  if (fields.errors.length > 0 || card === null || brand === null || amount === null || !isCurrency(currency)) {
    return fields.errors;
  }
  const method = captureMethod === 'NOW' ? 'NOW' : 'MANUAL';
  const merchant = fields.object('merchant');
  return { captureMethod: method, amount: BigInt(amount), currency, merchant, card, brand, orderNumber, descriptor };
}

function checkMerchant(fields: FieldReader): void {
  fields.text('merchant.merchantSoftware.companyName', NAME);
  fields.text('merchant.merchantSoftware.productName', NAME);
  fields.text('merchant.merchantSoftware.version', { max: 50 });
  fields.text('merchant.merchantCategoryCode', { pattern: /^\d{4}$/ });
  fields.text('merchant.softMerchant.name');
}

function readCard(fields: FieldReader): Card | null {
  const path = 'paymentMethodType.card';
  const number = fields.text(`${path}.accountNumber`, { required: true, pattern: /^\d{12,19}$/, max: 19 });
  const month = fields.integer(`${path}.expiry.month`, { required: true, min: 1, max: 12 });
  const year = fields.integer(`${path}.expiry.year`, { required: true, min: 2018, max: 2999 });
  const cvv = fields.text(`${path}.cvv`, { pattern: /^\d{3,6}$/, max: 6 });
  if (number === null || month === null || year === null) return null;
  if (/^\d+$/.test(number) && !luhnHolds(number)) fields.fail(`${path}.accountNumber`, 'has a wrong check digit');
  return { number, month, year, cvv };
}
