/** The acquirers' own keys: which table they are in. The hub's are where every network keeps them. */
import { type KeyTable, latestKey, nextKey, type OwnKey } from '../base/exchange-keys.ts';
import type { Store } from '../base/store.ts';

export const ACQUIRER_KEYS: KeyTable = { table: 'acquirer_key', owner: 'acquirer_id' };

export const acquirerKey = (store: Store, acquirerId: string): Promise<OwnKey> =>
  latestKey(store, ACQUIRER_KEYS, acquirerId);
export const rotateKey = (store: Store, acquirerId: string): Promise<OwnKey> =>
  nextKey(store, ACQUIRER_KEYS, acquirerId);
