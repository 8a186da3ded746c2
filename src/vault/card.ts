/**
 * What a card is before it becomes a token: number, expiry and, in passing, the verification value; checked and normalised.
 * Luhn (ISO/IEC 7812-1 annex B), brand, lengths and expiry are card-validator's. Every fault is named by field, with a code
 * for programs and words for the person who typed, and without what was typed.
 *
 * Expiry is judged against the WALL date, as the buyer holds a real plastic card (or a public test card) today. The
 * sandbox's business clock may be years ahead of it; whether a card is still good on a business day is the issuer's answer.
 */
import validator from 'card-validator';
import { dayOf, instant, wallNow } from '../base/clock.ts';
import { DEFAULT_BRANDS } from './brands.ts';
import type { FieldError } from './problems.ts';
import { type Fields, readObject } from './shape.ts';

export interface Card {
  /** 12–19 digits, Luhn-valid, of a brand that is taken. */
  readonly number: string;
  /** card-validator's name: `visa`, `mastercard`, `american-express`… */
  readonly brand: string;
  readonly bin: string;
  readonly last4: string;
  /** 1–12. */
  readonly expiryMonth: number;
  /** Four digits. */
  readonly expiryYear: number;
  readonly cvv?: string;
}

export type ParsedCard =
  | { readonly ok: true; readonly card: Card }
  /** `malformed`: the request has the wrong shape; `invalid`: a person typed something that is no valid card. */
  | { readonly ok: false; readonly reason: 'malformed' | 'invalid'; readonly errors: readonly FieldError[] };

const AT = '/card';

/** Reads the `card` member of a token request. Errors point at fields and never repeat a value. */
export function parseCard(value: unknown, brands: readonly string[] = DEFAULT_BRANDS): ParsedCard {
  const shape: FieldError[] = [];
  const fields = readObject(value, AT, ['number', 'expiryMonth', 'expiryYear', 'cvv'], shape);
  if (shape.length === 0) checkTypes(fields, shape);
  if (shape.length > 0) return { ok: false, reason: 'malformed', errors: shape };

  // The types were checked one line above.
  const typed = fields as { number: string; expiryMonth: number; expiryYear: number; cvv?: string };
  const number = typed.number.replace(/[ -]/g, '');
  const known = validator.number(number, { maxLength: 19, luhnValidateUnionPay: true });
  const { card } = known;
  const wrongNumber = numberError(number, known, brands);
  const wrongExpiry = expiryError(typed.expiryMonth, typed.expiryYear);
  const wrongCvv = typed.cvv === undefined ? null : cvvError(typed.cvv, card?.code.size, AT);
  const errors = [wrongNumber, wrongExpiry, wrongCvv].filter((error) => error !== null);
  if (errors.length > 0 || card === null) return { ok: false, reason: 'invalid', errors };
  const { expiryMonth, expiryYear } = typed;
  const facts = { brand: card.type, bin: number.slice(0, 6), last4: number.slice(-4) };
  return { ok: true, card: { number, ...facts, expiryMonth, expiryYear, ...(typed.cvv ? { cvv: typed.cvv } : {}) } };
}

/** What is wrong with a verification value, or null. `size` is the brand's; undefined while no brand is known. */
export function cvvError(cvv: string, size: number | undefined, at: string): FieldError | null {
  const sizes = size === undefined ? [3, 4] : [size];
  const pointer = `${at}/cvv`;
  if (cvv === '') return { pointer, code: 'required', detail: 'Enter the security code.' };
  if (!/^\d+$/.test(cvv)) return { pointer, code: 'not_digits', detail: 'The security code has digits only.' };
  if (sizes.includes(cvv.length)) return null;
  return { pointer, code: 'length', detail: `The security code has ${sizes.join(' or ')} digits.` };
}

function checkTypes(fields: Fields, errors: FieldError[]): void {
  const mustBe = (name: string, holds: boolean, what: string): void => {
    if (!holds) errors.push({ pointer: `${AT}/${name}`, code: 'wrong_type', detail: `Must be ${what}.` });
  };
  mustBe('number', typeof fields.number === 'string', 'a string of digits');
  mustBe('expiryMonth', Number.isInteger(fields.expiryMonth), 'an integer from 1 to 12');
  mustBe('expiryYear', Number.isInteger(fields.expiryYear), 'an integer of four digits');
  mustBe('cvv', fields.cvv === undefined || typeof fields.cvv === 'string', 'a string of digits, or left out');
}

/** The first of: empty, not digits, no known brand, a brand not taken, length, check digit. */
function numberError(
  number: string,
  { card, isValid }: ReturnType<typeof validator.number>,
  brands: readonly string[],
): FieldError | null {
  const wrong = (code: string, detail: string): FieldError => ({ pointer: `${AT}/number`, code, detail });
  if (number === '') return wrong('required', 'Enter the card number.');
  if (!/^\d+$/.test(number)) return wrong('not_digits', 'The card number has digits only.');
  if (card === null && number.length < 12) return wrong('length', 'The card number is too short.');
  if (card === null) return wrong('unknown_brand', 'We do not know this kind of card. Check the number.');
  if (!brands.includes(card.type))
    return wrong('unsupported_brand', `We do not take ${card.niceType} cards. Use another card.`);
  if (!card.lengths.includes(number.length)) {
    const tooShort = number.length < Math.max(...card.lengths);
    return wrong('length', `The card number is too ${tooShort ? 'short' : 'long'}.`);
  }
  return isValid ? null : wrong('check_digit', 'Check the card number: one of its digits is wrong.');
}

function expiryError(month: number, year: number): FieldError | null {
  if (month < 1 || month > 12)
    return { pointer: `${AT}/expiryMonth`, code: 'out_of_range', detail: 'The month must be 01 to 12.' };
  const pointer = `${AT}/expiryYear`;
  if (year < 2000 || year > 2100) return { pointer, code: 'out_of_range', detail: 'The year has four digits.' };
  if (validator.expirationDate({ month: String(month), year: String(year) }).isValid) return null;
  // card-validator does not say which of the two it is.
  return year > Number(dayOf(instant(wallNow())).slice(0, 4))
    ? { pointer, code: 'too_far', detail: 'Check the year: it is too far ahead.' }
    : { pointer, code: 'expired', detail: 'This card has expired. Use another card.' };
}
