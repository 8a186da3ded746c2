/**
 * Language, money, days and instants as the buyer reads them. Formats follow the language of the words, so that `1.234` in
 * an English sentence never means a thousand and more.
 */
import { decimalText, exponentOf } from '../format/money.ts';
import type { Money } from './state.ts';

export interface Locale {
  /** A BCP 47 tag, such as en-GB. */
  readonly tag: string;
  money(value: Money): string;
  /** `12 March 2026 at 14:05 GMT+1`. */
  instant(text: string): string;
  country(code: string): string;
}

/** The first of the buyer's languages that there are words for, as the buyer spells it; otherwise English. */
export function chooseTag(wanted: readonly string[], spoken: readonly string[]): string {
  return wanted.find((tag) => spoken.includes(tag.split('-')[0]?.toLowerCase() ?? '')) ?? 'en';
}

export function localeOf(tag: string): Locale {
  const countries = new Intl.DisplayNames([tag], { type: 'region' });
  const instants = new Intl.DateTimeFormat(tag, {
    ...{ day: 'numeric', month: 'long', year: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', timeZoneName: 'short' },
  });
  return {
    tag,
    money: (value) => {
      const digits = exponentOf(value.currency);
      const format = new Intl.NumberFormat(tag, {
        style: 'currency',
        currency: value.currency,
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
      // Decimal text is formatted exactly; a number might not be.
      return format.format(decimalText(value) as Intl.StringNumericLiteral);
    },
    instant: (text) => instants.format(new Date(text)),
    country: (code) => countries.of(code) ?? code,
  };
}
