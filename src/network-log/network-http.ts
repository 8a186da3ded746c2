/**
 * How connectors reach their networks: one implementation that keeps every exchange, redacted, bounds how many run at once,
 * and stops knocking for a moment when nobody opens (circuit breaker: after five connections refused in a row, two seconds
 * of immediate "not reached", which is a definite answer to the caller and costs the network nothing).
 */
import { monotonicMs, wallNow } from '../base/clock.ts';
import { exchange, type HttpFailure } from '../base/http-exchange.ts';
import {
  NetworkFault,
  type NetworkHttp,
  type NetworkRequest,
  type NetworkResponse,
} from '../connectors/ports/network-http.ts';
import type { Pool } from '../db/pool.ts';
import { createExchangeLog } from './exchange-log.ts';
import { createTurns } from './turns.ts';

export interface NetworkHttpSettings {
  readonly network: string;
  readonly db: Pool;
  readonly log: (message: string, facts: Record<string, unknown>) => void;
  /** Exchanges that may run at once; more wait their turn. */
  readonly maxInFlight?: number;
}

const BREAK_AFTER = 5;
const BREAK_MS = 2000;

export function createNetworkHttp(settings: NetworkHttpSettings): NetworkHttp {
  const log = createExchangeLog(settings);
  const turns = createTurns(settings.maxInFlight ?? 64);
  let refusals = 0;
  let closedUntil = 0;
  return {
    send: async (request) => {
      if (monotonicMs() < closedUntil) throw new NetworkFault(`${settings.network} is not reachable; paused`, 'no');
      await turns.take();
      const startedAt = wallNow();
      const began = monotonicMs();
      try {
        const response = await send(request);
        refusals = 0;
        await log.keep(request, { startedAt, ms: monotonicMs() - began, response });
        return response;
      } catch (error) {
        const fault = error as NetworkFault;
        refusals = fault.reached === 'no' ? refusals + 1 : 0;
        if (refusals >= BREAK_AFTER) closedUntil = monotonicMs() + BREAK_MS;
        await log.keep(request, { startedAt, ms: monotonicMs() - began, fault });
        throw fault;
      } finally {
        turns.give();
      }
    },
  };
}

/** Codes after which no connection was there, so that the network cannot have acted. */
const NOT_CONNECTED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'CONNECT_TIMEOUT']);

/** A redirect is a fault: nobody knows what the other address is, and the request was not for it. */
async function send(request: NetworkRequest): Promise<NetworkResponse> {
  const { method, url, headers = {}, body, timeoutMs, purpose } = request;
  const content = body === undefined ? {} : { body };
  const answer = await exchange({ method, url, headers, timeoutMs, ...content }).catch((failure: HttpFailure) => {
    const reached = NOT_CONNECTED.has(failure.code) ? 'no' : 'maybe';
    throw new NetworkFault(`${purpose}: ${failure.code}`, reached, failure);
  });
  if (answer.status >= 300 && answer.status < 400)
    throw new NetworkFault(`${purpose}: redirected with ${answer.status}`, 'maybe');
  return answer;
}
