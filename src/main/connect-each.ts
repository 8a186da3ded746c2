/** A line of its own to each of many others: where one does not answer, the others are told all the same. */

import type { Logger } from 'pino';
import type { NetworkHttp } from '../connectors/ports/network-http.ts';
import type { Pool } from '../db/pool.ts';
import { createNetworkHttp } from '../network-log/index.ts';

const MOST_IN_FLIGHT = 8;

/** By the name of the other side; kept in the exchange log as `<family>:<name>`. */
export function connectEach(
  { db, log }: { readonly db: Pool; readonly log: Logger },
  family: string,
): (name: string) => NetworkHttp {
  const known = new Map<string, NetworkHttp>();
  return (name) => {
    const network = `${family}:${name}`;
    const http =
      known.get(name) ??
      createNetworkHttp({
        network,
        db,
        log: (message, facts) => log.warn(facts, message),
        maxInFlight: MOST_IN_FLIGHT,
      });
    known.set(name, http);
    return http;
  };
}
