/** Tills and entry pages over HTTP, without a browser: what a form does, and that a shop's words cannot become markup. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  type Body,
  CANCEL,
  ENTRY_PAGE,
  F,
  PAY,
  paid,
  REFUND,
  S,
  STORE_CODE,
  startShops,
  U,
  yen,
} from './test-shops.ts';

const world = await startShops();
after(() => world.close());

const page = async (path: string): Promise<string> => (await fetch(world.url + path)).text();
const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(world.url + path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual', headers });
const TEA = '/shop/tokyo/asakusa-tea';

test('the first page leads to every shop', async () => {
  const text = await page('/');
  for (const name of ['Minato Acquiring', '浅草茶舗', '명동 화장품', 'Parfums du Marais'])
    assert.ok(text.includes(name), name);
  assert.ok((await page(TEA)).includes('Amount in JPY'));
  for (const path of ['/shop/nowhere/x', '/shop/tokyo/x', `${TEA}/payments/x`])
    assert.equal((await fetch(world.url + path)).status, 404);
});

test('a till shows an order code, the payment in the shop’s language, and refunds what was typed', async () => {
  const orderCodeForm = { codeDetails: [{ codeValueType: 'QRCODE', codeValue: 'HTTPS://HUB.EXAMPLE/MPM/3/B7' }] };
  world.hub.answerWith(PAY, () => ({ result: U, paymentId: 'hpy-1', orderCodeForm }));
  assert.match(await (await post(TEA, { amount: '39.80', action: 'order_code' })).text(), /not an amount in JPY/);
  const shown = await post(TEA, { amount: '3980', action: 'order_code' });
  const path = shown.headers.get('location') ?? '';
  const waiting = await fetch(world.url + path);
  assert.equal(waiting.headers.get('refresh'), '5');
  const text = await waiting.text();
  assert.match(text, /<svg[\s\S]*HTTPS:\/\/HUB\.EXAMPLE\/MPM\/3\/B7/);
  const [{ paymentRequestId } = {}] = (await world.admin('GET', 'transactions')).body.transactions as Body[];
  await world.call('tokyo', 'notifyPayment', {
    acquirerId: 'SBXACQJP00000001',
    paymentRequestId,
    paymentResult: S,
    ...paid('hpy-1'),
  });
  const ended = await fetch(world.url + path);
  assert.equal(ended.headers.get('refresh'), null);
  assert.match(await ended.text(), /role="status">Paid<[\s\S]*JPY 3,980[\s\S]*value="3980"/);
  assert.match(await page(`${path}?lang=ja`), /支払い完了/);
  world.hub.answerWith(REFUND, () => ({ result: S, refundId: 'hrf-1', settlementAmount: yen('980') }));
  assert.equal((await post(path, { action: 'refund', amount: '980' })).status, 303);
  assert.match(await page(path), /Refunded<\/dt><dd class="whole">JPY 980/);
  assert.match(await (await post(path, { action: 'refund', amount: '3001' })).text(), /more than is left/);
});

test('a payer’s code is charged; one that is none is told, with what was typed', async () => {
  assert.match(
    await (await post(TEA, { amount: '500', code: '12', action: 'payment_code' })).text(),
    /not a code of a wallet[\s\S]*value="500"/,
  );
  world.hub.answerWith(PAY, () => ({ result: F('INVALID_CODE') }));
  const charged = await post(TEA, { amount: '500', code: '2816 6602 0000 0000 0000 0001', action: 'payment_code' });
  assert.match(await page(charged.headers.get('location') ?? ''), /Not paid[\s\S]*INVALID_CODE/);
});

test('an own code is canceled without the hub; a payment at the hub with it', async () => {
  const own = (await post(TEA, { amount: '700', action: 'private_code' })).headers.get('location') ?? '';
  assert.match(await page(own), /281101040001/);
  assert.equal((await post(own, { action: 'cancel' })).status, 303);
  assert.match(await page(own), /role="status">Canceled</);
  assert.equal(world.hub.asked.filter(({ path }) => path === CANCEL).length, 0);
});

test('printed codes: what the hub gave, or why there is none', async () => {
  world.hub.answerWith(STORE_CODE, () => ({ result: S, codeValue: '000201store' }));
  world.hub.answerWith(ENTRY_PAGE, () => ({ result: F('PARAM_ILLEGAL') }));
  const text = await page(`${TEA}/printed`);
  assert.match(text, /000201store/);
  assert.match(text, /There is none now: PARAM_ILLEGAL/);
  assert.match(await page('/shop/kuala-lumpur/jalan-alor-satay/printed'), /my\.com\.paynet\.duitnow/);
});

test('an entry page takes the amount and leads to the wallet, which leads back to the result', async () => {
  const entry = '/entry/paris/marais-parfums';
  const opened = await fetch(`${world.url}${entry}?wallet=TNG`);
  assert.match(String(opened.headers.get('content-security-policy')), /form-action 'self' http: https:/);
  assert.match(await opened.text(), /name="wallet" value="TNG"/);
  assert.doesNotMatch(await page(`${entry}?wallet=%22%3E%3Cscript%3E`), /script/);
  world.hub.answerWith(PAY, () => ({ result: U, paymentId: 'hpy-9', paymentUrl: 'http://wallet.example/pay/9' }));
  const led = await post(entry, { amount: '12,50', wallet: 'TNG' }, { 'user-agent': 'Phone' });
  assert.equal(led.headers.get('location'), 'http://wallet.example/pay/9');
  const { order, paymentAmount, paymentRedirectUrl } =
    world.hub.asked.filter(({ path }) => path === PAY).at(-1)?.body ?? {};
  assert.deepEqual(paymentAmount, { currency: 'EUR', value: '1250' });
  assert.equal(((order as Body).env as Body).userAgent, 'Phone TNG');
  assert.match(await (await fetch(String(paymentRedirectUrl))).text(), /Waiting for the payer/);
  world.hub.answerWith(PAY, () => ({ result: F('UNAVAILABLE_PAYMENT_METHOD') }));
  assert.match(await (await post(entry, { amount: '1' })).text(), /Nothing was paid: it is UNAVAILABLE/);
});

test('a shop’s words cannot become markup', async () => {
  const shop = { merchantId: 'sly', name: '<b>"Sly"</b>', localName: "<i>'", mcc: '5499', city: '<u>' };
  assert.equal((await world.admin('POST', 'shops', { acquirerId: 'tokyo', ...shop })).status, 201);
  for (const path of ['/', '/shop/tokyo/sly', '/entry/tokyo/sly'])
    assert.doesNotMatch(await page(path), /<b>|<i>|<u>/, path);
});
