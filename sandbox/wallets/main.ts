/**
 * The sandbox's home wallets: every wallet of wallets.json as Alipay+ sees it, and a phone page for each person with one
 * (docs/sandbox-wallets.md).
 * Settings: PORT (4103), DATA_FILE, CLOCK_URL, PUBLIC_URL (without it the port on loopback), HUB_URL, HUB_PUBLIC_KEY.
 */
import { makeAgenda } from '../base/agenda.ts';
import { openBusinessTime } from '../base/business-time.ts';
import { setHubFrom } from '../base/exchange-keys.ts';
import { makeFaults } from '../base/faults.ts';
import { runNetwork } from '../base/network-process.ts';
import { openStore } from '../base/store.ts';
import { lapsePayments } from './confirm-payment.ts';
import { deliverNotifications } from './notifications.ts';
import { walletRoutes } from './routes.ts';
import { WALLETS_SCHEMA } from './schema.ts';
import { openWalletList } from './wallet.ts';
import { FAULT_KINDS, FAULT_OPERATIONS, type Wallets } from './wallets.ts';

const environment = process.env;
const store = openStore(environment.DATA_FILE ?? './data/sandbox/wallets.sqlite', WALLETS_SCHEMA);
const clockUrl = environment.CLOCK_URL;
const time = await openBusinessTime(store, clockUrl);
const port = Number(environment.PORT ?? 4103);
let publicUrl = environment.PUBLIC_URL ?? `http://127.0.0.1:${port}`;
const wallets: Wallets = {
  store,
  time,
  faults: makeFaults(store, FAULT_OPERATIONS, FAULT_KINDS),
  list: openWalletList(store),
  settings: {
    get publicUrl() {
      return publicUrl;
    },
  },
};
setHubFrom(store, environment);
const agenda = makeAgenda([lapsePayments(wallets), deliverNotifications(wallets)], time.nowMs);
const routes = walletRoutes(wallets);
const listening = await runNetwork({ name: 'wallets', port, clockUrl, store, time, agenda, routes });
// A free port is known only now.
if (environment.PUBLIC_URL === undefined) publicUrl = `http://127.0.0.1:${listening}`;
