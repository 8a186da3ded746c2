/**
 * Writing an EMVCo merchant-presented code. What is written keeps every rule of EMVCo: the same table that tells a reader of
 * deviations refuses a writer, by the object at fault. Source: EMV QRCPS-MPM v1.1.
 */
import { CURRENCIES } from '../../base/currency.ts';
import { type Money, toDecimal } from '../../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import { crcOf } from './crc.ts';
import { type DataObject, writeObjects } from './data-objects.ts';
import { readMerchantCode } from './merchant-code.ts';

export interface NewMerchantCode {
  /** For one payment; otherwise static, for all. */
  readonly dynamic: boolean;
  /** Merchant accounts 26–51: the scheme's identifier and what it wants to know. */
  readonly accounts: readonly { readonly id: string; readonly guid: string; readonly objects: readonly DataObject[] }[];
  readonly categoryCode: string;
  readonly currency: keyof typeof CURRENCIES;
  /** In `currency`; absent when the payer types it. */
  readonly amount?: Money;
  readonly country: string;
  /** At most 25 and 15 characters; in Latin letters, for every reader shows them. */
  readonly name: string;
  readonly city: string;
  readonly postalCode?: string;
  /** By sub-object: 01 bill, 03 store, 05 reference, 07 terminal. */
  readonly additional?: Readonly<Record<string, string>>;
  readonly local?: { readonly language: string; readonly name: string; readonly city?: string };
}

export type WriteRefusal = Refusal<'code_not_allowed'>;

export function writeMerchantCode(code: NewMerchantCode): Result<string, WriteRefusal> {
  if (code.amount !== undefined && code.amount.currency !== code.currency)
    return refuse('code_not_allowed', `the amount must be in ${code.currency}`, { facts: { object: '54' } });
  const objects = objectsOf(code);
  if (!objects.ok) return objects;
  const body = `${writeObjects(objects.value)}6304`;
  const text = body + crcOf(body);
  const read = readMerchantCode(text);
  if (!read.ok) return refuse('code_not_allowed', read.error.detail);
  const [broken] = read.value.deviations;
  return broken === undefined
    ? ok(text)
    : refuse('code_not_allowed', `${broken.object} ${broken.rule}`, { facts: { object: broken.object } });
}

/** In ascending order of their ids, as the specification's samples mostly are. */
function objectsOf(code: NewMerchantCode): Result<readonly DataObject[], WriteRefusal> {
  const templates = [
    ...code.accounts.map(({ id, guid, objects }) => ({ id, objects: [{ id: '00', value: guid }, ...objects] })),
    { id: '62', objects: Object.entries(code.additional ?? {}).map(([id, value]) => ({ id, value })) },
    { id: '64', objects: localObjects(code.local) },
  ];
  const written: DataObject[] = [];
  for (const { id, objects } of templates) {
    if (objects.length === 0) continue;
    const wrong = objects.find(({ value }) => !fits(value));
    if (wrong !== undefined) return tooLong(`${id}.${wrong.id}`);
    written.push({ id, value: writeObjects([...objects].sort(byId)) });
  }
  const plain: readonly (readonly [string, string | undefined])[] = [
    ['00', '01'],
    ['01', code.dynamic ? '12' : '11'],
    ['52', code.categoryCode],
    ['53', CURRENCIES[code.currency].numeric],
    ['54', code.amount === undefined ? undefined : toDecimal(code.amount)],
    ['58', code.country],
    ['59', code.name],
    ['60', code.city],
    ['61', code.postalCode],
  ];
  for (const [id, value] of plain) if (value !== undefined) written.push({ id, value });
  const wrong = written.find(({ value }) => !fits(value));
  return wrong === undefined ? ok(written.sort(byId)) : tooLong(wrong.id);
}

const localObjects = (local: NewMerchantCode['local']): readonly DataObject[] =>
  local === undefined
    ? []
    : [
        { id: '00', value: local.language },
        { id: '01', value: local.name },
        ...(local.city === undefined ? [] : [{ id: '02', value: local.city }]),
      ];

const fits = (value: string): boolean => value !== '' && [...value].length <= 99;
const tooLong = (object: string) =>
  refuse('code_not_allowed', `${object} has not 1 to 99 characters`, { facts: { object } });
const byId = (left: DataObject, right: DataObject): number => Number(left.id) - Number(right.id);
