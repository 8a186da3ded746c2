/** The AMS gateway as a client library meets it: over TLS and HTTP, with good requests and with every kind of wrong one. */
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CARDS } from '../../stories/story.ts';
import type { OrderView, PaymentView } from '../../stories/views.ts';
import { startWorld, type World } from '../../stories/world.ts';
import { createMarket, type Market } from '../api/scene.ts';
import { type AmsAnswer, type AmsClientOfTest, createAmsClient, signatureOf } from './ams-client.ts';

/** What REST says of a payment by wallet. */
interface WalletPaymentView {
  readonly state: string;
  readonly method: { readonly brand: string };
  readonly wallet: { readonly way: string; readonly payTo: { readonly value: string; readonly currency: string } };
}

const CLIENT = '5X00000000000001';
const usd = (value: number) => ({ currency: 'USD', value: String(value) });

let world: World;
let market: Market;
let client: string;
let merchant: KeyObject;
let gateway: KeyObject;
let tls: AmsClientOfTest;
let http: AmsClientOfTest;

before(async () => {
  world = await startWorld();
  market = await createMarket(world, 'AMS market');
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  merchant = pair.privateKey;
  const registered = await world.operator.post<{ id: string }>('/v1/ams-clients', {
    clientId: CLIENT,
    marketplace: market.id,
    publicKey: pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    defaults: { policy: 'express', shipWithinDays: 5 },
    sellers: { 'SELLER-1': market.seller },
  });
  client = registered.id;
  const { publicKey } = await world.operator.get<{ publicKey: string }>('/v1/ams-gateway');
  gateway = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  const own = { clientId: CLIENT, merchantKey: merchant, gatewayKey: gateway };
  const ca = readFileSync(join(world.dataDir, 'ams-tls-cert.pem'), 'utf8');
  tls = createAmsClient({ ...own, origin: world.addresses.amsTls, ca });
  http = createAmsClient({ ...own, origin: world.addresses.api });
});
after(() => world.end());

let made = 0;
/** A request to pay; with a token it is charged at once. */
async function payment(cents: number, fields: { token?: string; manual?: boolean } = {}) {
  made += 1;
  const { token, manual = false } = fields;
  return {
    productCode: 'CASHIER_PAYMENT',
    paymentRequestId: `pay-${made}`,
    order: {
      referenceOrderId: `AMS-${made}`,
      orderDescription: 'Café ☕ 测试',
      orderAmount: usd(cents),
      merchant: { referenceMerchantId: 'SELLER-1' },
      buyer: {
        referenceBuyerId: 'B-1',
        buyerName: { firstName: 'Ada', lastName: 'Lee' },
        buyerEmail: 'ada@buyer.example',
      },
    },
    paymentAmount: usd(cents),
    paymentMethod: { paymentMethodType: 'CARD', ...(token === undefined ? {} : { paymentMethodId: token }) },
    paymentRedirectUrl: 'https://merchant.example/return',
    settlementStrategy: { settlementCurrency: 'USD' },
    env: { terminalType: 'WEB' },
    paymentFactor: { captureMode: manual ? 'MANUAL' : 'AUTOMATIC' },
  };
}
const card = (number: string = CARDS.visa): Promise<string> => world.tokenize(market.id, number);
const code = ({ result }: AmsAnswer): string => `${result.resultStatus} ${result.resultCode}`;
const text = (answer: AmsAnswer, field: string): string => String(answer[field]);

for (const [name, ams] of [
  ['TLS', () => tls],
  ['HTTP', () => http],
] as const)
  describe(`a payment's life over ${name}`, () => {
    test('charged with a token, inquired, refunded in part, and the same in REST', async () => {
      const request = await payment(12_34, { token: await card() });
      const paid = await ams().call('payments/pay', request);
      assert.equal(code(paid), 'S SUCCESS');
      assert.deepEqual(paid.paymentAmount, usd(12_34));
      const [order] = (await market.api.get<{ data: OrderView[] }>(`/v1/orders?q=${request.order.referenceOrderId}`))
        .data;
      assert.equal(order?.state, 'paid');
      const [inRest] = (await market.api.get<{ data: PaymentView[] }>(`/v1/payments?order=${order?.id}`)).data;
      assert.equal(inRest?.state, 'captured');

      const inquiry = await ams().call('payments/inquiryPayment', { paymentId: paid.paymentId });
      assert.equal(code(inquiry), 'S SUCCESS');
      assert.equal(inquiry.paymentStatus, 'SUCCESS');
      assert.equal(inquiry.paymentTime, paid.paymentTime);

      const refund = {
        refundRequestId: `${request.paymentRequestId}-r1`,
        paymentId: paid.paymentId,
        refundAmount: usd(234),
      };
      const refunded = await ams().call('payments/refund', { ...refund, isAsyncRefund: 'false' });
      assert.equal(code(refunded), 'S SUCCESS');
      assert.deepEqual(await ams().call('payments/refund', { ...refund, isAsyncRefund: false }), refunded);
      const asked = await ams().call('payments/inquiryRefund', { refundRequestId: refund.refundRequestId });
      assert.deepEqual([asked.refundStatus, asked.refundId], ['SUCCESS', refunded.refundId]);
      const byId = await ams().call('payments/inquiryRefund', { refundId: refunded.refundId });
      assert.equal(byId.refundRequestId, refund.refundRequestId);
      assert.equal(
        code(await ams().call('payments/refund', { ...refund, refundAmount: usd(1) })),
        'F REPEAT_REQ_INCONSISTENT',
      );
      const tooMuch = { ...refund, refundRequestId: `${request.paymentRequestId}-r2`, refundAmount: usd(1001) };
      assert.equal(code(await ams().call('payments/refund', tooMuch)), 'F REFUND_AMOUNT_EXCEED');
      const after = await market.api.get<PaymentView>(`/v1/payments/${inRest?.id}`);
      assert.equal(after.refunded.value, '234');
    });

    test('authorized, captured in parts, too much of it refused', async () => {
      const paid = await ams().call('payments/pay', await payment(10_000, { token: await card(), manual: true }));
      assert.equal(code(paid), 'S SUCCESS');
      assert.ok(paid.authExpiryTime);
      const capture = (id: string, cents: number, last?: boolean) =>
        ams().call('payments/capture', {
          captureRequestId: `${paid.paymentRequestId}-${id}`,
          paymentId: paid.paymentId,
          captureAmount: usd(cents),
          ...(last === undefined ? {} : { isLastCapture: last }),
        });
      assert.equal(code(await capture('big', 10_001)), 'F CAPTURE_AMOUNT_EXCEED');
      const first = await capture('one', 4_000, false);
      assert.equal(code(first), 'S SUCCESS');
      assert.equal(text(await capture('one', 4_000, false), 'captureId'), text(first, 'captureId'));
      assert.equal(code(await capture('two', 1_000, true)), 'S SUCCESS');
      const inquiry = await ams().call('payments/inquiryPayment', { paymentRequestId: paid.paymentRequestId });
      const kinds = (inquiry.transactions as { transactionType: string }[]).map(
        ({ transactionType }) => transactionType,
      );
      assert.deepEqual(kinds, ['AUTHORIZATION', 'CAPTURE', 'CAPTURE']);
    });

    test('canceled: an authorization is given back, a capture refunded on its day, not later', async () => {
      const cancel = (request: { paymentRequestId: string }) =>
        ams().call('payments/cancel', { paymentRequestId: request.paymentRequestId });
      const held = await payment(5_000, { token: await card(), manual: true });
      await ams().call('payments/pay', held);
      const first = await cancel(held);
      assert.equal(code(first), 'S SUCCESS');
      assert.ok(first.cancelTime);
      assert.deepEqual(await cancel(held), first);
      assert.equal(code(await ams().call('payments/pay', held)), 'F ORDER_IS_CANCELED');

      const taken = await payment(6_000, { token: await card() });
      await ams().call('payments/pay', taken);
      assert.equal(code(await cancel(taken)), 'S SUCCESS');
      const inquiry = await ams().call('payments/inquiryPayment', { paymentRequestId: taken.paymentRequestId });
      assert.equal(inquiry.paymentStatus, 'CANCELLED');
      const late = await payment(7_000, { token: await card() });
      await ams().call('payments/pay', late);
      await world.advance(2);
      assert.equal(code(await cancel(late)), 'F CANCEL_WINDOW_EXCEED');
    });
  });

describe('the hosted page', () => {
  test('without a card the buyer is sent there; a cancel closes it, and the order may be paid anew', async () => {
    const request = await payment(9_900);
    const sent = await tls.call('payments/pay', request);
    assert.equal(code(sent), 'U PAYMENT_IN_PROCESS');
    const page = await fetch(text(sent, 'normalUrl'));
    assert.equal(page.status, 200);
    assert.deepEqual(await tls.call('payments/pay', request), sent);
    assert.equal(code(await tls.call('payments/cancel', { paymentId: sent.paymentId })), 'S SUCCESS');
    const inquiry = await tls.call('payments/inquiryPayment', { paymentId: sent.paymentId });
    assert.equal(inquiry.paymentStatus, 'CANCELLED');
    const again = {
      ...request,
      paymentRequestId: `${request.paymentRequestId}-b`,
      paymentMethod: { paymentMethodType: 'CARD', paymentMethodId: await card() },
    };
    assert.equal(code(await tls.call('payments/pay', again)), 'S SUCCESS');
  });

  test('a session has an address, and ends', async () => {
    const request = await payment(4_400);
    const session = await http.call('payments/createPaymentSession', request);
    assert.equal(code(session), 'S SUCCESS');
    assert.match(text(session, 'normalUrl'), /\/checkout\/[\w-]{43}$/);
    await world.advance(1);
    const inquiry = await http.call('payments/inquiryPayment', { paymentRequestId: request.paymentRequestId });
    assert.deepEqual([inquiry.paymentStatus, inquiry.paymentResultCode], ['FAIL', 'ORDER_IS_CLOSED']);
  });
});

test('the issuer asks the cardholder: the buyer is sent there, and the inquiry finds what came of it', async () => {
  const request = await payment(150_000, { token: await card(CARDS.mastercard) });
  const browserInfo = { acceptHeader: 'text/html', userAgent: 'Mozilla/5.0', language: 'en-US', javaEnabled: false };
  const screen = { screenWidth: 1280, screenHeight: '800', colorDepth: 24, timeZoneOffset: '-480' };
  const asked = { ...request, env: { terminalType: 'WEB', clientIp: '203.0.113.9', browserInfo, ...screen } };
  const sent = await tls.call('payments/pay', asked);
  assert.equal(code(sent), 'U PAYMENT_IN_PROCESS');
  const form = sent.redirectActionForm as { method: string; redirectUrl: string; parameters: string };
  assert.equal(form.method, 'POST');
  const waiting = await tls.call('payments/inquiryPayment', { paymentId: sent.paymentId });
  assert.deepEqual([waiting.paymentStatus, waiting.redirectActionForm], ['PROCESSING', form]);
  const post = async (fields: Record<string, string>) =>
    (await fetch(form.redirectUrl, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })).text();
  const page = await post(JSON.parse(form.parameters) as Record<string, string>);
  const hidden = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  await post({ ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), code: '123456' });
  const inquiry = await tls.call('payments/inquiryPayment', { paymentId: sent.paymentId });
  assert.equal(inquiry.paymentStatus, 'SUCCESS');
  assert.equal(code(await tls.call('payments/pay', asked)), 'S SUCCESS');
});

describe('what is refused, signed', () => {
  test('a decline is final under its id; another id pays the same order', async () => {
    // The sandbox's issuer does not honor this amount.
    const declined = await payment(53_000, { token: await card() });
    const first = await tls.call('payments/pay', declined);
    assert.equal(code(first), 'F DO_NOT_HONOR');
    assert.deepEqual(await tls.call('payments/pay', declined), first);
    const inquiry = await tls.call('payments/inquiryPayment', { paymentRequestId: declined.paymentRequestId });
    assert.deepEqual([inquiry.paymentStatus, inquiry.paymentResultCode], ['FAIL', 'DO_NOT_HONOR']);
    // A token that is not kept is good for one payment.
    const paymentMethod = { ...declined.paymentMethod, paymentMethodId: await card() };
    const again = { ...declined, paymentRequestId: `${declined.paymentRequestId}-b`, paymentMethod };
    assert.equal(code(await tls.call('payments/pay', again)), 'F DO_NOT_HONOR');
    const { data } = await market.api.get<{ data: OrderView[] }>(`/v1/orders?q=${declined.order.referenceOrderId}`);
    const tried = await market.api.get<{ data: PaymentView[] }>(`/v1/payments?order=${data[0]?.id}`);
    assert.deepEqual([data.length, tried.data.length], [1, 2]);
  });

  test('fields: each wrong one is named', async () => {
    const good = await payment(1_000, { token: await card() });
    const cases: [string, object, string][] = [
      ['productCode', { ...good, productCode: 'AGREEMENT_PAYMENT' }, 'F BUSINESS_NOT_SUPPORT'],
      ['paymentMethod', { ...good, paymentMethod: { paymentMethodType: 'NOBODY' } }, 'F UNAVAILABLE_PAYMENT_METHOD'],
      ['paymentRequestId', { ...good, paymentRequestId: '' }, 'F PARAM_ILLEGAL'],
      ['paymentAmount', { ...good, paymentAmount: { currency: 'JPY', value: '39.80' } }, 'F PARAM_ILLEGAL'],
      ['paymentAmount', { ...good, paymentAmount: usd(999) }, 'F PARAM_ILLEGAL'],
      [
        'a card number',
        { ...good, paymentMethod: { paymentMethodType: 'CARD', paymentMethodMetaData: { cardNo: CARDS.visa } } },
        'F PARAM_ILLEGAL',
      ],
      [
        'order.merchant',
        { ...good, order: { ...good.order, merchant: { referenceMerchantId: 'NOBODY' } } },
        'F MERCHANT_NOT_REGISTERED',
      ],
      [
        'paymentMethodId',
        { ...good, paymentMethod: { ...good.paymentMethod, paymentMethodId: `tok_${'0'.repeat(32)}` } },
        'F INVALID_TOKEN',
      ],
    ];
    for (const [field, body, expected] of cases) {
      const answer = await tls.call('payments/pay', body);
      assert.equal(code(answer), expected, field);
    }
    const yen = {
      ...good,
      paymentRequestId: 'yen',
      order: { ...good.order, referenceOrderId: 'YEN', orderAmount: { currency: 'JPY', value: '3980' } },
      paymentAmount: { currency: 'JPY', value: 3980 },
    };
    assert.equal(code(await tls.call('payments/pay', yen)), 'F CURRENCY_NOT_SUPPORT');
    assert.equal(code(await tls.call('payments/inquiryPayment', { paymentRequestId: 'nobody' })), 'F ORDER_NOT_EXIST');
    assert.equal(code(await tls.call('payments/inquiryRefund', { refundRequestId: 'nobody' })), 'F REFUND_NOT_EXIST');
  });

  test('signature, client, key, time, body, path, method', async () => {
    const path = '/ams/api/v1/payments/inquiryPayment';
    const body = JSON.stringify({ paymentRequestId: 'nobody' });
    const changed = Buffer.from(body);
    changed.writeUInt8((changed[changed.length - 3] as number) ^ 1, changed.length - 3);
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const ago = (ms: number) => String(Date.now() - ms);
    const cases: [string, string | Uint8Array, Parameters<AmsClientOfTest['send']>[2], string, string?][] = [
      ['signed by somebody else', body, { key: other }, 'F INVALID_SIGNATURE'],
      ['one byte changed', body, { sentBody: changed }, 'F INVALID_SIGNATURE'],
      ['nobody’s name', body, { clientId: '5X99999999999999' }, 'F INVALID_CLIENT'],
      ['no such key', body, { keyVersion: '7' }, 'F KEY_NOT_FOUND'],
      ['stale', body, { time: ago(6 * 60_000) }, 'F PARAM_ILLEGAL'],
      ['from the future', body, { time: ago(-6 * 60_000) }, 'F PARAM_ILLEGAL'],
      ['no time at all', body, { time: 'yesterday' }, 'F PARAM_ILLEGAL'],
      ['four minutes old', body, { time: ago(4 * 60_000) }, 'F ORDER_NOT_EXIST'],
      ['no signature', body, { without: 'Signature' }, 'F PARAM_ILLEGAL'],
      ['not JSON', '{"paymentRequestId":', {}, 'F PARAM_ILLEGAL'],
      ['not an object', '[]', {}, 'F PARAM_ILLEGAL'],
      ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), {}, 'F PARAM_ILLEGAL'],
      ['too large', Buffer.alloc(300_000, 0x20), {}, 'F PARAM_ILLEGAL'],
      ['documented, not offered', body, {}, 'F INVALID_API', '/ams/api//v1/payments/retrievePaymentSession'],
      ['not documented', body, {}, 'F INVALID_API', '/ams/api/v1/payments/toString'],
      ['not an address', body, {}, 'F INVALID_API', '/ams/api/v1/%zz'],
      ['not a POST', body, { method: 'PUT' }, 'F METHOD_NOT_SUPPORTED'],
    ];
    for (const [name, content, options, expected, at = path] of cases)
      for (const ams of [tls, http]) {
        const { answer } = await ams.send(at, content, options);
        assert.equal(code(answer), expected, name);
      }
  });
});

describe('as client libraries differ', () => {
  const body = JSON.stringify({ paymentRequestId: 'nobody' });

  test('both families, with a query, absolute-form targets, odd headers', async () => {
    for (const path of [
      '/ams/api/v1/payments/inquiryPayment',
      '/ams/sandbox/api/v1/payments/inquiryPayment',
      '/ams/api/v1/payments/inquiryPayment?x=1',
    ])
      for (const absolute of [false, true]) {
        const headers = { 'agent-token': '', 'content-type': 'text/plain', 'key-version': '1' };
        const { answer } = await tls.send(path, body, { absolute, ...(absolute ? { headers } : {}) });
        assert.equal(code(answer), 'F ORDER_NOT_EXIST', path);
      }
  });

  test('each of the five forms of time', async () => {
    const iso = new Date().toISOString().slice(0, 19);
    for (const time of [String(Date.now()), `${iso}+00:00`, `${iso}+0000`, `${iso}.1234567Z`, `${iso}Z`])
      assert.equal(
        code((await tls.send('/ams/api/v1/payments/inquiryPayment', body, { time })).answer),
        'F ORDER_NOT_EXIST',
        time,
      );
  });

  test('an identical repeat does nothing twice, also at the same moment', async () => {
    const request = JSON.stringify(await payment(3_300, { token: await card() }));
    const time = String(Date.now());
    const path = '/ams/api/v1/payments/pay';
    const answers = await Promise.all(Array.from({ length: 4 }, () => tls.send(path, request, { time })));
    const last = await tls.send(path, request, { time });
    assert.equal(code(last.answer), 'S SUCCESS');
    for (const { answer } of answers) assert.equal(answer.paymentId, last.answer.paymentId);
    const reference = (JSON.parse(request) as { order: { referenceOrderId: string } }).order.referenceOrderId;
    const { data } = await market.api.get<{ data: OrderView[] }>(`/v1/orders?q=${reference}`);
    const payments = await market.api.get<{ data: PaymentView[] }>(`/v1/payments?order=${data[0]?.id}`);
    assert.deepEqual([data.length, payments.data.length], [1, 1]);
    const other = JSON.stringify({ ...JSON.parse(request), paymentAmount: usd(3_301) });
    assert.equal(code((await tls.send(path, other)).answer), 'F REPEAT_REQ_INCONSISTENT');
  });

  test('on the wire: status 200 and header names in lower case', async () => {
    const { hostname, port } = new URL(world.addresses.api);
    const [path, time] = ['/ams/api/v1/payments/inquiryPayment', String(Date.now())];
    const signature = signatureOf(Buffer.from(body), `POST ${path}\n${CLIENT}.${time}.`, merchant);
    const socket = connect(Number(port), hostname);
    const lines = [
      `POST http://127.0.0.1${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      `Content-Length: ${body.length}`,
      'Content-Type: application/json',
      'Content-Type: application/json; charset=UTF-8',
      `client-id: ${CLIENT}`,
      `REQUEST-TIME: ${time}`,
      `Signature: algorithm=RSA256, keyVersion=1, signature=${signature}`,
      'Connection: close',
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
    let received = '';
    for await (const chunk of socket) received += String(chunk);
    const [head = ''] = received.split('\r\n\r\n');
    assert.match(head, /^HTTP\/1\.1 200 OK\r\n/);
    for (const name of ['client-id', 'response-time', 'signature']) assert.match(head, new RegExp(`\r\n${name}: \\S`));
  });
});

describe('a code that is shown, and the wallet of whoever scans it', () => {
  const PHONE = { walletId: 'tng', account: 'demo' };
  const asks = async (cents: number) => ({
    ...(await payment(cents)),
    ...{ productCode: 'IN_STORE_PAYMENT', paymentFactor: { inStorePaymentScenario: 'OrderCode' } },
    paymentMethod: { paymentMethodType: 'CONNECT_WALLET' },
  });
  const shown = async (cents: number) => {
    const asked = await asks(cents);
    const said = await http.call('payments/pay', asked);
    assert.equal(code(said), 'U PAYMENT_IN_PROCESS');
    const { codeDetails } = said.orderCodeForm as { codeDetails: [{ codeValue: string }] };
    return { asked, said, codeValue: codeDetails[0].codeValue, paymentId: text(said, 'paymentId') };
  };
  const scan = (codeValue: string) =>
    world.wallets.post<{ payment: { paymentId: string } }>('/_sandbox/scans', { ...PHONE, code: codeValue });
  const confirm = ({ payment: { paymentId } }: Awaited<ReturnType<typeof scan>>) =>
    world.wallets.post('/_sandbox/confirmations', { ...PHONE, paymentId, pin: '246810' });
  const standing = async (paymentId: string) => {
    const { paymentStatus, paymentResultCode } = await http.call('payments/inquiryPayment', { paymentId });
    return `${paymentStatus} ${paymentResultCode}`;
  };
  const owed = async (): Promise<string> => {
    const { wallets } = await world.wallets.get<{ wallets: { walletId: string; owedToHub: string }[] }>(
      '/_sandbox/totals',
    );
    return String(wallets.find(({ walletId }) => walletId === PHONE.walletId)?.owedToHub ?? 0);
  };

  test('scanned, confirmed with the PIN, paid: the order has its money, the wallet owes ringgit; refunded, it owes none', async () => {
    const before = await owed();
    const { asked, said, codeValue, paymentId } = await shown(20_00);
    assert.deepEqual((await http.call('payments/pay', asked)).orderCodeForm, said.orderCodeForm);
    const scanned = await scan(codeValue);
    assert.deepEqual((await scan(codeValue)).payment.paymentId, scanned.payment.paymentId);
    assert.equal(await standing(paymentId), 'PROCESSING PAYMENT_IN_PROCESS');
    await confirm(scanned);
    assert.equal(await standing(paymentId), 'SUCCESS SUCCESS');
    const [order] = (await market.api.get<{ data: OrderView[] }>(`/v1/orders?q=${asked.order.referenceOrderId}`)).data;
    assert.equal(order?.state, 'paid');
    const [paid] = (await market.api.get<{ data: WalletPaymentView[] }>(`/v1/payments?order=${order?.id}`)).data;
    assert.deepEqual([paid?.state, paid?.wallet.way, paid?.method.brand], ['captured', 'order_code', 'TNG']);
    assert.equal(BigInt(await owed()) - BigInt(before), BigInt(paid?.wallet.payTo.value ?? 0));
    assert.equal(paid?.wallet.payTo.currency, 'MYR');
    const refund = { refundRequestId: `${asked.paymentRequestId}-back`, paymentId, refundAmount: usd(20_00) };
    assert.equal(code(await http.call('payments/refund', refund)), 'S SUCCESS');
    assert.equal(await owed(), before);
  });

  test('too much for the wallet, canceled before it is scanned, and out of time: the phone is told why', async () => {
    const much = await shown(9_000_000_00);
    await assert.rejects(scan(much.codeValue), /PAYMENT_AMOUNT_EXCEED_LIMIT/);
    assert.equal(code(await http.call('payments/cancel', { paymentId: much.paymentId })), 'S SUCCESS');
    await assert.rejects(scan(much.codeValue), /ORDER_IS_CLOSED/);
    assert.equal(await standing(much.paymentId), 'CANCELLED ORDER_IS_CANCELED');
    const left = await shown(20_00);
    await world.advance(0, 0.55);
    await assert.rejects(scan(left.codeValue), /EXPIRED_CODE/);
    assert.equal(await standing(left.paymentId), 'FAIL ORDER_IS_CLOSED');
  });
});

test('keys roll over: both are good for a while, then the old one is none; the last cannot go', async () => {
  const next = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicKey = next.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const withdraw = (version: string) =>
    world.operator.send('POST', `/v1/ams-clients/${client}/withdraw-key`, { body: { version } });
  assert.equal((await withdraw('1')).status, 409);
  await world.operator.post(`/v1/ams-clients/${client}/keys`, { version: '2', publicKey });
  const ask = (options: object) => tls.call('payments/inquiryPayment', { paymentRequestId: 'nobody' }, options);
  const signed = { key: next.privateKey, keyVersion: '2' };
  for (const options of [{}, signed]) assert.equal(code(await ask(options)), 'F ORDER_NOT_EXIST');
  assert.equal((await withdraw('1')).status, 200);
  assert.equal(code(await ask({})), 'F KEY_NOT_FOUND');
  assert.equal(code(await ask(signed)), 'F ORDER_NOT_EXIST');
  assert.equal(code(await ask({ ...signed, keyVersion: '1' })), 'F KEY_NOT_FOUND');
});

test('a sandbox has a client that is ready', async () => {
  const ready = createAmsClient({
    origin: world.addresses.api,
    clientId: 'SANDBOX_5Y00000000000001',
    merchantKey: createPrivateKey(readFileSync(join(world.dataDir, 'ams-merchant-key.pem'), 'utf8')),
    gatewayKey: gateway,
  });
  const consulted = await ready.send(
    '/ams/sandbox/api/v1/payments/consult',
    JSON.stringify({ productCode: 'CASHIER_PAYMENT', paymentAmount: usd(100), env: { terminalType: 'WEB' } }),
  );
  assert.equal(code(consulted.answer), 'S SUCCESS');
  const [option] = consulted.answer.paymentOptions as { paymentMethodType: string; enabled: unknown }[];
  assert.deepEqual([option?.paymentMethodType, option?.enabled], ['CARD', true]);
});

test('the books agree with themselves', async () => {
  const check = await world.operator.get<{ ok: boolean; laws: unknown }>('/v1/ledger/check');
  assert.ok(check.ok, JSON.stringify(check.laws));
});
