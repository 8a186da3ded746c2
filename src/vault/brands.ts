/** The brands of card-validator by name: which exist, which are taken, and what the card form needs to know of each. */
import validator from 'card-validator';
import type { BrandRule } from './card-checks.ts';

/** What is taken unless the setting VAULT_BRANDS says otherwise. */
export const DEFAULT_BRANDS: readonly string[] = [
  'visa',
  'mastercard',
  'american-express',
  'discover',
  'diners-club',
  'jcb',
  'unionpay',
  'maestro',
];

export const KNOWN_BRANDS: readonly string[] = Object.values(validator.creditCardType.types);

/** Every known brand, with `taken` for those of the list: a number of another brand is named, not called wrong. */
export function brandRules(taken: readonly string[]): readonly BrandRule[] {
  return KNOWN_BRANDS.map((type) => {
    const { niceType, patterns, lengths, gaps, code } = validator.creditCardType.getTypeInfo(type);
    const ranges = patterns.map((pattern) => (Array.isArray(pattern) ? rangeOf(pattern) : pattern));
    return { name: niceType, type, patterns: ranges, lengths, gaps, codeSize: code.size, taken: taken.includes(type) };
  });
}

/** The name people know a brand by, and the digits of its security code. Undefined for a name that is none. */
export const brandFacts = (type: string): { readonly name: string; readonly codeSize: number } | undefined => {
  if (!KNOWN_BRANDS.includes(type)) return undefined;
  const { niceType, code } = validator.creditCardType.getTypeInfo(type);
  return { name: niceType, codeSize: code.size };
};

const rangeOf = (pattern: readonly (string | number)[]): readonly [number, number] => [
  Number(pattern[0]),
  Number(pattern[1]),
];
