import type { App } from '../app.ts';
import { inboundRoutes } from './inbound.ts';
import { operatorRoutes } from './operator.ts';
import { orderRoutes } from './orders.ts';
import { partyRoutes } from './parties.ts';
import { paymentRoutes } from './payments.ts';
import { payoutRoutes } from './payouts.ts';
import type { Routes } from './routes.ts';
import { sessionRoutes } from './session.ts';

/** Every REST route. */
export async function registerRoutes(server: Routes, app: App): Promise<void> {
  server.get('/health', { schema: { hide: true } }, async () => ({ ok: true }));
  for (const routes of [
    partyRoutes,
    orderRoutes,
    paymentRoutes,
    payoutRoutes,
    operatorRoutes,
    sessionRoutes,
    inboundRoutes,
  ])
    routes(server, app);
}
