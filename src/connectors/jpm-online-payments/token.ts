/**
 * OAuth 2 client credentials with private_key_jwt (RFC 7523). One token is kept until 60 s before it
 * expires, by wall time, for business time may run ahead of it in the sandbox; callers who come together share one mint.
 * Any failure to get a token is a NetworkFault that reached nobody: without a token no operation was sent.
 */
import { type JWK, SignJWT } from 'jose';
import { wallNow } from '../../base/clock.ts';
import { randomBytes } from '../../base/random.ts';
import { NetworkFault, type NetworkHttp } from '../ports/network-http.ts';
import { integer, parseObject, text } from './lenient-json.ts';
import type { JpmOnlinePaymentsSettings } from './settings.ts';

export interface TokenSource {
  /** @throws NetworkFault with reached 'no' */
  get(): Promise<string>;
  /** The network refused this token; the next `get` mints, unless somebody has done so already. */
  forget(token: string): void;
}

interface Minted {
  readonly token: string;
  readonly staleAtMs: number;
}

const MARGIN_MS = 60_000;
const ASSERTION_LIFE_S = 300;

export function createTokenSource(
  deps: { readonly http: NetworkHttp; readonly settings: JpmOnlinePaymentsSettings },
  nowMs: () => number = wallNow,
): TokenSource {
  let current: Minted | undefined;
  let minting: Promise<Minted> | undefined;

  const mintOnce = (): Promise<Minted> => {
    minting ??= mint(deps, nowMs).finally(() => {
      minting = undefined;
    });
    return minting;
  };

  return {
    async get() {
      if (current === undefined || nowMs() >= current.staleAtMs) current = await mintOnce();
      return current.token;
    },
    forget(token) {
      if (current?.token === token) current = undefined;
    },
  };
}

async function mint(
  { http, settings }: { readonly http: NetworkHttp; readonly settings: JpmOnlinePaymentsSettings },
  nowMs: () => number,
): Promise<Minted> {
  const askedAtMs = nowMs();
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: settings.clientId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await assertion(settings, askedAtMs),
    ...(settings.resource === undefined ? {} : { resource: settings.resource }),
  });
  const response = await http
    .send({
      method: 'POST',
      url: settings.tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: form.toString(),
      timeoutMs: settings.timeoutMs,
      purpose: 'mint_token',
    })
    .catch((error: unknown) => {
      throw error instanceof NetworkFault ? new NetworkFault('no access token: no answer', 'no', error) : error;
    });
  const answer = parseObject(response.body);
  const token = answer === undefined ? undefined : text(answer.access_token);
  if (response.status !== 200 || answer === undefined || token === undefined) {
    throw new NetworkFault(`no access token: HTTP ${response.status}`, 'no');
  }
  // A token without a stated life is used once.
  const lifeS = integer(answer.expires_in) ?? 0n;
  return { token, staleAtMs: askedAtMs + Number(lifeS) * 1000 - MARGIN_MS };
}

async function assertion(settings: JpmOnlinePaymentsSettings, nowMs: number): Promise<string> {
  const nowS = Math.floor(nowMs / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(settings.keyId === undefined ? {} : { kid: settings.keyId }) })
    .setIssuer(settings.clientId)
    .setSubject(settings.clientId)
    .setAudience(settings.tokenUrl)
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + ASSERTION_LIFE_S)
    .setJti(randomBytes(16).toString('hex'))
    .sign(signingKey(settings.privateKey));
}

/** jose wants `alg` on a JWK; the network's algorithm is fixed. */
const signingKey = (key: JpmOnlinePaymentsSettings['privateKey']): Parameters<SignJWT['sign']>[0] =>
  'kty' in key ? ({ ...key, alg: 'RS256' } as JWK) : key;
