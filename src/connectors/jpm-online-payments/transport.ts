/**
 * How one request travels: headers, bearer token, the one retry after 401, and the vault in between for requests that
 * need a card number. It says what ended on the way (`ended`) apart from what the network answered (`answered`).
 *
 * Invariant: a request is sent a second time only after 401, which the network gives before it does anything.
 */
import type { AcquirerAnswer, CardOwner } from '../ports/card-acquirer.ts';
import { NetworkFault, type NetworkHttp, type NetworkRequest, type NetworkResponse } from '../ports/network-http.ts';
import type { JpmOnlinePaymentsSettings } from './settings.ts';
import type { TokenSource } from './token.ts';

/** Cause of `unknown` when nothing can have reached the network: no connection, or no access token. */
export const NOT_REACHED = 'not_reached';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  readonly purpose: string;
  readonly reference?: string;
  /** `request-id` header, ≤ 40 characters. */
  readonly requestId?: string;
  readonly accept?: string;
  readonly body?: string;
}

/** A card in the vault, and by what right it is used. */
export interface CardUse {
  readonly cardToken: string;
  /** The use that a single-use token is bound to; the operation itself when absent. */
  readonly use?: string;
  readonly cardOwner?: CardOwner;
}

type EndedEarly = Extract<AcquirerAnswer, { outcome: 'declined' | 'unknown' }>;

export type Sent =
  | { readonly kind: 'answered'; readonly response: NetworkResponse }
  | { readonly kind: 'ended'; readonly answer: EndedEarly };

export interface Transport {
  direct(call: Call): Promise<Sent>;
  /** The vault replaces the card placeholders of the body and sends the request on; its answer is the network's. */
  throughVault(card: CardUse, call: Call): Promise<Sent>;
  /** For files: any complete response. @throws NetworkFault */
  fetch(call: Call): Promise<NetworkResponse>;
}

/** The longest wait that the vault takes an order for. */
const VAULT_TIMEOUT_MAX_MS = 120_000;

/** Refusals of the vault that say by themselves that nothing left it. */
const VAULT_REFUSALS: ReadonlySet<string> = new Set([
  'unknown_token',
  'token_used',
  'token_expired',
  'host_not_allowed',
  'bad_request',
  'unauthorized',
  'vault_fault',
]);

export function createTransport(
  deps: { readonly http: NetworkHttp; readonly settings: JpmOnlinePaymentsSettings },
  tokens: TokenSource,
): Transport {
  const { http, settings } = deps;
  const timeoutMs = settings.timeoutMs;

  const authorized = async (build: (bearer: string) => NetworkRequest): Promise<NetworkResponse> => {
    const first = await tokens.get();
    const response = await http.send(build(first));
    if (response.status !== 401 || vaultError(response) !== undefined) return response;
    tokens.forget(first);
    return http.send(build(await tokens.get()));
  };

  const fetch = (call: Call): Promise<NetworkResponse> =>
    authorized((bearer) => ({
      method: call.method,
      url: call.url,
      headers: networkHeaders(settings, call, bearer),
      ...logged(call),
      ...(call.body === undefined ? {} : { body: call.body }),
      timeoutMs,
    }));

  const throughVault = ({ cardToken, use, cardOwner }: CardUse, call: Call): Promise<NetworkResponse> =>
    authorized((bearer) => ({
      method: 'POST',
      url: settings.vaultForwardUrl,
      headers: {
        authorization: `Bearer ${settings.vaultSecret}`,
        'content-type': 'application/json',
        // When we stop waiting the vault must not go on: what arrives later than the inquiry would be charged unseen.
        'x-timeout-ms': String(Math.min(timeoutMs, VAULT_TIMEOUT_MAX_MS)),
      },
      body: JSON.stringify({
        token: cardToken,
        ...(use === undefined ? {} : { operation: use }),
        ...cardOwner,
        url: call.url,
        method: call.method,
        headers: networkHeaders(settings, call, bearer),
        body: call.body ?? '',
      }),
      ...logged(call),
      timeoutMs,
    }));

  return {
    fetch,
    direct: (call) => outcomeOf(fetch(call)),
    throughVault: (card, call) => outcomeOf(throughVault(card, call)),
  };
}

const logged = (call: Call): Pick<NetworkRequest, 'purpose' | 'reference'> => ({
  purpose: call.purpose,
  ...(call.reference === undefined ? {} : { reference: call.reference }),
});

function networkHeaders(settings: JpmOnlinePaymentsSettings, call: Call, bearer: string): Record<string, string> {
  return {
    authorization: `Bearer ${bearer}`,
    accept: call.accept ?? 'application/json',
    'merchant-id': settings.merchantId,
    ...(call.requestId === undefined ? {} : { 'request-id': call.requestId }),
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
  };
}

async function outcomeOf(sending: Promise<NetworkResponse>): Promise<Sent> {
  try {
    const response = await sending;
    const refusal = vaultError(response);
    return refusal === undefined ? { kind: 'answered', response } : { kind: 'ended', answer: vaultAnswer(refusal) };
  } catch (fault) {
    if (!(fault instanceof NetworkFault)) throw fault;
    const cause = fault.reached === 'no' ? NOT_REACHED : fault.message || 'no_answer';
    return { kind: 'ended', answer: { outcome: 'unknown', cause } };
  }
}

const vaultError = (response: NetworkResponse): string | undefined => header(response, 'x-vault-error');

/** A header of a response, whatever the case of its name. `name` in lower case. */
export const header = (response: NetworkResponse, name: string): string | undefined =>
  Object.entries(response.headers).find(([key]) => key.toLowerCase() === name)?.[1];

function vaultAnswer(code: string): EndedEarly {
  if (code === 'network_unreachable') return { outcome: 'unknown', cause: NOT_REACHED };
  return VAULT_REFUSALS.has(code)
    ? { outcome: 'declined', code, message: 'refused by the card vault; nothing was sent', class: 'refused' }
    : { outcome: 'unknown', cause: `vault:${code}` };
}
