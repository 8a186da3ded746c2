/**
 * The connection pool. Values come back in the project's own types: int8 as bigint, timestamptz as `Instant`, date as
 * `Day`, json as text for `fromJson` (money must not pass through floats).
 */
import pg from 'pg';
import { instant } from '../base/clock.ts';

export type Client = pg.Client;

/** Anything that can run one query: a pool or a client inside a transaction. */
export interface Queryable {
  query<Row extends object>(text: string, values?: unknown[]): Promise<{ rows: Row[]; rowCount: number | null }>;
}

const TYPES = new Map<number, (text: string) => unknown>([
  [20, (text) => BigInt(text)],
  [114, (text) => text],
  [3802, (text) => text],
  [1082, (text) => text],
  [1184, (text) => instant(Date.parse(isoOf(text)))],
]);

const parsers = {
  getTypeParser: (oid: number, format?: string) =>
    (format !== 'binary' && TYPES.get(oid)) || pg.types.getTypeParser(oid, format as 'text'),
};

export interface ConnectionSettings {
  readonly url: string;
  /** Connections in all, a quarter of them for look-ups; at least one of each. */
  readonly max?: number;
  readonly applicationName: string;
  /** Settings of the session, such as `enable_seqscan: 'off'`. */
  readonly session?: Readonly<Record<string, string>>;
  /** How long one query may take before its connection counts as lost. Milliseconds; without it, for ever. */
  readonly answerMs?: number;
}

/**
 * How statements are planned that are planned once for a connection, maybe while a table is empty: as one pass over their arrays
 * with look-ups by index, whether a table has ten rows or ten million.
 */
export const PLANNED_ONCE: Readonly<Record<string, string>> = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_material: 'off',
  enable_memoize: 'off',
  random_page_cost: '0',
  jit: 'off',
};

/** A statement of one table that finds its rows by an index. */
export interface LookUp {
  /** Its own: a connection keeps the plan under it. */
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** Connections for any query, and some for look-ups alone. */
export class Pool extends pg.Pool {
  readonly #lookUps: pg.Pool;

  constructor(settings: ConnectionSettings) {
    const { max = 12 } = settings;
    const forLookUps = Math.max(1, Math.floor(max / 4));
    super({ ...connectionOptions(settings), max: Math.max(1, max - forLookUps) });
    const session = { ...settings.session, ...PLANNED_ONCE };
    this.#lookUps = new pg.Pool({ ...connectionOptions({ ...settings, session }), max: forLookUps });
    for (const pool of [this, this.#lookUps]) {
      pool.on('error', () => undefined);
      // A client that is checked out reports its connection's end to nobody else; its query rejects all the same.
      pool.on('connect', (client) => client.on('error', () => undefined));
    }
  }

  /** Spares PostgreSQL the planning, half of what finding a few rows costs. */
  lookUp<Row extends object>(statement: LookUp): Promise<{ rows: Row[] }> {
    return this.#lookUps.query<Row>(statement);
  }

  override async end(): Promise<void> {
    await Promise.all([super.end(), this.#lookUps.end()]);
  }
}

/** A pool; errors of idle connections are swallowed here, since every query reports its own. */
export const createPool = (settings: ConnectionSettings): Pool => new Pool(settings);

/** A look-up through a pool, or through a connection that is in a transaction. */
export const lookUp = <Row extends object>(db: Queryable, statement: LookUp): Promise<{ rows: Row[] }> =>
  db instanceof Pool ? db.lookUp<Row>(statement) : db.query<Row>(statement.text, statement.values);

/** One connection of its own, for the commit path. */
export function createClient(settings: ConnectionSettings): Client {
  const client = new pg.Client(connectionOptions(settings));
  client.on('error', () => undefined);
  return client;
}

/** A query that fails with `Query read timeout` when no answer has come in time; its connection is not used again. */
export const limited = (limitMs: number, text: string, values: unknown[]): pg.QueryConfig =>
  // The driver's types leave this setting of a single query out.
  ({ text, values, query_timeout: limitMs }) as pg.QueryConfig;

/** Runs `work` in one transaction; rolls back when it throws. Not for journal state: that is what commit() is for. */
export const transaction = <Value>(pool: Pool, work: (db: Queryable) => Promise<Value>): Promise<Value> =>
  runIn(pool, 'begin', work);

/** Reads that belong together, all from one snapshot. */
export const inSnapshot = <Value>(pool: Pool, read: (db: Queryable) => Promise<Value>): Promise<Value> =>
  runIn(pool, 'begin transaction isolation level repeatable read read only', read);

async function runIn<Value>(pool: Pool, begin: string, work: (db: Queryable) => Promise<Value>): Promise<Value> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const value = await work(client as unknown as Queryable);
    await client.query('commit');
    return value;
  } catch (error) {
    await client.query('rollback').catch((cause: Error) => {
      broken = cause;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

function connectionOptions(settings: ConnectionSettings): pg.ClientConfig {
  return {
    connectionString: settings.url,
    application_name: settings.applicationName,
    types: parsers as unknown as NonNullable<pg.ClientConfig['types']>,
    options: Object.entries({ timezone: 'UTC', ...settings.session })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: Math.min(10_000, settings.answerMs ?? 10_000),
    keepAlive: true,
    ...(settings.answerMs === undefined ? {} : { query_timeout: settings.answerMs }),
  };
}

/** PostgreSQL's `2026-11-22 08:00:00.123+00` as ISO 8601; the session runs in UTC. */
const isoOf = (text: string): string => `${text.replace(' ', 'T').replace(/\+00$/, '')}Z`;
