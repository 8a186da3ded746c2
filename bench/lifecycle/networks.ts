/**
 * The acquirer over HTTP with the real connector, for the rounds of the vault. A token of the vault is described and filled in
 * by the vault's process, as in production. The stub token is known to everybody, and its charge goes to the acquirer past
 * the vault, over the same connector, the same network log and the same HTTP: so the difference is the vault, and nothing
 * else.
 */
import { generateKeyPairSync } from 'node:crypto';
import pino from 'pino';
import { createJpmAuthentication, createJpmOnlinePayments } from '../../src/connectors/jpm-online-payments/index.ts';
import type { CardVault } from '../../src/connectors/ports/card-vault.ts';
import type { NetworkHttp } from '../../src/connectors/ports/network-http.ts';
import type { Pool } from '../../src/db/pool.ts';
import { createVaultClient } from '../../src/main/vault-client.ts';
import { createNetworkHttp } from '../../src/network-log/index.ts';
import type { CardAccount } from '../../src/parties/index.ts';
import type { PaymentDeps } from '../../src/payments/index.ts';
import { STUB_TOKEN } from './life.ts';
import { approvingAcquirer, knowingVault, noAuthentication } from './stubs.ts';

export type CardNetworks = Pick<CardAccount, 'acquirer' | 'authentication'> & Pick<PaymentDeps, 'vault'>;

/** Everything in the platform's own process. */
export const inProcess = (marketplace: string): CardNetworks => ({
  acquirer: approvingAcquirer(),
  authentication: noAuthentication,
  vault: knowingVault(marketplace),
});

/** Where the processes are. */
export interface NetworkAddresses {
  readonly acquirerUrl: string;
  readonly vaultUrl: string;
  readonly vaultSecret: string;
}

const TIMEOUT_MS = 70_000;

export function overHttp(
  { acquirerUrl, vaultUrl, vaultSecret }: NetworkAddresses,
  marketplace: string,
  db: Pool,
): CardNetworks {
  const out = pino({ level: 'warn' }, pino.destination(2));
  const log = (message: string, facts: Record<string, unknown>): void => out.warn(facts, message);
  const vaultForwardUrl = `${vaultUrl}/forward`;
  const http = createNetworkHttp({ network: 'acquirer', db, log });
  const jpm = {
    http: pastTheVault(http, vaultForwardUrl),
    settings: {
      baseUrl: `${acquirerUrl}/api/v2`,
      tokenUrl: `${acquirerUrl}/oauth2/token`,
      reportsUrl: `${acquirerUrl}/reports`,
      merchantId: '998482157630',
      clientId: 'bench',
      privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
      vaultForwardUrl,
      vaultSecret,
      timeoutMs: TIMEOUT_MS,
      softwareCompany: 'Causeway',
      softwareName: 'Causeway',
    },
  };
  return {
    acquirer: createJpmOnlinePayments(jpm),
    authentication: createJpmAuthentication(jpm),
    vault: knowingTheStub(
      createVaultClient({ http: createNetworkHttp({ network: 'vault', db, log }), url: vaultUrl, secret: vaultSecret }),
      marketplace,
    ),
  };
}

function knowingTheStub(real: CardVault, marketplace: string): CardVault {
  const stub = knowingVault(marketplace);
  return { ...real, describe: (token, owner) => (token === STUB_TOKEN ? stub : real).describe(token, owner) };
}

interface Forwarding {
  readonly token: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Both kinds of round pay for looking at the token. */
function pastTheVault(http: NetworkHttp, vaultForwardUrl: string): NetworkHttp {
  return {
    send: (request) => {
      if (request.url !== vaultForwardUrl) return http.send(request);
      const { token, url, headers, body } = JSON.parse(String(request.body)) as Forwarding;
      return http.send(token === STUB_TOKEN ? { ...request, url, headers, body } : request);
    },
  };
}
