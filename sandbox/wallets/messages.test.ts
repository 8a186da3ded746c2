/** Signatures both ways, ordered faults, and the schedule of notifications. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { instant, wallNow } from '../../src/base/clock.ts';
import { startNetwork, temporaryFolder } from '../base/start-network.ts';
import {
  type Body,
  byCode,
  codeOf,
  NOTIFY,
  payRequest,
  QUOTE_PATH,
  SCAN_PATH,
  shownCode,
  startWallets,
  tokyoOrder,
} from './test-wallets.ts';

const world = await startWallets();
after(() => world.close());
const TNG = 'tng';
const ASKED = { paymentRequestId: 'nothing' };
const inquiry = (changes: Parameters<typeof world.call>[3]) => world.call(TNG, 'inquiryPayment', ASKED, changes);

test('all five forms of the request time are read; a stale one is refused', async () => {
  const now = instant(wallNow());
  const seconds = now.slice(0, 19);
  for (const time of [String(wallNow()), `${seconds}+00:00`, `${seconds}+0000`, `${seconds}.1234567Z`, `${seconds}Z`])
    assert.equal(codeOf(await inquiry({ time })), 'ORDER_NOT_EXIST', time);
  for (const time of [instant(wallNow() - 11 * 60_000), instant(wallNow() + 11 * 60_000), 'today']) {
    const refused = await inquiry({ time });
    assert.deepEqual([codeOf(refused), refused.status, refused.verified], ['INVALID_SIGNATURE', 200, true], time);
  }
});

test('who is not the hub is refused, with a signed answer', async () => {
  const cases: [Parameters<typeof world.call>[3], string][] = [
    [{ clientId: '1022170000000000000' }, 'INVALID_CLIENT'],
    [{ signedBody: `${JSON.stringify(ASKED)} ` }, 'INVALID_SIGNATURE'],
    [{ signature: 'algorithm=RSA256,keyVersion=1,signature=AAAA' }, 'INVALID_SIGNATURE'],
    [{ signature: 'algorithm=RSA512,keyVersion=1,signature=AAAA' }, 'INVALID_SIGNATURE'],
    [{ signature: '' }, 'INVALID_SIGNATURE'],
    [{ keyVersion: '7' }, 'KEY_NOT_FOUND'],
  ];
  for (const [changes, expected] of cases) {
    const refused = await inquiry(changes);
    assert.deepEqual([codeOf(refused), refused.status, refused.verified], [expected, 200, true]);
  }
  assert.equal(codeOf(await world.call(TNG, 'consult', {})), 'NO_INTERFACE_DEF');
  assert.equal(codeOf(await world.call(TNG, 'inquiryPayment', '[1]')), 'PARAM_ILLEGAL');
  const nobody = await fetch(`${world.url}/alipayplus/mpp/nobody/pay`, { method: 'POST', body: '{}' });
  assert.equal(((await nobody.json()) as { result: Body }).result.resultCode, 'INVALID_CLIENT');
  assert.equal(nobody.headers.get('signature'), null);
});

test('wallets have keys of their own, and a new version signs from then on', async () => {
  const keyOf = async (walletId: string) => (await world.admin('GET', `wallets/${walletId}`)).body;
  const [one, other] = [await keyOf('gcash'), await keyOf('maya')];
  assert.notEqual(one.publicKey, other.publicKey);
  assert.equal((await world.admin('POST', 'wallets/gcash/keys')).body.keyVersion, '2');
  const next = await keyOf('gcash');
  assert.notEqual(next.publicKey, one.publicKey);
  const signed = await world.call('gcash', 'inquiryPayment', ASKED);
  assert.match(String(signed.headers.get('signature')), /keyVersion=2/);
  assert.equal(signed.verified, true);
});

const order = (kind: string, operation: string, delayMs = 0) =>
  world.admin('POST', 'faults', { kind, operation, delayMs });
const ask = async (): Promise<Body> => payRequest(byCode(await shownCode(world, TNG)));
const paid = async (): Promise<unknown> => (await world.admin('GET', 'totals')).body.wallets;

test('an answer lost after the debit: the money is gone, the inquiry says so, a repeat does not debit again', async () => {
  await order('drop_after', 'pay');
  const asked = await ask();
  await assert.rejects(world.call(TNG, 'pay', asked));
  const before = await paid();
  const asks = await world.call(TNG, 'inquiryPayment', { paymentRequestId: asked.paymentRequestId });
  assert.equal(codeOf(asks, 'paymentResult'), 'SUCCESS');
  assert.equal(codeOf(await world.call(TNG, 'pay', asked)), 'SUCCESS');
  assert.deepEqual(await paid(), before);
});

test('a request dropped before or refused by 503 has done nothing', async () => {
  const asked = await ask();
  await order('drop_before', 'pay');
  await assert.rejects(world.call(TNG, 'pay', asked));
  await order('http_503', 'pay');
  assert.equal((await world.call(TNG, 'pay', asked)).status, 503);
  const asks = await world.call(TNG, 'inquiryPayment', { paymentRequestId: asked.paymentRequestId });
  assert.equal(codeOf(asks), 'ORDER_NOT_EXIST');
});

test('malformed and unknown answers are signed all the same', async () => {
  await order('malformed', 'inquiryPayment');
  const broken = await inquiry({});
  assert.equal(broken.verified, true);
  assert.throws(() => JSON.parse(broken.text));
  await order('unknown_code', 'inquiryPayment');
  const strange = await inquiry({});
  assert.deepEqual([codeOf(strange), strange.verified], ['SANDBOX_CODE_999', true]);
  await order('delay', 'inquiryPayment', 80);
  const began = performance.now();
  await inquiry({});
  assert.ok(performance.now() - began >= 79);
  const { body } = await world.admin('GET', 'faults');
  assert.equal(((body.kinds as Body).malformed as Body).hits, 1);
});

const scanned = async (): Promise<string> => {
  const { pspId } = payRequest();
  world.hub.answerWith(SCAN_PATH, () => ({
    ...payRequest({ pspId }),
    result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'ok' },
    codeType: 'ORDER_CODE',
    order: tokyoOrder(),
  }));
  const { body } = await world.admin('POST', 'scans', {
    ...{ walletId: TNG, account: 'demo', code: 'https://qr.example.com/281666040001/x' },
  });
  const paymentId = String((body.payment as Body).paymentId);
  const confirmed = await world.admin('POST', 'confirmations', {
    ...{ walletId: TNG, account: 'demo', paymentId, pin: '246810' },
  });
  assert.equal((confirmed.body.payment as Body).state, 'paid', JSON.stringify(confirmed.body));
  return paymentId;
};
const told = (paymentId: string) =>
  world.hub.asked.filter(({ path, body }) => path === NOTIFY && body.paymentId === paymentId);

test('a notification is tried by the schedule until the hub takes it with a signed S', async () => {
  for (const answer of [
    'hang up',
    'unsigned',
    { result: { resultCode: 'X', resultStatus: 'U', resultMessage: '' } },
  ] as const)
    world.hub.answerWith(NOTIFY, () => answer);
  const paymentId = await scanned();
  await world.advance(0);
  assert.equal(told(paymentId).length, 1);
  await world.advance(2 * 60_000 - 1);
  assert.equal(told(paymentId).length, 1);
  await world.advance(1);
  assert.equal(told(paymentId).length, 2);
  await world.advance(20 * 60_000);
  assert.equal(told(paymentId).length, 4);
  await world.advance(2 * 86_400_000);
  assert.equal(told(paymentId).length, 4);
  assert.ok(told(paymentId).every(({ verified }) => verified));
});

test('a hub that never takes it is told eight times', async () => {
  for (let tries = 0; tries < 8; tries += 1) world.hub.answerWith(NOTIFY, () => 'hang up');
  const paymentId = await scanned();
  await world.advance(3 * 86_400_000);
  assert.equal(told(paymentId).length, 8);
  assert.equal(((await world.admin('GET', 'totals')).body.notifications as Body).given_up, '1');
});

test('ordered: twice, late, never', async () => {
  const later = async (kind: string, delayMs = 0): Promise<[number, number]> => {
    await order(kind, 'notifyPayment', delayMs);
    const paymentId = await scanned();
    await world.advance(1_000);
    const soon = told(paymentId).length;
    await world.advance(3_600_000);
    return [soon, told(paymentId).length];
  };
  assert.deepEqual(await later('notify_duplicate'), [2, 2]);
  assert.deepEqual(await later('notify_delay', 60_000), [0, 1]);
  assert.deepEqual(await later('notify_drop'), [0, 0]);
});

test('a payment that is canceled is not told any more', async () => {
  const paymentId = await scanned();
  await world.call(TNG, 'cancelPayment', { paymentId });
  await world.advance(3_600_000);
  assert.equal(told(paymentId).length, 0);
});

test('the phone shows the hub’s indicative rate, and says when there is none', async () => {
  const foreignExchangeQuote = { quotePrice: 0.03024, quoteCurrencyPair: 'JPY/MYR' };
  world.hub.answerWith(QUOTE_PATH, () => ({ result: ok, foreignExchangeQuote }));
  const page = async (): Promise<string> => (await fetch(`${world.url}/phone/tng/demo/rate?currency=jpy`)).text();
  assert.match(await page(), /1 JPY is about 0\.03024 MYR/);
  const asked = world.hub.asked.at(-1);
  assert.deepEqual([asked?.body.sellCurrency, asked?.body.buyCurrency, asked?.verified], ['MYR', 'JPY', true]);
  world.hub.answerWith(QUOTE_PATH, () => 'unsigned');
  assert.match(await page(), /not signed by the hub/);
});

const ok = { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'ok' };

test('the sandbox’s clock moves the wallets too', async () => {
  const folder = temporaryFolder();
  const clock = await startNetwork('clock', folder.path, {});
  const process = await startNetwork('wallets', folder.path, { CLOCK_URL: clock.url });
  const body = JSON.stringify({ byMs: 3 * 86_400_000 });
  const moved = (await (await fetch(`${clock.url}/advance`, { method: 'POST', body })).json()) as Body;
  assert.deepEqual(moved.skipped, []);
  const adopted = await fetch(`${process.url}/_sandbox/clock`, { method: 'POST', body: '{"offsetMs":0}' });
  const { now } = (await adopted.json()) as { now: string };
  assert.ok(Date.parse(now) > wallNow() + 2 * 86_400_000);
  await Promise.all([process.end('SIGTERM'), clock.end('SIGTERM')]);
  folder.remove();
});

test('what was answered survives a kill', async () => {
  const folder = temporaryFolder();
  const start = () => startNetwork('wallets', folder.path, {});
  const first = await start();
  const post = async (url: string, path: string, body: object): Promise<Body> =>
    (await fetch(`${url}/_sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) })).json() as Promise<Body>;
  await post(first.url, 'users', { walletId: 'gcash', account: 'ida', balance: '4711' });
  const key = await (await fetch(`${first.url}/_sandbox/wallets/gcash`)).json();
  assert.equal((key as Body).baseUrl, `${first.url}/alipayplus/mpp/gcash`);
  await first.end('SIGKILL');
  const second = await start();
  const users = (await (await fetch(`${second.url}/_sandbox/users?walletId=gcash`)).json()) as { users: Body[] };
  assert.equal(users.users[0]?.balance, '4711');
  const kept = (await (await fetch(`${second.url}/_sandbox/wallets/gcash`)).json()) as Body;
  assert.equal(kept.publicKey, (key as Body).publicKey);
  await second.end('SIGTERM');
  folder.remove();
});
