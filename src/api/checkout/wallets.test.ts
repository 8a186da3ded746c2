/** Wallets over HTTP: what an order can be paid with, a payment by wallet in REST, and the buyer's page beside cards. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { testApp } from '../../../test/support/app.ts';
import { NO_DATABASE } from '../../../test/support/database.ts';
import { aWallet } from '../../../test/support/fake-wallet.ts';
import { committed, createModules, type Modules } from '../../../test/support/modules.ts';
import { money } from '../../base/money.ts';
import { must } from '../../base/result.ts';
import { createApiKey, createBuyer } from '../../parties/index.ts';
import { findOperationByReference, findPayment, walletNotified } from '../../payments/index.ts';
import type { Order } from '../../protection/index.ts';
import { buildServer, type Server } from '../server.ts';

const SCREEN = { language: 'ms-MY', screenWidth: 400, screenHeight: 800, colorDepth: 24, timeZoneOffset: -480 };
type Json = Record<string, unknown>;
const moneyOf = (shown: unknown): string => {
  const { value, currency } = shown as { value: string; currency: string };
  return `${value} ${currency}`;
};

describe('wallets over HTTP', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let server: Server;
  let secret: string;
  let buyer: string;
  before(async () => {
    m = await createModules();
    server = await buildServer(testApp(m));
    await aWallet(m.parties, { slug: 'tng' });
    const limit = { setBy: 'Bank Negara', per: 'payment', kind: 'max', amount: money(10n, 'EUR') } as const;
    await aWallet(m.parties, { slug: 'tiny', limits: [limit] });
    const key = { name: 'k', marketplace: m.marketplace.id, scopes: ['payments', 'orders'] } as const;
    secret = committed(must(await createApiKey(m.parties, undefined, key))).secret as string;
    const person = { marketplace: m.marketplace.id, name: 'Aishah', country: 'MY', email: 'a@x.example' };
    buyer = committed(must(await createBuyer(m.parties, undefined, person))).id;
  });
  after(async () => {
    await server?.close();
    await m?.end();
  });

  const send = async (method: 'GET' | 'POST', url: string, body?: object, key?: string) => {
    const headers = { authorization: `Bearer ${secret}`, ...(key === undefined ? {} : { 'idempotency-key': key }) };
    const answer = await server.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) });
    return { status: answer.statusCode, json: answer.json() as Json };
  };
  const order = (cents: number): Promise<Order> => m.order([cents], { buyer: buyer as Order['buyer'] });
  const confirm = async (): Promise<void> => {
    const reference = [...m.wallet.known.keys()].at(-1) as string;
    m.wallet.confirm(reference);
    const operation = await findOperationByReference(m.db, reference);
    const payment = operation === null ? null : await findPayment(m.db, operation.payment);
    assert.ok(payment?.wallet);
    await walletNotified(m.payments, { wallet: payment.wallet.participant, reference });
  };

  test('the methods of an order: cards, wallets with one rate and the fee in it, and who refused', async () => {
    const { id } = await order(10_000);
    const { status, json } = await send('GET', `/v1/orders/${id}/payment-methods`);
    assert.equal(status, 200, JSON.stringify(json));
    const tng = { wallet: 'tng', brand: 'TNG', name: 'Wallet tng', rate: '0.8081' };
    const [payTo, fee] = [
      { value: '8081', currency: 'EUR' },
      { value: '81', currency: 'EUR' },
    ];
    assert.deepEqual([json.country, json.cards, json.wallets], ['MY', true, [{ ...tng, payTo, fee }]]);
    const [refused] = json.refused as Json[];
    assert.deepEqual([refused?.wallet, refused?.code, refused?.setBy], ['tiny', 'wallet_limit', 'Bank Negara']);
    const abroad = await send('GET', `/v1/orders/${id}/payment-methods?country=JP`);
    assert.deepEqual([abroad.json.country, abroad.json.wallets], ['JP', []]);
  });

  test('paid in REST: 201 with the page to go to; the same key gives the same; both amounts, rate and fee are shown', async () => {
    const { id } = await order(5000);
    const body = { instalment: 1, method: { type: 'wallet', wallet: 'TNG', returnUrl: 'https://shop.example/back' } };
    const [first, again] = [
      await send('POST', `/v1/orders/${id}/payments`, body, 'w-1'),
      await send('POST', `/v1/orders/${id}/payments`, body, 'w-1'),
    ];
    assert.equal(first.status, 201, JSON.stringify(first.json));
    assert.deepEqual([again.status, again.json.id, again.json.action], [201, first.json.id, first.json.action]);
    const { action, method, card, wallet } = first.json as { [name: string]: Json };
    assert.equal(action?.kind, 'redirect');
    assert.deepEqual([method?.type, method?.wallet, card], ['wallet', 'tng', null]);
    assert.deepEqual([moneyOf(wallet?.payTo), wallet?.rate], ['4041 EUR', '0.8082']);
    await confirm();
    const { json } = await send('GET', `/v1/payments/${first.json.id}`);
    assert.deepEqual([json.state, json.action], ['captured', null]);
    const [sale] = json.operations as Json[];
    assert.deepEqual([sale?.kind, moneyOf(sale?.moved)], ['sale', '4041 EUR']);
    const back = await send('POST', `/v1/payments/${first.json.id}/cancel`, {}, 'w-2');
    assert.deepEqual([back.status, back.json.state], [200, 'canceled']);
  });

  test('a wallet and a card do not go together; a wallet that nobody knows is told', async () => {
    const { id } = await order(100);
    const path = `/v1/orders/${id}/payments`;
    const wallet = { type: 'wallet', wallet: 'tng' };
    const both = await send('POST', path, { instalment: 1, method: wallet, capture: 'manual' }, 'x-1');
    assert.deepEqual([both.status, both.json.code], [400, 'invalid_request']);
    const nobody = await send('POST', path, { instalment: 1, method: { ...wallet, wallet: 'none' } }, 'x-2');
    assert.deepEqual([nobody.status, nobody.json.code], [422, 'unknown_wallet']);
    const limit = await send('POST', path, { instalment: 1, method: { ...wallet, wallet: 'tiny' } }, 'x-3');
    assert.equal(limit.status, 422);
    assert.deepEqual([limit.json.code, limit.json.setBy], ['wallet_limit', 'Bank Negara'], JSON.stringify(limit.json));
  });

  test('the page offers the wallets of the buyer’s country, sends there, and shows what came of it', async () => {
    const { id } = await order(7000);
    const made = await send('POST', `/v1/orders/${id}/checkout-links`, {});
    const token = String(made.json.url).split('/').at(-1);
    const state = async () => (await send('GET', `/checkout/${token}/state`)).json;
    const ready = await state();
    assert.deepEqual(
      (ready.wallets as Json[]).map(({ wallet }) => wallet),
      ['tng'],
    );
    const pay = (attempt: number, method: object) =>
      send('POST', `/checkout/${token}/pay`, { attempt, browser: SCREEN, ...method });
    assert.equal((await pay(1, {})).status, 400);
    const gone = await pay(1, { wallet: 'tng' });
    assert.equal(gone.json.standing, 'at_wallet', JSON.stringify(gone.json));
    assert.match(String((gone.json.wallet as Json).payUrl), /^https:\/\/wallet\.example\/pay\//);
    assert.equal(
      m.wallet.known.get([...m.wallet.known.keys()].at(-1) as string)?.request.redirectUrl,
      'http://shop.invalid/checkout/return',
    );
    assert.equal((await pay(1, { wallet: 'tng' })).json.standing, 'at_wallet', 'a second tab');
    const reference = [...m.wallet.known.keys()].at(-1) as string;
    m.wallet.confirm(reference);
    const back = await send('POST', `/checkout/${token}/continue`);
    assert.equal(back.json.standing, 'paid', 'the buyer is back before the notification');
    const { wallet, receipt, card } = back.json as { [name: string]: Json };
    assert.deepEqual([wallet?.name, moneyOf(receipt?.amount), card], ['Wallet tng', '7000 USD', null]);
  });

  test('a wallet’s no is told in plain words, and another way may be taken', async () => {
    const { id } = await order(7000);
    const made = await send('POST', `/v1/orders/${id}/checkout-links`, {});
    const token = String(made.json.url).split('/').at(-1);
    m.wallet.declines = { code: 'USER_BALANCE_NOT_ENOUGH', limitSetBy: null };
    const said = await send('POST', `/checkout/${token}/pay`, { attempt: 1, browser: SCREEN, wallet: 'tng' });
    assert.deepEqual([said.json.standing, said.json.declined, said.json.attempt], ['ready', 'other_wallet', 2]);
    assert.equal(JSON.stringify(said.json).includes('BALANCE'), false);
  });
});
