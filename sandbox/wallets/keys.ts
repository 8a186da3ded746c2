/** The wallets' own keys: which table they are in. The hub's are where every network keeps them. */
import { type KeyTable, latestKey, nextKey, type OwnKey } from '../base/exchange-keys.ts';
import type { Store } from '../base/store.ts';

export const WALLET_KEYS: KeyTable = { table: 'wallet_key', owner: 'wallet_id' };

export const walletKey = (store: Store, walletId: string): Promise<OwnKey> => latestKey(store, WALLET_KEYS, walletId);
export const rotateKey = (store: Store, walletId: string): Promise<OwnKey> => nextKey(store, WALLET_KEYS, walletId);
