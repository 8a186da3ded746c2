/**
 * Counts the queries of a pool by what they were made for: the route of a request, or the kind of a job. The commit path
 * has a connection of its own and is not among them.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Server } from '../../src/api/server.ts';
import type { Pool } from '../../src/db/pool.ts';
import type { Job, JobHandlers } from '../../src/jobs/index.ts';

/** Purpose → statement → times. */
export type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface QueryCounts {
  /** What was counted since the last call. */
  take(): Counts;
  /** Makes requests of a server known by their route; must come before its routes. */
  byRoute(server: Server): void;
  /** The handlers, each known by its kind of job. */
  byKind(handlers: JobHandlers): JobHandlers;
}

const REST = 'worker and set-up';

export function countQueries(pool: Pool): QueryCounts {
  const purposes = new AsyncLocalStorage<string>();
  let counts: Record<string, Record<string, number>> = {};
  const count = (statement: string): void => {
    const purpose = purposes.getStore() ?? REST;
    counts[purpose] = { ...counts[purpose], [statement]: (counts[purpose]?.[statement] ?? 0) + 1 };
  };
  const query = pool.query.bind(pool) as (...args: unknown[]) => unknown;
  const counted = (...args: unknown[]): unknown => {
    const [first] = args;
    count(typeof first === 'string' ? first : (first as { text: string }).text);
    return query(...args);
  };
  // The driver overloads `query` by arguments and callback; whatever comes is handed on as it came.
  pool.query = counted as unknown as typeof pool.query;
  const lookUp = pool.lookUp.bind(pool);
  pool.lookUp = (statement) => {
    count(statement.text);
    return lookUp(statement);
  };
  return {
    take: () => {
      const taken = counts;
      counts = {};
      return taken;
    },
    byRoute: (server) => {
      server.addHook('onRequest', (request, _reply, done) => {
        purposes.run(`${request.method} ${request.routeOptions.url ?? '?'}`, done);
      });
    },
    byKind: (handlers) =>
      Object.fromEntries(
        Object.entries(handlers).map(([kind, handle]) => [kind, (job: Job) => purposes.run(kind, () => handle(job))]),
      ),
  };
}
