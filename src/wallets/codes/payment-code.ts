/**
 * The code that a wallet shows and a shop scans: digits only. The main form has 24: six of the issuer, two of the business
 * (02: presented by the user), sixteen of the wallet, which say nothing about a person. Older forms start with 28.
 * Source: Alipay+ code format of payment codes.
 */
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';

export type PaymentCode =
  | { readonly form: 'standard'; readonly issuer: string; readonly business: string; readonly number: string }
  | { readonly form: 'legacy'; readonly value: string };

const LEGACY: readonly RegExp[] = [/^28\d{15}$/, /^28\d{16}$/, /^28[0-8]\d{16}$/, /^289\d{10}[0-57-9]\d{5}$/];
const USER_PRESENTED = '02';

/** Checks in this order: digits, length, form. */
export function readPaymentCode(text: string): Result<PaymentCode, Refusal<'invalid_code'>> {
  const { length } = text;
  if (!/^\d+$/.test(text)) return refuse('invalid_code', 'a payment code has digits only');
  if (length < 17 || length > 32) return refuse('invalid_code', `a payment code has 17 to 32 digits, not ${length}`);
  if (LEGACY.some((form) => form.test(text))) return ok({ form: 'legacy', value: text });
  if (length !== 24) return refuse('invalid_code', `codes of ${length} digits are not in use`);
  const business = text.slice(6, 8);
  if (!/^(2[5-9]|30)/.test(text)) return refuse('invalid_code', 'a payment code starts with 25 to 30');
  if (business !== USER_PRESENTED) return refuse('invalid_code', `the business ${business} is not a payment by code`);
  return ok({ form: 'standard', issuer: text.slice(0, 6), business, number: text.slice(8) });
}

/** 24 digits. `issuer`: six digits from 25 to 30; `number`: sixteen digits that no one can guess. */
export function writePaymentCode(issuer: string, number: string): string {
  const text = issuer + USER_PRESENTED + number;
  const read = readPaymentCode(text);
  if (!read.ok || read.value.form !== 'standard') throw new RangeError(`${issuer} and ${number} make no payment code`);
  return text;
}
