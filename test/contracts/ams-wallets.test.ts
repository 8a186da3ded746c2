/**
 * The merchant API over the real connector and the sandbox's wallets in a process of their own: a buyer agrees on the wallet's page and is
 * charged with the token, pays on the wallet's page, and gets a part back.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { registerClient } from '../../src/ams/index.ts';
import { buildServer, type Server } from '../../src/api/server.ts';
import { must } from '../../src/base/result.ts';
import { callerTo, PUBLIC_KEY_OF_C1 } from '../support/ams-caller.ts';
import { testApp } from '../support/app.ts';
import { NO_DATABASE } from '../support/database.ts';
import { createModules, type Modules } from '../support/modules.ts';
import { joinSandboxWallet, type SandboxWallet } from './sandbox-wallets.ts';

const PIN = '246810';
type Json = Record<string, unknown>;
const usd = (value: number) => ({ currency: 'USD', value: String(value) });

describe('AMS with the sandbox’s wallets', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let server: Server;
  let wallet: SandboxWallet;
  let call: ReturnType<typeof callerTo>;
  before(async () => {
    m = await createModules();
    wallet = await joinSandboxWallet(m);
    const { payments, privateKey } = wallet;
    const bare = testApp(m);
    const ams = { ...bare.ams, payments, key: { privateKey, publicKey: '' } };
    server = await buildServer({ ...bare, payments, ams });
    call = callerTo(server);
    const client = { clientId: 'C1', marketplace: m.marketplace.id, publicKey: PUBLIC_KEY_OF_C1 };
    must(await registerClient(ams, undefined, { ...client, defaults: { seller: m.seller.id } }));
  });
  after(async () => {
    await server?.close();
    await wallet?.stop();
    await m?.end();
  });

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
    await wallet.admin('POST', 'declines', { resultCode: 'USER_BALANCE_NOT_ENOUGH', walletId: 'tng' });
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
    await wallet.admin('POST', 'confirmations', { walletId: 'tng', account: 'demo', paymentId: walletId, pin: PIN });
    const inquiry = await call('payments/inquiryPayment', { paymentId });
    assert.deepEqual([inquiry.paymentStatus, inquiry.paymentMethodType], ['SUCCESS', 'TNG']);
    const refund = { refundRequestId: 'r1', paymentId, refundAmount: usd(999) };
    assert.equal((await call('payments/refund', refund)).result.resultCode, 'SUCCESS');
    const { wallets } = (await wallet.admin('GET', 'totals')) as { wallets: { walletId: string; owedToHub: string }[] };
    const { rows } = await m.db.query<{ owed: string }>(
      "select sum(debits - credits)::text as owed from accounts where name = 'receivable' and currency = 'MYR'",
    );
    assert.equal(rows[0]?.owed, wallets.find(({ walletId: id }) => id === 'tng')?.owedToHub);
  });
});
