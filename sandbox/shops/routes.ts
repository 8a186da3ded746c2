/** The HTTP face of the acquirers: for the hub (signed), for people (tills and entry pages), for tests and auditors (admin). */
import type { Route } from '../base/http-server.ts';
import { adminRoutes } from './admin.ts';
import { entryRoutes } from './entry-routes.ts';
import type { Shops } from './shops.ts';
import { answerHub } from './signed-endpoint.ts';
import { tillRoutes } from './till-routes.ts';
import { totals, transactions } from './totals.ts';

export const shopsRoutes = (shops: Shops): readonly Route[] => [
  {
    method: 'POST',
    pattern: '/alipayplus/acqp/:acquirer/:operation',
    handle: (request) => answerHub(shops, request),
  },
  ...tillRoutes(shops),
  ...entryRoutes(shops),
  ...adminRoutes(shops),
  { method: 'GET', pattern: '/_sandbox/totals', handle: () => totals(shops) },
  { method: 'GET', pattern: '/_sandbox/transactions', handle: (request) => transactions(shops, request) },
  ...shops.faults.routes,
];
