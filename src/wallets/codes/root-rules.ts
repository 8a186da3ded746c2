/**
 * What EMVCo asks of the data objects of a merchant-presented code, as data, and what a code does otherwise. National schemes
 * deviate (PromptPay and VietQR leave out category, name and city): a reader tells and goes on, a writer refuses.
 * Source: EMV QRCPS-MPM v1.1, table 3.1 (root), 3.2 (account templates), 3.7 (additional data), 3.8 (language template).
 */
import { CURRENCIES, type Currency } from '../../base/currency.ts';
import type { DataObject } from './data-objects.ts';

export interface Deviation {
  /** `52`, or `62.07` inside a template. */
  readonly object: string;
  readonly rule: string;
}

interface ObjectRule {
  readonly id: string;
  readonly name: string;
  readonly mandatory?: true;
  readonly length: readonly [least: number, most: number];
  readonly form?: RegExp;
}

const ROOT: readonly ObjectRule[] = [
  { id: '00', name: 'payload format indicator', mandatory: true, length: [2, 2], form: /^01$/ },
  { id: '01', name: 'point of initiation method', length: [2, 2], form: /^1[12]$/ },
  { id: '52', name: 'merchant category code', mandatory: true, length: [4, 4], form: /^\d{4}$/ },
  { id: '53', name: 'transaction currency', mandatory: true, length: [3, 3], form: /^\d{3}$/ },
  { id: '54', name: 'transaction amount', length: [1, 13], form: /^\d+(\.\d*)?$/ },
  { id: '55', name: 'tip or convenience indicator', length: [2, 2], form: /^0[123]$/ },
  { id: '56', name: 'convenience fee fixed', length: [1, 13], form: /^\d+(\.\d*)?$/ },
  { id: '57', name: 'convenience fee percentage', length: [1, 5], form: /^\d{1,2}(\.\d{0,2})?$/ },
  { id: '58', name: 'country code', mandatory: true, length: [2, 2], form: /^[A-Z]{2}$/ },
  { id: '59', name: 'merchant name', mandatory: true, length: [1, 25] },
  { id: '60', name: 'merchant city', mandatory: true, length: [1, 15] },
  { id: '61', name: 'postal code', length: [1, 10] },
];

const ADDITIONAL_LENGTHS: Readonly<Record<string, number>> = { '09': 3, '10': 20, '11': 3 };

/** Every rule that the objects break, in the order of the table. `objects`: of the root, without the CRC. */
export function deviationsOf(objects: readonly DataObject[]): readonly Deviation[] {
  return [
    ...ROOT.flatMap((rule) => rootDeviations(rule, objects)),
    ...repeated(objects),
    ...accountDeviations(objects),
    ...amountDeviations(objects),
    ...objects
      .filter(({ id }) => Number(id) >= 65 && Number(id) <= 79)
      .map(({ id }) => tell(id, 'is reserved for EMVCo')),
  ];
}

/** The same for what stands inside the additional data (62). */
export const additionalDeviations = (objects: readonly DataObject[]): readonly Deviation[] =>
  objects
    .filter(({ id }) => Number(id) >= 1 && Number(id) <= 49)
    .flatMap(({ id, value }) => lengthDeviation(`62.${id}`, value, [1, ADDITIONAL_LENGTHS[id] ?? 25]));

function rootDeviations({ id, name, mandatory, length, form }: ObjectRule, objects: readonly DataObject[]) {
  const found = objects.find((object) => object.id === id);
  if (found === undefined) return mandatory ? [tell(id, `the ${name} is missing`)] : [];
  if (id === '00' && objects[0] !== found) return [tell(id, `the ${name} is not first`)];
  const short = lengthDeviation(id, found.value, length);
  if (short.length > 0) return short;
  return form === undefined || form.test(found.value) ? [] : [tell(id, `"${found.value}" is no ${name}`)];
}

function lengthDeviation(
  object: string,
  value: string,
  [least, most]: readonly [number, number],
): readonly Deviation[] {
  const length = [...value].length;
  if (length >= least && length <= most) return [];
  return [tell(object, `has ${length} characters; ${least === most ? least : `${least} to ${most}`} are allowed`)];
}

const repeated = (objects: readonly DataObject[]): readonly Deviation[] =>
  objects
    .filter(({ id }, index) => objects.findIndex((object) => object.id === id) < index)
    .map(({ id }) => tell(id, 'stands there twice'));

const accountDeviations = (objects: readonly DataObject[]): readonly Deviation[] =>
  objects.some(({ id }) => Number(id) >= 2 && Number(id) <= 51)
    ? []
    : [tell('02-51', 'there is no merchant account information')];

/** Amounts are not zero and have no more decimals than the currency; fixed and percentage fees need their indicator. */
function amountDeviations(objects: readonly DataObject[]): readonly Deviation[] {
  const of = (id: string): string | undefined => objects.find((object) => object.id === id)?.value;
  const currency = currencyOf(of('53'));
  const decimals = (text: string): number => text.split('.')[1]?.length ?? 0;
  const most = currency === null ? 13 : CURRENCIES[currency].exponent;
  const amount = of('54');
  return [
    ...(amount !== undefined && /^[0.]+$/.test(amount) ? [tell('54', 'is zero')] : []),
    ...['54', '56'].flatMap((id) => {
      const text = of(id);
      return text === undefined || decimals(text) <= most ? [] : [tell(id, `has more decimals than ${currency} has`)];
    }),
    ...(of('56') !== undefined && of('55') !== '02' ? [tell('56', 'needs 55 to be 02')] : []),
    ...(of('57') !== undefined && of('55') !== '03' ? [tell('57', 'needs 55 to be 03')] : []),
  ];
}

const BY_NUMERIC: ReadonlyMap<string, Currency> = new Map(
  Object.entries(CURRENCIES).map(([code, { numeric }]) => [numeric, code as Currency]),
);

/** ISO 4217 by its three digits; null when it is none that one can pay in. */
export const currencyOf = (numeric: string | undefined): Currency | null => BY_NUMERIC.get(numeric ?? '') ?? null;

export const tell = (object: string, rule: string): Deviation => ({ object, rule });
