/** Signed calls of a wallet to the hub, as its `pspId`. */
import { callHubAs, type HubAnswer, type HubCall } from '../base/call-hub.ts';
import { walletKey } from './keys.ts';
import type { Wallet } from './wallet.ts';
import type { Wallets } from './wallets.ts';

export async function callHub({ store }: Wallets, wallet: Wallet, request: HubCall): Promise<HubAnswer> {
  const key = await walletKey(store, wallet.walletId);
  return callHubAs(store, { clientId: wallet.pspId, key }, request);
}
