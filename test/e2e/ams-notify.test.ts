/** What a merchant is told, when, and until when: its own server listens, verifies, and answers badly on purpose. */
import assert from 'node:assert/strict';
import { createPublicKey, createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { CARDS } from '../../stories/story.ts';
import { startWorld, type World } from '../../stories/world.ts';
import { createMarket, type Market } from '../api/scene.ts';
import { type AmsClientOfTest, createAmsClient } from './ams-client.ts';

const usd = (value: number) => ({ currency: 'USD', value: String(value) });
const ACKNOWLEDGED = { result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' } };

interface Told {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}
interface NotificationView {
  readonly state: string;
  readonly kind: string;
  readonly attempts: readonly { readonly at: string; readonly outcome: string }[];
}

let world: World;
let market: Market;
let client: string;
let ams: AmsClientOfTest;
let gateway: KeyObject;
let origin: string;
const told: Told[] = [];
/** What the merchant says to the next notifications of a path; then it acknowledges. */
const moods = new Map<string, { status: number; body: unknown }[]>();

const ear = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [path, text] = [request.url ?? '', Buffer.concat(chunks).toString('utf8')];
    const header = (name: string): string => String(request.headers[name]);
    const signature = /signature=(.+)$/.exec(header('signature'))?.[1] ?? '';
    const verifier = createVerify('RSA-SHA256');
    verifier.update(`POST ${path}\n${header('client-id')}.${header('request-time')}.${text}`);
    assert.ok(verifier.verify(gateway, Buffer.from(decodeURIComponent(signature), 'base64')), 'signed by the gateway');
    told.push({ path, body: JSON.parse(text) as Told['body'] });
    const { status, body } = moods.get(path)?.shift() ?? { status: 200, body: ACKNOWLEDGED };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
});

before(async () => {
  ear.listen(0, '127.0.0.1');
  await once(ear, 'listening');
  origin = `http://127.0.0.1:${(ear.address() as AddressInfo).port}`;
  world = await startWorld();
  market = await createMarket(world, 'Notified');
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  ({ id: client } = await world.operator.post<{ id: string }>('/v1/ams-clients', {
    clientId: '5X00000000000002',
    marketplace: market.id,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    defaults: { seller: market.seller },
    notifyUrl: `${origin}/usual`,
  }));
  const key = await world.operator.get<{ publicKey: string }>('/v1/ams-gateway');
  gateway = createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), format: 'der', type: 'spki' });
  const own = { clientId: '5X00000000000002', merchantKey: privateKey, gatewayKey: gateway };
  ams = createAmsClient({ ...own, origin: world.addresses.api });
});
after(async () => {
  ear.close();
  await world.end();
});

let made = 0;
async function pay(fields: { token?: boolean; manual?: boolean; notify?: string }) {
  made += 1;
  const token = fields.token === false ? {} : { paymentMethodId: await world.tokenize(market.id, CARDS.visa) };
  return ams.call('payments/pay', {
    productCode: 'CASHIER_PAYMENT',
    paymentRequestId: `notified-${made}`,
    order: { referenceOrderId: `NOTIFIED-${made}`, orderDescription: 'Lamps', orderAmount: usd(5_000) },
    paymentAmount: usd(5_000),
    paymentMethod: { paymentMethodType: 'CARD', ...token },
    env: { terminalType: 'WEB' },
    ...(fields.manual === true ? { paymentFactor: { captureMode: 'MANUAL' } } : {}),
    ...(fields.notify === undefined ? {} : { paymentNotifyUrl: `${origin}${fields.notify}` }),
  });
}
/** Lets everything due be done. */
const settle = (): Promise<unknown> => world.advance(0);
const toldAt = (path: string) => told.filter((each) => each.path === path).map(({ body }) => body);
const resultOf = (body: Told['body'] | undefined) => (body?.result as { resultCode: string } | undefined)?.resultCode;

test('the outcome of a payment, its captures and refunds, once each, where the request says', async () => {
  const paid = await pay({ manual: true, notify: '/pay?shop=1' });
  await settle();
  const [outcome, ...more] = toldAt('/pay?shop=1');
  assert.deepEqual(
    [outcome?.notifyType, resultOf(outcome), outcome?.paymentId],
    ['PAYMENT_RESULT', 'SUCCESS', paid.paymentId],
  );
  assert.deepEqual([outcome?.paymentAmount, more.length], [usd(5_000), 0]);
  const names = { paymentId: paid.paymentId };
  const captured = await ams.call('payments/capture', { ...names, captureRequestId: 'c1', captureAmount: usd(5_000) });
  await ams.call('payments/refund', {
    ...{ ...names, refundRequestId: 'r1', refundAmount: usd(1_000) },
    refundNotifyUrl: `${origin}/refund`,
  });
  await settle();
  const capture = toldAt('/pay?shop=1').at(-1);
  assert.deepEqual([capture?.notifyType, capture?.captureId], ['CAPTURE_RESULT', captured.captureId]);
  assert.deepEqual(
    toldAt('/refund').map(({ notifyType, refundStatus, refundRequestId }) => [
      notifyType,
      refundStatus,
      refundRequestId,
    ]),
    [['REFUND_RESULT', 'SUCCESS', 'r1']],
  );
  await world.advance(2);
  assert.equal(toldAt('/pay?shop=1').length, 2);
});

test('only 200 with status S is an acknowledgment; the schedule ends after eight tries', async () => {
  const refusals = [
    { status: 500, body: ACKNOWLEDGED },
    { status: 201, body: ACKNOWLEDGED },
    { status: 200, body: { result: { resultCode: 'PROCESS_FAIL', resultStatus: 'F' } } },
    { status: 200, body: 'ok' },
  ];
  moods.set('/moody', [...refusals]);
  moods.set(
    '/deaf',
    Array.from({ length: 20 }, () => ({ status: 503, body: {} })),
  );
  await pay({ notify: '/moody' });
  await pay({ notify: '/deaf' });
  await world.advance(3);
  assert.equal(toldAt('/moody').length, 5);
  assert.equal(toldAt('/deaf').length, 8);
  const { data } = await world.operator.get<{ data: NotificationView[] }>(`/v1/ams-clients/${client}/notifications`);
  const [deaf, moody] = data as [NotificationView, NotificationView];
  assert.deepEqual([moody.state, deaf.state], ['acknowledged', 'given_up']);
  assert.deepEqual(
    moody.attempts.map(({ outcome }) => outcome),
    ['http_500', 'http_201', 'not_acknowledged', 'not_acknowledged', 'acknowledged'],
  );
  const minutes = deaf.attempts.map(({ at }) =>
    Math.round((Date.parse(at) - Date.parse(deaf.attempts[0]?.at ?? '')) / 60_000),
  );
  assert.deepEqual(minutes, [0, 2, 12, 22, 82, 202, 562, 1462]);
});

test('a page on which nobody paid: told at the usual address when it has ended', async () => {
  const sent = await pay({ token: false });
  await settle();
  assert.equal(toldAt('/usual').length, 0);
  await world.advance(0, 1);
  const [ended, ...more] = toldAt('/usual');
  assert.deepEqual([resultOf(ended), ended?.paymentId, more.length], ['ORDER_IS_CLOSED', sent.paymentId, 0]);
});
