/** The one connection of the commit path: opened when needed, dropped when lost, opened again; and what its errors mean. */
import { sleep } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { type Client, createClient, PLANNED_ONCE } from '../db/pool.ts';

export interface Line {
  /** How long one query may take before its connection counts as lost. Milliseconds. */
  readonly answerMs: number;
  /** The connection; opens it when there is none. */
  open(): Promise<Client>;
  /** Forgets a connection that is lost, without waiting for the other side. */
  drop(): void;
  /**
   * Does the work, again and again while connections are lost meanwhile.
   * @throws Fault `database_unavailable` when the time is over; other errors as faultOf() says.
   */
  insist<Value>(work: () => Promise<Value>): Promise<Value>;
  /** Closes it in order. */
  close(): Promise<void>;
}

export interface LineSettings {
  readonly url: string;
  readonly reconnectMs?: number;
  readonly answerMs?: number;
}

export function createLine({ url, reconnectMs = 15_000, answerMs = 30_000 }: LineSettings): Line {
  let client: Client | null = null;
  const open = async (): Promise<Client> => {
    if (client !== null) return client;
    const fresh = createClient({ url, applicationName: 'causeway-commit', answerMs, session: PLANNED_ONCE });
    await fresh.connect();
    fresh.on('end', () => {
      if (client === fresh) client = null;
    });
    client = fresh;
    return fresh;
  };
  const drop = (): void => {
    client?.connection.stream.destroy();
    client = null;
  };
  return {
    answerMs,
    open,
    drop,
    insist: async (work) => {
      for (let waited = 0, pause = 50; ; waited += pause, pause = Math.min(pause * 2, 1000)) {
        try {
          return await work();
        } catch (error) {
          if (!isConnectionLoss(error)) throw faultOf(error);
          drop();
          if (waited >= reconnectMs) {
            const what = 'the database is out of reach; the outcome is not known';
            throw new Fault('database_unavailable', what, { retryable: true, cause: error });
          }
        }
        await sleep(pause);
      }
    },
    close: async () => {
      const old = client;
      client = null;
      await old?.end().catch(() => undefined);
    },
  };
}

/**
 * The connection, or the server behind it, is gone: the outcome of what was asked is open. Errors of the driver and the
 * socket, of PostgreSQL's class 08 and 57P0x, and whatever ended the session (FATAL, PANIC).
 */
export function isConnectionLoss(error: unknown): boolean {
  const { code = '', message = '', severity } = error as { code?: string; message?: string; severity?: string };
  if (severity === 'FATAL' || severity === 'PANIC') return true;
  return /^(08|57P0)/.test(code) || LOST_CODES.has(code) || LOST_MESSAGES.test(message);
}

/** The last ones: too many connections, read-only after a failover. */
const LOST_CODES = new Set(
  'ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN 53300 25006'.split(
    ' ',
  ),
);
const LOST_MESSAGES =
  /Connection terminated|timeout expired|timeout exceeded when trying to connect|Query read timeout|not queryable|Client has encountered a connection error/i;

/** True of an error that a row caused: bad data, a constraint, a raised exception. The batch's other units are innocent. */
export const isUnitsOwn = (error: unknown): boolean =>
  error instanceof RangeError || /^(22|23|P0)/.test((error as { code?: string }).code ?? '');

/** The fault that a caller of commit() sees for an error of the database; nothing was written. */
export function faultOf(error: unknown): unknown {
  if (error instanceof Fault) return error;
  const { code = '', message } = error as { code?: string; message?: string };
  if (code === '53100') return fault('database_full', 'the database has no room left', true, error);
  if (code === '22003' || error instanceof RangeError)
    return fault('amount_out_of_range', 'an account would pass 2^63 - 1 minor units', false, error);
  // Resources, cancelled statements, deadlocks, I/O: the server's trouble, not the unit's.
  if (/^(40|53|55|57|58)/.test(code)) return fault('database_failed', String(message), true, error);
  return error;
}

const fault = (code: string, what: string, retryable: boolean, cause: unknown): Fault =>
  new Fault(code, `${what}; nothing was written`, { retryable, cause });
