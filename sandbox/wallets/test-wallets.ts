/**
 * Wallets in the test's own process, with a hub in memory that gives out codes. Business time is set by the test.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { instant } from '../../src/base/clock.ts';
import { makeAgenda } from '../base/agenda.ts';
import { makeFaults } from '../base/faults.ts';
import { serve } from '../base/http-server.ts';
import { openStore } from '../base/store.ts';
import {
  type Answered,
  type Body,
  type CallChanges,
  callAsHub,
  S,
  spki,
  startTestHub,
  type TestHub,
} from '../base/test-hub.ts';
import { type Admin, adminOf, testTime } from '../base/test-program.ts';
import { lapsePayments } from './confirm-payment.ts';
import { DISPUTE_PATHS } from './disputes.ts';
import { deliverNotifications } from './notifications.ts';
import { walletRoutes } from './routes.ts';
import { WALLETS_SCHEMA } from './schema.ts';
import { openWalletList } from './wallet.ts';
import { FAULT_KINDS, FAULT_OPERATIONS, type Wallets } from './wallets.ts';

export interface TestWallets {
  readonly url: string;
  readonly hub: TestHub;
  readonly wallets: Wallets;
  /** A signed call of the hub; `changes` make it wrong. */
  call(walletId: string, operation: string, body: unknown, changes?: CallChanges): Promise<Answered>;
  readonly admin: Admin;
  advance(byMs: number): Promise<void>;
  nowMs(): number;
  close(): Promise<void>;
}

export async function startWallets(file = ':memory:'): Promise<TestWallets> {
  const hubKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicKey = hubKeys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const store = openStore(file, WALLETS_SCHEMA);
  const time = testTime();
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
  const admin = adminOf(publicUrl);
  const keyOf = async (walletId: string): Promise<{ readonly clientId: string; readonly key: KeyObject }> => {
    const { body } = await admin('GET', `wallets/${walletId}`);
    return { clientId: String(body.pspId), key: spki(String(body.publicKey)) };
  };
  const hub = await startTestHub(hubKeys.privateKey, {
    paths: [CODE_PATH, SCAN_PATH, NOTIFY, QUOTE_PATH, QUESTION, CLAIM, '/elsewhere'],
    keyOf: (pspId) => {
      const wallet = wallets.list.all().find((each) => each.pspId === pspId);
      return wallet === undefined ? null : keyOf(wallet.walletId).then(({ key }) => key);
    },
  });
  await admin('POST', 'hub', { url: hub.hub.url, publicKey });
  return {
    url: publicUrl,
    hub: hub.hub,
    wallets,
    admin,
    nowMs: time.nowMs,
    call: async (walletId, operation, body, changes) => {
      const called = { url: publicUrl, path: `/alipayplus/mpp/${walletId}/${operation}`, ...(await keyOf(walletId)) };
      return callAsHub(called, hubKeys.privateKey, body, changes);
    },
    advance: (byMs) => time.advance(agenda, byMs),
    close: async () => {
      await Promise.all([server.close(), hub.server.close()]);
      store.close();
    },
  };
}

export const CODE_PATH = '/aps/api/v1/codes/getPaymentCode';
export const SCAN_PATH = '/aps/api/v1/payments/userInitiatedPay';
export const NOTIFY = '/aps/api/v1/payments/notifyPayment';
export const QUESTION = DISPUTE_PATHS.retrieval;
export const CLAIM = DISPUTE_PATHS.escalation;
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

export { type Answered, type Body, codeOf, S } from '../base/test-hub.ts';
