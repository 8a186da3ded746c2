/**
 * A wallet is data: the list that comes with the sandbox, and what an admin added since, which is kept. Nothing in the code
 * knows a wallet by name.
 */
import { readFileSync } from 'node:fs';
import { isCountry } from '../../src/base/country.ts';
import { type Currency, isCurrency } from '../../src/base/currency.ts';
import { ok, type Refusal, type Result, refuse } from '../../src/base/result.ts';
import type { Store } from '../base/store.ts';

export const MODES = ['cashier', 'autoDebit', 'userPresented', 'merchantPresented'] as const;
export type Mode = (typeof MODES)[number];

export interface Limit {
  /** Who set it, as a person reads it. */
  readonly setBy: string;
  readonly per: 'payment' | 'year';
  readonly kind: 'min' | 'max';
  /** Minor units of the wallet's currency. */
  readonly amount: bigint;
}

export interface Wallet {
  readonly walletId: string;
  readonly name: string;
  readonly brandCode: string;
  readonly pspId: string;
  readonly country: string;
  readonly currency: Currency;
  /** How amounts are written on the phone, BCP 47. */
  readonly locale: string;
  /** `#rrggbb`. */
  readonly colour: string;
  readonly modes: readonly Mode[];
  readonly limits: readonly Limit[];
  /** Charged to the person on top, in hundredths of a percent. */
  readonly feeBasisPoints: bigint;
  /** Minor units that a new account has. */
  readonly startBalance: bigint;
}

export interface WalletList {
  all(): readonly Wallet[];
  find(walletId: string): Wallet | null;
  add(content: unknown): Result<Wallet, Refusal<'invalid_wallet' | 'wallet_exists'>>;
}

const LIST = new URL('./wallets.json', import.meta.url);

export function openWalletList(store: Store): WalletList {
  const delivered: unknown = JSON.parse(readFileSync(LIST, 'utf8'));
  const added = store.all<{ content: string }>('select content from added_wallet order by rowid');
  const wallets = new Map<string, Wallet>();
  for (const content of [...(delivered as unknown[]), ...added.map((row): unknown => JSON.parse(row.content))]) {
    const read = readWallet(content);
    if (!read.ok) throw new Error(`${LIST.pathname}: ${read.error.detail}`);
    wallets.set(read.value.walletId, read.value);
  }
  return {
    all: () => [...wallets.values()],
    find: (walletId) => wallets.get(walletId) ?? null,
    add: (content) => {
      const read = readWallet(content);
      if (!read.ok) return read;
      const { walletId, pspId } = read.value;
      if ([...wallets.values()].some((other) => other.walletId === walletId || other.pspId === pspId))
        return refuse('wallet_exists', 'a wallet has this walletId or pspId already');
      store.run('insert into added_wallet (wallet_id, content) values (?, ?)', walletId, JSON.stringify(content));
      wallets.set(walletId, read.value);
      return read;
    },
  };
}

/** The first field that is wrong is told. */
export function readWallet(content: unknown): Result<Wallet, Refusal<'invalid_wallet'>> {
  const fields: Record<string, unknown> = typeof content === 'object' && content !== null ? { ...content } : {};
  const { walletId, name, brandCode, pspId, country, currency, locale, colour } = fields;
  const { modes, limits = [], feeBasisPoints = 0, startBalance } = fields;
  const wrong = (detail: string) => refuse('invalid_wallet', detail);
  if (!isText(walletId, /^[a-z0-9-]{2,40}$/)) return wrong('walletId must be 2 to 40 of a-z, 0-9 and -');
  if (!isText(name, /^.{1,60}$/u)) return wrong('name must have 1 to 60 characters');
  if (!isText(brandCode, /^[A-Z0-9_]{2,40}$/)) return wrong('brandCode must be capitals, digits and _');
  if (!isText(pspId, /^[A-Za-z0-9]{8,64}$/)) return wrong('pspId must be 8 to 64 letters and digits');
  if (typeof country !== 'string' || !isCountry(country)) return wrong('country must be of ISO 3166');
  if (!isCurrency(currency)) return wrong('currency must be of ISO 4217');
  if (!isText(locale, /^[a-z]{2}(-[A-Z]{2})?$/)) return wrong('locale must be such as ms-MY');
  if (!isText(colour, /^#[0-9a-f]{6}$/)) return wrong('colour must be such as #0a7c6b');
  if (!Array.isArray(modes) || modes.length === 0) return wrong(`modes must list some of ${MODES.join(', ')}`);
  const known = MODES.filter((mode) => modes.includes(mode));
  if (known.length !== modes.length) return wrong(`modes must list some of ${MODES.join(', ')}`);
  const read = Array.isArray(limits) ? limits.map(readLimit) : [null];
  if (read.includes(null)) return wrong('limits must list {setBy, per: payment|year, kind: min|max, amount}');
  const fee = Number(feeBasisPoints);
  if (!Number.isInteger(fee) || fee < 0 || fee > 2_000) return wrong('feeBasisPoints must be 0 to 2000');
  if (!isText(startBalance, /^\d{1,15}$/)) return wrong('startBalance must be minor units as text');
  return ok({
    ...{ walletId, name, brandCode, pspId, country, currency, locale, colour, modes: known },
    limits: read.filter((limit) => limit !== null),
    feeBasisPoints: BigInt(fee),
    startBalance: BigInt(startBalance),
  });
}

function readLimit(content: unknown): Limit | null {
  const { setBy, per, kind, amount } = (content ?? {}) as Record<string, unknown>;
  if (!isText(setBy, /^.{1,60}$/u) || !isText(amount, /^[1-9]\d{0,15}$/)) return null;
  if ((per !== 'payment' && per !== 'year') || (kind !== 'min' && kind !== 'max')) return null;
  return { setBy, per, kind, amount: BigInt(amount) };
}

const isText = (value: unknown, form: RegExp): value is string => typeof value === 'string' && form.test(value);
