/**
 * The card vault over HTTP (docs/vault.md). Only what the vault says in so many words is an answer; anything else is a fault,
 * and what is asked here may be asked again.
 */
import { Fault } from '../base/fault.ts';
import type { CardOwner } from '../connectors/ports/card-acquirer.ts';
import type { CardFacts, CardVault, StoredCard } from '../connectors/ports/card-vault.ts';
import type { NetworkHttp, NetworkRequest, NetworkResponse } from '../connectors/ports/network-http.ts';
import { gatherFacts } from './token-facts.ts';

export interface VaultClientDeps {
  readonly http: NetworkHttp;
  /** Without a trailing slash. */
  readonly url: string;
  readonly secret: string;
}

const TIMEOUT_MS = 5000;
/** Refusals that asking again does not change. */
const NEVER_STORED: ReadonlySet<string> = new Set(['unknown_token', 'token_expired', 'not_storable']);

export function createVaultClient({ http, url, secret }: VaultClientDeps): CardVault {
  const authorization = `Bearer ${secret}`;
  const call = (
    request: Pick<NetworkRequest, 'method' | 'purpose' | 'body'> & { readonly path: string },
  ): Promise<NetworkResponse> => {
    const { path, ...rest } = request;
    const type = rest.body === undefined ? {} : { 'content-type': 'application/json' };
    return http.send({ ...rest, url: `${url}${path}`, headers: { authorization, ...type }, timeoutMs: TIMEOUT_MS });
  };
  const describe = gatherFacts(async (tokens) => {
    const body = JSON.stringify({ tokens });
    const response = await call({ method: 'POST', purpose: 'describe_tokens', path: '/v1/tokens/facts', body });
    return response.status === 200
      ? (jsonOf(response) as { readonly cards: readonly CardFacts[] })
      : unavailable(response);
  });
  return {
    describe: async (token, owner) => {
      if (owner === undefined) return describe(token);
      const path = `/v1/tokens/${token}?${ownerQuery(owner)}`;
      const response = await call({ method: 'GET', purpose: 'describe_token', path });
      if (response.status === 404) return null;
      return response.status === 200 ? (jsonOf(response) as CardFacts) : unavailable(response);
    },
    store: async ({ token, marketplace, buyer, agreement }) => {
      const body = JSON.stringify({ token, marketplace, buyer, agreement });
      const response = await call({ method: 'POST', purpose: 'store_card', path: '/v1/cards', body });
      if (response.status === 201) return { outcome: 'stored', card: storedCard(jsonOf(response)) };
      const code = response.status < 500 ? codeOf(response) : '';
      return NEVER_STORED.has(code) ? { outcome: 'refused', code } : unavailable(response);
    },
    list: async (owner) => {
      const response = await call({ method: 'GET', purpose: 'list_cards', path: `/v1/cards?${ownerQuery(owner)}` });
      if (response.status !== 200) return unavailable(response);
      return (jsonOf(response) as { readonly cards: readonly unknown[] }).cards.map(storedCard);
    },
    remove: async (token, owner) => {
      const path = `/v1/cards/${token}?${ownerQuery(owner)}`;
      const response = await call({ method: 'DELETE', purpose: 'delete_card', path });
      if (response.status === 204) return true;
      return response.status === 404 && codeOf(response) === 'unknown_token' ? false : unavailable(response);
    },
  };
}

const ownerQuery = ({ marketplace, buyer }: CardOwner): string =>
  new URLSearchParams({ marketplace, buyer }).toString();

/** The vault's words, which we trust: it is our own. */
function storedCard(facts: unknown): StoredCard {
  const { token, marketplace, brand, last4, expiryMonth, expiryYear, fingerprint, storedFor } = facts as StoredCard & {
    readonly storedFor: { readonly agreement: string };
  };
  const { agreement } = storedFor;
  return { token, marketplace, brand, last4, expiryMonth, expiryYear, fingerprint, agreement };
}

const jsonOf = ({ body }: NetworkResponse): unknown => JSON.parse(Buffer.from(body).toString('utf8'));

function codeOf(response: NetworkResponse): string {
  try {
    return String((jsonOf(response) as { readonly code?: unknown }).code);
  } catch {
    return '';
  }
}

function unavailable({ status }: NetworkResponse): never {
  throw new Fault('unavailable', `the vault answered ${status}`, { retryable: true });
}
