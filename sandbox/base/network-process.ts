/**
 * The life of a sandbox network: listen, join the clock, say `ready`, act on its agenda, stop within a second. It also ends
 * when the program that started it goes away, so no network is left behind by a crash.
 */

import type { Agenda } from './agenda.ts';
import { type BusinessTime, joinClock } from './business-time.ts';
import {
  bodyObject,
  json,
  problem,
  type Reply,
  type Request,
  type Route,
  type RunningServer,
  serve,
} from './http-server.ts';
import type { Store } from './store.ts';

export interface NetworkParts {
  readonly name: string;
  readonly port: number;
  readonly clockUrl: string | undefined;
  readonly store: Store;
  readonly time: BusinessTime;
  readonly agenda: Agenda;
  readonly routes: readonly Route[];
}

const JOIN_WITHIN_MS = 5_000;
const JOIN_LATER_MS = 3_600_000;

/** Resolves with the port it listens on, before the first request can come. */
export async function runNetwork(parts: NetworkParts): Promise<number> {
  const server = await serve(parts.port, [...parts.routes, ...clockRoutes(parts.time, parts.agenda)]);
  if (parts.clockUrl !== undefined) {
    const url = parts.clockUrl;
    const participant = { name: parts.name, url: `http://127.0.0.1:${server.port}/_sandbox/clock` };
    const join = (deadlineMs: number) => joinClock(deadlineMs, url, participant, parts.time);
    // A clock that is not there yet does not stop the network; it goes on with the offset it last knew.
    if (!(await join(JOIN_WITHIN_MS))) void join(JOIN_LATER_MS);
  }
  parts.agenda.start();
  stopWithProcess(server, parts.store);
  announce(parts.name, server.port);
  return server.port;
}

/** The one line on standard output, and the message to a parent that forked us. */
export function announce(name: string, port: number): void {
  process.stdout.write(`ready ${name} ${port}\n`);
  process.send?.({ ready: true, port });
}

/** Every commit is on the disk already, so stopping needs no ceremony. */
export function stopWithProcess(server: RunningServer, store: Store): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void server.close().then(() => {
      store.close();
      process.exit(0);
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
}

/** The participant protocol of the clock. */
function clockRoutes(time: BusinessTime, agenda: Agenda): readonly Route[] {
  const status = (): Reply => {
    const current = agenda.status();
    // Somebody waits for us: what came up since the last tick is begun now. Not awaited: the clock asks again. A failure is
    // reported and tried again by the tick.
    if (!current.idle) agenda.drain().catch(() => undefined);
    return json(200, { now: time.now(), ...current });
  };
  const adopt = (request: Request): Reply => {
    const offsetMs = bodyObject(request)?.offsetMs;
    if (typeof offsetMs !== 'number') return problem(422, 'invalid_offset', 'offsetMs must be a number');
    time.adopt(offsetMs);
    return status();
  };
  return [
    { method: 'POST', pattern: '/_sandbox/clock', handle: adopt },
    { method: 'GET', pattern: '/_sandbox/clock', handle: status },
  ];
}
