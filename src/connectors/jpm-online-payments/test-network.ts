/**
 * Test support: a network in memory that keeps requests and answers from a script, and settings that fit it. What it gets
 * counts among the bodies that a whole test run sends.
 */
import { generateKeyPairSync } from 'node:crypto';
import { recordBody } from '../../../test/support/body-record.ts';
import type { NetworkHttp, NetworkRequest, NetworkResponse } from '../ports/network-http.ts';
import type { JpmOnlinePaymentsSettings } from './settings.ts';

export const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const SETTINGS: JpmOnlinePaymentsSettings = {
  baseUrl: 'http://acquirer.test/api/v2',
  tokenUrl: 'http://acquirer.test/oauth2/token',
  reportsUrl: 'http://acquirer.test/reports',
  merchantId: '998482157630',
  clientId: 'causeway-client',
  privateKey: KEYS.privateKey,
  vaultForwardUrl: 'http://vault.test/forward',
  vaultSecret: 'vault-secret',
  timeoutMs: 1234,
  softwareCompany: 'Causeway',
  softwareName: 'Causeway',
  softwareVersion: '0.1.0',
};

export const answer = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): NetworkResponse => ({
  status,
  headers,
  body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
});

type Reply = NetworkResponse | Error | ((request: NetworkRequest) => NetworkResponse | Promise<NetworkResponse>);

export interface TestNetwork extends NetworkHttp {
  readonly requests: NetworkRequest[];
  /** Requests other than those for a token. */
  operations(): NetworkRequest[];
}

/** Answers token requests by itself (token-1, token-2…) unless `mint` is given; everything else from `replies` in order. */
export function testNetwork(replies: readonly Reply[], mint?: Reply): TestNetwork {
  const requests: NetworkRequest[] = [];
  const queue = [...replies];
  let minted = 0;
  const defaultMint = (): NetworkResponse => {
    minted += 1;
    return answer(200, { access_token: `token-${minted}`, expires_in: 3600, token_type: 'Bearer' });
  };
  return {
    requests,
    operations: () => requests.filter(({ purpose }) => purpose !== 'mint_token'),
    async send(request) {
      requests.push(request);
      if (typeof request.body === 'string')
        recordBody({ method: request.method, url: request.url, body: request.body });
      const reply = request.purpose === 'mint_token' ? (mint ?? defaultMint) : queue.shift();
      if (reply === undefined) throw new Error(`no reply scripted for ${request.purpose}`);
      if (reply instanceof Error) throw reply;
      return typeof reply === 'function' ? reply(request) : reply;
    },
  };
}
