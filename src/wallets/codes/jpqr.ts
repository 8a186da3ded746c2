/**
 * The Japanese profile (JPQR, payments Japan association): one account template of 26 to 51 with the scheme's identifier and
 * four numbers, yen, Japan, and name and city in Japanese as well.
 */
import type { DataObject } from './data-objects.ts';
import type { MerchantCode } from './merchant-code.ts';
import { type Deviation, tell } from './root-rules.ts';

export const JPQR_GUID = 'jp.or.paymentsjapan';

export interface JpqrAccount {
  /** 13, 4, 6 and 6 digits: the shop's number with the scheme, and its parts. */
  readonly numbers: readonly [string, string, string, string];
}

const LENGTHS = [13, 4, 6, 6] as const;

export const jpqrAccount = ({
  numbers,
}: JpqrAccount): { id: string; guid: string; objects: readonly DataObject[] } => ({
  id: '26',
  guid: JPQR_GUID,
  objects: numbers.map((value, index) => ({ id: `0${index + 1}`, value })),
});

export const isJpqr = ({ accounts }: MerchantCode): boolean => accounts.some(({ guid }) => guid === JPQR_GUID);

/** What the profile asks beyond EMVCo and the code does not keep. Empty for codes of other schemes. */
export function jpqrDeviations(code: MerchantCode): readonly Deviation[] {
  const account = code.accounts.find(({ guid }) => guid === JPQR_GUID);
  if (account === undefined) return [];
  const numbers = LENGTHS.flatMap((length, index) => {
    const id = `0${index + 1}`;
    const value = account.objects.find((object) => object.id === id)?.value ?? '';
    return new RegExp(`^\\d{${length}}$`).test(value) ? [] : [tell(`${account.id}.${id}`, `is not ${length} digits`)];
  });
  return [
    ...(Number(account.id) >= 26 && Number(account.id) <= 51 ? [] : [tell(account.id, 'is no place for the account')]),
    ...numbers,
    ...(code.currency === 'JPY' ? [] : [tell('53', 'is not 392, the yen')]),
    ...(code.country === 'JP' ? [] : [tell('58', 'is not JP')]),
    ...(code.local?.language.toLowerCase() === 'ja' ? [] : [tell('64', 'is not in Japanese')]),
  ];
}
