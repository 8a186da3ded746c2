/**
 * The text of a store code. Every reader shows its name and city, so they are in Latin letters and cut to what fits; the shop's own
 * writing stands in template 64, in the language of its country. In Japan a code with an account of JPQR keeps JPQR's profile.
 * Source: EMV QRCPS-MPM v1.1; JPQR.
 */
import type { Currency } from '../../base/currency.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { DataObject } from '../codes/data-objects.ts';
import { jpqrDeviations } from '../codes/jpqr.ts';
import { readMerchantCode } from '../codes/merchant-code.ts';
import { type WriteRefusal, writeMerchantCode } from '../codes/write-merchant-code.ts';
import type { Shop } from '../hub-payment.ts';
import { HUB_GUID, HUB_TEMPLATE_ID, writeHubTemplate } from './hub-template.ts';

export interface StoreCodeText {
  readonly shop: Shop;
  readonly acquirerId: string;
  readonly number: number;
  readonly currency: Currency;
  readonly schemes: readonly { readonly id: string; readonly guid: string; readonly objects: readonly DataObject[] }[];
}

/** What does not fit is refused by its object, such as `59` for the name. */
export function storeCodeValue({
  shop,
  acquirerId,
  number,
  currency,
  schemes,
}: StoreCodeText): Result<string, WriteRefusal> {
  const taken = schemes.find(({ id, guid }) => id === HUB_TEMPLATE_ID || guid.toLowerCase() === HUB_GUID);
  if (taken !== undefined) return refuse('code_not_allowed', `${taken.id} is the template of this hub`);
  for (const [object, text] of [
    ['59', shop.name],
    ['60', shop.city ?? ''],
  ] as const)
    if (!LATIN.test(text)) return refuse('code_not_allowed', `${object} must be in Latin letters: ${text}`);
  const written = writeMerchantCode({
    dynamic: false,
    accounts: [writeHubTemplate({ acquirerId, merchantId: shop.merchantId, number }), ...schemes],
    categoryCode: shop.categoryCode,
    currency,
    country: shop.country,
    name: cut(shop.name, 25),
    city: cut(shop.city ?? '', 15),
    ...localPart(shop),
  });
  return written.ok ? keepingProfile(written.value) : written;
}

/** What EMVCo calls ans: printable, and in every reader's font. */
const LATIN = /^[\x20-\x7e]+$/;

const localPart = ({ localName, country }: Shop) =>
  localName === null ? {} : { local: { language: languageOf(country), name: cut(localName, 25) } };

/** The most spoken language of a country, ISO 639: JP → ja. */
const languageOf = (country: string): string => new Intl.Locale(`und-${country}`).maximize().language.slice(0, 2);

const cut = (text: string, most: number): string => [...text].slice(0, most).join('').trim();

function keepingProfile(value: string): Result<string, WriteRefusal> {
  const read = readMerchantCode(value);
  const [broken] = read.ok ? jpqrDeviations(read.value) : [];
  return broken === undefined ? ok(value) : refuse('code_not_allowed', `JPQR: ${broken.object} ${broken.rule}`);
}
