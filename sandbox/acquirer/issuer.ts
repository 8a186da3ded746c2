/**
 * The card issuer behind the acquirer: what it says is decided by the published test triggers and those of
 * docs/sandbox-acquirer.md alone, so every story can choose its outcome. It knows a card by its masked number and expiry,
 * which is all that is kept for later questions (increment, reauthorization).
 * Source: J.P. Morgan Online Payments, Testing (US/CA): test cards, CVV and amount triggers.
 */
import { assert } from '../../src/base/assert.ts';

export interface Card {
  readonly number: string;
  readonly month: number;
  readonly year: number;
  readonly cvv: string | null;
}

export interface Brand {
  readonly type: string;
  readonly name: string;
}

export interface Question {
  readonly masked: string;
  /** YYYY-MM. */
  readonly expiry: string;
  /** Minor units; zero when only the card is asked about. */
  readonly amount: bigint;
  /** Whether less may be approved. */
  readonly partial: boolean;
  /** Whether a proof of authentication came along and was found right. */
  readonly proven: boolean;
}

export type Approval = { readonly approved: true; readonly amount: bigint; readonly networkCode: '00' | '10' };
export type Refusal = {
  readonly approved: false;
  readonly code: string;
  readonly host: string;
  readonly networkCode: string;
};
export type Verdict = Approval | Refusal;

/** The issuer's word at a business instant (milliseconds since 1970). Checks in this order; the first that holds decides. */
export function decide({ masked, expiry, amount, partial, proven }: Question, nowMs: number): Verdict {
  const ends = (...endings: readonly string[]): boolean => endings.some((ending) => masked.endsWith(ending));
  if (isPast(expiry, nowMs)) return refusal('EXPIRED_CARD', '522 Card has expired', '54');
  if (amount % 100_000n === 52_100n) return INSUFFICIENT_FUNDS;
  if (amount % 100_000n === 53_000n) return refusal('DO_NOT_HONOR', '530 Do not honor', '05');
  if (ends('4113', '5114') && amount === 30_300n) return refusal('PROCESSOR_DECLINE', '303 Processor decline', '05');
  if (ends('4113', '5114') && amount === 40_100n) return refusal('DECLINED', '401 Decline', '05');
  if (ends('0009') && amount % 100n === 65n && !proven) {
    return refusal('AUTHENTICATION_REQUIRED', 'Cardholder authentication is required', '65');
  }
  if (amount > 0n && ends('4455', '5565')) {
    const half = amount / 2n;
    return partial && half > 0n ? { approved: true, amount: half, networkCode: '10' } : INSUFFICIENT_FUNDS;
  }
  return { approved: true, amount, networkCode: '00' };
}

export const refusal = (code: string, host: string, networkCode: string): Refusal => ({
  approved: false,
  code,
  host,
  networkCode,
});

const INSUFFICIENT_FUNDS = refusal('INSUFFICIENT_FUNDS', '521 Insufficient funds', '51');

/** A card is good through the last day of its month. */
function isPast(expiry: string, nowMs: number): boolean {
  const [year, month] = expiry.split('-').map(Number);
  assert(year !== undefined && month !== undefined, 'expiry is YYYY-MM');
  return Date.UTC(year, month, 1) <= nowMs;
}

export const expiryOf = ({ month, year }: Card): string => `${year}-${String(month).padStart(2, '0')}`;

/** The card's network by its leading digits, or null when none of ours. */
export function brandOf(number: string): Brand | null {
  const found = BRANDS.find(({ pattern, lengths }) => pattern.test(number) && lengths.includes(number.length));
  return found === undefined ? null : { type: found.type, name: found.name };
}

/** ISO/IEC 7812-1 annex B: the check digit of the whole number. */
export function luhnHolds(number: string): boolean {
  let sum = 0;
  for (let index = 0; index < number.length; index += 1) {
    const digit = Number(number[number.length - 1 - index]);
    const weighted = index % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0 && !/^0+$/.test(number);
}

/** First six, six X, last four: how reports and answers show a number. */
export const maskOf = (number: string): string => `${number.slice(0, 6)}XXXXXX${number.slice(-4)}`;

/** The verification result of the published CVV triggers. */
export function cvvResult(brand: Brand, cvv: string | null): 'MATCH' | 'NO_MATCH' | 'NOT_PROCESSED' | 'NOT_PRESENT' {
  if (cvv === null) return 'NOT_PRESENT';
  if (cvv === '111' || cvv === '1111') return 'MATCH';
  const noMatch = brand.type === 'AX' ? '3111' : '611';
  return cvv === noMatch ? 'NO_MATCH' : 'NOT_PROCESSED';
}

/** The answer about the billing address: by its postal code alone. */
export function avsResult(postalCode: string | null): string {
  if (postalCode === null) return 'NOT_REQUESTED';
  if (postalCode === '11111') return 'NO_MATCH';
  return postalCode === '22222' ? 'POSTALCODE_MATCH' : 'ADDRESS_POSTALCODE_MATCH';
}

interface BrandRule extends Brand {
  readonly pattern: RegExp;
  readonly lengths: readonly number[];
}

const BRANDS: readonly BrandRule[] = [
  { type: 'VI', name: 'VISA', pattern: /^4/, lengths: [13, 16, 19] },
  { type: 'MC', name: 'MASTERCARD', pattern: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { type: 'AX', name: 'AMERICAN_EXPRESS', pattern: /^3[47]/, lengths: [15] },
  { type: 'DI', name: 'DISCOVER', pattern: /^(6011|64[4-9]|65)/, lengths: [16, 19] },
  { type: 'JC', name: 'JCB', pattern: /^35(2[89]|[3-8])/, lengths: [16, 19] },
  { type: 'DC', name: 'DINERS_CLUB', pattern: /^3(0[0-5]|[689])/, lengths: [14, 16, 19] },
  { type: 'CC', name: 'CHINA_UNION_PAY', pattern: /^62/, lengths: [16, 17, 18, 19] },
  { type: 'IM', name: 'INTERNATIONAL_MAESTRO', pattern: /^(50|5[6-9]|6[037])/, lengths: [13, 14, 15, 16, 17, 18, 19] },
];
