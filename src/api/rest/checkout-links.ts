/** Links that buyers pay with, for the marketplace: made, listed, taken back. What the buyer sees is in ../checkout. */
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import {
  type CheckoutLink,
  createCheckoutLink,
  LINK_LIFE_S,
  linksOf,
  revokeCheckoutLink,
  tokenOf,
} from '../../checkout/index.ts';
import { secretHash } from '../../parties/index.ts';
import { findOrder } from '../../protection/index.ts';
import { listOf } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { CheckoutLinkAnswer, NewCheckoutLinkAnswer } from '../checkout/answers.ts';
import { sendProblem } from '../problems.ts';
import { optionalCommand, sendOutcome } from '../requests.ts';
import { answers, body, idempotent, params } from '../schemas.ts';
import { readable } from './read-orders.ts';
import type { Routes } from './routes.ts';
import { notFound } from './scope.ts';

const LinkBody = body({
  instalment: Type.Optional(Type.Integer({ minimum: 1, maximum: 2, description: 'the next one when absent' })),
  returnUrl: Type.Optional(
    Type.String({ pattern: '^https?://[!-~]+$', maxLength: 2000, description: 'where the buyer goes back to' }),
  ),
  expiresIn: Type.Optional(
    Type.Integer({ minimum: LINK_LIFE_S.least, maximum: LINK_LIFE_S.most, description: 'seconds; a week when absent' }),
  ),
});

export function checkoutLinkRoutes(server: Routes, app: App): void {
  createRoute(server, app);
  listRoute(server, app);
  revokeRoute(server, app);
}

function createRoute(server: Routes, app: App): void {
  server.post(
    '/v1/orders/:id/checkout-links',
    {
      onRequest: requires(app, 'payments'),
      schema: {
        summary: 'Make a link with which the buyer pays an instalment',
        tags: ['checkout'],
        params: params('ord'),
        headers: idempotent,
        body: LinkBody,
        response: answers(201, 'The link; its address is shown here only', NewCheckoutLinkAnswer),
      },
    },
    async (request, reply) => {
      const order = request.params.id as Id<'ord'>;
      const marketplace = request.caller.marketplace ?? (await findOrder(app.journal.db, order))?.marketplace;
      if (marketplace === undefined) return sendProblem(reply, notFound('order'));
      const command = optionalCommand(request, 'create_checkout_link', { order, ...request.body });
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await createCheckoutLink(app.checkout, command.value, { marketplace, order, ...request.body });
      return sendOutcome(app, reply, command.value, result, {
        status: 201,
        view: (link: CheckoutLink) => ({ ...viewLink(link), url: checkoutUrl(app, link) }),
      });
    },
  );
}

function listRoute(server: Routes, app: App): void {
  server.get(
    '/v1/orders/:id/checkout-links',
    {
      onRequest: requires(app, 'payments'),
      schema: {
        summary: 'The links of an order, without their addresses',
        tags: ['checkout'],
        params: params('ord'),
        response: answers(200, 'The links, oldest first', listOf(CheckoutLinkAnswer)),
      },
    },
    async (request, reply) => {
      const order = await readable(app, request.caller, request.params.id);
      if (order === null) return sendProblem(reply, notFound('order'));
      return toPlain({ data: (await linksOf(app.journal.db, order.id)).map(viewLink) });
    },
  );
}

function revokeRoute(server: Routes, app: App): void {
  server.post(
    '/v1/checkout-links/:id/revoke',
    {
      onRequest: requires(app, 'payments'),
      schema: {
        summary: 'Take a link back; a payment that has begun goes on',
        tags: ['checkout'],
        params: params('lnk'),
        headers: idempotent,
        body: body({}),
        response: answers(200, 'The link', CheckoutLinkAnswer),
      },
    },
    async (request, reply) => {
      const link = request.params.id as Id<'lnk'>;
      const command = optionalCommand(request, 'revoke_checkout_link', { link });
      if (!command.ok) return sendProblem(reply, command.error);
      const { marketplace, key } = request.caller;
      const result = await revokeCheckoutLink(app.checkout, command.value, { marketplace, link, by: key.id });
      return sendOutcome(app, reply, command.value, result, { view: viewLink });
    },
  );
}

const viewLink = (link: CheckoutLink) => ({
  id: link.id,
  order: link.order,
  instalment: link.instalment,
  state: link.state,
  returnUrl: link.returnUrl,
  expiresAt: link.expiresAt,
  revokedAt: link.revokedAt,
  createdAt: link.createdAt,
});

/** The buyer's address; null when the link was made with another secret than today's. */
export function checkoutUrl({ checkout, publicUrl }: App, { id, tokenHash }: CheckoutLink): string | null {
  const token = tokenOf(checkout.secret, id);
  return secretHash(token) === tokenHash ? `${publicUrl}/checkout/${token}` : null;
}
