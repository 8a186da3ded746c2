/**
 * Reading an EMVCo merchant-presented code: the checksum and the structure must hold, or it is refused with why; what the
 * rules of EMVCo do not allow beyond that is told as a deviation, for national schemes have their own. Templates of schemes
 * that nobody here knows are kept and skipped, never refused.
 * Source: EMV QRCPS-MPM v1.1.
 */
import type { Currency } from '../../base/currency.ts';
import { fromDecimal, type Money } from '../../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import { crcOf } from './crc.ts';
import { type DataObject, type Malformed, readObjects } from './data-objects.ts';
import { additionalDeviations, currencyOf, type Deviation, deviationsOf, tell } from './root-rules.ts';

export interface Template {
  readonly id: string;
  /** The globally unique identifier of the scheme (sub-object 00); null in the primitive ones of card schemes. */
  readonly guid: string | null;
  /** Empty when it is not a template. */
  readonly objects: readonly DataObject[];
  readonly value: string;
}

export interface MerchantCode {
  /** As they stand, with the checksum. */
  readonly objects: readonly DataObject[];
  /** Made for one payment; a static code is for all. Null when the code does not say. */
  readonly dynamic: boolean | null;
  /** Merchant accounts (02–51) and unreserved templates (80–99), as they come. */
  readonly accounts: readonly Template[];
  readonly categoryCode: string | null;
  readonly currency: Currency | null;
  /** Null when the payer types it, or when it is not money in a known currency. */
  readonly amount: Money | null;
  readonly country: string | null;
  readonly name: string | null;
  readonly city: string | null;
  readonly postalCode: string | null;
  /** Additional data (62) by sub-object: 01 bill, 03 store, 05 reference, 07 terminal… */
  readonly additional: Readonly<Record<string, string>>;
  /** Name and city in the merchant's own language (64). */
  readonly local: { readonly language: string; readonly name: string | null; readonly city: string | null } | null;
  readonly deviations: readonly Deviation[];
}

export type CodeRefusal = Malformed | Refusal<'code_crc_missing' | 'code_crc_wrong'>;

/** Checks in this order: the structure, that the checksum is there and last, that it is right. */
export function readMerchantCode(text: string): Result<MerchantCode, CodeRefusal> {
  const read = readObjects(text);
  if (!read.ok) return read;
  const last = read.value.at(-1);
  if (last?.id !== '63') return refuse('code_crc_missing', 'the last object is not a checksum (63)');
  const right = crcOf(text.slice(0, text.length - last.value.length));
  if (last.value !== right) {
    return refuse('code_crc_wrong', `the checksum is ${JSON.stringify(last.value)}, of this text it is ${right}`, {
      facts: { found: last.value, expected: right },
    });
  }
  return ok(codeOf(read.value));
}

function codeOf(objects: readonly DataObject[]): MerchantCode {
  const of = (id: string): string | null => objects.find((object) => object.id === id)?.value ?? null;
  const additional = insideOf('62', of('62'));
  const language = insideOf('64', of('64'));
  const accounts = objects.filter(({ id }) => isAccount(Number(id))).map(templateOf);
  const currency = currencyOf(of('53') ?? undefined);
  const initiation = of('01');
  return {
    objects,
    dynamic: initiation === '12' ? true : initiation === '11' ? false : null,
    accounts: accounts.map(({ template }) => template),
    categoryCode: of('52'),
    currency,
    amount: amountOf(of('54'), currency),
    country: of('58'),
    name: of('59'),
    city: of('60'),
    postalCode: of('61'),
    additional: Object.fromEntries(additional.objects.map(({ id, value }) => [id, value])),
    local: localOf(language.objects),
    deviations: [
      ...deviationsOf(objects.slice(0, -1)),
      ...accounts.flatMap(({ deviations }) => deviations),
      ...additional.deviations,
      ...additionalDeviations(additional.objects),
      ...language.deviations,
      ...languageDeviations(of('64'), language.objects),
    ],
  };
}

const isAccount = (id: number): boolean => (id >= 2 && id <= 51) || id >= 80;
/** 02–25 are of card schemes and hold a value; from 26 on they hold objects. */
const isTemplate = (id: number): boolean => id >= 26;

interface Inside {
  readonly objects: readonly DataObject[];
  readonly deviations: readonly Deviation[];
}

function insideOf(id: string, value: string | null): Inside {
  if (value === null) return { objects: [], deviations: [] };
  const read = readObjects(value);
  return read.ok
    ? { objects: read.value, deviations: [] }
    : { objects: [], deviations: [tell(id, `is no template: ${read.error.detail}`)] };
}

function templateOf({ id, value }: DataObject): {
  readonly template: Template;
  readonly deviations: readonly Deviation[];
} {
  if (!isTemplate(Number(id))) return { template: { id, guid: null, objects: [], value }, deviations: [] };
  const { objects, deviations } = insideOf(id, value);
  const guid = objects.find((object) => object.id === '00')?.value ?? null;
  const length = [...(guid ?? '')].length;
  const wrong =
    deviations.length > 0 || (length >= 1 && length <= 32)
      ? []
      : [
          tell(
            `${id}.00`,
            guid === null ? 'the identifier is missing' : `has ${length} characters; 1 to 32 are allowed`,
          ),
        ];
  return { template: { id, guid, objects, value }, deviations: [...deviations, ...wrong] };
}

function amountOf(text: string | null, currency: Currency | null): Money | null {
  if (text === null || currency === null || !/^\d+(\.\d*)?$/.test(text)) return null;
  const amount = fromDecimal(text, currency);
  return amount === null || amount.amount === 0n ? null : amount;
}

function localOf(objects: readonly DataObject[]): MerchantCode['local'] {
  const of = (id: string): string | null => objects.find((object) => object.id === id)?.value ?? null;
  const language = of('00');
  return language === null ? null : { language, name: of('01'), city: of('02') };
}

function languageDeviations(value: string | null, objects: readonly DataObject[]): readonly Deviation[] {
  if (value === null) return [];
  const of = (id: string): string => objects.find((object) => object.id === id)?.value ?? '';
  return [
    ...(/^[A-Za-z]{2}$/.test(of('00')) ? [] : [tell('64.00', 'is no language of two letters (ISO 639)')]),
    ...(inRange(of('01'), 25) ? [] : [tell('64.01', 'has not 1 to 25 characters')]),
    ...(of('02') === '' || inRange(of('02'), 15) ? [] : [tell('64.02', 'has more than 15 characters')]),
  ];
}

const inRange = (text: string, most: number): boolean => text !== '' && [...text].length <= most;
