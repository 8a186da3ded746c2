/** A client of the AMS wire, a wallet in memory, and what its user does: for tests of payments by wallet over the merchant API. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { callerTo, PUBLIC_KEY_OF_C1, type Said } from '../../../test/support/ams-caller.ts';
import { testApp } from '../../../test/support/app.ts';
import { aWallet } from '../../../test/support/fake-wallet.ts';
import { createModules, type Modules } from '../../../test/support/modules.ts';
import { registerClient } from '../../ams/index.ts';
import type { Id } from '../../base/ids.ts';
import { money } from '../../base/money.ts';
import { must } from '../../base/result.ts';
import type { WalletParticipant } from '../../parties/index.ts';
import { EXPIRY_JOB, expiryJob, findOperationByReference, findPayment, walletNotified } from '../../payments/index.ts';
import { issuePaymentCodes, scan } from '../../wallets/index.ts';
import type { App } from '../app.ts';
import { buildServer, type Server } from '../server.ts';
import { createTeller } from './notify.ts';

const gateway = generateKeyPairSync('rsa', { modulusLength: 2048 });

export type { Said };
export type Json = Record<string, unknown>;

export const code = ({ result }: Said): string => `${result.resultStatus} ${result.resultCode}`;
export const usd = (value: number) => ({ currency: 'USD', value: String(value) });
export const method = (id: string, type = 'TNG') => ({
  paymentMethod: { paymentMethodType: type, paymentMethodId: id },
});
export const inStore = (scenario: string) => ({
  productCode: 'IN_STORE_PAYMENT',
  paymentFactor: { inStorePaymentScenario: scenario },
});

let made = 0;
/** To pay a new order on the page of `tng`, unless the fields say otherwise. */
export function request(cents: number, fields: Json = {}): Json & { readonly paymentRequestId: string } {
  made += 1;
  return {
    productCode: 'CASHIER_PAYMENT',
    paymentRequestId: `p${made}`,
    order: { referenceOrderId: `O${made}`, orderDescription: 'Lamps', orderAmount: usd(cents) },
    paymentAmount: usd(cents),
    paymentMethod: { paymentMethodType: 'TNG' },
    paymentRedirectUrl: 'https://shop.example/back',
    settlementStrategy: { settlementCurrency: 'USD' },
    env: { terminalType: 'WEB' },
    ...fields,
  };
}

interface Installation {
  readonly m: Modules;
  readonly app: App;
  readonly server: Server;
  /** Pays in EUR, in every way, up to a limit; `dull` beside it pays nowhere at the moment. */
  readonly tng: WalletParticipant;
}

export type AmsWallets = Awaited<ReturnType<typeof startAmsWallets>>;

export async function startAmsWallets() {
  const m = await createModules();
  const bare = testApp(m);
  const app: App = { ...bare, ams: { ...bare.ams, key: { privateKey: gateway.privateKey, publicKey: '' } } };
  const server = await buildServer(app);
  const modes = ['cashier', 'autoDebit', 'userPresented', 'merchantPresented'] as const;
  const most = { setBy: 'Bank Negara', per: 'payment', kind: 'max', amount: money(500_000n, 'EUR') } as const;
  const role = { slug: 'tng', codeIssuer: '281234', modes, limits: [most] };
  const tng = (await aWallet(m.parties, role)) as WalletParticipant;
  await aWallet(m.parties, { slug: 'dull', modes: ['cashier'], markets: { CN: 'paused' } });
  const client = {
    clientId: 'C1',
    marketplace: m.marketplace.id,
    publicKey: PUBLIC_KEY_OF_C1,
    notifyUrl: 'http://client.invalid/n',
  };
  must(await registerClient(app.ams, undefined, { ...client, defaults: { seller: m.seller.id } }));
  const acts = actsOn({ m, app, server, tng });
  return { m, app, tng, ...acts, end: () => server.close().finally(() => m.end()) };
}

function actsOn({ m, app, server, tng }: Installation) {
  const call = callerTo(server);
  const newest = (): string => [...m.wallet.known.keys()].at(-1) as string;
  /** The user says yes, and the wallet tells. */
  const confirm = async (): Promise<void> => {
    m.wallet.confirm(newest());
    assert.equal(await walletNotified(m.payments, { wallet: tng.id, reference: newest() }), 'taken');
  };
  const inquire = ({ paymentId }: Said) => call('payments/inquiryPayment', { paymentId });
  /** The job that ends a payment when nobody has paid it. */
  const expirePayment = async (of: Id<'pay'>): Promise<void> => {
    const payment = await findPayment(m.db, of);
    assert.ok(payment?.expiryJob);
    const { id: subject, expiryJob: id } = payment;
    await expiryJob(m.payments, { id, kind: EXPIRY_JOB, subject, due: m.now(), payload: {}, attempts: 1, lease: '' });
  };
  return {
    call,
    newest,
    expirePayment,
    confirm,
    inquire,
    paidOnPage: async (cents: number, fields: Json = {}): Promise<Said> => {
      const asked = await call('payments/pay', request(cents, fields));
      assert.equal(code(asked), 'U PAYMENT_IN_PROCESS', asked.result.resultMessage);
      await confirm();
      return asked;
    },
    /** The same of the newest payment. */
    expire: async (): Promise<void> => {
      const operation = await findOperationByReference(m.db, newest());
      assert.ok(operation);
      await expirePayment(operation.payment);
    },
    standing: async (payment: Said): Promise<string> => {
      const { paymentStatus, paymentResultCode } = await inquire(payment);
      return `${paymentStatus} ${paymentResultCode}`;
    },
    newCode: async (): Promise<string> => {
      const wanted = { wallet: tng, customerId: 'user-1', quantity: 1 };
      return must(await issuePaymentCodes(app.hub.deps, wanted))[0]?.value as string;
    },
    /** A wallet's user scans; the wallet knows the payment from then on, and asks him. */
    scan: async (value: string, wallet: WalletParticipant = tng, customerId = 'user-1') => {
      const scanned = await scan(app.hub.deps, { value, wallet, customerId, typed: null });
      if (scanned.ok && scanned.value.kind === 'order') m.wallet.scanned(scanned.value.debit);
      return scanned;
    },
    token: (authCode: string): Promise<Said> =>
      call('authorizations/applyToken', { grantType: 'AUTHORIZATION_CODE', customerBelongsTo: 'TNG', authCode }),
    /** What the client is told, newest last. */
    told: async (): Promise<readonly Json[]> => {
      const http = { send: async () => ({ status: 500, headers: {}, body: new Uint8Array() }) };
      await createTeller(app, () => http).announce();
      const all = "select data ->> 'body' as body from ams_notifications order by id";
      const { rows } = await m.db.query<{ body: string }>(all);
      return rows.map(({ body }) => JSON.parse(body) as Json);
    },
  };
}
