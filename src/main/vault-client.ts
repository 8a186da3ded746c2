/**
 * The card vault over HTTP (docs/vault.md). Only what the vault says in so many words is an answer; anything else is a fault,
 * and what is asked here may be asked again.
 */
import { Fault } from '../base/fault.ts';
import type { CardVault } from '../connectors/ports/card-vault.ts';
import type { NetworkHttp } from '../connectors/ports/network-http.ts';
import { gatherFacts } from './token-facts.ts';

export interface VaultClientDeps {
  readonly http: NetworkHttp;
  /** Without a trailing slash. */
  readonly url: string;
  readonly secret: string;
}

const TIMEOUT_MS = 5000;

export function createVaultClient({ http, url, secret }: VaultClientDeps): CardVault {
  const authorization = `Bearer ${secret}`;
  const describe = gatherFacts(async (tokens) => {
    const { status, body } = await http.send({
      method: 'POST',
      url: `${url}/v1/tokens/facts`,
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ tokens }),
      timeoutMs: TIMEOUT_MS,
      purpose: 'describe_tokens',
    });
    if (status !== 200) throw new Fault('unavailable', `the vault answered ${status}`, { retryable: true });
    return JSON.parse(Buffer.from(body).toString('utf8'));
  });
  return { describe };
}
