/**
 * Wiring of orders paid by home wallets: the connector for all wallets, each over a line of its own, and what tokens are sealed
 * with. Without a key to sign with there is no connector, and no wallet is offered.
 */
import { hkdfSync, type KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import { createApsWallet } from '../connectors/aps-wallet/index.ts';
import type { Pool } from '../db/pool.ts';
import type { FxDeps } from '../fx/index.ts';
import type { WalletAccess } from '../payments/index.ts';
import { connectEach } from './connect-each.ts';
import { type Introduce, introduced } from './sandbox-wallets.ts';
import type { Secrets } from './secrets.ts';

/** By this name wallets know the shops of marketplaces here; other acquirers have names of their own. */
const OWN_ACQUIRER = 'CAUSEWAY';
/** Of one exchange. A buyer waits for the page of the wallet. Wall-clock milliseconds. */
const TIMEOUT_MS = 7000;
const KEY_VERSION = '1';

interface Installation {
  readonly gatewayKey: KeyObject | null;
  readonly publicUrl: string;
  readonly secrets: Secrets;
  readonly introduce: Introduce;
  readonly db: Pool;
  readonly log: Logger;
}

export function walletAccess(input: Installation, fx: FxDeps): WalletAccess {
  const { gatewayKey: privateKey, publicUrl, secrets, introduce } = input;
  const lines = { http: connectEach(input, 'wallet'), timeoutMs: TIMEOUT_MS };
  return {
    network:
      privateKey === null
        ? null
        : introduced(createApsWallet({ ...lines, own: { privateKey, version: KEY_VERSION } }), fx, introduce),
    fx,
    acquirer: OWN_ACQUIRER,
    notifyUrl: new URL('/aps/api/v1/payments/notifyPayment', publicUrl).href,
    secret: new Uint8Array(hkdfSync('sha256', secrets.vaultSecret, '', 'causeway wallet agreements', 32)),
  };
}
