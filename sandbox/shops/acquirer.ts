/**
 * Acquirers and their shops are data: the list that comes with the sandbox, and what an admin added since, which is kept. Nothing in
 * the code knows an acquirer or a shop by name. An acquirer is found by its `acquirerId` or by its slug.
 */
import { readFileSync } from 'node:fs';
import { isCountry } from '../../src/base/country.ts';
import { type Currency, isCurrency } from '../../src/base/currency.ts';
import { ok, type Refusal, type Result, refuse } from '../../src/base/result.ts';
import type { Store } from '../base/store.ts';

export interface Acquirer {
  readonly acquirerId: string;
  /** Its name in paths. */
  readonly slug: string;
  readonly name: string;
  readonly country: string;
  /** How amounts are written on its pages, BCP 47. */
  readonly locale: string;
  /** `#rrggbb`. */
  readonly colour: string;
  /** What its shops sell in. */
  readonly currencies: readonly Currency[];
  /** What the hub may settle it in; the first unless a payment says another. */
  readonly settlementCurrencies: readonly Currency[];
  /** Beginnings of the links that are its own order codes. */
  readonly codePrefixes: readonly string[];
  /** National schemes whose codes it serves by push. */
  readonly pushSchemes: readonly string[];
}

export interface Shop {
  /** `referenceMerchantId`. */
  readonly merchantId: string;
  /** In Latin letters. */
  readonly name: string;
  readonly localName: string | null;
  /** ISO 18245. */
  readonly mcc: string;
  readonly city: string;
  readonly currency: Currency;
}

export interface AcquirerList {
  all(): readonly Acquirer[];
  find(idOrSlug: string): Acquirer | null;
  shops(acquirer: Acquirer): readonly Shop[];
  shop(acquirer: Acquirer, merchantId: string): Shop | null;
  add(content: unknown): Result<Acquirer, ListRefusal>;
  /** All of them or none. */
  addShops(acquirer: Acquirer, contents: readonly unknown[]): Result<readonly Shop[], ListRefusal>;
}

export type ListRefusal = Refusal<'invalid_acquirer' | 'acquirer_exists' | 'invalid_shop' | 'shop_exists'>;

const LIST = new URL('./acquirers.json', import.meta.url);

interface Known {
  readonly acquirer: Acquirer;
  readonly shops: Map<string, Shop>;
}

export function openAcquirerList(store: Store): AcquirerList {
  const known = readList(store);
  const all = (): readonly Acquirer[] => [...known.values()].map(({ acquirer }) => acquirer);
  const shopsOf = ({ acquirerId }: Acquirer): Map<string, Shop> => known.get(acquirerId)?.shops ?? new Map();
  return {
    all,
    find: (idOrSlug) => known.get(idOrSlug)?.acquirer ?? all().find(({ slug }) => slug === idOrSlug) ?? null,
    shops: (acquirer) => [...shopsOf(acquirer).values()],
    shop: (acquirer, merchantId) => shopsOf(acquirer).get(merchantId) ?? null,
    add: (content) => {
      const read = readAcquirer(content);
      if (!read.ok) return read;
      const { acquirerId, slug } = read.value;
      if (all().some((other) => other.acquirerId === acquirerId || other.slug === slug))
        return refuse('acquirer_exists', 'an acquirer has this acquirerId or slug already');
      const written = JSON.stringify(read.value);
      store.run('insert into added_acquirer (acquirer_id, content) values (?, ?)', acquirerId, written);
      known.set(acquirerId, { acquirer: read.value, shops: new Map() });
      return read;
    },
    addShops: (acquirer, contents) => addShops(store, { acquirer, shops: shopsOf(acquirer) }, contents),
  };
}

function addShops(
  store: Store,
  { acquirer, shops }: Known,
  contents: readonly unknown[],
): Result<readonly Shop[], ListRefusal> {
  const added = new Map<string, Shop>();
  for (const content of contents) {
    const read = readShop(acquirer, content);
    if (!read.ok) return read;
    const { merchantId } = read.value;
    if (shops.has(merchantId) || added.has(merchantId))
      return refuse('shop_exists', `${acquirer.name} has the shop ${merchantId} already`);
    added.set(merchantId, read.value);
  }
  store.transaction(() => {
    const insert = 'insert into added_shop (acquirer_id, merchant_id, content) values (?, ?, ?)';
    for (const shop of added.values()) store.run(insert, acquirer.acquirerId, shop.merchantId, JSON.stringify(shop));
  });
  for (const shop of added.values()) shops.set(shop.merchantId, shop);
  return ok([...added.values()]);
}

/** The delivered list with what was added; a fault of the program when one of it cannot be read. */
function readList(store: Store): Map<string, Known> {
  const known = new Map<string, Known>();
  const take = (content: unknown): void => {
    const read = readAcquirer(content);
    if (!read.ok) throw new Error(`${LIST.pathname}: ${read.error.detail}`);
    known.set(read.value.acquirerId, { acquirer: read.value, shops: new Map() });
  };
  const takeShop = (acquirerId: string, content: unknown): void => {
    const of = known.get(acquirerId);
    if (of === undefined) throw new Error(`there is no acquirer ${acquirerId}`);
    const read = readShop(of.acquirer, content);
    if (!read.ok) throw new Error(`${acquirerId}: ${read.error.detail}`);
    of.shops.set(read.value.merchantId, read.value);
  };
  const delivered = JSON.parse(readFileSync(LIST, 'utf8')) as readonly { acquirerId: string; shops: unknown[] }[];
  for (const content of delivered) {
    take(content);
    for (const shop of content.shops) takeShop(content.acquirerId, shop);
  }
  for (const { content } of store.all<{ content: string }>('select content from added_acquirer order by rowid'))
    take(JSON.parse(content));
  const shops = 'select acquirer_id, content from added_shop order by rowid';
  for (const { acquirer_id, content } of store.all<{ acquirer_id: string; content: string }>(shops))
    takeShop(acquirer_id, JSON.parse(content));
  return known;
}

/** The first field that is wrong is told. */
export function readAcquirer(content: unknown): Result<Acquirer, Refusal<'invalid_acquirer'>> {
  const fields: Record<string, unknown> = typeof content === 'object' && content !== null ? { ...content } : {};
  const { acquirerId, slug, name, country, locale, colour = '#2b3a4d' } = fields;
  const { currencies, settlementCurrencies = currencies, codePrefixes = [], pushSchemes = [] } = fields;
  const wrong = (detail: string) => refuse('invalid_acquirer', detail);
  if (!isText(acquirerId, /^[A-Za-z0-9]{8,64}$/)) return wrong('acquirerId must be 8 to 64 letters and digits');
  if (!isText(slug, /^[a-z0-9-]{2,40}$/)) return wrong('slug must be 2 to 40 of a-z, 0-9 and -');
  if (!isText(name, /^.{1,60}$/u)) return wrong('name must have 1 to 60 characters');
  if (typeof country !== 'string' || !isCountry(country)) return wrong('country must be of ISO 3166');
  if (!isText(locale, /^[a-z]{2}(-[A-Z]{2})?$/)) return wrong('locale must be such as ja-JP');
  if (!isText(colour, /^#[0-9a-f]{6}$/)) return wrong('colour must be such as #0a7c6b');
  if (!areCurrencies(currencies)) return wrong('currencies must list some of ISO 4217');
  if (!areCurrencies(settlementCurrencies)) return wrong('settlementCurrencies must list some of ISO 4217');
  if (!areTexts(codePrefixes, /^https:\/\/[a-z0-9.-]+\/281\d{3}04\d{4}$/))
    return wrong('codePrefixes must be links such as https://qr.shop.example/281101040001');
  if (!areTexts(pushSchemes, /^[a-z0-9.-]{3,32}$/)) return wrong('pushSchemes must be identifiers of schemes');
  return ok({
    ...{ acquirerId, slug, name, country, locale, colour, currencies, settlementCurrencies, codePrefixes, pushSchemes },
  });
}

/** The first field that is wrong is told. */
export function readShop(acquirer: Acquirer, content: unknown): Result<Shop, Refusal<'invalid_shop'>> {
  const fields: Record<string, unknown> = typeof content === 'object' && content !== null ? { ...content } : {};
  const { merchantId, name, localName = null, mcc, city, currency = acquirer.currencies[0] } = fields;
  const wrong = (detail: string) => refuse('invalid_shop', detail);
  if (!isText(merchantId, /^[a-z0-9-]{2,32}$/)) return wrong('merchantId must be 2 to 32 of a-z, 0-9 and -');
  if (!isText(name, /^[\x20-\x7e]{1,25}$/)) return wrong('name must have 1 to 25 Latin characters');
  if (localName !== null && !isText(localName, /^.{1,25}$/u)) return wrong('localName must have 1 to 25 characters');
  if (!isText(mcc, /^\d{4}$/)) return wrong('mcc must be four digits');
  if (!isText(city, /^[\x20-\x7e]{1,15}$/)) return wrong('city must have 1 to 15 Latin characters');
  const own = acquirer.currencies.find((each) => each === currency);
  if (own === undefined) return wrong(`currency must be one of ${acquirer.currencies.join(', ')}`);
  return ok({ merchantId, name, localName, mcc, city, currency: own });
}

const isText = (value: unknown, form: RegExp): value is string => typeof value === 'string' && form.test(value);
const areTexts = (value: unknown, form: RegExp): value is string[] =>
  Array.isArray(value) && value.every((each) => isText(each, form));
const areCurrencies = (value: unknown): value is Currency[] =>
  Array.isArray(value) && value.length > 0 && value.every(isCurrency);
