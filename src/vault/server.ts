/**
 * The vault's HTTP surface. Two audiences: buyers' browsers (card form, tokens; no secret) and our connectors (forward,
 * masked facts; bearer secret compared in constant time).
 *
 * Invariants: bodies end at 8 kB and are never logged; no answer repeats what was sent; an error's text never leaves the
 * process, as parsers and drivers quote what they choke on.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { parseId } from '../base/ids.ts';
import { randomSecret } from '../base/random.ts';
import { fieldsPage } from './fields-page.ts';
import { type ForwardDeps, forward } from './forward.ts';
import { type ProblemCode, sendProblem, sendVaultError } from './problems.ts';
import { maskedFacts, tokenize } from './tokenize.ts';

export interface VaultDeps extends ForwardDeps {
  /** Bearer secret of POST /forward and GET /v1/tokens/:token. */
  readonly secret: string;
  readonly frameAncestors: readonly string[];
  /** Told of faults; must log a code, never a message. */
  readonly onFault: (cause: unknown) => void;
}

const BODY_LIMIT_BYTES = 8 * 1024;

/** The server, not yet listening. */
export function buildVaultServer(deps: VaultDeps): FastifyInstance {
  const app = fastify({ logger: false, bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true });
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'not_found'));
  app.setErrorHandler((error, request, reply) => answerError(deps, { error, request, reply }));

  routeTokens(app, deps);
  routeFields(app, deps);
  app.post('/forward', (request, reply) => handleForward(deps, request, reply));
  app.get('/health', async (_request, reply) => {
    await deps.store.ping();
    return reply.send({ status: 'ok' });
  });
  return app;
}

function routeTokens(app: FastifyInstance, deps: VaultDeps): void {
  app.options('/v1/tokens', (request, reply) => {
    allowOrigin(deps, request, reply);
    reply.headers({ 'access-control-allow-methods': 'POST', 'access-control-allow-headers': 'content-type' });
    return reply.header('access-control-max-age', '600').code(204).send();
  });
  app.post(
    '/v1/tokens',
    { onRequest: async (request, reply) => allowOrigin(deps, request, reply) },
    async (request, reply) => {
      const made = await tokenize(deps, request.body);
      return made.ok ? reply.code(201).send(maskedFacts(made.card)) : sendProblem(reply, made.code, made.errors);
    },
  );
  app.get<{ Params: { token: string } }>('/v1/tokens/:token', async (request, reply) => {
    if (!isAuthorized(deps, request)) return sendProblem(reply, 'unauthorized');
    const token = parseId('tok', request.params.token);
    const card = token === null ? null : await deps.store.card(token);
    if (card === null) return sendProblem(reply, 'unknown_token');
    const { marketplace, usedBy, createdAt } = card;
    return reply.send({ ...maskedFacts(card), marketplace, usedBy, createdAt });
  });
}

function routeFields(app: FastifyInstance, deps: VaultDeps): void {
  app.get<{ Querystring: { marketplace?: unknown; parent?: unknown } }>('/fields', (request, reply) => {
    const marketplace = parseId('mkt', request.query.marketplace);
    const parent = deps.frameAncestors.find((origin) => origin === request.query.parent);
    if (marketplace === null) return sendProblem(reply, 'invalid_request');
    if (parent === undefined) return sendProblem(reply, 'parent_not_allowed');
    const { frameAncestors } = deps;
    const page = fieldsPage({ marketplace, parent, frameAncestors, nonce: randomSecret(16) });
    return reply.headers(page.headers).send(page.html);
  });
}

async function handleForward(deps: VaultDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (!isAuthorized(deps, request)) return sendVaultError(reply, 'unauthorized');
  const outcome = await forward(deps, request.body, request.headers['x-timeout-ms']);
  if (!outcome.ok) return sendVaultError(reply, outcome.code, outcome.errors);
  const { status, contentType, body } = outcome.answer;
  return reply.code(status).header('content-type', contentType).send(body);
}

/** Lets pages of the listed parents post cards. The card form itself is of our own origin and needs no header. */
function allowOrigin({ frameAncestors }: VaultDeps, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('vary', 'origin');
  const { origin } = request.headers;
  if (origin !== undefined && frameAncestors.includes(origin)) reply.header('access-control-allow-origin', origin);
}

/** Hashing first makes the lengths equal, so that the comparison takes the same time whatever was sent. */
function isAuthorized({ secret }: VaultDeps, request: FastifyRequest): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${secret}`));
}

interface Failure {
  readonly error: unknown;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Fastify's own refusals by their code; everything else is a fault of ours, before anything was sent. */
function answerError(deps: VaultDeps, { error, request, reply }: Failure): FastifyReply {
  const isForward = request.routeOptions.url === '/forward';
  const code = problemOf(error);
  if (code === 'vault_fault') deps.onFault(error);
  if (!isForward) return sendProblem(reply, code);
  const named = code === 'vault_fault' ? code : 'bad_request';
  return sendProblem(reply.header('x-vault-error', named), code === 'invalid_request' ? named : code);
}

function problemOf(error: unknown): ProblemCode {
  const { code, statusCode } = error as { readonly code?: unknown; readonly statusCode?: unknown };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return 'payload_too_large';
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return 'unsupported_media_type';
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? 'invalid_request' : 'vault_fault';
}
