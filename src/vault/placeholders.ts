/**
 * Puts a card into a body that was written without it. A placeholder is a whole JSON string; the body is parsed, walked and
 * written again, so nothing in a number or a body can change its structure.
 *
 * `{{card_number}}` → string · `{{cvv}}` → string, or the member is left out when no value is held ·
 * `{{expiry_month}}`, `{{expiry_year}}` → integers. A body need not use all of them.
 */

export interface CardValues {
  readonly number: string;
  readonly expiryMonth: number;
  readonly expiryYear: number;
  readonly cvv: string | undefined;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** The parsed body, or null when it is not JSON or has a placeholder inside a longer string, which is never filled. */
export function parseTemplate(body: string): Json | null {
  try {
    const template: Json = JSON.parse(body);
    return typeof template === 'object' && template !== null && isClean(template) ? template : null;
  } catch {
    return null;
  }
}

/** Whether the body has a place for the verification value. One that has none does not use it up. */
export function asksForCvv(template: Json): boolean {
  if (typeof template !== 'object' || template === null) return template === '{{cvv}}';
  return (isArray(template) ? template : Object.values(template)).some(asksForCvv);
}

/** The body's text with the card in it. */
export function fillTemplate(template: Json, card: CardValues): string {
  return JSON.stringify(fill(template, card));
}

const PLACEHOLDERS: Readonly<Record<string, (card: CardValues) => Json | undefined>> = {
  '{{card_number}}': (card) => card.number,
  '{{cvv}}': (card) => card.cvv,
  '{{expiry_month}}': (card) => card.expiryMonth,
  '{{expiry_year}}': (card) => card.expiryYear,
};

function fill(value: Json, card: CardValues): Json | undefined {
  if (typeof value === 'string') return Object.hasOwn(PLACEHOLDERS, value) ? PLACEHOLDERS[value]?.(card) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.map((item) => fill(item, card)).filter((item) => item !== undefined);
  const members = Object.entries(value).map(([name, item]) => [name, fill(item, card)] as const);
  return Object.fromEntries(members.filter((member): member is readonly [string, Json] => member[1] !== undefined));
}

function isClean(value: Json): boolean {
  if (typeof value === 'string') return Object.hasOwn(PLACEHOLDERS, value) || !value.includes('{{');
  if (typeof value !== 'object' || value === null) return true;
  return isArray(value) ? value.every(isClean) : Object.values(value).every(isClean);
}

// Array.isArray does not narrow readonly arrays.
const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);
