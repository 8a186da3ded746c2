/**
 * The sandbox's acquirers abroad with their shops: every acquirer of acquirers.json as Alipay+ sees it, a till for each shop and its
 * entry page (docs/sandbox-shops.md).
 * Settings: PORT (4105), DATA_FILE, CLOCK_URL, PUBLIC_URL (without it the port on loopback), HUB_URL, HUB_PUBLIC_KEY.
 */
import { makeAgenda } from '../base/agenda.ts';
import { openBusinessTime } from '../base/business-time.ts';
import { setHubFrom } from '../base/exchange-keys.ts';
import { makeFaults } from '../base/faults.ts';
import { runNetwork } from '../base/network-process.ts';
import { openStore } from '../base/store.ts';
import { openAcquirerList } from './acquirer.ts';
import { followUpPayments, followUpRefunds } from './follow-up.ts';
import { shopsRoutes } from './routes.ts';
import { SHOPS_SCHEMA } from './schema.ts';
import { FAULT_KINDS, OPERATIONS, type Shops } from './shops.ts';

const environment = process.env;
const store = openStore(environment.DATA_FILE ?? './data/sandbox/shops.sqlite', SHOPS_SCHEMA);
const clockUrl = environment.CLOCK_URL;
const time = await openBusinessTime(store, clockUrl);
const port = Number(environment.PORT ?? 4105);
let publicUrl = environment.PUBLIC_URL ?? `http://127.0.0.1:${port}`;
const shops: Shops = {
  store,
  time,
  faults: makeFaults(store, OPERATIONS, FAULT_KINDS),
  list: openAcquirerList(store),
  settings: {
    get publicUrl() {
      return publicUrl;
    },
  },
};
setHubFrom(store, environment);
const agenda = makeAgenda([followUpPayments(shops), followUpRefunds(shops)], time.nowMs);
const listening = await runNetwork({ name: 'shops', port, clockUrl, store, time, agenda, routes: shopsRoutes(shops) });
// A free port is known only now.
if (environment.PUBLIC_URL === undefined) publicUrl = `http://127.0.0.1:${listening}`;
