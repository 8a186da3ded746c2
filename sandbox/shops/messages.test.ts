/** What the hub asks of an acquirer, over HTTP with a hub in memory: who may ask, effects, repeats, ordered faults. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  type Body,
  codeOf,
  ESCALATION,
  F,
  PAY,
  paid,
  REFUND,
  REGISTER,
  S,
  STORE_CODE,
  startShops,
  U,
  yen,
} from './test-shops.ts';

const world = await startShops();
after(() => world.close());

const TOKYO = 'SBXACQJP00000001';
const KL = 'SBXACQMY00000001';
const told = (paymentRequestId: string, changes: Body = {}): Body => ({
  ...{ acquirerId: TOKYO, paymentRequestId, paymentResult: S },
  ...paid(`hpy-${paymentRequestId}`),
  order: { referenceOrderId: 'o-1', orderDescription: 'Tea', merchant: { referenceMerchantId: 'asakusa-tea' } },
  ...changes,
});
const look = (acquirerId: string, reference: string) =>
  world.admin('GET', `payment?acquirerId=${acquirerId}&reference=${reference}`);
const effects = async (requestId: string): Promise<readonly unknown[]> => {
  const { body } = await world.admin('GET', `notifications?acquirerId=tokyo&paymentRequestId=${requestId}`);
  return (body.notifications as Body[]).map(({ effect }) => effect);
};

test('only the hub is heard: client, key, signature, time, operation, in this order', async () => {
  const ask = async (changes: object, operation = 'notifyPayment') =>
    codeOf(await world.call('tokyo', operation, told('none', { paymentResult: U }), changes));
  assert.equal(await ask({ clientId: KL }), 'INVALID_CLIENT');
  assert.equal(await ask({ keyVersion: '7' }), 'KEY_NOT_FOUND');
  assert.equal(await ask({ signedBody: '{}' }), 'INVALID_SIGNATURE');
  assert.equal(await ask({ time: '2020-01-01T00:00:00+08:00' }), 'INVALID_SIGNATURE');
  assert.equal(await ask({}, 'pay'), 'NO_INTERFACE_DEF');
  const good = await world.call('tokyo', 'notifyPayment', told('none', { paymentResult: U }));
  assert.deepEqual([good.status, good.verified, codeOf(good)], [200, true, 'SUCCESS']);
  const nobody = await fetch(`${world.url}/alipayplus/acqp/nowhere/notifyPayment`, { method: 'POST', body: '{}' });
  assert.equal(((await nobody.json()) as { result: Body }).result.resultCode, 'INVALID_CLIENT');
});

test('a notification settles what the till began; the same again changes nothing, another word is refused', async () => {
  world.hub.answerWith(PAY, () => ({ result: U, paymentId: 'hpy-n1' }));
  const order = {
    acquirerId: 'tokyo',
    merchantId: 'asakusa-tea',
    amount: yen('3980'),
    scenario: 'order_code',
    paymentRequestId: 'n1',
  };
  await world.admin('POST', 'payments', order);
  assert.equal(
    codeOf(await world.call('tokyo', 'notifyPayment', told('n1', { paymentAmount: yen('3979') }))),
    'REPEAT_REQ_INCONSISTENT',
  );
  assert.equal(codeOf(await world.call('tokyo', 'notifyPayment', told('n1'))), 'SUCCESS');
  assert.equal((await look('tokyo', 'n1')).body.state, 'paid');
  assert.equal(codeOf(await world.call('tokyo', 'notifyPayment', told('n1'))), 'SUCCESS');
  const failed = told('n1', { paymentResult: F('USER_BALANCE_NOT_ENOUGH') });
  assert.equal(codeOf(await world.call('tokyo', 'notifyPayment', failed)), 'REPEAT_REQ_INCONSISTENT');
  assert.equal(
    codeOf(await world.call('tokyo', 'notifyPayment', told('n1', { paymentId: 'hpy-x' }))),
    'REPEAT_REQ_INCONSISTENT',
  );
  assert.deepEqual(await effects('n1'), ['contradicts', 'settled', 'known', 'contradicts', 'contradicts']);
});

test('a payment that a person began with a printed code is taken into the books, of own shops alone', async () => {
  assert.equal(codeOf(await world.call('tokyo', 'notifyPayment', told('p1'))), 'SUCCESS');
  assert.equal(codeOf(await world.call('tokyo', 'notifyPayment', told('p1'))), 'SUCCESS');
  const { body } = await look('tokyo', 'p1');
  assert.deepEqual([body.state, body.scenario, body.merchantId], ['paid', 'store_code', 'asakusa-tea']);
  assert.deepEqual(await effects('p1'), ['begun', 'known']);
  const foreign = told('p2', { order: { merchant: { referenceMerchantId: 'katong-laksa' } } });
  assert.equal(codeOf(await world.call('tokyo', 'notifyPayment', foreign)), 'PARAM_ILLEGAL');
  assert.equal((await look('tokyo', 'p2')).status, 404);
  assert.equal(codeOf(await world.call('tokyo', 'notifyPayment', told('p3', { acquirerId: KL }))), 'PARAM_ILLEGAL');
});

test('an own code is decoded alike until it has ended, and lapses when nobody scans it', async () => {
  const order = { acquirerId: 'tokyo', merchantId: 'ginza-cameras', amount: yen('52000'), scenario: 'private_code' };
  const { body } = await world.admin('POST', 'payments', { ...order, expiresInMs: 60_000 });
  assert.equal(body.state, 'shown');
  assert.match(String(body.codeValue), /^https:\/\/qr\.minato-acquiring\.example\/281101040001\d{16}$/);
  const decode = (codeValue: unknown) =>
    world.call('tokyo', 'userInitiatedPay', { acquirerId: TOKYO, codeValue, customerId: 'c-1' });
  const first = await decode(body.codeValue);
  assert.equal(first.body.paymentRequestId, body.paymentRequestId);
  assert.deepEqual(first.body.paymentAmount, yen('52000'));
  assert.deepEqual((await decode(body.codeValue)).body, first.body);
  assert.equal((await look('tokyo', String(body.id))).body.state, 'waiting');
  assert.equal(codeOf(await decode(`${body.codeValue}1`)), 'INVALID_CODE');
  assert.equal(codeOf(await decode('https://elsewhere.example/1')), 'INVALID_CODE');
  await world.admin('POST', 'payments', { ...order, expiresInMs: 60_000, paymentRequestId: 'lapses' });
  await world.advance(60_000);
  assert.equal(codeOf(await decode(body.codeValue)), 'EXPIRED_CODE');
  assert.equal((await look('tokyo', 'lapses')).body.state, 'failed');
});

test('a pushed payment arrives at once, late, or never, as ordered, and is then in the books', async () => {
  const ask = async (paymentRequestId: string) =>
    codeOf(
      await world.call('kuala-lumpur', 'inquiryPushPayment', { acquirerId: KL, paymentRequestId }),
      'paymentResult',
    );
  assert.equal(await ask('push-1'), 'SUCCESS');
  await world.admin('POST', 'pushes', { acquirerId: KL, kind: 'delay', delayMs: 30_000 });
  await world.admin('POST', 'pushes', { acquirerId: KL, kind: 'refuse' });
  assert.equal(await ask('push-2'), 'PAYMENT_IN_PROCESS');
  assert.equal(await ask('push-3'), 'PROCESS_FAIL');
  await world.advance(30_000);
  assert.deepEqual([await ask('push-2'), await ask('push-3')], ['SUCCESS', 'PROCESS_FAIL']);
  const order = { merchant: { referenceMerchantId: 'my.com.paynet.duitnow:jalan-alor-satay' } };
  const paymentAmount = { currency: 'MYR', value: '1850' };
  const arrived = told('push-1', { acquirerId: KL, order, paymentAmount, settlementAmount: paymentAmount });
  assert.equal(codeOf(await world.call('kuala-lumpur', 'notifyPayment', arrived)), 'SUCCESS');
  const { body } = await look(KL, 'push-1');
  assert.deepEqual([body.scenario, body.merchantId, body.state], ['push_code', 'jalan-alor-satay', 'paid']);
  await world.admin('POST', 'pushes', { acquirerId: KL, kind: 'refuse' });
  const neverComes = { acquirerId: KL, order, paymentAmount, settlementAmount: paymentAmount };
  assert.equal(codeOf(await world.call('kuala-lumpur', 'notifyPayment', told('push-4', neverComes))), 'SUCCESS');
  assert.equal((await look(KL, 'push-4')).body.state, 'paid');
  assert.equal(await ask('push-4'), 'PROCESS_FAIL');
  assert.equal((await look(KL, 'push-4')).body.state, 'failed');
  const tokyo = await world.call('tokyo', 'inquiryPushPayment', { acquirerId: TOKYO, paymentRequestId: 'push-1' });
  assert.equal(codeOf(tokyo), 'NO_INTERFACE_DEF');
});

test('ordered faults of the endpoint: unheard, unanswered, late, broken', async () => {
  const fault = (kind: string, changes: Body = {}) =>
    world.admin('POST', 'faults', { kind, operation: 'notifyPayment', ...changes });
  const tell = () => world.call('tokyo', 'notifyPayment', told('f1'));
  await fault('drop_before');
  await assert.rejects(tell());
  assert.equal((await look('tokyo', 'f1')).status, 404);
  for (const status of [500, 503]) {
    await fault(`http_${status}`);
    assert.equal((await tell()).status, status);
  }
  await fault('drop_after');
  await assert.rejects(tell());
  assert.equal((await look('tokyo', 'f1')).body.state, 'paid');
  await fault('malformed');
  const broken = await tell();
  assert.deepEqual([broken.verified, codeOf(broken)], [true, undefined]);
  await fault('delay', { delayMs: 30 });
  assert.equal(codeOf(await tell()), 'SUCCESS');
});

test('a claim is taken once and answered to the hub; a part needs its amount', async () => {
  const claim = { acquirerId: TOKYO, disputeId: 'esc-1', paymentRequestId: 'n1', reason: 'never received' };
  assert.equal(codeOf(await world.call('tokyo', 'initiateEscalation', claim)), 'SUCCESS');
  assert.equal(codeOf(await world.call('tokyo', 'initiateEscalation', claim)), 'SUCCESS');
  const { body } = await world.admin('GET', 'disputes?acquirerId=tokyo');
  assert.equal((body.disputes as Body[]).length, 1);
  const answer = (changes: Body) =>
    world.admin('POST', 'dispute-answers', {
      acquirerId: 'tokyo',
      disputeId: 'esc-1',
      text: 'half was eaten',
      ...changes,
    });
  assert.equal((await answer({ answer: 'ACCEPT_PARTIAL_REFUND' })).status, 422);
  world.hub.answerWith(ESCALATION, () => ({ result: F('ORDER_STATUS_INVALID') }));
  assert.equal((await answer({ answer: 'REFUSE_REFUND' })).body.error, 'refused');
  const taken = await answer({ answer: 'ACCEPT_PARTIAL_REFUND', amount: yen('1990') });
  assert.equal(taken.status, 200);
  const said = {
    acquirerId: TOKYO,
    disputeId: 'esc-1',
    answer: 'ACCEPT_PARTIAL_REFUND',
    text: 'half was eaten',
    amount: yen('1990'),
  };
  assert.deepEqual(world.hub.asked.at(-1)?.body, said);
  assert.equal((await answer({ answer: 'REFUSE_REFUND', disputeId: 'esc-2' })).status, 422);
});

test('what is accepted is asked for under the dispute’s id, and is in the shop’s books', async () => {
  const { body: sold } = await world.admin('POST', 'payments', {
    ...{ acquirerId: 'tokyo', merchantId: 'asakusa-tea', amount: yen('3980') },
    ...{ scenario: 'payment_code', paymentCode: '281001020000000000000001' },
  });
  const claim = { acquirerId: TOKYO, disputeId: 'esc-9', paymentRequestId: sold.paymentRequestId };
  assert.equal(codeOf(await world.call('tokyo', 'initiateEscalation', claim)), 'SUCCESS');
  world.hub.answerWith(ESCALATION, () => ({ result: S, refundRequestId: 'esc-9', refundAmount: yen('3980') }));
  const answer = { acquirerId: 'tokyo', disputeId: 'esc-9', answer: 'ACCEPT_REFUND', text: 'sorry' };
  assert.equal((await world.admin('POST', 'dispute-answers', answer)).status, 200);
  const asked = world.hub.asked.at(-1);
  assert.deepEqual(
    [asked?.path, asked?.body.refundRequestId, asked?.body.refundAmount],
    [REFUND, 'esc-9', yen('3980')],
  );
});

test('a shop is registered before its first code, which is asked for once; the scheme stands in it', async () => {
  world.hub.answerWith(STORE_CODE, () => ({ result: S, codeValue: '000201printed' }));
  const print = () => world.admin('POST', 'printed-codes', { acquirerId: KL, merchantId: 'pasar-seni-batik' });
  assert.deepEqual((await print()).body, { code: '000201printed' });
  assert.deepEqual((await print()).body, { code: '000201printed' });
  const asked = world.hub.asked.filter(({ path }) => path === STORE_CODE || path === REGISTER);
  assert.deepEqual(
    asked.map(({ path }) => path),
    [REGISTER, STORE_CODE],
  );
  const [template] = (asked[1]?.body.schemes ?? []) as Body[];
  assert.deepEqual([template?.guid, template?.objects], ['my.com.paynet.duitnow', { '01': 'pasar-seni-batik' }]);
});

test('keys rotate: the hub sees the next version', async () => {
  const before = (await world.admin('GET', 'acquirers')).body.acquirers as Body[];
  const { body } = await world.admin('POST', 'acquirers/seoul/keys');
  assert.equal(body.keyVersion, '2');
  const seoul = before.find(({ slug }) => slug === 'seoul');
  assert.deepEqual([seoul?.keyVersion, seoul?.publicKey === body.publicKey], ['1', false]);
  assert.match(String(seoul?.endpoint), /\/alipayplus\/acqp\/seoul$/);
});
