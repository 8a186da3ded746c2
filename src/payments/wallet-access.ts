/** What payments by wallet work with, wired in main; and the wallets that take part, as data. */
import { Fault } from '../base/fault.ts';
import type { Id } from '../base/ids.ts';
import type { WalletNetwork, WalletTarget } from '../connectors/ports/wallet.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow } from '../db/state-table.ts';
import type { FxDeps } from '../fx/index.ts';
import { type Participant, participants, type WalletRole } from '../parties/index.ts';

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

export type Wallet = Participant & { readonly wallet: WalletRole };

const isWallet = (row: Participant): row is Wallet => row.wallet !== null;

/** By our short name or by its brand code; suspended ones too. */
export async function findWallet(db: Queryable, name: string): Promise<Wallet | null> {
  const found = await findRows(db, participants, "wallet = $1 or data #>> '{wallet,brandCode}' = $1", [name]);
  return found.find(isWallet) ?? null;
}

/** The wallet of a payment: rows are never deleted. */
export async function walletById(db: Queryable, id: Id<'ptc'>): Promise<Wallet> {
  const row = await loadRow(db, participants, id);
  if (row === null || !isWallet(row)) throw new Error(`wallet ${id} is missing`);
  return row;
}

/** Active wallets of people of a country, by name. */
export async function walletsOfCountry(db: Queryable, country: string): Promise<readonly Wallet[]> {
  const found = await findRows(
    db,
    participants,
    "state = 'active' and wallet is not null and data #>> '{wallet,country}' = $1 order by data ->> 'name'",
    [country],
  );
  return found.filter(isWallet);
}

export const targetOf = ({ participantId, wallet, keys }: Wallet): WalletTarget => ({
  participantId,
  endpoint: wallet.endpoint,
  keys: keys.filter(({ state }) => state === 'active').map(({ version, publicKey }) => ({ version, publicKey })),
});
