/** The buyer's routes, over modules with a network in memory: who is let in, what is told, what is never done twice. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { testApp } from '../../../test/support/app.ts';
import { NO_DATABASE } from '../../../test/support/database.ts';
import { aToken, committed, createModules, type Modules } from '../../../test/support/modules.ts';
import { must } from '../../base/result.ts';
import { createApiKey, createMarketplace } from '../../parties/index.ts';
import { listPayments } from '../../payments/index.ts';
import { cancelOrder, type Order } from '../../protection/index.ts';
import { buildServer, type Server } from '../server.ts';

const BROWSER = { language: 'en-US', screenWidth: 390, screenHeight: 844, colorDepth: 24, timeZoneOffset: -60 };
const WEEK_MS = 7 * 86_400_000;

interface Link {
  readonly id: string;
  readonly url: string;
  readonly token: string;
}

describe('checkout over HTTP', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let server: Server;
  let secret: string;
  let stranger: string;
  before(async () => {
    m = await createModules();
    server = await buildServer(testApp(m));
    secret = await keyOf(m.marketplace.id);
    const plan = { name: 'Other', feePlan: { percentBps: 0 }, payoutSchedule: 'manual' } as const;
    stranger = committed(must(await createMarketplace(parties(), undefined, plan))).apiKey.secret;
  });
  after(async () => {
    await server?.close();
    await m?.close();
  });

  const parties = () => ({ journal: m.journal, clock: m.orders.clock, rail: m.payouts.rail });
  const keyOf = async (marketplace: Modules['marketplace']['id']) => {
    const made = await createApiKey(parties(), undefined, { name: 'k', marketplace, scopes: ['payments', 'orders'] });
    return committed(must(made)).secret as string;
  };
  const send = async (method: 'GET' | 'POST', url: string, body?: object, headers: Record<string, string> = {}) => {
    const answer = await server.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) });
    const json = /json/.test(String(answer.headers['content-type'])) ? answer.json() : {};
    return {
      status: answer.statusCode,
      json: json as Record<string, never>,
      headers: answer.headers,
      text: answer.body,
    };
  };
  const asMarketplace = (bearer = secret, key?: string): Record<string, string> => ({
    authorization: `Bearer ${bearer}`,
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  });
  const makeLink = async (order: Order, fields: object = {}): Promise<Link> => {
    const { status, json } = await send('POST', `/v1/orders/${order.id}/checkout-links`, fields, asMarketplace());
    assert.equal(status, 201, JSON.stringify(json));
    const { id, url } = json as unknown as { id: string; url: string };
    return { id, url, token: url.slice('http://shop.invalid/checkout/'.length) };
  };
  const pay = ({ token }: Link, attempt = 1, fields: object = {}) =>
    send('POST', `/checkout/${token}/pay`, { attempt, card: aToken(), browser: BROWSER, ...fields });
  const look = async ({ token }: Link) =>
    (await send('GET', `/checkout/${token}/state`)).json as Record<string, unknown>;
  const paymentsOf = async (order: Order) =>
    listPayments(m.db, { marketplace: null, order: order.id, states: [], before: 'f'.repeat(32), limit: 100 });

  test('made once under a key, with the same address for a repeat; another marketplace’s order is not found', async () => {
    const order = await m.order([100]);
    const path = `/v1/orders/${order.id}/checkout-links`;
    const [first, again] = [
      await send('POST', path, { expiresIn: 3600 }, asMarketplace(secret, 'key-1')),
      await send('POST', path, { expiresIn: 3600 }, asMarketplace(secret, 'key-1')),
    ];
    assert.deepEqual([again.status, again.json], [201, first.json]);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    assert.match(String(first.json.url), /^http:\/\/shop\.invalid\/checkout\/[A-Za-z0-9_-]{43}$/);
    const other = await send('POST', path, { expiresIn: 7200 }, asMarketplace(secret, 'key-1'));
    assert.deepEqual([other.status, other.json.code], [422, 'idempotency_key_reused']);
    assert.equal((await send('POST', path, {}, asMarketplace(stranger))).status, 404);
    assert.equal((await send('POST', path, {})).status, 401);
    const { json } = await send('GET', path, undefined, asMarketplace());
    const { data } = json as unknown as { data: readonly Record<string, unknown>[] };
    assert.deepEqual(
      data.map(({ id }) => id),
      [first.json.id],
    );
    assert.equal('url' in (data[0] ?? {}), false, 'shown when made, and not again');
  });

  test('a wrong token opens nothing, however it looks', async () => {
    const { token } = await makeLink(await m.order([100]));
    const wrong = [`${token.slice(0, 42)}${token.endsWith('A') ? 'B' : 'A'}`, 'A'.repeat(43)];
    for (const each of wrong) {
      assert.equal((await send('GET', `/checkout/${each}/state`)).status, 404);
      assert.equal((await send('POST', `/checkout/${each}/continue`)).status, 404);
      const tried = await send('POST', `/checkout/${each}/pay`, { attempt: 1, card: aToken(), browser: BROWSER });
      assert.deepEqual([tried.status, tried.json.code], [404, 'not_found']);
    }
    for (const each of ['short', `${token}x`, `${token.slice(0, 42)}%2e`])
      assert.ok([400, 404].includes((await send('GET', `/checkout/${each}/state`)).status), each);
    assert.equal((await send('GET', `/checkout/${token}/state`, undefined, asMarketplace('sk_x'))).status, 200);
  });

  test('the buyer is told what a buyer may see, and nothing else', async () => {
    const link = await makeLink(await m.order([300, 700]), { returnUrl: 'https://shop.example/back' });
    const { json, headers } = await send('GET', `/checkout/${link.token}/state`);
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['set-cookie'], undefined);
    const shown = ['amount', 'attempt', 'card', 'challenge', 'declined', 'fields', 'instalment', 'marketplace'];
    const more = ['order', 'plan', 'protection', 'receipt', 'returnUrl', 'seller', 'standing', 'wallet', 'wallets'];
    assert.deepEqual(Object.keys(json).sort(), [...shown, ...more]);
    const text = JSON.stringify(json);
    for (const hidden of ['email', 'bankAccount', '4401778812', m.seller.id, m.buyer.id, 'feePlan', 'tokenHash'])
      assert.equal(text.includes(hidden), false, hidden);
    assert.deepEqual((json as Record<string, unknown>).protection, { releaseAfterReceiptDays: 2, autoReceiptDays: 60 });
  });

  test('paid, with a receipt; the same attempt again, and again at once, is one payment', async () => {
    const order = await m.order([12_345]);
    const link = await makeLink(order);
    const all = await Promise.all([pay(link), pay(link), pay(link)]);
    for (const { status } of all) assert.ok(status === 200 || status === 409, String(status));
    const { status, json } = await pay(link);
    const { standing, receipt } = json as unknown as { standing: string; receipt: Record<string, unknown> };
    assert.deepEqual([status, standing, receipt.amount], [200, 'paid', { value: '12345', currency: 'USD' }]);
    assert.equal((await paymentsOf(order)).length, 1);
    const second = await pay(link, 2);
    assert.deepEqual([second.status, second.json.code], [409, 'instalment_paid']);
  });

  test('a decline says what to do, never the network’s words, and the next attempt pays', async () => {
    const link = await makeLink(await m.order([100]));
    for (const [attempt, meaning, advice] of [
      [1, 'hard', 'other_card'],
      [2, 'soft', 'other_card_or_bank'],
      [3, undefined, 'other_card_or_bank'],
      // Asked for the cardholder, whom nobody can ask, it declines again.
      [4, 'authenticate', 'confirm_with_bank'],
    ] as const) {
      const facts = { outcome: 'declined', code: 'X41', message: 'Pick up card, fraud' } as const;
      const decline = { ...facts, ...(meaning === undefined ? {} : { class: meaning }) };
      m.acquirer.next.push(decline, ...(meaning === 'authenticate' ? [decline] : []));
      const { json, text } = await pay(link, attempt);
      assert.deepEqual([json.standing, json.declined, json.attempt], ['ready', advice, attempt + 1]);
      assert.equal(/X41|fraud/i.test(text), false);
    }
    m.acquirer.next.push({ outcome: 'declined', code: 'X41', message: 'no', class: 'authenticate' });
    m.authentication.next.push({ outcome: 'failed', status: 'N', reason: '01' });
    assert.equal((await pay(link, 5)).json.declined, 'not_confirmed');
    assert.equal((await pay(link, 6)).json.standing, 'paid');
  });

  test('the way to the issuer names no token', async () => {
    const link = await makeLink(await m.order([500_000]));
    let asked: unknown;
    const { authenticate } = m.authentication;
    m.authentication.authenticate = async (request) => {
      asked = request;
      return { outcome: 'challenge', url: 'http://issuer.invalid/acs', creq: 'abc' };
    };
    const { json } = await pay(link);
    m.authentication.authenticate = authenticate;
    assert.deepEqual([json.standing, json.challenge], ['challenge', { url: 'http://issuer.invalid/acs', creq: 'abc' }]);
    const { returnUrl, browser } = asked as { returnUrl: string; browser: Record<string, unknown> };
    assert.equal(returnUrl, 'http://shop.invalid/checkout/return');
    assert.deepEqual(
      [browser.ip, browser.timeZoneOffset, typeof browser.userAgent],
      ['127.0.0.1', BROWSER.timeZoneOffset, 'string'],
    );
    assert.equal((await look(link)).standing, 'challenge');
  });

  test('expired, taken back, canceled: said so, without the order, and no payment begins', async () => {
    const order = await m.order([100]);
    const [late, gone] = [await makeLink(order, { expiresIn: 3600 }), await makeLink(order)];
    const revoke = (bearer: string) => send('POST', `/v1/checkout-links/${gone.id}/revoke`, {}, asMarketplace(bearer));
    assert.equal((await revoke(stranger)).status, 404);
    assert.deepEqual([(await revoke(secret)).json.state, (await revoke(secret)).status], ['revoked', 409]);
    m.pass(3_600_000);
    for (const [link, standing, code] of [
      [late, 'expired', 'link_expired'],
      [gone, 'revoked', 'link_revoked'],
    ] as const) {
      assert.deepEqual(await look(link), { standing, marketplace: { name: 'Test' }, returnUrl: null });
      const { status, json } = await pay(link);
      assert.deepEqual([status, json.code], [410, code]);
    }
    const link = await makeLink(order);
    must(
      await cancelOrder(m.orders, m.key(), { marketplace: order.marketplace, order: order.id, reason: 'x', by: 'y' }),
    );
    assert.equal((await look(link)).standing, 'closed');
    assert.deepEqual((await pay(link)).json.code, 'illegal_move');
    assert.equal((await paymentsOf(order)).length, 0);
  });

  test('a week is what a link lasts when nobody says', async () => {
    const link = await makeLink(await m.order([100]));
    m.pass(WEEK_MS - 1);
    assert.equal((await look(link)).standing, 'ready');
    m.pass(1);
    assert.equal((await look(link)).standing, 'expired');
  });

  test('bodies that do not fit are refused and begin nothing', async () => {
    const order = await m.order([100]);
    const link = await makeLink(order);
    for (const fields of [
      { attempt: 0 },
      { attempt: 11 },
      { attempt: '1' },
      { card: '4111111111111111' },
      { amount: 1 },
      { browser: { ...BROWSER, screenWidth: 0 } },
      { browser: {} },
    ])
      assert.deepEqual([(await pay(link, 1, fields)).status, fields], [400, fields]);
    assert.equal((await paymentsOf(order)).length, 0);
  });

  test('a link that is used very often has to wait; others need not', async () => {
    const [busy, calm] = [await makeLink(await m.order([100])), await makeLink(await m.order([100]))];
    let last = await pay(busy, 3);
    for (let each = 0; each < 20; each += 1) last = await pay(busy, 3);
    assert.deepEqual([last.status, last.json.code], [429, 'too_many_requests']);
    assert.ok(Number(last.headers['retry-after']) > 0);
    assert.equal((await pay(calm)).json.standing, 'paid');
  });

  test('no token is in the OpenAPI document’s paths, nor in the log of a request that goes wrong', async () => {
    const { json } = await send('GET', '/openapi.json');
    const { paths } = json as unknown as { paths: Record<string, unknown> };
    assert.deepEqual(
      Object.keys(paths).filter((path) => path.startsWith('/checkout')),
      [],
    );
    assert.ok('/v1/checkout-links/{id}/revoke' in paths);
    const lines: string[] = [];
    const { pino } = await import('pino');
    const app = { ...testApp(m), log: pino({ level: 'error' }, { write: (line: string) => void lines.push(line) }) };
    const broken = { ...app.checkout, clock: { now: () => assert.fail('the clock is gone') } };
    const noisy = await buildServer({ ...app, checkout: broken as never });
    const { token } = await makeLink(await m.order([100]));
    assert.equal((await noisy.inject({ url: `/checkout/${token}/state` })).statusCode, 500);
    await noisy.close();
    assert.equal(lines.length, 1);
    assert.equal(lines[0]?.includes(token), false);
    assert.match(lines[0] ?? '', /checkout\/:token\/state/);
  });
});
