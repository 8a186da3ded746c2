/**
 * The buyer's side of a checkout link: the page, what it asks, and the way back from the issuer. The token in the address is
 * all there is of a login; no cookie, no key. Every answer tells where the checkout stands, so that whichever tab asks,
 * however often, hears the same.
 *
 * An attempt is answered within seconds even if the acquirer takes longer: the work goes on, and the page asks again.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { toPlain } from '../../base/json.ts';
import type { Result } from '../../base/result.ts';
import {
  type Checkout,
  type CheckoutRefusal,
  continueCheckout,
  MOST_ATTEMPTS,
  openCheckout,
  payThroughLink,
  TOKEN_PATTERN,
} from '../../checkout/index.ts';
import { secretHash } from '../../parties/index.ts';
import type { App } from '../app.ts';
import { sendProblem } from '../problems.ts';
import type { Routes } from '../rest/routes.ts';
import { notFound } from '../rest/scope.ts';
import { body, Text } from '../schemas.ts';
import { within } from '../within.ts';
import { checkoutPage } from './page.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { viewCheckout } from './state-view.ts';

/** An attempt that takes longer is answered with how far it is. */
const ANSWER_WITHIN_MS = 8000;
/** Of one link and minute: a page that asks while the bank is being asked, in a few tabs; and pressing the button. */
const LOOKS = 120;
const TRIES = 20;
const MINUTE_MS = 60_000;

const Params = Type.Object({ token: Type.String({ pattern: TOKEN_PATTERN }) });
const Screen = Type.Integer({ minimum: 1, maximum: 100_000 });
const PayBody = body({
  attempt: Type.Integer({ minimum: 1, maximum: MOST_ATTEMPTS }),
  card: Type.Optional(Type.String({ pattern: '^tok_[0-9a-f]{32}$' })),
  wallet: Type.Optional(Type.String({ pattern: '^[a-z0-9-]{1,64}$' })),
  browser: body({
    language: Text(35),
    screenWidth: Screen,
    screenHeight: Screen,
    colorDepth: Type.Integer({ minimum: 1, maximum: 64 }),
    timeZoneOffset: Type.Integer({ minimum: -900, maximum: 900 }),
  }),
});

export function checkoutRoutes(server: Routes, app: App): void {
  const page = checkoutPage(app);
  const [looks, tries] = [createRateLimit(LOOKS, MINUTE_MS), createRateLimit(TRIES, MINUTE_MS)];
  const hidden = { hide: true, params: Params } as const;
  const often = (limit: RateLimit) => ({ preHandler: limited(limit), schema: hidden });

  // Before `:token`: where the issuer sends the browser. Nothing in the address; the tab remembers its link.
  server.get('/checkout/return', { schema: { hide: true } }, async (_request, reply) =>
    page(reply, { standing: 'returned' }),
  );
  server.get('/checkout/:token', { schema: { hide: true } }, async (request, reply) => {
    const { token } = request.params as { token: string };
    if (looks.take(secretHash(token)) > 0) return page(reply.code(429), { standing: 'busy' });
    const checkout = await openCheckout(app.checkout, token);
    if (checkout === null) return page(reply.code(404), { standing: 'unknown' });
    return page(reply, await viewCheckout(app, checkout));
  });
  server.get('/checkout/:token/state', often(looks), async (request, reply) => {
    const checkout = await openCheckout(app.checkout, request.params.token);
    return checkout === null ? sendProblem(reply, notFound('link')) : sendState(app, reply, checkout);
  });
  server.post('/checkout/:token/continue', often(looks), async (request, reply) =>
    sendResult(app, reply, await continueCheckout(app.checkout, request.params.token)),
  );
  payRoute(server, app, tries);
}

function payRoute(server: Routes, app: App, tries: RateLimit): void {
  server.post(
    '/checkout/:token/pay',
    { preHandler: limited(tries), schema: { hide: true, params: Params, body: PayBody } },
    async (request, reply) => {
      const { token } = request.params;
      const { attempt, card, wallet, browser } = request.body;
      const returnUrl = `${app.publicUrl}/checkout/return`;
      const cardholder = { browser: { ...browser, ...headersOf(request), ip: request.ip }, returnUrl };
      const method = wallet !== undefined ? { wallet, returnUrl } : card !== undefined ? { card, cardholder } : null;
      if (method === null || (wallet !== undefined && card !== undefined))
        return sendProblem(reply, { code: 'invalid_request', detail: 'a card or a wallet', pointer: '/card' });
      const paying = payThroughLink(app.checkout, { token, attempt, with: method });
      const result = await within(paying, ANSWER_WITHIN_MS);
      if (result !== null) return sendResult(app, reply, result);
      paying.catch((error: unknown) => request.log.error({ error: String(error) }, 'a payment through a link failed'));
      const checkout = await openCheckout(app.checkout, token);
      return checkout === null ? sendProblem(reply, notFound('link')) : sendState(app, reply.code(202), checkout);
    },
  );
}

async function sendResult(
  app: App,
  reply: FastifyReply,
  result: Result<Checkout, CheckoutRefusal>,
): Promise<FastifyReply> {
  return result.ok ? sendState(app, reply, result.value) : sendProblem(reply, result.error);
}

async function sendState(app: App, reply: FastifyReply, checkout: Checkout): Promise<FastifyReply> {
  return reply.header('cache-control', 'no-store').send(toPlain(await viewCheckout(app, checkout)));
}

/** Counts by the token's hash, whether or not there is such a link, before anything is looked up. */
function limited(limit: RateLimit) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const waitMs = limit.take(secretHash((request.params as { token: string }).token));
    if (waitMs === 0) return undefined;
    void reply.header('retry-after', String(Math.ceil(waitMs / 1000)));
    return sendProblem(reply, { code: 'too_many_requests', detail: 'this link was used very often; wait a moment' });
  };
}

/** What the browser's own requests say of it; what it says of its screen comes from the page. */
const headersOf = ({ headers }: FastifyRequest) => ({
  acceptHeader: (headers.accept ?? '*/*').slice(0, 500),
  userAgent: (headers['user-agent'] ?? 'unknown').slice(0, 500),
});
