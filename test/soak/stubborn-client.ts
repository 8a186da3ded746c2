/**
 * A client that never gives up and never doubles: each request has one idempotency key, and on a lost connection, a timeout,
 * a 5xx, a 202 or a refusal with Retry-After the same request goes out again under the same key until the answer is
 * definite, as the API promises. Every definite answer is kept: it is what the platform has acknowledged.
 */
import { monotonicMs, sleep } from '../../src/base/clock.ts';
import { type SeededRandom, seededRandom } from '../../src/base/random.ts';
import { type Client, createClient } from '../../stories/client.ts';

/** A request with its definite answer. */
export interface Acknowledged {
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
  /** How often it went out before the answer was definite, the first time included. */
  readonly sent: number;
  readonly client: StubbornClient;
}

/** What all clients of a soak share: the record, and counts. */
export interface Record {
  readonly acknowledged: Acknowledged[];
  readonly counts: { requests: number; repeats: number; lost: number; hungUp: number; unknown: number };
  /** Answers that were not definite, by status and code. */
  readonly troubles: Map<string, number>;
  /** Draws which requests the client hangs up on. */
  readonly random: SeededRandom;
  /** The soak is over: whoever still waits for an answer stops waiting. */
  abandoned: boolean;
}

/** Throws once the soak is over. */
export function unlessAbandoned(record: Record): void {
  if (record.abandoned) throw new Error('the soak is over');
}

export const newRecord = (seed: number): Record => ({
  acknowledged: [],
  counts: { requests: 0, repeats: 0, lost: 0, hungUp: 0, unknown: 0 },
  troubles: new Map(),
  random: seededRandom(seed),
  abandoned: false,
});

export interface StubbornClient {
  /** Asks until the answer is definite and keeps it. Throws when it is not within the limit. */
  post<Body>(path: string, body: unknown, key: string): Promise<{ readonly status: number; readonly body: Body }>;
  /** Reads until there is an answer; nothing is kept. */
  get<Body>(path: string): Promise<Body>;
  /** The same request once more, without keeping the answer. */
  repeat(request: Acknowledged): Promise<{ readonly status: number; readonly body: unknown }>;
}

const REQUEST_LIMIT_MS = 30_000;
const HANG_UP_CHANCE = 0.03;
const PAUSE_MS = 150;
/** An outcome the acquirer owes may wait for business time to be advanced; nothing waits longer than this. */
const DEFINITE_LIMIT_MS = 240_000;

export function createStubbornClient(base: string, apiKey: string, record: Record): StubbornClient {
  const client = createClient(base, apiKey);
  const insist = async (method: string, path: string, options: { body?: unknown; key?: string }) => {
    const began = monotonicMs();
    let wasUnknown = false;
    for (let sent = 1; ; sent += 1) {
      unlessAbandoned(record);
      record.counts.requests += 1;
      if (sent > 1) record.counts.repeats += 1;
      const answer = await once(client, method, path, { ...options, timeoutMs: patience(record) });
      if (isDefinite(answer)) return { status: answer.status, body: answer.body, sent };
      note(record, answer);
      if (answer.status === 202 && !wasUnknown) record.counts.unknown += 1;
      wasUnknown ||= answer.status === 202;
      if (monotonicMs() - began > DEFINITE_LIMIT_MS) {
        const last = `${answer.status} ${JSON.stringify(answer.body)}`;
        throw new Error(
          `${method} ${path}: no definite answer in ${DEFINITE_LIMIT_MS / 1000} s, ${sent} times: ${last}`,
        );
      }
      await sleep(PAUSE_MS);
    }
  };
  const self: StubbornClient = {
    post: async <Body>(path: string, body: unknown, key: string) => {
      const { status, body: answer, sent } = await insist('POST', path, { body, key });
      record.acknowledged.push({ method: 'POST', path, key, body, status, answer, sent, client: self });
      // The views of stories/ describe these answers; a wrong one shows in the proofs.
      return { status, body: answer as Body };
    },
    get: async <Body>(path: string) => {
      const { status, body } = await insist('GET', path, {});
      if (status >= 300) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
      return body as Body;
    },
    repeat: ({ method, path, body, key }) => insist(method, path, { body, key }),
  };
  return self;
}

/** Wall milliseconds until the client hangs up: now and then long before any answer can be there. */
function patience({ random, counts }: Record): number {
  if (!random.chance(HANG_UP_CHANCE)) return REQUEST_LIMIT_MS;
  counts.hungUp += 1;
  return random.integer(2, 60);
}

interface AnyAnswer {
  /** 0: none, the connection was lost or the time was up. */
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: boolean;
}

async function once(
  client: Client,
  method: string,
  path: string,
  { body, key, timeoutMs }: { body?: unknown; key?: string; timeoutMs: number },
): Promise<AnyAnswer> {
  try {
    const options = { timeoutMs, ...(body === undefined ? {} : { body }), key: key ?? null };
    const answer = await client.send<unknown>(method, path, options);
    return { status: answer.status, body: answer.body, retryAfter: answer.headers.has('retry-after') };
  } catch (error) {
    const { name, cause } = error as Error;
    const code = (cause as { code?: string } | undefined)?.code;
    return { status: 0, body: { code: code ?? name }, retryAfter: false };
  }
}

const isDefinite = ({ status, retryAfter }: AnyAnswer): boolean =>
  status !== 0 && status !== 202 && status < 500 && !(status >= 400 && retryAfter);

function note(record: Record, { status, body }: AnyAnswer): void {
  if (status === 0) record.counts.lost += 1;
  const code = (body as { code?: string } | null)?.code ?? '';
  const name = `${status === 0 ? 'no answer' : status} ${code}`.trim();
  record.troubles.set(name, (record.troubles.get(name) ?? 0) + 1);
}
