/**
 * The vault's HTTP surface. Two audiences: buyers' browsers (card forms, tokens; no secret) and our own processes (forward,
 * masked facts, stored cards, keys; bearer secret compared in constant time).
 *
 * Invariants: bodies end at 8 kB and are never logged; no answer repeats what was sent; an error's text never leaves the
 * process, as parsers and drivers quote what they choke on.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { parseId } from '../base/ids.ts';
import { routeFields } from './fields-routes.ts';
import { type ForwardDeps, forward } from './forward.ts';
import { describeKeys, type KeyDeps, removeRootKey, rotateDataKey, rotateRootKey } from './key-rotation.ts';
import { type ProblemCode, sendProblem, sendVaultError } from './problems.ts';
import { claimedOwner, readObject, readOwner } from './shape.ts';
import { type CardRow, isKnownTo } from './store.ts';
import { keepCvv, storeCard } from './stored-cards.ts';
import { maskedFacts, tokenize } from './tokenize.ts';

export interface VaultDeps extends ForwardDeps, KeyDeps {
  /** Bearer secret of everything that is not for browsers. */
  readonly secret: string;
  readonly frameAncestors: readonly string[];
  /** Told of faults; must log a code, never a message. */
  readonly onFault: (cause: unknown) => void;
  /** How long a request may take to arrive whole, milliseconds of wall time; 15 s when it is not said. */
  readonly requestMs?: number;
}

const BODY_LIMIT_BYTES = 8 * 1024;
/** Browsers post a kilobyte; whoever needs longer holds a connection and means harm. */
const REQUEST_MS = 15_000;

/** The server, not yet listening. */
export function buildVaultServer(deps: VaultDeps): FastifyInstance {
  const { requestMs = REQUEST_MS } = deps;
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: requestMs,
    // Where it allows headers more time than the whole, Node swaps the two. The interval: how often it looks.
    http: { headersTimeout: requestMs, connectionsCheckingInterval: Math.min(requestMs, 5_000) },
    forceCloseConnections: true,
    // Addresses that no router can read: the framework's own answer would repeat them.
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, problemOf(error)),
  });
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
  const isAuthorized = bearerCheck(deps.secret);
  app.register(async (inside) => {
    inside.addHook('onRequest', async (request, reply) => {
      if (!isAuthorized(request)) return sendProblem(reply, 'unauthorized');
    });
    routeCards(inside, deps);
    routeKeys(inside, deps);
  });
  const forwards = {
    onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
      if (!isAuthorized(request)) return sendVaultError(reply, 'unauthorized');
    },
  };
  app.post('/forward', forwards, (request, reply) => handleForward(deps, request, reply));
  app.get('/health', async (_request, reply) => {
    await deps.store.ping();
    return reply.send({ status: 'ok' });
  });
  return app;
}

/** For browsers: pages of the listed parents may post cards; the card form itself is of our own origin. */
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
  app.post<{ Params: { token: string } }>('/v1/tokens/:token/cvv', async (request, reply) => {
    const kept = await keepCvv(deps, request.params.token, request.body);
    return kept.ok ? reply.code(204).send() : sendProblem(reply, kept.code, kept.errors);
  });
}

interface Named {
  readonly Params: { readonly token: string };
  readonly Querystring: Readonly<Record<string, unknown>>;
}

function routeCards(app: FastifyInstance, deps: VaultDeps): void {
  app.get<Named>('/v1/tokens/:token', async (request, reply) => {
    const token = parseId('tok', request.params.token);
    const card = token === null ? null : await deps.store.card(token);
    if (card === null || !isKnownTo(card, claimedOwner(request.query))) return sendProblem(reply, 'unknown_token');
    return reply.send(facts(deps, card));
  });
  app.post('/v1/tokens/facts', async (request, reply) => {
    const tokens = readTokens(request.body);
    if (tokens === null) return sendProblem(reply, 'invalid_request', TOKENS_WANTED);
    const cards = await Promise.all(tokens.map((token) => deps.store.card(token)));
    const known = cards.filter((card) => card !== null && isKnownTo(card, {}));
    return reply.send({ cards: known.map((card) => facts(deps, card as CardRow)) });
  });
  app.post('/v1/cards', async (request, reply) => {
    const stored = await storeCard(deps, request.body);
    return stored.ok ? reply.code(201).send(facts(deps, stored.card)) : sendProblem(reply, stored.code, stored.errors);
  });
  app.get<Named>('/v1/cards', async (request, reply) => {
    const owner = readOwner(request.query);
    if (owner === null) return sendProblem(reply, 'invalid_request', OWNER_WANTED);
    const cards = await deps.store.storedCards(owner);
    return reply.send({ cards: cards.map((card) => facts(deps, card)) });
  });
  app.delete<Named>('/v1/cards/:token', async (request, reply) => {
    const owner = readOwner(request.query);
    if (owner === null) return sendProblem(reply, 'invalid_request', OWNER_WANTED);
    const token = parseId('tok', request.params.token);
    if (token === null || !(await deps.store.deleteStoredCard(token, owner)))
      return sendProblem(reply, 'unknown_token');
    deps.cvvs.take(token);
    return reply.code(204).send();
  });
}

const TOKENS_AT_ONCE = 100;
const TOKENS_WANTED = [{ pointer: '/tokens', code: 'invalid', detail: 'Must be a list of at most 100 tokens.' }];

/** Those that have the form of a token: others are no more known than a token that never was. Null: not a list. */
function readTokens(body: unknown): readonly string[] | null {
  const { tokens } = readObject(body, '', ['tokens'], []);
  if (!Array.isArray(tokens) || tokens.length > TOKENS_AT_ONCE) return null;
  return tokens.map((token) => parseId('tok', token)).filter((token) => token !== null);
}

const OWNER_WANTED = (['marketplace', 'buyer'] as const).map((name) => ({
  pointer: `/${name}`,
  code: 'invalid',
  detail: `The query must name a ${name} by its id.`,
}));

/** What our own processes may know of a card. */
function facts({ keyring }: VaultDeps, card: CardRow): Readonly<Record<string, unknown>> {
  const { marketplace, usedBy, createdAt } = card;
  const fingerprint = keyring.fingerprintId(marketplace, card.fingerprint);
  return { ...maskedFacts(card), marketplace, usedBy, createdAt, fingerprint };
}

function routeKeys(app: FastifyInstance, deps: VaultDeps): void {
  app.get('/v1/keys', async (_request, reply) => reply.send(await describeKeys(deps)));
  app.post('/v1/keys/rotate', async (request, reply) => {
    const { what } = readObject(request.body, '', ['what'], []);
    if (what === 'data') return reply.send({ dataKey: await rotateDataKey(deps) });
    if (what === 'root') return reply.send(await rotateRootKey(deps));
    const detail = 'Must be data or root.';
    return sendProblem(reply, 'invalid_request', [{ pointer: '/what', code: 'invalid', detail }]);
  });
  app.delete<{ Params: { key: string } }>('/v1/keys/root/:key', async (request, reply) => {
    const outcome = await removeRootKey(deps, request.params.key);
    return outcome === 'removed' ? reply.code(204).send() : sendProblem(reply, outcome);
  });
}

async function handleForward(deps: VaultDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const outcome = await forward(deps, request.body, request.headers['x-timeout-ms']);
  if (!outcome.ok) return sendVaultError(reply, outcome.code, outcome.errors);
  const { status, headers, body } = outcome.answer;
  return reply.code(status).headers(headers).send(body);
}

/** Lets pages of the listed parents post cards. The card form itself is of our own origin and needs no header. */
function allowOrigin({ frameAncestors }: VaultDeps, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('vary', 'origin');
  const { origin } = request.headers;
  if (origin !== undefined && frameAncestors.includes(origin)) reply.header('access-control-allow-origin', origin);
}

/** Hashing first makes the lengths equal, so that the comparison takes the same time whatever was sent. */
function bearerCheck(secret: string): (request: FastifyRequest) => boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(`Bearer ${secret}`);
  return ({ headers }) => timingSafeEqual(digest(headers.authorization ?? ''), expected);
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
  const { code, statusCode } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return 'payload_too_large';
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return 'unsupported_media_type';
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? 'invalid_request' : 'vault_fault';
}
