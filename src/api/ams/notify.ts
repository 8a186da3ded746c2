/**
 * Telling clients: the bodies of notifyPayment, notifyCapture and notifyRefund, and one attempt to deliver one. Only HTTP 200
 * with a result of status S is an acknowledgment; the answer need not be signed. In production nothing is sent to addresses
 * of private networks, or the gateway could be made to knock at its own neighbours.
 */
import {
  type AmsNotification,
  type AmsPayment,
  CARRY_OUT_JOB,
  type Changed,
  carryOutJob,
  expireJob,
  loadClientOf,
  makeNotification,
  NOTIFY_JOB,
  notifyJob,
  operationFor,
  outcomeOf,
  PAYMENT_EXPIRES_JOB,
  paidThrough,
  readChanges,
  standingOf,
} from '../../ams/index.ts';
import { formatSignatureHeader, formatTime, signMessage } from '../../ams-protocol/index.ts';
import { monotonicMs, wallNow } from '../../base/clock.ts';
import { parseId } from '../../base/ids.ts';
import type { NetworkHttp, NetworkRequest } from '../../connectors/ports/network-http.ts';
import type { Case } from '../../disputes/index.ts';
import type { JobHandlers } from '../../jobs/index.ts';
import { operationsOf } from '../../payments/index.ts';
import type { App } from '../app.ts';
import { viewAuthorization } from './authorizations.ts';
import { createFirstAttempts, type FirstAttempts } from './first-attempts.ts';
import { whyNotTell } from './notify-address.ts';
import { DEFENSE_DUE_JOB, defenseDueJob, tellMarketplace } from './notify-marketplace.ts';
import { viewSettlementTime } from './settlement-time.ts';
import { methodTypeOf, paymentResult, requestResult, viewCapture, viewPayment, viewRefund } from './views.ts';
import { viewRefundRate } from './wallet-view.ts';

const TIMEOUT_MS = 10_000;
/** A client that acknowledged its last notification within this time gets the next one's first attempt at once. */
const QUICK_MS = 250;
/** Such an attempt, of which so many go to one client at a time, does not wait as long: the others' news stand behind it. */
const AT_ONCE_TIMEOUT_MS = 1000;
const AT_ONCE = 8;

export interface Teller {
  readonly jobs: JobHandlers;
  /** Tells of what has happened since it was last called. */
  announce(): Promise<void>;
}

/** `http` reaches one client, whatever becomes of the others. */
export function createTeller(app: App, http: (clientId: string) => NetworkHttp): Teller {
  const quick = new Set<string>();
  const firstsOf = new Map<string, FirstAttempts>();
  const attempt = async (notification: AmsNotification, timeoutMs: number): Promise<string> => {
    const { clientId } = notification;
    const { outcome, tookMs } = await post(app, http(clientId), notification, timeoutMs);
    if (outcome === 'acknowledged' && tookMs < QUICK_MS) quick.add(clientId);
    else quick.delete(clientId);
    return outcome;
  };
  const atOnce = async (notification: AmsNotification): Promise<string | null> => {
    const { clientId } = notification;
    const first = firstsOf.get(clientId) ?? createFirstAttempts(AT_ONCE);
    firstsOf.set(clientId, first);
    return first(async () => (quick.has(clientId) ? attempt(notification, AT_ONCE_TIMEOUT_MS) : null));
  };
  return {
    jobs: {
      [PAYMENT_EXPIRES_JOB]: (job) => expireJob(app.ams, job),
      [CARRY_OUT_JOB]: (job) => carryOutJob(app.ams, job),
      [DEFENSE_DUE_JOB]: (job) => defenseDueJob(app, job, (dispute) => clientOf(app, dispute)),
      [NOTIFY_JOB]: (job) => notifyJob(app.ams, job, (notification) => attempt(notification, TIMEOUT_MS)),
    },
    announce: async () => {
      if (app.ams.key === null) return;
      while (await readChanges(app.ams, (changed) => tell(app, changed, atOnce)));
    },
  };
}

type AtOnce = (notification: AmsNotification) => Promise<string | null>;

async function tell(app: App, changed: Changed, atOnce: AtOnce): Promise<void> {
  if (changed.kind === 'authorization') return tellAuthorization(app, changed, atOnce);
  if (changed.kind !== 'payment' && changed.kind !== 'request') {
    const { row } = changed;
    const client = parseId('amc', changed.kind === 'registration' ? changed.row.registrar : (row as AmsPayment).client);
    const found = client === null ? null : await loadClientOf(app.journal.db, client);
    if (found !== null) await tellMarketplace(app, found, changed);
    return;
  }
  const { row } = changed;
  if (row.notifyUrl === null) return;
  const content =
    changed.kind === 'payment' ? await paymentBody(app, changed.row) : await requestBody(app, changed.row);
  const client = content === null ? null : await loadClientOf(app.journal.db, row.client);
  if (content === null || client === null) return;
  const made = {
    client: client.id,
    clientId: client.clientId,
    kind: content.notifyType,
    subject: row.id,
    url: row.notifyUrl,
    body: JSON.stringify(content),
  };
  await makeNotification(app.ams, made, atOnce);
}

async function tellAuthorization(
  app: App,
  { row, client }: Extract<Changed, { kind: 'authorization' }>,
  atOnce: AtOnce,
): Promise<void> {
  const { notifyUrl: url, id, clientId } = client;
  if (url === null) return;
  const content = viewAuthorization(row, clientId);
  const kind = content.authorizationNotifyType;
  const made = { client: id, clientId, kind, subject: row.id, once: `${row.id} ${kind}`, url };
  await makeNotification(app.ams, { ...made, body: JSON.stringify(content) }, atOnce);
}

/** Whom a dispute is told: whose payment it is about. */
async function clientOf(app: App, { order, payment }: Case) {
  const row = await paidThrough(app.ams, order, payment);
  const client = row === null ? null : await loadClientOf(app.journal.db, row.client);
  return row === null || client === null ? null : { client, row };
}

/** The first outcome is told. What the client itself canceled it knows. */
async function paymentBody(app: App, row: Extract<Changed, { kind: 'payment' }>['row']) {
  const standing = await standingOf(app.ams, row);
  if (standing.status !== 'SUCCESS' && standing.status !== 'FAIL') return null;
  return {
    notifyType: 'PAYMENT_RESULT' as const,
    result: paymentResult(standing),
    paymentMethodType: methodTypeOf(row, standing),
    ...viewPayment(row, standing),
    ...(standing.status === 'SUCCESS' ? await viewSettlementTime(app, row) : {}),
  };
}

async function requestBody(app: App, row: Extract<Changed, { kind: 'request' }>['row']) {
  const operations = await operationsOf(app.journal.db, row.payment);
  const outcome = outcomeOf(row, operations);
  if (outcome === 'PROCESSING' || row.kind === 'cancel') return null;
  const result = requestResult(row, operations);
  if (row.kind === 'capture') return { notifyType: 'CAPTURE_RESULT' as const, result, ...viewCapture(row, operations) };
  const refund = {
    notifyType: 'REFUND_RESULT' as const,
    result,
    refundStatus: outcome,
    ...viewRefund(row, operations),
  };
  return { ...refund, ...(await viewRefundRate(app.journal.db, operationFor(row, operations))) };
}

interface Posted {
  /** `acknowledged`, or why it was not. */
  readonly outcome: string;
  /** How long the client took, without our own signing. */
  readonly tookMs: number;
}

async function post(
  app: App,
  http: NetworkHttp,
  { url, clientId, body, kind, id }: AmsNotification,
  timeoutMs: number,
): Promise<Posted> {
  const { key } = app.ams;
  if (key === null) return { outcome: 'no_key', tookMs: 0 };
  const refusal = app.sandbox ? null : await whyNotTell(url);
  if (refusal !== null) return { outcome: refusal, tookMs: 0 };
  const { pathname, search } = new URL(url);
  const time = formatTime(wallNow());
  const message = { path: `${pathname}${search}`, clientId, time, body: Buffer.from(body, 'utf8') };
  const signature = formatSignatureHeader({ keyVersion: '1', signature: await signMessage(message, key.privateKey) });
  const headers = {
    'content-type': 'application/json; charset=UTF-8',
    'client-id': clientId,
    'request-time': time,
    signature,
  };
  const request = { method: 'POST', url, headers, body, timeoutMs } as const;
  const began = monotonicMs();
  const outcome = await send(http, { ...request, purpose: `notify_${kind.toLowerCase()}`, reference: id });
  return { outcome, tookMs: monotonicMs() - began };
}

/** Never throws. */
async function send(http: NetworkHttp, request: NetworkRequest): Promise<string> {
  try {
    const answer = await http.send(request);
    if (answer.status !== 200) return `http_${answer.status}`;
    return acknowledges(answer.body) ? 'acknowledged' : 'not_acknowledged';
  } catch (error) {
    return `no_answer: ${(error as Error).message}`.slice(0, 200);
  }
}

function acknowledges(body: Uint8Array): boolean {
  try {
    const { result } = JSON.parse(new TextDecoder().decode(body)) as { result?: { resultStatus?: unknown } };
    return result?.resultStatus === 'S';
  } catch {
    return false;
  }
}
