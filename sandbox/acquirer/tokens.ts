/**
 * OAuth 2 client credentials with a signed assertion instead of a secret (RFC 7523 §2.2; RFC 7519). Assertions are RS256,
 * name this token endpoint as audience and work once. Freshness is wall time: business time may be a year ahead.
 */
import { importJWK, type JWK, jwtVerify } from 'jose';
import { wallNow } from '../../src/base/clock.ts';
import { randomSecret } from '../../src/base/random.ts';
import { bodyObject, header, json, problem, type Reply, type Request } from '../base/http-server.ts';
import type { Store } from '../base/store.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const TOKEN_SECONDS = 3_600;

/** POST /oauth2/token */
export async function issueToken(store: Store, request: Request): Promise<Reply> {
  const form = new URLSearchParams(request.body.toString('utf8'));
  if (form.get('grant_type') !== 'client_credentials')
    return refused('unsupported_grant_type', 'client_credentials only');
  if (form.get('client_assertion_type') !== ASSERTION_TYPE) return refused('invalid_request', 'client_assertion_type');
  const clientId = form.get('client_id') ?? '';
  const client = store.first<{ public_jwk: string }>('select public_jwk from client where id = ?', clientId);
  if (client === null) return refused('invalid_client', 'unknown client');
  const jwk: JWK = JSON.parse(client.public_jwk);
  const audience = `http://${header(request, 'host')}/oauth2/token`;
  const why = await checkAssertion(store, { assertion: form.get('client_assertion') ?? '', jwk, clientId, audience });
  if (why !== null) return refused('invalid_client', why);
  const token = randomSecret(32);
  const expires = wallNow() + TOKEN_SECONDS * 1_000;
  store.run('insert into access_token values (?, ?, ?)', token, clientId, expires);
  return json(200, { access_token: token, expires_in: TOKEN_SECONDS, token_type: 'Bearer' });
}

/** Whether the request carries a live token. */
export function hasToken(store: Store, request: Request): boolean {
  const [scheme, token] = header(request, 'authorization').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined) return false;
  const row = store.first<{ expires_wall_ms: bigint }>(
    'select expires_wall_ms from access_token where token = ?',
    token,
  );
  return row !== null && Number(row.expires_wall_ms) > wallNow();
}

/** POST /_sandbox/clients {clientId, publicJwk} */
export function registerClient(store: Store, request: Request): Reply {
  const body = bodyObject(request);
  const clientId = body?.clientId;
  const publicJwk = body?.publicJwk;
  if (typeof clientId !== 'string' || clientId === '' || typeof publicJwk !== 'object' || publicJwk === null) {
    return problem(422, 'invalid_client', 'clientId and publicJwk are needed');
  }
  const upsert = 'insert into client values (?, ?) on conflict (id) do update set public_jwk = excluded.public_jwk';
  store.run(upsert, clientId, JSON.stringify(publicJwk));
  return { status: 204 };
}

interface AssertionCheck {
  readonly assertion: string;
  readonly jwk: JWK;
  readonly clientId: string;
  readonly audience: string;
}

/** Why the assertion is refused, or null. */
async function checkAssertion(store: Store, check: AssertionCheck): Promise<string | null> {
  const { assertion, jwk, clientId, audience } = check;
  try {
    const key = await importJWK(jwk, 'RS256');
    const options = {
      algorithms: ['RS256'],
      issuer: clientId,
      subject: clientId,
      audience,
      requiredClaims: ['exp', 'jti'],
    };
    const { payload } = await jwtVerify(assertion, key, options);
    const used = 'insert into used_assertion values (?, ?) on conflict (jti) do nothing';
    const fresh = store.run(used, String(payload.jti), (payload.exp ?? 0) * 1_000);
    return fresh === 1 ? null : 'assertion was used before';
  } catch (cause) {
    return cause instanceof Error ? cause.message : 'assertion cannot be read';
  }
}

const refused = (error: string, description: string): Reply => json(400, { error, error_description: description });
