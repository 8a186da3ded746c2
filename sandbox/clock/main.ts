/**
 * The sandbox's clock: one durable offset that only grows, and the stepping that lets a year run in seconds. Business time
 * is wall time plus this offset, for every process.
 * Settings: PORT (4100), DATA_FILE.
 */

import { serve } from '../base/http-server.ts';
import { announce, stopWithProcess } from '../base/network-process.ts';
import { openStore } from '../base/store.ts';
import { CLOCK_SCHEMA, makeClockState } from './clock-state.ts';
import { clockRoutes } from './routes.ts';

const store = openStore(process.env.DATA_FILE ?? './data/sandbox/clock.sqlite', CLOCK_SCHEMA);
const server = await serve(Number(process.env.PORT ?? 4100), clockRoutes(makeClockState(store)));
stopWithProcess(server, store);
announce('clock', server.port);
