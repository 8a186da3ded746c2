/**
 * Who calls: an API key as bearer token, or a console session in a cookie that stands for a key. Keys are stored hashed; a
 * session cookie is refused for changes unless the console's own header is there, which another site cannot send.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { instant, MS_PER_DAY, wallNow } from '../base/clock.ts';
import { type Id, idFromUuid, uuidOf } from '../base/ids.ts';
import { randomSecret } from '../base/random.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { Pool } from '../db/pool.ts';
import { loadRow } from '../db/state-table.ts';
import { type ApiKey, apiKeys, type Scope, secretHash } from '../parties/index.ts';
import type { App } from './app.ts';
import { keyMemoryOf } from './key-memory.ts';
import { type HttpRefusal, sendProblem } from './problems.ts';

export interface Caller {
  readonly key: ApiKey;
  /** Null for the operator, who sees every marketplace. */
  readonly marketplace: Id<'mkt'> | null;
  /** Owner of idempotency keys. */
  readonly client: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
  }
}

export const SESSION_COOKIE = 'causeway_session';
const SESSION_MS = MS_PER_DAY / 2;

/** Lets a caller with the scope through, before anything of the body is read. */
export function requires(
  app: App,
  scope: Scope,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined> {
  return async (request, reply) => {
    const caller = await identify(app, request);
    if (!caller.ok) return sendProblem(reply, caller.error);
    const { scopes } = caller.value.key;
    if (!scopes.includes(scope)) {
      return sendProblem(reply, { code: 'forbidden', detail: `this needs the scope ${scope}`, facts: { scope } });
    }
    request.caller = caller.value;
    return undefined;
  };
}

export async function identify(app: App, request: FastifyRequest): Promise<Result<Caller, HttpRefusal>> {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return callerOf(await keyMemoryOf(app.journal.db).find(bearer));
  const cookie = request.cookies[SESSION_COOKIE];
  if (cookie === undefined) return unauthenticated('send an API key as bearer token');
  if (request.method !== 'GET' && request.headers['x-causeway-console'] !== '1') {
    return unauthenticated('a change from the browser needs the console header');
  }
  return callerOf(await findSession(app.journal.db, cookie));
}

function callerOf(key: ApiKey | null): Result<Caller, HttpRefusal> {
  if (key === null || key.state !== 'active') return unauthenticated('the key or session is not valid');
  return ok({ key, marketplace: key.marketplace, client: key.marketplace ?? 'operator' });
}

const unauthenticated = (detail: string): Result<never, HttpRefusal> => refuse('unauthenticated', detail);

/** Opens a session for a key; the token goes into the cookie, its hash into the database. */
export async function openSession(db: Pool, key: ApiKey): Promise<{ token: string; maxAgeS: number }> {
  const token = randomSecret(32);
  await db.query('insert into sessions (token_hash, api_key, expires_at) values ($1, $2, $3)', [
    secretHash(token),
    uuidOf(key.id),
    instant(wallNow() + SESSION_MS),
  ]);
  return { token, maxAgeS: SESSION_MS / 1000 };
}

export async function closeSession(db: Pool, token: string): Promise<void> {
  await db.query('delete from sessions where token_hash = $1 or expires_at < $2', [
    secretHash(token),
    instant(wallNow()),
  ]);
}

async function findSession(db: Pool, token: string): Promise<ApiKey | null> {
  const { rows } = await db.query<{ api_key: string }>(
    'select api_key from sessions where token_hash = $1 and expires_at > $2',
    [secretHash(token), instant(wallNow())],
  );
  return rows[0] === undefined ? null : loadRow(db, apiKeys, idFromUuid('key', rows[0].api_key));
}
