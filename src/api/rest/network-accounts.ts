/** The operator's accounts with card networks, for routes to name, and whether each takes payments now. */
import { listNetworkAccounts } from '../../parties/index.ts';
import { listOf, NetworkAccountAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { answers } from '../schemas.ts';
import type { Routes } from './routes.ts';

export function networkAccountRoutes(server: Routes, app: App): void {
  server.get(
    '/v1/network-accounts',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Accounts with card networks, the preferred first',
        tags: ['parties'],
        response: answers(
          200,
          'Accounts; one that the settings name no longer has no health',
          listOf(NetworkAccountAnswer),
        ),
      },
    },
    async () => {
      const { all } = app.payments.accounts;
      const health = new Map(
        await Promise.all(all.map(async ({ id, acquirer }) => [id, await acquirer.health()] as const)),
      );
      const place = (id: string): number =>
        health.has(id as never) ? [...health.keys()].indexOf(id as never) : all.length;
      const known = [...(await listNetworkAccounts(app.journal.db))].sort((a, b) => place(a.id) - place(b.id));
      return {
        data: known.map(({ id, network, merchantId, funding }) => ({
          id,
          network,
          merchantId,
          funding,
          health: health.get(id) ?? null,
        })),
      };
    },
  );
}
