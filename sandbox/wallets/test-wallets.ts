/**
 * Wallets in the test's own process, with a hub in memory: it signs and verifies by node:crypto directly, gives out codes, and remembers
 * what it was told. Business time is set by the test.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { instant, wallNow } from '../../src/base/clock.ts';
import { makeAgenda } from '../base/agenda.ts';
import type { BusinessTime } from '../base/business-time.ts';
import { makeFaults } from '../base/faults.ts';
import { type Reply, type Request, type RunningServer, serve } from '../base/http-server.ts';
import { openStore } from '../base/store.ts';
import { lapsePayments } from './confirm-payment.ts';
import { deliverNotifications } from './notifications.ts';
import { walletRoutes } from './routes.ts';
import { WALLETS_SCHEMA } from './schema.ts';
import { openWalletList } from './wallet.ts';
import { FAULT_KINDS, FAULT_OPERATIONS, type Wallets } from './wallets.ts';

export type Body = Record<string, unknown>;

export interface HubRequest {
  readonly path: string;
  readonly clientId: string;
  readonly body: Body;
  readonly verified: boolean;
}

export interface TestHub {
  readonly url: string;
  /** What wallets asked and told, in order. */
  readonly asked: readonly HubRequest[];
  /** Answers the next call of a path; without one, `result` S and whatever the path's standing answer is. */
  answerWith(path: string, answer: (body: Body) => Body | 'hang up' | 'unsigned'): void;
}

export interface Answered {
  readonly status: number;
  readonly body: Body;
  readonly text: string;
  readonly headers: Headers;
  /** By the wallet's public key, over the bytes as they came. */
  readonly verified: boolean;
}

export interface TestWallets {
  readonly url: string;
  readonly hub: TestHub;
  readonly wallets: Wallets;
  /** A signed call of the hub; `changes` make it wrong. */
  call(walletId: string, operation: string, body: unknown, changes?: CallChanges): Promise<Answered>;
  admin(method: string, path: string, body?: unknown): Promise<{ status: number; body: Body }>;
  advance(byMs: number): Promise<void>;
  nowMs(): number;
  close(): Promise<void>;
}

export interface CallChanges {
  readonly clientId?: string;
  readonly time?: string;
  readonly signedBody?: string;
  readonly keyVersion?: string;
  readonly signature?: string;
}

const START = '2026-01-05T09:00:00.000Z';
export const S = { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' };

export async function startWallets(file = ':memory:'): Promise<TestWallets> {
  const hubKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicKey = hubKeys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  let nowMs = Date.parse(START);
  const store = openStore(file, WALLETS_SCHEMA);
  const time: BusinessTime = { now: () => instant(nowMs), nowMs: () => nowMs, adopt: () => undefined };
  let publicUrl = '';
  const settings = {
    get publicUrl() {
      return publicUrl;
    },
  };
  const faults = makeFaults(store, FAULT_OPERATIONS, FAULT_KINDS);
  const wallets: Wallets = { store, time, faults, list: openWalletList(store), settings };
  const agenda = makeAgenda([lapsePayments(wallets), deliverNotifications(wallets)], time.nowMs);
  const server = await serve(0, walletRoutes(wallets));
  publicUrl = `http://127.0.0.1:${server.port}`;
  const admin: TestWallets['admin'] = async (method, path, body) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${publicUrl}/_sandbox/${path}`, init);
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Body) };
  };
  const keyOf: KeyOf = async (walletId) => {
    const { body } = await admin('GET', `wallets/${walletId}`);
    return { pspId: String(body.pspId), key: spki(String(body.publicKey)) };
  };
  const hub = await startHub(hubKeys.privateKey, (pspId) => {
    const wallet = wallets.list.all().find((each) => each.pspId === pspId);
    return wallet === undefined ? null : keyOf(wallet.walletId).then(({ key }) => key);
  });
  await admin('POST', 'hub', { url: hub.hub.url, publicKey });
  return {
    url: publicUrl,
    hub: hub.hub,
    wallets,
    admin,
    nowMs: () => nowMs,
    call: hubCaller(publicUrl, hubKeys.privateKey, keyOf),
    advance: async (byMs) => {
      const end = nowMs + byMs;
      // Step by step: what is due becomes due at its own time.
      for (
        let next = agenda.status().nextDue;
        next !== null && Date.parse(next) <= end;
        next = agenda.status().nextDue
      ) {
        nowMs = Math.max(nowMs, Date.parse(next));
        await agenda.drain();
      }
      nowMs = end;
    },
    close: async () => {
      await Promise.all([server.close(), hub.server.close()]);
      store.close();
    },
  };
}

type KeyOf = (walletId: string) => Promise<{ readonly pspId: string; readonly key: KeyObject }>;

const hubCaller =
  (url: string, privateKey: KeyObject, keyOf: KeyOf): TestWallets['call'] =>
  async (walletId, operation, body, changes = {}) => {
    const { pspId, key } = await keyOf(walletId);
    const path = `/alipayplus/mpp/${walletId}/${operation}`;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const clientId = changes.clientId ?? pspId;
    const requestTime = changes.time ?? instant(wallNow());
    const material = `POST ${path}\n${clientId}.${requestTime}.${changes.signedBody ?? text}`;
    const signature = encodeURIComponent(sign('sha256', Buffer.from(material), privateKey).toString('base64'));
    const response = await fetch(url + path, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json; charset=UTF-8',
        'Client-Id': clientId,
        'Request-Time': requestTime,
        Signature:
          changes.signature ?? `algorithm=RSA256, keyVersion=${changes.keyVersion ?? '1'}, signature=${signature}`,
      },
      body: text,
    });
    return answered(response, path, key);
  };

async function answered(response: Response, path: string, key: KeyObject): Promise<Answered> {
  const text = await response.text();
  const { headers, status } = response;
  const material = `POST ${path}\n${headers.get('client-id')}.${headers.get('response-time')}.${text}`;
  const verified = verifies(material, headers.get('signature'), key);
  let body: Body = {};
  try {
    body = JSON.parse(text) as Body;
  } catch {
    // Malformed on order; the test looks at the text.
  }
  return { status, text, headers, body, verified };
}

function verifies(material: string, header: string | null, key: KeyObject): boolean {
  const signature = /signature=(\S+)$/.exec(header ?? '')?.[1];
  if (signature === undefined) return false;
  return verify('sha256', Buffer.from(material), key, Buffer.from(decodeURIComponent(signature), 'base64'));
}

const spki = (base64: string): KeyObject =>
  createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });

async function startHub(
  privateKey: KeyObject,
  keyOf: (pspId: string) => Promise<KeyObject> | null,
): Promise<{ hub: TestHub; server: RunningServer }> {
  const asked: HubRequest[] = [];
  const ordered: { path: string; answer: Parameters<TestHub['answerWith']>[1] }[] = [];
  const handle = async (request: Request): Promise<Reply> => {
    const of = (name: string): string => String(request.headers[name] ?? '');
    const clientId = of('client-id');
    const material = `POST ${request.path}\n${clientId}.${of('request-time')}.${request.body.toString('utf8')}`;
    const key = await keyOf(clientId);
    const verified = key !== null && verifies(material, of('signature'), key);
    const body = JSON.parse(request.body.toString('utf8')) as Body;
    asked.push({ path: request.path, clientId, body, verified });
    const at = ordered.findIndex(({ path }) => path === request.path);
    const answer = at < 0 ? { result: S } : (ordered.splice(at, 1)[0]?.answer(body) ?? { result: S });
    if (answer === 'hang up') return { hangUp: true };
    const text = JSON.stringify(answer === 'unsigned' ? { result: S } : answer);
    const time = instant(wallNow());
    const signed = sign('sha256', Buffer.from(`POST ${request.path}\n${clientId}.${time}.${text}`), privateKey);
    const signature = `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signed.toString('base64'))}`;
    const headers = { 'client-id': clientId, 'response-time': time, ...(answer === 'unsigned' ? {} : { signature }) };
    return { status: 200, headers, body: text };
  };
  const paths = [
    ...['/aps/api/v1/codes/getPaymentCode', '/aps/api/v1/payments/userInitiatedPay'],
    ...['/aps/api/v1/payments/notifyPayment', '/aps/v1/payments/inquiryForeignExchangeQuote', '/elsewhere'],
  ];
  const server = await serve(
    0,
    paths.map((pattern) => ({ method: 'POST', pattern, handle })),
  );
  const hub: TestHub = {
    url: `http://127.0.0.1:${server.port}`,
    asked,
    answerWith: (path, answer) => void ordered.push({ path, answer }),
  };
  return { hub, server };
}

export const CODE_PATH = '/aps/api/v1/codes/getPaymentCode';
export const SCAN_PATH = '/aps/api/v1/payments/userInitiatedPay';
export const NOTIFY = '/aps/api/v1/payments/notifyPayment';
export const QUOTE_PATH = '/aps/v1/payments/inquiryForeignExchangeQuote';

let numbered = 0;

/** JPY 3,980 in Tokyo for MYR 120.36, by a payment code unless `changes` say otherwise. */
export function payRequest(changes: Body = {}): Body {
  numbered += 1;
  return {
    acquirerId: '1022188000000000002',
    pspId: '1022171000000000001',
    paymentRequestId: `hub-${numbered}`,
    order: tokyoOrder(),
    paymentAmount: { currency: 'JPY', value: '3980' },
    payToAmount: { currency: 'MYR', value: '12036' },
    paymentQuote: {
      quoteId: 'q1',
      quoteCurrencyPair: 'JPY/MYR',
      quotePrice: 0.030241,
      markupAmount: { currency: 'MYR', value: '119' },
    },
    paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: 'none' },
    paymentFactor: { isInStorePayment: 'true', inStorePaymentScenario: 'PaymentCode' },
    ...changes,
  };
}

export const tokyoOrder = (): Body => ({
  referenceOrderId: `order-${numbered}`,
  orderDescription: 'Matcha and two cups',
  orderAmount: { currency: 'JPY', value: '3980' },
  merchant: {
    referenceMerchantId: 'm1',
    merchantMCC: '5499',
    merchantName: '浅草茶舗',
    merchantDisplayName: 'Asakusa Tea House',
    merchantAddress: { region: 'JP' },
    store: { referenceStoreId: 's1', storeName: '浅草茶舗 本店' },
  },
});

/** A payment code of a person, as the hub gives one out. */
export async function shownCode(
  test: TestWallets,
  walletId: string,
  account = 'demo',
  lifeMs = 60_000,
): Promise<string> {
  numbered += 1;
  const codeValue = `28166602${String(numbered).padStart(16, '0')}`;
  test.hub.answerWith(CODE_PATH, () => ({
    result: S,
    paymentCodes: [{ codeValue, codeExpiryTime: instant(test.nowMs() + lifeMs) }],
  }));
  const { status, body } = await test.admin('POST', 'payment-codes', { walletId, account });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return String(body.code);
}

export const byCode = (code: string): Body => ({
  paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: code },
});

export const codeOf = (answer: Answered, part: 'result' | 'paymentResult' = 'result'): unknown =>
  (answer.body[part] as Body | undefined)?.resultCode;
