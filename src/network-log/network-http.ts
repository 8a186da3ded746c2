/**
 * How connectors reach their networks: one implementation that keeps every exchange, redacted, bounds how many run at once,
 * and stops knocking for a moment when nobody opens (circuit breaker: after five connections refused in a row, two seconds
 * of immediate "not reached", which is a definite answer to the caller and costs the network nothing).
 */
import { instant, monotonicMs, wallNow } from '../base/clock.ts';
import { newId, uuidOf } from '../base/ids.ts';
import {
  NetworkFault,
  type NetworkHttp,
  type NetworkRequest,
  type NetworkResponse,
} from '../connectors/ports/network-http.ts';
import type { Pool } from '../db/pool.ts';
import { redactBody } from './redact.ts';

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
        const response = await exchange(request);
        refusals = 0;
        await keep(settings, request, { startedAt, ms: monotonicMs() - began, response });
        return response;
      } catch (error) {
        const fault = error as NetworkFault;
        refusals = fault.reached === 'no' ? refusals + 1 : 0;
        if (refusals >= BREAK_AFTER) closedUntil = monotonicMs() + BREAK_MS;
        await keep(settings, request, { startedAt, ms: monotonicMs() - began, fault });
        throw fault;
      } finally {
        turns.give();
      }
    },
  };
}

async function exchange(request: NetworkRequest): Promise<NetworkResponse> {
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: { ...request.headers },
      redirect: 'error',
      signal: AbortSignal.timeout(request.timeoutMs),
      ...(request.body === undefined ? {} : { body: request.body as string }),
    });
    const body = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, headers: Object.fromEntries(response.headers), body };
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause;
    const refused =
      cause?.code === 'ECONNREFUSED' || cause?.code === 'ENOTFOUND' || cause?.code === 'UND_ERR_CONNECT_TIMEOUT';
    throw new NetworkFault(
      `${request.purpose}: ${cause?.code ?? (error as Error).name}`,
      refused ? 'no' : 'maybe',
      error,
    );
  }
}

interface Outcome {
  readonly startedAt: number;
  readonly ms: number;
  readonly response?: NetworkResponse;
  readonly fault?: NetworkFault;
}

/** Losing the record must not lose the answer: a failure here is logged, not thrown. */
async function keep(settings: NetworkHttpSettings, request: NetworkRequest, outcome: Outcome): Promise<void> {
  const { response, fault } = outcome;
  const requestType =
    Object.entries(request.headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  try {
    await settings.db.query(
      `insert into exchanges (id, network, purpose, reference, method, url, request, status, response, fault, started_at, ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        uuidOf(newId('exc')),
        settings.network,
        request.purpose,
        request.reference ?? null,
        request.method,
        request.url,
        redactBody(request.body, requestType),
        response?.status ?? null,
        response === undefined ? null : redactBody(response.body, response.headers['content-type'] ?? ''),
        fault?.message ?? null,
        instant(outcome.startedAt),
        Math.round(outcome.ms),
      ],
    );
  } catch (error) {
    settings.log('exchange not kept', { network: settings.network, purpose: request.purpose, error: String(error) });
  }
}

/** A counting semaphore, first come first served. */
function createTurns(limit: number): { take(): Promise<void>; give(): void } {
  const waiting: (() => void)[] = [];
  let free = limit;
  return {
    take: () => {
      if (free > 0) {
        free -= 1;
        return Promise.resolve();
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    give: () => {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}
