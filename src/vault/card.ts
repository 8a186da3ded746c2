/**
 * What a card is before it becomes a token: number, expiry and, in passing, the verification value; checked and normalised.
 * Luhn (ISO/IEC 7812-1 annex B), brand, lengths and expiry are card-validator's.
 *
 * Expiry is judged against the WALL date, as the buyer holds a real plastic card (or a public test card) today. The
 * sandbox's business clock may be years ahead of it; whether a card is still good on a business day is the issuer's answer.
 */
import validator from 'card-validator';
import type { FieldError } from './problems.ts';
import { type Fields, readObject } from './shape.ts';

export interface Card {
  /** 12–19 digits, Luhn-valid, of a known brand. */
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
export function parseCard(value: unknown): ParsedCard {
  const shape: FieldError[] = [];
  const fields = readObject(value, AT, ['number', 'expiryMonth', 'expiryYear', 'cvv'], shape);
  if (shape.length === 0) checkTypes(fields, shape);
  if (shape.length > 0) return { ok: false, reason: 'malformed', errors: shape };

  // The types were checked one line above.
  const typed = fields as { number: string; expiryMonth: number; expiryYear: number; cvv?: string };
  const number = typed.number.replace(/[ -]/g, '');
  const verdict = validator.number(number, { maxLength: 19, luhnValidateUnionPay: true });
  const errors: FieldError[] = [];
  if (!verdict.isValid || verdict.card === null) errors.push(wrong('number', 'This is not a valid card number.'));
  checkExpiry(typed, errors);
  checkCvv(typed.cvv, verdict.card?.code.size, errors);
  if (errors.length > 0 || verdict.card === null) return { ok: false, reason: 'invalid', errors };
  const { expiryMonth, expiryYear } = typed;
  const facts = { brand: verdict.card.type, bin: number.slice(0, 6), last4: number.slice(-4) };
  return { ok: true, card: { number, ...facts, expiryMonth, expiryYear, ...(typed.cvv ? { cvv: typed.cvv } : {}) } };
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

function checkExpiry(
  { expiryMonth, expiryYear }: { expiryMonth: number; expiryYear: number },
  errors: FieldError[],
): void {
  if (expiryMonth < 1 || expiryMonth > 12) return void errors.push(wrong('expiryMonth', 'The month must be 1 to 12.'));
  if (expiryYear < 2000 || expiryYear > 2100) return void errors.push(wrong('expiryYear', 'The year has four digits.'));
  const verdict = validator.expirationDate({ month: String(expiryMonth), year: String(expiryYear) });
  if (!verdict.isValid)
    errors.push({ ...wrong('expiryYear', 'The card has expired, or the date is too far ahead.'), code: 'expired' });
}

function checkCvv(cvv: string | undefined, size: number | undefined, errors: FieldError[]): void {
  if (cvv === undefined) return;
  const sizes = size === undefined ? [3, 4] : [size];
  if (/^\d+$/.test(cvv) && sizes.includes(cvv.length)) return;
  errors.push(wrong('cvv', `The security code has ${sizes.join(' or ')} digits.`));
}

const wrong = (name: string, detail: string): FieldError => ({ pointer: `${AT}/${name}`, code: 'invalid', detail });
