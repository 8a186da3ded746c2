/**
 * The merchant API over the real connector and the sandbox's wallets in a process of their own: a buyer agrees on the wallet's page and is
 * charged with the token, pays on the wallet's page, and gets a part back.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { startNetwork, startWeek, temporaryFolder } from '../../sandbox/base/start-network.ts';
import { registerClient } from '../../src/ams/index.ts';
import { formatSignatureHeader, signMessage } from '../../src/ams-protocol/index.ts';
import type { App } from '../../src/api/app.ts';
import { buildServer, type Server } from '../../src/api/server.ts';
import { type Instant, msOf, wallNow } from '../../src/base/clock.ts';
import { must } from '../../src/base/result.ts';
import { createApsWallet } from '../../src/connectors/aps-wallet/index.ts';
import { addParticipantKey } from '../../src/parties/index.ts';
import { testApp } from '../support/app.ts';
import { NO_DATABASE } from '../support/database.ts';
import { aWallet } from '../support/fake-wallet.ts';
import { createModules, type Modules } from '../support/modules.ts';
import { fetchHttp } from './fetch-http.ts';

const PIN = '246810';
type Json = Record<string, unknown>;
const usd = (value: number) => ({ currency: 'USD', value: String(value) });

describe('AMS with the sandbox’s wallets', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let server: Server;
  let admin: (method: 'GET' | 'POST', verb: string, body?: object) => Promise<Json>;
  const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const stops: (() => Promise<unknown>)[] = [];
  before(async () => {
    m = await createModules();
    const folder = temporaryFolder();
    const clock = await startNetwork('clock', folder.path, {});
    await startWeek(clock);
    const wallets = await startNetwork('wallets', folder.path, { CLOCK_URL: clock.url });
    stops.push(
      () => wallets.end('SIGTERM'),
      () => clock.end('SIGTERM'),
      async () => folder.remove(),
    );
    admin = async (method, verb, body) => {
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
      const answer = await fetch(`${wallets.url}/_sandbox/${verb}`, init);
      assert.ok(answer.ok, `${verb}: ${answer.status}`);
      const text = await answer.text();
      return text === '' ? {} : (JSON.parse(text) as Json);
    };
    const { now } = (await (await fetch(`${clock.url}/now`)).json()) as { now: Instant };
    m.pass(msOf(now) - msOf(m.now()));
    const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const publicKey = own.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    await admin('POST', 'hub', { url: 'http://127.0.0.1:1', publicKey });
    const shown = await admin('GET', 'wallets/tng');
    const role = { slug: 'tng', currency: 'MYR', endpoint: `${wallets.url}/alipayplus/mpp/tng` } as const;
    const tng = await aWallet(m.parties, role, String(shown.pspId));
    const key = { publicKey: String(shown.publicKey), version: String(shown.keyVersion) };
    must(await addParticipantKey(m.parties, undefined, { participant: tng.id, ...key }));
    m.rates.perBase.MYR = '4.2';
    const line = fetchHttp({ vaultUrl: 'http://vault.invalid', cards: new Map() });
    const network = createApsWallet({
      ...{ http: () => line, own: { privateKey: own.privateKey, version: '1' }, timeoutMs: 2_000 },
    });
    const payments = { ...m.payments, wallets: { ...m.payments.wallets, network } };
    const bare = testApp(m);
    const ams = { ...bare.ams, payments, key: { privateKey: own.privateKey, publicKey: '' } };
    const app: App = { ...bare, payments, ams };
    server = await buildServer(app);
    const pem = merchant.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const client = { clientId: 'C1', marketplace: m.marketplace.id, publicKey: pem };
    must(await registerClient(ams, undefined, { ...client, defaults: { seller: m.seller.id } }));
  });
  after(async () => {
    await server?.close();
    for (const stop of stops) await stop();
    await m?.end();
  });

  const call = async (operation: string, content: object): Promise<Json & { result: { resultCode: string } }> => {
    const path = `/ams/api/v1/${operation}`;
    const [time, body] = [String(wallNow()), Buffer.from(JSON.stringify(content))];
    const signature = await signMessage({ path, clientId: 'C1', time, body }, merchant.privateKey);
    const headers = {
      'content-type': 'application/json',
      'client-id': 'C1',
      'request-time': time,
      signature: formatSignatureHeader({ keyVersion: '1', signature }),
    };
    return (await server.inject({ method: 'POST', url: path, headers, payload: body })).json();
  };
  let made = 0;
  const request = (cents: number, fields: Json): Json => {
    made += 1;
    return {
      paymentRequestId: `p${made}`,
      order: { referenceOrderId: `O${made}`, orderDescription: 'Lamps', orderAmount: usd(cents) },
      paymentAmount: usd(cents),
      paymentRedirectUrl: 'https://shop.example/back',
      settlementStrategy: { settlementCurrency: 'USD' },
      env: { terminalType: 'WEB' },
      ...fields,
    };
  };

  test('agreed on the wallet’s page, back with the code, charged with the token, revoked', async () => {
    const consulted = await call('authorizations/consult', {
      customerBelongsTo: 'TNG',
      authRedirectUrl: 'https://shop.example/agreed?from=wallet',
      scopes: ['AGREEMENT_PAY'],
      authState: 'state&1',
      terminalType: 'WEB',
    });
    const page = await fetch(String(consulted.normalUrl));
    const html = await page.text();
    assert.ok(page.ok && html.includes('C1 wants to charge'), html);
    const form = new URLSearchParams(new URL(String(consulted.normalUrl)).search);
    const action = /action="([^"]+)"/.exec(html)?.[1] as string;
    const answer = async (more: Record<string, string>) => {
      const body = new URLSearchParams({ ...Object.fromEntries(form), ...more });
      const sent = await fetch(new URL(action, page.url), { method: 'POST', body, redirect: 'manual' });
      return new URL(sent.headers.get('location') as string);
    };
    assert.equal((await answer({})).searchParams.get('authCode'), null, 'he may say no');
    const back = await answer({ account: 'demo' });
    assert.deepEqual(
      [back.hostname, back.searchParams.get('from'), back.searchParams.get('authState')],
      [...['shop.example', 'wallet', 'state&1']],
    );
    const authCode = back.searchParams.get('authCode');
    const apply = { grantType: 'AUTHORIZATION_CODE', customerBelongsTo: 'TNG' };
    const { accessToken, result } = await call('authorizations/applyToken', { ...apply, authCode });
    assert.equal(result.resultCode, 'SUCCESS');
    const method = { paymentMethod: { paymentMethodType: 'TNG', paymentMethodId: accessToken } };
    const agreed = { productCode: 'AGREEMENT_PAYMENT', ...method };
    assert.equal((await call('payments/pay', request(900, agreed))).result.resultCode, 'SUCCESS');
    await admin('POST', 'declines', { resultCode: 'USER_BALANCE_NOT_ENOUGH', walletId: 'tng' });
    assert.equal((await call('payments/pay', request(900, agreed))).result.resultCode, 'USER_BALANCE_NOT_ENOUGH');
    assert.equal((await call('authorizations/revoke', { accessToken })).result.resultCode, 'SUCCESS');
    assert.equal((await call('payments/pay', request(900, agreed))).result.resultCode, 'INVALID_ACCESS_TOKEN');
    const wrong = await call('authorizations/applyToken', { ...apply, authCode: 'nobody-made-this' });
    assert.equal(wrong.result.resultCode, 'INVALID_CODE');
  });

  test('paid on the wallet’s page with the PIN, found by inquiry, refunded in part; both sides owe the same', async () => {
    const asked = request(2_500, { productCode: 'CASHIER_PAYMENT', paymentMethod: { paymentMethodType: 'TNG' } });
    const { normalUrl, paymentId } = await call('payments/pay', asked);
    const walletId = new URL(String(normalUrl)).pathname.split('/').at(-1);
    await admin('POST', 'confirmations', { walletId: 'tng', account: 'demo', paymentId: walletId, pin: PIN });
    const inquiry = await call('payments/inquiryPayment', { paymentId });
    assert.deepEqual([inquiry.paymentStatus, inquiry.paymentMethodType], ['SUCCESS', 'TNG']);
    const refund = { refundRequestId: 'r1', paymentId, refundAmount: usd(999) };
    assert.equal((await call('payments/refund', refund)).result.resultCode, 'SUCCESS');
    const { wallets } = (await admin('GET', 'totals')) as { wallets: { walletId: string; owedToHub: string }[] };
    const { rows } = await m.db.query<{ owed: string }>(
      "select sum(debits - credits)::text as owed from accounts where name = 'receivable' and currency = 'MYR'",
    );
    assert.equal(rows[0]?.owed, wallets.find(({ walletId: id }) => id === 'tng')?.owedToHub);
  });
});
