/**
 * Keeps exchanges with a network, redacted. Those that end together are written by one statement (src/base/gather.ts): a
 * record costs a fraction of a transaction, and is durable before its answer is used.
 *
 * Losing a record must not lose the answer: what cannot be written is logged, and takes no other record with it.
 */
import { gather } from '../base/gather.ts';
import { newId, uuidOf } from '../base/ids.ts';
import type { NetworkFault, NetworkRequest, NetworkResponse } from '../connectors/ports/network-http.ts';
import { int4Array, textArray, timestampArray, uuidArray } from '../db/binary-arrays.ts';
import type { Pool } from '../db/pool.ts';
import { redactBody } from './redact.ts';

export interface ExchangeLogSettings {
  readonly network: string;
  readonly db: Pool;
  readonly log: (message: string, facts: Record<string, unknown>) => void;
}

export interface ExchangeOutcome {
  /** Wall-clock milliseconds since 1970. */
  readonly startedAt: number;
  readonly ms: number;
  readonly response?: NetworkResponse;
  readonly fault?: NetworkFault;
}

export interface ExchangeLog {
  /** Resolves when the record is durable, or cannot be. Never rejects. */
  keep(request: NetworkRequest, outcome: ExchangeOutcome): Promise<void>;
}

interface Exchange {
  readonly id: string;
  readonly purpose: string;
  readonly reference: string | null;
  readonly method: string;
  readonly url: string;
  readonly request: string | null;
  readonly status: number | null;
  readonly response: string | null;
  readonly fault: string | null;
  readonly startedAt: number;
  readonly ms: number;
}

const TOGETHER = { atOnce: 1, most: 200 };

// Arrays hold no nulls: '' and 0 stand for them, which are no text, body or status of an exchange.
const INSERT = `
  insert into exchanges (id, network, purpose, reference, method, url, request, status, response, fault, started_at, ms)
  select id, $1, purpose, nullif(reference, ''), method, url, nullif(request, ''), nullif(status, 0),
         nullif(response, ''), nullif(fault, ''), started_at, ms
    from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $9::text[],
                $10::text[], $11::timestamptz[], $12::int[])
      as new (id, purpose, reference, method, url, request, status, response, fault, started_at, ms)`;

export function createExchangeLog(settings: ExchangeLogSettings): ExchangeLog {
  const keep = gather(TOGETHER, async (exchanges: readonly Exchange[]) => {
    await write(settings, exchanges);
    return exchanges.map(() => undefined);
  });
  return {
    keep: async (request, outcome) => {
      try {
        await keep(redacted(request, outcome));
      } catch (error) {
        tellLost(settings, request.purpose, error); // a body that cannot be redacted, such as JSON a thousand deep
      }
    },
  };
}

async function write(settings: ExchangeLogSettings, exchanges: readonly Exchange[]): Promise<void> {
  try {
    // Named: a connection plans it once. It reads no table, so no plan of it can grow old.
    await settings.db.query({ name: 'keep-exchanges', text: INSERT, values: valuesOf(settings.network, exchanges) });
  } catch (error) {
    if (exchanges.length > 1) {
      for (const each of exchanges) await write(settings, [each]);
      return;
    }
    tellLost(settings, exchanges[0]?.purpose, error);
  }
}

function tellLost({ network, log }: ExchangeLogSettings, purpose: string | undefined, error: unknown): void {
  log('exchange not kept', { network, purpose, error: String(error) });
}

function valuesOf(network: string, exchanges: readonly Exchange[]): unknown[] {
  const texts = (of: (each: Exchange) => string | null): Buffer | null =>
    textArray(exchanges.map((each) => of(each) ?? ''));
  return [
    network,
    uuidArray(exchanges.map(({ id }) => id)),
    texts(({ purpose }) => purpose),
    texts(({ reference }) => reference),
    texts(({ method }) => method),
    texts(({ url }) => url),
    texts(({ request }) => request),
    int4Array(exchanges.map(({ status }) => status ?? 0)),
    texts(({ response }) => response),
    texts(({ fault }) => fault),
    timestampArray(exchanges.map(({ startedAt }) => startedAt)),
    int4Array(exchanges.map(({ ms }) => ms)),
  ];
}

function redacted(request: NetworkRequest, { startedAt, ms, response, fault }: ExchangeOutcome): Exchange {
  const type = Object.entries(request.headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return {
    id: uuidOf(newId('exc')),
    purpose: request.purpose,
    reference: request.reference ?? null,
    method: request.method,
    url: request.url,
    request: redactBody(request.body, type ?? ''),
    status: response?.status ?? null,
    response: response === undefined ? null : redactBody(response.body, response.headers['content-type'] ?? ''),
    fault: fault?.message ?? null,
    startedAt,
    ms: Math.round(ms),
  };
}
