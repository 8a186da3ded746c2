/**
 * What can be said of a card while it is typed: brand, length, Luhn, expiry, length of the security code. Words for a
 * person, by field. The hosted fields run these very functions in the buyer's browser (fields-page.ts puts their source
 * into the page), so each may use only its arguments and the functions listed in PAGE_CHECKS; the vault itself judges with
 * card-validator (card.ts), and its word is the one that counts.
 */

/** A brand as the page needs it. Made from card-validator's tables by `brandRules`. */
export interface BrandRule {
  readonly name: string;
  readonly type: string;
  /** Prefixes, or ranges of prefixes of one length. */
  readonly patterns: readonly (number | readonly [number, number])[];
  readonly lengths: readonly number[];
  /** Positions after which a space is shown. */
  readonly gaps: readonly number[];
  readonly codeSize: number;
  readonly taken: boolean;
}

/** `partial`: may become valid by typing on. */
export interface FieldState {
  readonly state: 'empty' | 'partial' | 'valid' | 'invalid';
  /** What is wrong, or missing; empty when valid. */
  readonly words: string;
}

/** The brand whose longest prefix the digits begin with (the longest wins, as ranges lie inside each other). */
export function brandOf(digits: string, brands: readonly BrandRule[]): BrandRule | null {
  let best: BrandRule | null = null;
  let bestLength = 0;
  for (const brand of brands) {
    for (const pattern of brand.patterns) {
      const low = typeof pattern === 'number' ? pattern : pattern[0];
      const high = typeof pattern === 'number' ? pattern : pattern[1];
      const length = String(low).length;
      const prefix = Number(digits.slice(0, length));
      const begins = digits.length >= length && prefix >= low && prefix <= high;
      if (begins && length > bestLength) {
        best = brand;
        bestLength = length;
      }
    }
  }
  return best;
}

/** ISO/IEC 7812-1 annex B. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]) * (at % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** Digits with the spaces that are printed on the card. */
export function grouped(digits: string, gaps: readonly number[]): string {
  return [...digits].map((digit, at) => (gaps.includes(at) ? ` ${digit}` : digit)).join('');
}

export function checkNumber(text: string, brands: readonly BrandRule[]): FieldState {
  const digits = text.replace(/[ -]/g, '');
  if (digits === '') return { state: 'empty', words: 'Enter the card number.' };
  if (!/^\d+$/.test(digits)) return { state: 'invalid', words: 'The card number has digits only.' };
  const brand = brandOf(digits, brands);
  if (brand === null && digits.length < 8) return { state: 'partial', words: 'The card number is too short.' };
  if (brand === null) return { state: 'invalid', words: 'We do not know this kind of card. Check the number.' };
  if (!brand.taken) return { state: 'invalid', words: `We do not take ${brand.name} cards. Use another card.` };
  const longest = Math.max(...brand.lengths);
  if (digits.length > longest) return { state: 'invalid', words: 'The card number is too long.' };
  if (brand.lengths.includes(digits.length) && passesLuhn(digits)) return { state: 'valid', words: '' };
  if (digits.length < longest && !brand.lengths.includes(digits.length))
    return { state: 'partial', words: 'The card number is too short.' };
  const words = 'Check the card number: one of its digits is wrong.';
  return { state: digits.length < longest ? 'partial' : 'invalid', words };
}

/** Month and year of `08/30`, `8 / 2030`, `0830`; null when it is neither. */
export function readExpiry(text: string): { readonly month: number; readonly year: number } | null {
  const match =
    /^(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})$/.exec(text.trim()) ?? /^(\d{2})\s?(\d{2}|\d{4})$/.exec(text.trim());
  if (match === null) return null;
  const year = Number(match[2]);
  return { month: Number(match[1]), year: year < 100 ? 2000 + year : year };
}

/** `today`: year and month (1–12) of the wall's calendar. A card is good until the end of its month. */
export function checkExpiry(text: string, today: { readonly year: number; readonly month: number }): FieldState {
  if (text.trim() === '') return { state: 'empty', words: 'Enter month and year, such as 08 / 30.' };
  const date = readExpiry(text);
  if (date === null) {
    const more = /^\d{1,2}\s*[/.-]?\s*\d{0,3}$/.test(text.trim());
    return { state: more ? 'partial' : 'invalid', words: 'Enter month and year, such as 08 / 30.' };
  }
  if (date.month < 1 || date.month > 12) return { state: 'invalid', words: 'The month must be 01 to 12.' };
  if (date.year < today.year || (date.year === today.year && date.month < today.month))
    return { state: 'invalid', words: 'This card has expired. Use another card.' };
  if (date.year > today.year + 19) return { state: 'invalid', words: 'Check the year: it is too far ahead.' };
  return { state: 'valid', words: '' };
}

/** `size` is the brand's; undefined while the brand is not known. */
export function checkCode(text: string, size: number | undefined): FieldState {
  const code = text.trim();
  if (code === '') return { state: 'empty', words: 'Enter the security code.' };
  if (!/^\d+$/.test(code)) return { state: 'invalid', words: 'The security code has digits only.' };
  const most = size ?? 4;
  if (code.length < (size ?? 3))
    return { state: 'partial', words: `The security code has ${size ?? '3 or 4'} digits.` };
  if (code.length > most) return { state: 'invalid', words: `The security code has ${size ?? '3 or 4'} digits.` };
  return { state: 'valid', words: '' };
}

/** The functions above, as the page gets them. */
export const PAGE_CHECKS = [brandOf, passesLuhn, grouped, checkNumber, readExpiry, checkExpiry, checkCode] as const;
