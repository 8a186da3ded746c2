/**
 * Amounts and rates as a network's pages write them: the currency's ISO code, whole minor units, and the separators of the reader's
 * country, whatever the currency.
 */
import { type Currency, exponentOf } from '../../src/base/currency.ts';

export function amountText(amount: bigint, currency: Currency, locale: string): string {
  const digits = exponentOf(currency);
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  // Formatted from decimal text: no amount passes through a float.
  return `${currency} ${format.format(majorUnits(amount, currency) as Intl.StringNumericLiteral)}`;
}

const SCALE = 12;

/** What one unit of the shop's currency costs in the wallet's, with six significant digits. */
export function rateText(
  { of, costs }: { readonly of: readonly [bigint, Currency]; readonly costs: readonly [bigint, Currency] },
  locale: string,
): string {
  const [amount, shop] = of;
  const [price, home] = costs;
  const power = BigInt(SCALE + exponentOf(shop) - exponentOf(home));
  const scaled = (price * 10n ** power) / amount;
  const digits = scaled.toString().padStart(SCALE + 1, '0');
  const decimal = `${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`;
  const format = new Intl.NumberFormat(locale, { maximumSignificantDigits: 6 });
  return `1 ${shop} = ${format.format(decimal as Intl.StringNumericLiteral)} ${home}`;
}

/** What a person typed in the shop's currency, in minor units; null when it is no amount above zero. */
export function typedAmount(text: string, currency: Currency): bigint | null {
  const digits = exponentOf(currency);
  const found = /^(\d{1,12})(?:[.,](\d{1,4}))?$/.exec(text.replaceAll(/\s/g, ''));
  if (found === null) return null;
  const fraction = found[2] ?? '';
  if (fraction.length > digits) return null;
  const amount = BigInt(`${found[1]}${fraction.padEnd(digits, '0')}`);
  return amount > 0n ? amount : null;
}

/** `12.50`, without currency and separators: what Intl formats without loss. */
export function majorUnits(amount: bigint, currency: Currency): string {
  const exponent = exponentOf(currency);
  const digits = (amount < 0n ? -amount : amount).toString().padStart(exponent + 1, '0');
  const sign = amount < 0n ? '-' : '';
  return exponent === 0 ? sign + digits : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
