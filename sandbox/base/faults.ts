/**
 * Faults to order. A test says "the next two captures: act, then hang up"; each matching request takes one from the stock.
 * Stock and hit counts are durable, so a simulation can prove afterwards that every kind was really hit.
 */
import { sleep } from '../../src/base/clock.ts';
import { bodyObject, json, problem, type Reply, type Request, type Route } from './http-server.ts';
import type { Store } from './store.ts';

export const REQUEST_KINDS = [
  'drop_before',
  'drop_after',
  'http_429',
  'http_500',
  'http_503',
  'malformed',
  'unknown_code',
  'delay',
] as const;
export const NOTIFY_KINDS = ['notify_duplicate', 'notify_delay', 'notify_drop', 'notify_reorder'] as const;
/** Of files that a network issues: the day's are held back until the next day's. */
export const FILE_KINDS = ['late_settlement'] as const;
/** Of the issuer behind an acquirer: nobody reaches it, and the card is declined for that. */
export const ISSUER_KINDS = ['issuer_unreachable'] as const;
export type FaultKind =
  | (typeof REQUEST_KINDS)[number]
  | (typeof NOTIFY_KINDS)[number]
  | (typeof FILE_KINDS)[number]
  | (typeof ISSUER_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  readonly delayMs: number;
}

export interface Faults {
  /** Takes the oldest ordered fault among `kinds` for this operation and counts the hit; null when there is none. */
  take(operation: string, kinds: readonly FaultKind[]): Fault | null;
  /** Runs a request under whatever fault is ordered for its operation. */
  around(operation: string, act: () => Reply | Promise<Reply>): Promise<Reply>;
  readonly routes: readonly Route[];
}

const SCHEMA = `create table if not exists fault (
  id integer primary key, kind text not null, operation text not null, left_count integer not null,
  hits integer not null default 0, delay_ms integer not null) strict`;

interface FaultRow {
  readonly id: bigint;
  readonly kind: FaultKind;
  readonly operation: string;
  readonly left_count: bigint;
  readonly delay_ms: bigint;
}

/** `operations` are the names this network knows; `any` fits all of them. */
export function makeFaults(store: Store, operations: readonly string[], kinds: readonly FaultKind[]): Faults {
  store.run(SCHEMA);
  const load = (): FaultRow[] => store.all<FaultRow>('select * from fault where left_count > 0 order by id');
  let active = load();
  const take: Faults['take'] = (operation, wanted) => {
    const fits = (row: FaultRow): boolean => row.operation === 'any' || row.operation === operation;
    const row = active.find((candidate) => wanted.includes(candidate.kind) && fits(candidate));
    if (row === undefined) return null;
    store.run('update fault set left_count = left_count - 1, hits = hits + 1 where id = ?', row.id);
    active = load();
    return { kind: row.kind, delayMs: Number(row.delay_ms) };
  };
  const order = (request: Request): Reply => {
    const asked = parseOrder(bodyObject(request), operations, kinds);
    if (typeof asked === 'string') return problem(422, 'invalid_fault', asked);
    const insert = 'insert into fault (kind, operation, left_count, delay_ms) values (?, ?, ?, ?)';
    store.run(insert, asked.kind, asked.operation, asked.count, asked.delayMs);
    active = load();
    return json(201, asked);
  };
  const clear = (): Reply => {
    // The hits stay: they are the proof of what was hit before.
    store.run('update fault set left_count = 0');
    active = load();
    return { status: 204 };
  };
  return {
    take,
    around: (operation, act) => around(take(operation, REQUEST_KINDS), act),
    routes: [
      { method: 'POST', pattern: '/_sandbox/faults', handle: order },
      { method: 'GET', pattern: '/_sandbox/faults', handle: () => json(200, overview(store, kinds)) },
      { method: 'DELETE', pattern: '/_sandbox/faults', handle: clear },
    ],
  };
}

async function around(fault: Fault | null, act: () => Reply | Promise<Reply>): Promise<Reply> {
  switch (fault?.kind) {
    case 'drop_before':
      return { hangUp: true };
    case 'http_429':
      return { ...unavailable(429, 'TOO_MANY_REQUESTS'), headers: { ...JSON_TYPE, 'retry-after': '1' } };
    case 'http_500':
      return unavailable(500, 'HOST_ERROR');
    case 'http_503':
      return unavailable(503, 'SERVICE_UNAVAILABLE');
    case 'drop_after':
      await act();
      return { hangUp: true };
    case 'malformed':
      return broken(await act());
    case 'unknown_code':
      return withUnknownCode(await act());
    case 'delay': {
      const reply = await act();
      await sleep(fault.delayMs);
      return reply;
    }
    default:
      return act();
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** The request was not looked at. The body fits readers of both networks. */
const unavailable = (status: number, responseCode: string): Exclude<Reply, { hangUp: true }> => ({
  status,
  headers: JSON_TYPE,
  body: JSON.stringify({ responseStatus: 'ERROR', responseCode, error: 'unavailable', message: 'ordered fault' }),
});

/** The answer as it is, under a response code that no document names. */
function withUnknownCode(reply: Reply): Reply {
  if ('hangUp' in reply || reply.headers?.['content-type'] !== 'application/json') return reply;
  const answer: unknown = JSON.parse(String(reply.body));
  if (typeof answer !== 'object' || answer === null) return reply;
  return { ...reply, body: JSON.stringify({ ...answer, responseCode: 'SANDBOX_CODE_999' }) };
}

/** The answer cut in half: valid HTTP, invalid JSON. */
function broken(reply: Reply): Reply {
  if ('hangUp' in reply || reply.body === undefined) return reply;
  return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) };
}

function parseOrder(body: Record<string, unknown> | null, operations: readonly string[], kinds: readonly FaultKind[]) {
  const kind = kinds.find((known) => known === body?.kind);
  if (kind === undefined) return `kind must be one of ${kinds.join(', ')}`;
  const operation = ['any', ...operations].find((known) => known === (body?.operation ?? 'any'));
  if (operation === undefined) return `operation must be one of any, ${operations.join(', ')}`;
  const ofFiles = FILE_KINDS.some((known) => known === kind);
  if (ofFiles && operation !== 'any' && operation !== 'reports') return `${kind} is of reports`;
  const count = Number(body?.count ?? 1);
  const delayMs = Number(body?.delayMs ?? 0);
  if (!Number.isSafeInteger(count) || count < 1) return 'count must be a whole number of at least 1';
  if (!Number.isSafeInteger(delayMs) || delayMs < 0) return 'delayMs must be a whole number of at least 0';
  return { kind, operation, count, delayMs };
}

function overview(store: Store, kinds: readonly FaultKind[]) {
  const rows = store.all<{ kind: string; remaining: bigint; hits: bigint }>(
    'select kind, sum(left_count) as remaining, sum(hits) as hits from fault group by kind',
  );
  const find = (kind: string) => rows.find((row) => row.kind === kind);
  const line = (kind: string) => ({
    remaining: Number(find(kind)?.remaining ?? 0),
    hits: Number(find(kind)?.hits ?? 0),
  });
  const ordered = store.all<FaultRow>('select * from fault where left_count > 0 order by id');
  return {
    kinds: Object.fromEntries(kinds.map((kind) => [kind, line(kind)])),
    ordered: ordered.map(({ kind, operation, left_count, delay_ms }) => ({
      kind,
      operation,
      count: Number(left_count),
      delayMs: Number(delay_ms),
    })),
  };
}
