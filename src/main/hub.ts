/**
 * Wiring of the hub: one connector for all wallets and one for all acquirers, each of which has a line of its own. Without a key to
 * sign with nobody can be spoken to, so nothing is asked and what becomes of it stays unknown.
 */

import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import { whyNotTell } from '../api/ams/notify-address.ts';
import type { HubGateway } from '../api/app.ts';
import { notificationBody } from '../api/aps/views.ts';
import type { Clock } from '../base/clock.ts';
import { createApsAcquirer } from '../connectors/aps-acquirer/index.ts';
import { createApsWallet } from '../connectors/aps-wallet/index.ts';
import type { ShopAcquirer } from '../connectors/ports/shop-acquirer.ts';
import type { WalletNetwork } from '../connectors/ports/wallet.ts';
import type { Pool } from '../db/pool.ts';
import type { RegistryDeps } from '../parties/index.ts';
import { campaignDiscounts, type HubDeps } from '../wallets/index.ts';
import { connectEach } from './connect-each.ts';
import { type Introduce, introduced } from './sandbox-wallets.ts';

/** Below the seconds after which an acquirer is told that its payment is in process. */
const TIMEOUT_MS = 7000;
const KEY_VERSION = '1';

export interface HubInput {
  readonly db: Pool;
  readonly log: Logger;
  readonly clock: Clock;
  /** Where browsers and participants reach this installation. */
  readonly publicUrl: string;
  /** Signs what we ask; null when this installation has none. */
  readonly gatewayKey: KeyObject | null;
  /** Whether participants may be on this machine. */
  readonly sandbox: boolean;
  /** Makes a participant known of whom no key is known yet. */
  readonly introduce: Introduce;
}

export function connectHub(
  input: HubInput,
  own: Pick<HubDeps, 'journal' | 'clock' | 'fx' | 'orderCodes' | 'codeDomain'>,
): HubGateway {
  const { publicUrl, sandbox } = input;
  const deps: HubDeps = {
    ...own,
    ...networksOf(input, own),
    discounts: campaignDiscounts(input.db),
    notificationBody,
    walletNotifyUrl: new URL('/aps/api/v1/payments/notifyPayment', publicUrl).href,
    calling: new Set(),
  };
  const told = sandbox ? deps.acquirers : toPublicAddresses(deps.acquirers);
  return { deps: { ...deps, acquirers: told }, noticeTakers: [] };
}

function networksOf(input: HubInput, registry: RegistryDeps): Pick<HubDeps, 'wallets' | 'acquirers'> {
  const { gatewayKey: privateKey, clock, introduce } = input;
  if (privateKey === null) return { wallets: NO_WALLETS, acquirers: NO_ACQUIRERS };
  const own = { privateKey, version: KEY_VERSION };
  const wallets = createApsWallet({ http: connectEach(input, 'wallet'), own, timeoutMs: TIMEOUT_MS });
  return {
    wallets: introduced(wallets, registry, introduce),
    acquirers: createApsAcquirer({
      http: connectEach(input, 'shop-acquirer'),
      own,
      now: () => clock.now(),
      timeoutMs: TIMEOUT_MS,
    }),
  };
}

/** In production a request must not make the hub knock at its own neighbours. */
const toPublicAddresses = (acquirers: ShopAcquirer): ShopAcquirer => ({
  ...acquirers,
  notify: async (target, message) => (await whyNotTell(message.url)) ?? acquirers.notify(target, message),
});

const UNASKED = { outcome: 'unknown', cause: 'this installation has no key to sign with' } as const;
const unasked = async (): Promise<typeof UNASKED> => UNASKED;
const untold = async (): Promise<string> => UNASKED.cause;

const NO_WALLETS: WalletNetwork = {
  ...{ pay: unasked, inquire: unasked, cancel: unasked, refund: unasked },
  ...{ applyToken: unasked, refreshToken: unasked, cancelToken: unasked, notifyDispute: untold },
};

const NO_ACQUIRERS: ShopAcquirer = { notify: untold, decode: unasked, inquirePush: unasked, openDispute: untold };
