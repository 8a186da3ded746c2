/**
 * Finds what may be a card number: 13–19 digits with the prefix and a length of a known brand, Luhn-valid (ISO/IEC 7812-1),
 * plain or grouped as on a card. Longer runs of digits and runs inside words or decimals are something else.
 */

/** Digits only, in order of appearance. */
export function cardNumbersIn(text: string): { readonly number: string; readonly at: number }[] {
  return [...text.matchAll(CANDIDATE)]
    .map((match) => ({ number: match[0].replace(/\D/g, ''), at: match.index }))
    .filter(({ number }) => isBranded(number) && passesLuhn(number));
}

// Plain; 4-4-4-4 with up to three more digits; 4-6-5 (American Express); 4-6-4 (Diners Club). One kind of separator.
const CANDIDATE =
  /(?<![\w.-])(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1?\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5})(?![\w-]|\.\d)/g;

/** Prefixes and lengths of the brands (ISO/IEC 7812 issuer numbers as the schemes publish them). */
const BRANDS: readonly { readonly prefix: RegExp; readonly lengths: readonly number[] }[] = [
  { prefix: /^4/, lengths: [13, 16, 19] }, // Visa
  { prefix: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] }, // Mastercard
  { prefix: /^3[47]/, lengths: [15] }, // American Express
  { prefix: /^(6011|64[4-9]|65)/, lengths: [16, 17, 18, 19] }, // Discover
  { prefix: /^(30[0-5]|36|38|39)/, lengths: [14, 16, 19] }, // Diners Club
  { prefix: /^35(2[89]|[3-8])/, lengths: [16, 17, 18, 19] }, // JCB
  { prefix: /^62/, lengths: [16, 17, 18, 19] }, // UnionPay
  { prefix: /^(5018|5020|5038|6304|6759|676[1-3])/, lengths: [13, 14, 15, 16, 17, 18, 19] }, // Maestro
];

const isBranded = (number: string): boolean =>
  BRANDS.some(({ prefix, lengths }) => prefix.test(number) && lengths.includes(number.length));

function passesLuhn(number: string): boolean {
  let sum = 0;
  for (let at = 0; at < number.length; at += 1) {
    const digit = Number(number[number.length - 1 - at]) * (at % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
