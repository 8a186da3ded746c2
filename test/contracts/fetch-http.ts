/**
 * A connector's line to a network in another process, for contract tests: the exchanges of src/network-log without its
 * log, and a stand-in of the vault that fills in the card of a token and sends the request on.
 */
import {
  NetworkFault,
  type NetworkHttp,
  type NetworkRequest,
  type NetworkResponse,
} from '../../src/connectors/ports/network-http.ts';

export interface StandInVault {
  readonly vaultUrl: string;
  /** By token. */
  readonly cards: ReadonlyMap<string, StandInCard>;
}

export interface StandInCard {
  readonly number: string;
  readonly cvv: string;
  readonly expiryYear: number;
}

export const fetchHttp = (vault: StandInVault): NetworkHttp => ({
  send: (request) => exchange(request.url === vault.vaultUrl ? forwarded(request, vault.cards) : request),
});

interface Forward {
  readonly token: string;
  readonly url: string;
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function forwarded(request: NetworkRequest, cards: StandInVault['cards']): NetworkRequest {
  const forward = JSON.parse(String(request.body)) as Forward; // written by the connector under test
  const card = cards.get(forward.token);
  if (card === undefined) throw new Error(`no card of token ${forward.token}`);
  const body = forward.body
    .replaceAll('"{{card_number}}"', `"${card.number}"`)
    .replaceAll('"{{cvv}}"', `"${card.cvv}"`)
    .replaceAll('"{{expiry_month}}"', '12')
    .replaceAll('"{{expiry_year}}"', String(card.expiryYear));
  return { ...request, url: forward.url, method: forward.method, headers: forward.headers, body };
}

async function exchange(request: NetworkRequest): Promise<NetworkResponse> {
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: { ...request.headers },
      signal: AbortSignal.timeout(request.timeoutMs),
      ...(request.body === undefined ? {} : { body: String(request.body) }),
    });
    const body = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, headers: Object.fromEntries(response.headers), body };
  } catch (error) {
    const refused = (error as { cause?: { code?: string } }).cause?.code === 'ECONNREFUSED';
    throw new NetworkFault(`${request.purpose}: no answer`, refused ? 'no' : 'maybe', error);
  }
}
