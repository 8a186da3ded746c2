/** What payments by wallet work with, wired in main; and the wallets that take part, as data. */
import { Fault } from '../base/fault.ts';
import type { Id } from '../base/ids.ts';
import type { WalletNetwork } from '../connectors/ports/wallet.ts';
import type { Queryable } from '../db/pool.ts';
import type { FxDeps } from '../fx/index.ts';
import {
  findParticipant,
  findWallet,
  findWalletByBrand,
  isWallet,
  listWallets,
  type WalletParticipant,
} from '../parties/index.ts';

export interface WalletAccess {
  /** Null where this installation has no key to sign with: no wallet is offered then. */
  readonly network: WalletNetwork | null;
  readonly fx: FxDeps;
  /** `acquirerId`: by what name wallets know the shops of this platform. */
  readonly acquirer: string;
  /** Where wallets say that something changed. */
  readonly notifyUrl: string;
  /** Of the installation; tokens of agreements are sealed with it. */
  readonly secret: Uint8Array;
}

/** @throws Fault while the installation has no key: what is open at a wallet waits until it has one. */
export function networkOf({ network }: WalletAccess): WalletNetwork {
  if (network !== null) return network;
  throw new Fault('no_wallet_network', 'there is no key to sign messages to wallets with', { retryable: true });
}

/** By our short name or by its brand code; suspended ones too. */
export const walletNamed = async (db: Queryable, name: string): Promise<WalletParticipant | null> =>
  (await findWallet(db, name)) ?? (await findWalletByBrand(db, name));

/** The wallet of a payment: rows are never deleted. */
export async function walletById(db: Queryable, id: Id<'ptc'>): Promise<WalletParticipant> {
  const row = await findParticipant(db, id);
  if (row === null || !isWallet(row)) throw new Error(`wallet ${id} is missing`);
  return row;
}

/** Active wallets of people of a country, by name. */
export const walletsOfCountry = async (db: Queryable, country: string): Promise<readonly WalletParticipant[]> =>
  (await listWallets(db)).filter(({ state, wallet }) => state === 'active' && wallet.country === country);
