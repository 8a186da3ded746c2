/**
 * Accounts and moves. A move takes its currency from the money, so one transfer cannot mix two currencies; an account's
 * id is a hash of its name, owner and currency (RFC 9562 UUIDv8 form), so every process knows it without asking.
 */
import { createHash } from 'node:crypto';
import type { Currency } from '../base/currency.ts';
import type { Money } from '../base/money.ts';
import type { AccountName } from './chart.ts';

/** An account before the currency is known. */
export interface AccountRef {
  readonly name: AccountName;
  readonly owner: string;
}

export interface Account extends AccountRef {
  readonly currency: Currency;
}

/** One transfer: the double entry itself. `amount` > 0. */
export interface Transfer {
  readonly debit: Account;
  readonly credit: Account;
  readonly amount: Money;
}

export const account = (name: AccountName, owner = ''): AccountRef => ({ name, owner });

/** Moves an amount between two accounts of its currency; an absent or zero amount moves nothing. */
export function move(
  amount: Money | undefined,
  sides: { readonly debit: AccountRef; readonly credit: AccountRef },
): readonly Transfer[] {
  if (amount === undefined || amount.amount === 0n) return [];
  const { currency } = amount;
  return [{ debit: { ...sides.debit, currency }, credit: { ...sides.credit, currency }, amount }];
}

const idCache = new Map<string, string>();
const ID_CACHE_SIZE = 200_000;

/** 32 hex digits, the same in every process for ever. */
export function accountUuid({ name, owner, currency }: Account): string {
  const key = `${name}|${owner}|${currency}`;
  const known = idCache.get(key);
  if (known !== undefined) return known;
  const bytes = createHash('sha256').update(key).digest().subarray(0, 16);
  bytes[6] = 0x80 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  const id = bytes.toString('hex');
  if (idCache.size >= ID_CACHE_SIZE) idCache.clear();
  idCache.set(key, id);
  return id;
}
