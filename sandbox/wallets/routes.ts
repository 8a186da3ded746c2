/** The HTTP face of the wallets: for the hub (signed), for people (phone pages), for tests and auditors (admin). */
import type { Route } from '../base/http-server.ts';
import { adminRoutes } from './admin.ts';
import { authorizeRoutes } from './authorize.ts';
import { phoneRoutes } from './phone-routes.ts';
import { answerHub } from './signed-endpoint.ts';
import { totals, transactions } from './totals.ts';
import type { Wallets } from './wallets.ts';

export const walletRoutes = (wallets: Wallets): readonly Route[] => [
  {
    method: 'POST',
    pattern: '/alipayplus/mpp/:walletId/:operation',
    handle: (request) => answerHub(wallets, request),
  },
  ...authorizeRoutes(wallets),
  ...phoneRoutes(wallets),
  ...adminRoutes(wallets),
  { method: 'GET', pattern: '/_sandbox/totals', handle: () => totals(wallets) },
  { method: 'GET', pattern: '/_sandbox/transactions', handle: (request) => transactions(wallets, request) },
  ...wallets.faults.routes,
];
