/**
 * The HTTP server: limits, errors as problems, the OpenAPI description with its reference page, and the routes. Every
 * refusal of Fastify itself becomes one of our problems, so that a client meets one kind of error.
 */
import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import scalar from '@scalar/fastify-api-reference';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RouteOptions,
} from 'fastify';
import type { Refusal } from '../base/result.ts';
import { isConnectionLoss } from '../journal/index.ts';
import { AMS } from './ams/routes.ts';
import type { App } from './app.ts';
import { APS } from './aps/routes.ts';
import { limitRequests } from './back-pressure.ts';
import { checkoutRoutes } from './checkout/routes.ts';
import { withoutNumbers } from './echo.ts';
import { LAZY_VALIDATORS } from './lazy-validators.ts';
import { servePages } from './pages/pages.ts';
import { type FieldError, sendProblem } from './problems.ts';
import { registerRoutes } from './rest/index.ts';
import type { Routes } from './rest/routes.ts';
import { pathOfTarget, type SignedGateway, sendSigned, serveSigned } from './signed-messages.ts';

const BODY_LIMIT = 256 * 1024;

const GATEWAYS: readonly SignedGateway[] = [AMS, APS];

/** Whose paths these are: what is answered there is signed, and never a problem. */
const gatewayOf = ({ ams }: App, url: string): SignedGateway | null =>
  ams.key === null ? null : (GATEWAYS.find(({ prefix }) => url.startsWith(prefix)) ?? null);

/** The only header a schema asks for. */
const MISSING_KEY: Refusal = {
  code: 'missing_idempotency_key',
  detail: 'this request moves money; name the attempt with an Idempotency-Key',
};

const BAD_ADDRESS = { code: 'unknown_api', detail: 'the address is malformed' } as const;
const TOO_OFTEN = { code: 'too_often', detail: 'too many requests at once; try again' } as const;

export type Server = FastifyInstance;

export interface ServerOptions {
  /** Routes of this process that are not part of the API. */
  readonly extras?: readonly ((server: Server) => void)[];
  /** A worker answers nothing but /health. */
  readonly only?: 'health';
  /** Requests in flight beyond which callers are told `busy`. */
  readonly requestLimit?: number;
}

/** The server, ready to listen. */
export async function buildServer(
  app: App,
  { extras = [], only, requestLimit = 5000 }: ServerOptions = {},
): Promise<Server> {
  const server = fastify({
    loggerInstance: app.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: 120_000,
    forceCloseConnections: true,
    genReqId: () => crypto.randomUUID(),
    routerOptions: { maxParamLength: 200 },
    rewriteUrl: (request) => pathOfTarget(request.url ?? '/'),
    frameworkErrors: (error, request, reply) => {
      const gateway = gatewayOf(app, request.url);
      const signed = reply as unknown as FastifyReply;
      if (gateway !== null) void sendSigned(app, request, signed, gateway.refused(BAD_ADDRESS));
      else handleError(error as FastifyError, request, reply as unknown as FastifyReply);
    },
    schemaController: { compilersFactory: LAZY_VALIDATORS },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allErrors: true, useDefaults: false } },
  }).withTypeProvider<TypeBoxTypeProvider>();
  // Answers are plain JSON already; response schemas describe, they do not rewrite.
  server.setSerializerCompiler(() => (data) => JSON.stringify(data));
  server.setErrorHandler(handleError);
  server.removeContentTypeParser('text/plain');
  server.addHook('onRoute', closeQuery);
  server.setNotFoundHandler((request, reply) => {
    const path = withoutNumbers(request.url.split('?')[0] ?? '');
    return sendProblem(reply, { code: 'not_found', detail: `no route ${request.method} ${path}` });
  });
  server.addHook('onSend', async (_request, reply) => {
    void reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
  });
  limitRequests(server as unknown as FastifyInstance, requestLimit, (request, reply) => {
    const gateway = gatewayOf(app, request.url);
    return gateway === null ? null : sendSigned(app, request, reply, gateway.refused(TOO_OFTEN));
  });
  for (const extra of extras) extra(server as unknown as Server);
  await server.register(cookie);
  await server.register(swagger, { openapi: description(app) });
  await server.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      title: 'Causeway API',
      url: '/openapi.json',
      // Nothing is loaded from or sent to anybody else.
      withDefaultFonts: false,
      telemetry: false,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
  // The routes do not care which logger the server was given.
  const routes = server as unknown as Routes;
  server.get('/health', { schema: { hide: true } }, async () => ({ ok: true }));
  if (only !== 'health') {
    await registerRoutes(routes, app);
    checkoutRoutes(routes, app);
    for (const gateway of GATEWAYS) serveSigned(routes, app, gateway);
    await servePages(routes, app);
  }
  server.get('/openapi.json', { schema: { hide: true } }, async () => server.swagger());
  await server.ready();
  return server as unknown as Server;
}

function description(app: App) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Causeway',
      version: app.version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Payments for cross-border marketplaces: an order is paid, held, released and paid out, and every cent can be followed.',
    },
    components: { securitySchemes: { apiKey: { type: 'http' as const, scheme: 'bearer' } } },
    security: [{ apiKey: [] }],
  };
}

/** A route of the API that declares no query takes none: an unknown parameter is a mistake worth hearing about. */
function closeQuery(route: RouteOptions): void {
  if (!route.url.startsWith('/v1/') || route.schema === undefined || route.schema.querystring !== undefined) return;
  route.schema.querystring = { type: 'object', properties: {}, additionalProperties: false };
}

function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error.validation !== undefined && error.validationContext === 'headers') return sendProblem(reply, MISSING_KEY);
  if (error.validation !== undefined) {
    return sendProblem(reply, { code: 'invalid_request', detail: 'see errors' }, fieldErrors(error));
  }
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return sendProblem(reply, { code: 'malformed_json', detail: 'the body must be one JSON document' });
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return sendProblem(reply, { code: 'body_too_large', detail: `at most ${BODY_LIMIT} bytes` });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return sendProblem(reply, { code: 'unsupported_media_type', detail: 'send application/json' });
    case 'FST_ERR_BAD_URL':
      return sendProblem(reply, { code: 'invalid_request', detail: 'the address is malformed' });
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return sendProblem(reply, { code: 'not_found', detail: 'no such thing has an id that long' });
    case 'archived':
      return sendProblem(reply, { code: 'archived', detail: `${error.message}; the operator keeps it` });
    case 'busy':
      return sendProblem(reply, { code: 'busy', detail: 'too many requests are being committed; try again' });
    case 'unavailable':
      return sendProblem(reply, {
        code: 'unavailable',
        detail: 'a system behind this one is out of reach; nothing was done',
      });
    case 'database_full':
    case 'database_failed':
      return sendProblem(reply, { code: 'unavailable', detail: 'the database could not write it; nothing was done' });
    case 'amount_out_of_range':
      return sendProblem(reply, { code: 'invalid_amount', detail: error.message });
    case 'database_unavailable':
      return sendProblem(reply, {
        code: 'unavailable',
        detail: 'the outcome is not known; repeat with the same Idempotency-Key',
      });
    default:
      break;
  }
  if (error.name === 'NetworkFault')
    return sendProblem(reply, {
      code: 'unavailable',
      detail: 'a system behind this one does not answer; nothing was done',
    });
  if (isConnectionLoss(error))
    return sendProblem(reply, {
      code: 'unavailable',
      detail: 'the database is out of reach; repeat with the same Idempotency-Key',
    });
  if (error.statusCode !== undefined && error.statusCode < 500)
    return sendProblem(reply, { code: 'invalid_request', detail: withoutNumbers(error.message) });
  // The route, not the address: a checkout's has the buyer's token in it.
  request.log.error({ error: error.stack ?? String(error), route: request.routeOptions.url }, 'request failed');
  return sendProblem(reply, { code: 'internal', detail: `reported under ${request.id}` });
}

/** Ajv's findings as pointer, rule and words. */
function fieldErrors(error: FastifyError): readonly FieldError[] {
  return (error.validation ?? []).map(({ instancePath, keyword, message, params }) => {
    const field =
      (params as Record<string, string>).missingProperty ?? (params as Record<string, string>).additionalProperty;
    return {
      // A field that nobody knows has the caller's name.
      pointer: withoutNumbers(`${instancePath}${field === undefined ? '' : `/${field}`}`),
      code: keyword === 'additionalProperties' ? 'unknown_field' : keyword === 'required' ? 'missing_field' : keyword,
      detail: message ?? 'not valid',
    };
  });
}
