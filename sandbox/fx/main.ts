/**
 * The sandbox's source of exchange rates: mid rates against the dollar, made up from a seed, by the sandbox's clock.
 * Settings: PORT (4104), DATA_FILE, CLOCK_URL, FX_SEED.
 */
import { makeAgenda } from '../base/agenda.ts';
import { openBusinessTime } from '../base/business-time.ts';
import { runNetwork } from '../base/network-process.ts';
import { openStore } from '../base/store.ts';
import { rateRoutes } from './routes.ts';
import { FX_SCHEMA } from './schema.ts';

const environment = process.env;
const store = openStore(environment.DATA_FILE ?? './data/sandbox/fx.sqlite', FX_SCHEMA);
const clockUrl = environment.CLOCK_URL;
const time = await openBusinessTime(store, clockUrl);
const source = { store, time, seed: environment.FX_SEED ?? 'causeway' };
// It answers and does nothing by itself.
const agenda = makeAgenda([], time.nowMs);
const port = Number(environment.PORT ?? 4104);
await runNetwork({ name: 'fx', port, clockUrl, store, time, agenda, routes: rateRoutes(source) });
