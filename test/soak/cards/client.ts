/**
 * The client of a card life. Each request has one idempotency key and is repeated under it until the answer is definite: at
 * once after a lost connection or a busy server, half a day later while the acquirer owes its word. Few requests are in
 * flight at a time, whoever sends them.
 */
import { randomUUID } from 'node:crypto';
import { monotonicMs, sleep } from '../../../src/base/clock.ts';
import { createClient } from '../../../stories/client.ts';
import type { Calendar } from './calendar.ts';

export interface Sent<Body> {
  readonly status: number;
  readonly body: Body;
}

export interface CardClient {
  /** `enough` ends the waiting for an answer that is open, when the caller has to act itself. */
  post<Body>(path: string, body: unknown, enough?: (body: Body) => boolean): Promise<Sent<Body>>;
  get<Body>(path: string): Promise<Body>;
}

/** What all clients share. */
export interface Lane {
  /** Runs `work` when it is its turn. */
  run<Value>(work: () => Promise<Value>): Promise<Value>;
  readonly inFlight: () => number;
  readonly counts: { requests: number; repeats: number; lost: number; unknown: number };
}

export function makeLane(width: number): Lane {
  const queue: (() => void)[] = [];
  let inFlight = 0;
  return {
    inFlight: () => inFlight,
    counts: { requests: 0, repeats: 0, lost: 0, unknown: 0 },
    run: async (work) => {
      if (inFlight >= width) await new Promise<void>((resolve) => queue.push(resolve));
      else inFlight += 1;
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next === undefined) inFlight -= 1;
        else next();
      }
    },
  };
}

/** Nobody was there, or too busy; otherwise whether somebody else must end first. */
function readTrouble({ status, body, headers }: { status: number; body: unknown; headers: Headers }) {
  const isConflict = status === 409 && NOT_YET.includes(String((body as { code?: string }).code));
  const isTrouble = status === 0 || status >= 500 || (status >= 400 && headers.has('retry-after') && !isConflict);
  return { isConflict, isTrouble };
}

const REQUEST_LIMIT_MS = 60_000;
const PAUSE_MS = 200;
/** A program that was killed is back long before. */
const SILENCE_LIMIT_MS = 180_000;
const WAITS_MAX = 12;
/** Somebody else must end first. */
const NOT_YET = ['conflict', 'operation_in_progress', 'payment_in_progress', 'refund_in_progress'];

export function createCardClient(base: string, apiKey: string, lane: Lane, calendar: Calendar): CardClient {
  const http = createClient(base, apiKey);
  const once = async (method: string, path: string, options: { body?: unknown; key?: string }) => {
    const began = monotonicMs();
    for (let tries = 1; ; tries += 1) {
      lane.counts.requests += 1;
      if (tries > 1) lane.counts.repeats += 1;
      const { status, body, isConflict, isTrouble } = await lane.run(async () => {
        const answer = await http
          .send<unknown>(method, path, { ...options, timeoutMs: REQUEST_LIMIT_MS })
          .catch((error: unknown) => ({ status: 0, body: { code: String(error) }, headers: new Headers() }));
        const read = readTrouble(answer);
        if (read.isTrouble) await sleep(PAUSE_MS);
        return { ...answer, ...read };
      });
      if (!isTrouble) return { status, body, isOpen: status === 202 || isConflict };
      lane.counts.lost += 1;
      if (monotonicMs() - began > SILENCE_LIMIT_MS)
        throw new Error(`${method} ${path}: no answer, ${tries} times; at last ${status} ${JSON.stringify(body)}`);
    }
  };
  return {
    post: async <Body>(path: string, body: unknown, enough: (body: Body) => boolean = () => false) => {
      const key = randomUUID();
      for (let waits = 0; ; waits += 1) {
        const { status, body: answer, isOpen } = await once('POST', path, { body, key });
        // The views of stories/ describe these answers; a wrong one shows in the proofs.
        const read = answer as Body;
        if (!isOpen || (status === 202 && enough(read))) return { status, body: read };
        if (waits === 0) lane.counts.unknown += 1;
        if (waits === WAITS_MAX)
          throw new Error(`POST ${path}: open for ${waits} half-days: ${status} ${JSON.stringify(answer)}`);
        lane.counts.repeats += 1;
        await calendar.wait(1);
      }
    },
    get: async <Body>(path: string) => {
      const { status, body } = await once('GET', path, {});
      if (status >= 300) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
      return body as Body;
    },
  };
}
