/** Shops of the hub's acquirers over HTTP, for the operator: as they were registered, with the codes that were printed for each. */
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { codesOfShop, listShops, loadShop, type Shop } from '../../wallets/index.ts';
import { closed, id, instant, nullable, text } from '../answer-parts.ts';
import { pageAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { pageOf, readPage } from '../requests.ts';
import { answers, idOf, PageQuery, params } from '../schemas.ts';
import { HubCodeAnswer, viewCode } from './hub-code-view.ts';
import type { Routes } from './routes.ts';
import { notFound } from './scope.ts';

const facts = {
  id: id('shp'),
  acquirer: id('ptc'),
  merchantId: Type.String({ description: "the acquirer's `referenceMerchantId`" }),
  name: text,
  localName: nullable(text),
  country: text,
  categoryCode: text,
  city: Type.Union([text, Type.Null()], { description: 'null of a shop that only a payment has made known' }),
  createdAt: instant,
};
const ShopAnswer = closed(facts);
const ShopWithCodes = closed({ ...facts, codes: Type.Array(HubCodeAnswer) });

export function shopRoutes(server: Routes, app: App): void {
  for (const route of [list, one]) route(server, app);
}

function list(server: Routes, app: App): void {
  server.get(
    '/v1/shops',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Shops of acquirers, newest first',
        tags: ['hub'],
        querystring: Type.Object(
          { ...PageQuery, acquirer: Type.Optional(idOf('ptc')) },
          { additionalProperties: false },
        ),
        response: answers(200, 'A page of shops', pageAnswer(ShopAnswer)),
      },
    },
    async (request) => {
      const page = readPage(request.query);
      const acquirer = (request.query.acquirer ?? null) as Id<'ptc'> | null;
      return pageOf(await listShops(app.journal.db, acquirer, page), page.limit, viewShop);
    },
  );
}

function one(server: Routes, app: App): void {
  server.get(
    '/v1/shops/:id',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'One shop with its codes',
        tags: ['hub'],
        params: params('shp'),
        response: answers(200, 'The shop', ShopWithCodes),
      },
    },
    async (request, reply) => {
      const shop = await loadShop(app.journal.db, request.params.id as Id<'shp'>);
      if (shop === null) return sendProblem(reply, notFound('shop'));
      const codes = await codesOfShop(app.journal.db, shop.id);
      return toPlain({ ...viewShop(shop), codes: codes.map(viewCode) });
    },
  );
}

const viewShop = ({ version: _version, state: _state, ...shop }: Shop) => shop;
