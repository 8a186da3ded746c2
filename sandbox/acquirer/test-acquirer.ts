/**
 * An acquirer in the test's own process, for what a process of its own makes slow or impossible: business time that is set,
 * wall time that has passed, the store looked into. It listens like the real one, so the whole way of a request is walked.
 */
import { instant, MS_PER_DAY, msOf } from '../../src/base/clock.ts';
import { makeAgenda } from '../base/agenda.ts';
import { FILE_KINDS, makeFaults, NOTIFY_KINDS, REQUEST_KINDS } from '../base/faults.ts';
import { bodyObject, type Reply, type Request, type RunningServer, serve } from '../base/http-server.ts';
import { openStore } from '../base/store.ts';
import { type Acquirer, type AcquirerSettings, OPERATIONS } from './acquirer.ts';
import { dailyClose } from './daily-close.ts';
import { delayedCapture } from './delayed-capture.ts';
import { lapseDisputes } from './dispute-lapse.ts';
import { fundsTransfer } from './funds-transfer.ts';
import { deliverNotifications } from './notifications.ts';
import { acquirerRoutes } from './routes.ts';
import { ACQUIRER_SCHEMA } from './schema.ts';
import { type AcquirerClient, type Answered, acquirerClient } from './test-client.ts';

export interface TestAcquirer {
  readonly acquirer: Acquirer;
  readonly client: AcquirerClient;
  readonly url: string;
  /** What the bank was told and the merchant was notified of, in order. */
  readonly told: readonly Told[];
  /** Steps through everything that becomes due. */
  advance(byMs: number): Promise<void>;
  admin(method: string, path: string, body?: unknown): Promise<Answered>;
  /** The text of a report, or its status when there is none. */
  report(kind: string, day: string): Promise<string | number>;
  today(): string;
  close(): Promise<void>;
}

/** Begins on a Monday at nine. */
export async function startAcquirer(changes: Partial<AcquirerSettings> = {}): Promise<TestAcquirer> {
  let nowMs = Date.parse('2026-01-05T09:00:00.000Z');
  const { partner, told } = await startPartner();
  const store = openStore(':memory:', ACQUIRER_SCHEMA);
  const partnerUrl = `http://127.0.0.1:${partner.port}`;
  const acquirer: Acquirer = {
    store,
    time: { now: () => instant(nowMs), nowMs: () => nowMs, adopt: () => undefined },
    faults: makeFaults(store, OPERATIONS, [...REQUEST_KINDS, ...NOTIFY_KINDS, ...FILE_KINDS]),
    settings: {
      merchantId: '998482157630',
      merchantName: 'Shop & <Sons>',
      bankUrl: partnerUrl,
      settlementAccount: '000123456789',
      settlementCurrency: undefined,
      notifyUrl: `${partnerUrl}/notify`,
      notifyToken: undefined,
      ...changes,
    },
  };
  const activities = [dailyClose, fundsTransfer, delayedCapture, lapseDisputes, deliverNotifications];
  const agenda = makeAgenda(
    activities.map((activity) => activity(acquirer)),
    () => nowMs,
  );
  const server = await serve(0, acquirerRoutes(acquirer));
  const url = `http://127.0.0.1:${server.port}`;
  const client = await acquirerClient(url);
  return {
    acquirer,
    client,
    url,
    told,
    advance: async (byMs) => {
      const until = nowMs + byMs;
      await agenda.drain();
      for (let next = agenda.status().nextDue; next !== null && msOf(next) <= until; next = agenda.status().nextDue) {
        nowMs = Math.max(nowMs, msOf(next));
        await agenda.drain();
      }
      nowMs = until;
    },
    admin: async (method, path, body) => {
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
      const response = await fetch(`${url}/_sandbox/${path}`, init);
      const text = await response.text();
      return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
    },
    report: async (kind, day) => {
      const headers = { authorization: `Bearer ${client.token}` };
      const response = await fetch(`${url}/reports/${kind}?day=${day}`, { headers });
      return response.status === 200 ? response.text() : response.status;
    },
    today: () => instant(nowMs).slice(0, 10),
    close: async () => {
      await Promise.all([server.close(), partner.close()]);
      store.close();
    },
  };
}

export const HOURS = 3_600_000;
export const DAYS = MS_PER_DAY;

interface Told {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

/** Bank and merchant in one: takes everything, and keeps it. */
async function startPartner(): Promise<{ readonly partner: RunningServer; readonly told: readonly Told[] }> {
  const told: Told[] = [];
  const keep = (request: Request): Reply => {
    told.push({ path: request.path, body: bodyObject(request) ?? {} });
    return { status: 204 };
  };
  const paths = ['/_interbank/credits', '/_interbank/debits', '/notify'];
  const partner = await serve(
    0,
    paths.map((pattern) => ({ method: 'POST', pattern, handle: keep })),
  );
  return { partner, told };
}
