/**
 * The acquirers in the test's own process, with a hub in memory that answers as a test orders. Business time is set by the test.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { makeAgenda } from '../base/agenda.ts';
import { makeFaults } from '../base/faults.ts';
import { serve } from '../base/http-server.ts';
import { openStore } from '../base/store.ts';
import {
  type Answered,
  type Body,
  type CallChanges,
  callAsHub,
  spki,
  startTestHub,
  type TestHub,
} from '../base/test-hub.ts';
import { type Admin, adminOf, testTime } from '../base/test-program.ts';
import { openAcquirerList } from './acquirer.ts';
import { followUpPayments, followUpRefunds } from './follow-up.ts';
import { shopsRoutes } from './routes.ts';
import { SHOPS_SCHEMA } from './schema.ts';
import { FAULT_KINDS, OPERATIONS, type Shops } from './shops.ts';

export interface TestShops {
  readonly url: string;
  readonly hub: TestHub;
  readonly shops: Shops;
  /** A signed call of the hub; `changes` make it wrong. */
  call(slug: string, operation: string, body: unknown, changes?: CallChanges): Promise<Answered>;
  readonly admin: Admin;
  advance(byMs: number): Promise<void>;
  nowMs(): number;
  close(): Promise<void>;
}

const api = (path: string): string => `/aps/api/v1/${path}`;
export const PAY = api('payments/pay');
export const INQUIRY = api('payments/inquiryPayment');
export const CANCEL = api('payments/cancelPayment');
export const REFUND = api('payments/refund');
export const CONSULT = api('payments/consultPayment');
export const REGISTER = api('merchants/registration');
export const STORE_CODE = api('codes/createStoreCode');
export const ENTRY_PAGE = api('codes/registerEntryPage');
export const RETRIEVAL = api('disputes/responseRetrieval');
export const ESCALATION = api('disputes/responseEscalation');

export async function startShops(file = ':memory:'): Promise<TestShops> {
  const hubKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicKey = hubKeys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const store = openStore(file, SHOPS_SCHEMA);
  const time = testTime();
  let publicUrl = '';
  const settings = {
    get publicUrl() {
      return publicUrl;
    },
  };
  const faults = makeFaults(store, OPERATIONS, FAULT_KINDS);
  const shops: Shops = { store, time, faults, list: openAcquirerList(store), settings };
  const agenda = makeAgenda([followUpPayments(shops), followUpRefunds(shops)], time.nowMs);
  const server = await serve(0, shopsRoutes(shops));
  publicUrl = `http://127.0.0.1:${server.port}`;
  const admin = adminOf(publicUrl);
  const keyOf = keyReader(admin);
  const hub = await startTestHub(hubKeys.privateKey, {
    paths: [PAY, INQUIRY, CANCEL, REFUND, CONSULT, REGISTER, STORE_CODE, ENTRY_PAGE, RETRIEVAL, ESCALATION],
    keyOf: (acquirerId) => (shops.list.find(acquirerId) === null ? null : keyOf(acquirerId)),
  });
  await admin('POST', 'hub', { url: hub.hub.url, publicKey });
  return {
    url: publicUrl,
    hub: hub.hub,
    shops,
    admin,
    nowMs: time.nowMs,
    call: async (slug, operation, body, changes) => {
      const clientId = shops.list.find(slug)?.acquirerId ?? slug;
      const called = {
        url: publicUrl,
        path: `/alipayplus/acqp/${slug}/${operation}`,
        clientId,
        key: await keyOf(clientId),
      };
      return callAsHub(called, hubKeys.privateKey, body, changes);
    },
    advance: (byMs) => time.advance(agenda, byMs),
    close: async () => {
      await Promise.all([server.close(), hub.server.close()]);
      store.close();
    },
  };
}

/** The acquirers' public keys, read once. */
function keyReader(admin: Admin): (acquirerId: string) => Promise<KeyObject> {
  const keys = new Map<string, KeyObject>();
  return async (acquirerId) => {
    if (!keys.has(acquirerId)) {
      const { body } = await admin('GET', 'acquirers');
      for (const each of body.acquirers as Body[]) keys.set(String(each.acquirerId), spki(String(each.publicKey)));
    }
    const key = keys.get(acquirerId);
    if (key === undefined) throw new Error(`there is no acquirer ${acquirerId}`);
    return key;
  };
}

export const U = { resultCode: 'PAYMENT_IN_PROCESS', resultStatus: 'U', resultMessage: 'nobody has decided yet' };
export const F = (resultCode: string): Body => ({
  resultCode,
  resultStatus: 'F',
  resultMessage: `it is ${resultCode}`,
});

export const yen = (value: string): Body => ({ currency: 'JPY', value });

/** How the hub says that JPY 3,980 were paid with TNG, settled one to one. */
export const paid = (paymentId: string, value = '3980'): Body => ({
  paymentId,
  pspId: '1022171000000000001',
  walletBrandName: 'TNG',
  customerId: 'c-1',
  paymentAmount: yen(value),
  paymentTime: '2026-01-05T17:00:00+08:00',
  settlementAmount: yen(value),
  settlementQuote: {
    quoteId: 'q1',
    quoteCurrencyPair: 'JPY/JPY',
    quotePrice: '1',
    baseCurrency: 'JPY',
    quoteUnit: '1',
  },
});

export { type Answered, type Body, codeOf, S } from '../base/test-hub.ts';
