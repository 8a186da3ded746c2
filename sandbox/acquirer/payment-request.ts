/**
 * POST /payments as the OpenAPI file describes it, narrowed to cards.
 * Source: Online Payments OpenAPI 2.0.55, components/schemas/payment; subMerchantSupplementalData of 2.8.0.
 */
import { type Currency, isCurrency } from '../../src/base/currency.ts';
import { type CardRequest, readCardRequest } from './card-request.ts';
import { isConverted } from './exchange-rates.ts';
import { readFields } from './fields.ts';
import type { FieldError } from './messages.ts';

export interface PaymentRequest extends CardRequest {
  readonly captureMethod: CaptureMethod;
  readonly amount: bigint;
  readonly currency: Currency;
  readonly descriptor: string;
  /** Whether the issuer may approve less. */
  readonly partial: boolean;
}

export const CAPTURE_METHODS = ['NOW', 'DELAYED', 'MANUAL'] as const;
export type CaptureMethod = (typeof CAPTURE_METHODS)[number];
export const MAX_AMOUNT = 999_999_999_999;

/** The request, or everything that is wrong with it. `settledIn`: what the account converts into, if it does. */
export function parsePayment(
  body: Record<string, unknown>,
  settledIn: Currency | undefined,
): PaymentRequest | readonly FieldError[] {
  const fields = readFields(body);
  const amount = fields.integer('amount', { required: true, min: 1, max: MAX_AMOUNT });
  const captureMethod = fields.choice('captureMethod', CAPTURE_METHODS) ?? 'NOW';
  const asked = readCardRequest(fields);
  const descriptor = fields.text('statementDescriptor', { min: 4, max: 100 }) ?? '';
  const support = fields.choice('partialAuthorizationSupport', ['SUPPORTED', 'NOT_SUPPORTED']);
  const currency = fields.text('currency', { required: true });
  if (!isCurrency(currency)) fields.fail('currency', 'must be an ISO 4217 code');
  else if (!isConverted(currency, settledIn)) fields.fail('currency', `is not converted into ${settledIn} here`);
  if (fields.errors.length > 0 || asked === null || amount === null || !isCurrency(currency)) return fields.errors;
  return { ...asked, captureMethod, amount: BigInt(amount), currency, descriptor, partial: support === 'SUPPORTED' };
}
