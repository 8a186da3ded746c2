/** A till and the hub, over HTTP with a hub in memory: what is asked, what silence means, how a payment ends. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Body, CANCEL, codeOf, F, INQUIRY, PAY, paid, REFUND, S, startShops, U, yen } from './test-shops.ts';

const world = await startShops();
after(() => world.close());

const TEA = { acquirerId: 'tokyo', merchantId: 'asakusa-tea' };
const sell = async (changes: Body = {}): Promise<Body> => {
  const { status, body } = await world.admin('POST', 'payments', {
    ...{ ...TEA, amount: yen('3980'), scenario: 'payment_code', paymentCode: '281666020000000000000001' },
    ...changes,
  });
  assert.equal(status, 200, JSON.stringify(body));
  return body;
};
const look = async (reference: unknown): Promise<Body> =>
  (await world.admin('GET', `payment?acquirerId=tokyo&reference=${reference}`)).body;
const asksOf = (path: string): number => world.hub.asked.filter((asked) => asked.path === path).length;
const lastAsked = (path: string): Body => world.hub.asked.filter((asked) => asked.path === path).at(-1)?.body ?? {};

test('a payment code that is paid at once is in the books with what the hub owes', async () => {
  world.hub.answerWith(PAY, () => ({ result: S, ...paid('hpy-1') }));
  const sold = await sell({ description: 'Matcha and two cups' });
  assert.deepEqual([sold.state, sold.paymentId, sold.walletBrandName], ['paid', 'hpy-1', 'TNG']);
  assert.deepEqual(sold.settlementAmount, yen('3980'));
  const asked = world.hub.asked.at(-1);
  assert.deepEqual([asked?.path, asked?.clientId, asked?.verified], [PAY, 'SBXACQJP00000001', true]);
  const { order, paymentMethod, paymentFactor, settlementStrategy } = asked?.body ?? {};
  const { merchant, orderDescription } = order as Body;
  assert.equal(orderDescription, 'Matcha and two cups');
  assert.equal((merchant as Body).merchantName, '浅草茶舗');
  assert.equal((paymentMethod as Body).paymentMethodId, '281666020000000000000001');
  assert.deepEqual(paymentFactor, { isInStorePayment: true, inStorePaymentScenario: 'PaymentCode' });
  assert.deepEqual(settlementStrategy, { settlementCurrency: 'JPY' });
});

test('each scenario says who pays in its own way', async () => {
  const factorOf = async (changes: Body): Promise<unknown[]> => {
    world.hub.answerWith(PAY, () => ({ result: F('PROCESS_FAIL') }));
    assert.equal((await sell(changes)).state, 'failed');
    const { paymentFactor, paymentMethod, order } = lastAsked(PAY);
    return [paymentFactor, paymentMethod, ((order as Body).env as Body).userAgent];
  };
  const inStore = (inStorePaymentScenario: string) => ({ isInStorePayment: true, inStorePaymentScenario });
  const connect = { paymentMethodType: 'CONNECT_WALLET' };
  assert.deepEqual(await factorOf({ scenario: 'order_code' }), [inStore('OrderCode'), connect, undefined]);
  const entered = await factorOf({ scenario: 'entry_code', userAgent: 'Phone TNG' });
  assert.deepEqual(entered, [inStore('EntryCode'), connect, 'Phone TNG']);
  const cashier = await factorOf({ scenario: 'cashier', wallet: 'TNG' });
  assert.deepEqual(cashier, [{ isCashierPayment: true }, { paymentMethodType: 'TNG' }, undefined]);
  const agreed = await factorOf({ scenario: 'agreement', wallet: 'TNG', accessToken: 'token-1' });
  const token = { paymentMethodType: 'TNG', paymentMethodId: 'token-1' };
  assert.deepEqual(agreed, [{ isAgreementPayment: true }, token, undefined]);
  for (const scenario of ['payment_code', 'agreement', 'entry_code', 'tomorrow']) {
    const { status } = await world.admin('POST', 'payments', { ...TEA, amount: yen('1'), scenario });
    assert.equal(status, 422, scenario);
  }
});

test('an order code is shown, asked about after 2 s and then every 5 s, and paid in the end', async () => {
  const orderCodeForm = {
    codeDetails: [{ codeValueType: 'QRCODE', codeValue: 'HTTPS://HUB.EXAMPLE/MPM/3/A1', displayType: 'TEXT' }],
  };
  world.hub.answerWith(PAY, () => ({ result: U, paymentId: 'hpy-2', orderCodeForm }));
  const sold = await sell({ scenario: 'order_code' });
  assert.deepEqual([sold.state, sold.codeValue], ['waiting', 'HTTPS://HUB.EXAMPLE/MPM/3/A1']);
  const before = asksOf(INQUIRY);
  for (let asked = 0; asked < 3; asked += 1) world.hub.answerWith(INQUIRY, () => ({ result: S, paymentResult: U }));
  await world.advance(1_999);
  assert.equal(asksOf(INQUIRY) - before, 0);
  await world.advance(1);
  assert.equal(asksOf(INQUIRY) - before, 1);
  await world.advance(4_999);
  assert.equal(asksOf(INQUIRY) - before, 1);
  await world.advance(5_001);
  assert.equal(asksOf(INQUIRY) - before, 3);
  world.hub.answerWith(INQUIRY, () => ({ result: S, paymentResult: S, ...paid('hpy-2') }));
  await world.advance(5_000);
  assert.equal((await look(sold.id)).state, 'paid');
  await world.advance(3_600_000);
  assert.equal(asksOf(INQUIRY) - before, 4, 'nobody asks about what has ended');
});

test('a lost answer is no failure: the till asks, and says the same again where nothing has arrived', async () => {
  world.hub.answerWith(PAY, () => 'hang up');
  const sold = await sell();
  assert.equal(sold.state, 'waiting');
  const first = lastAsked(PAY);
  world.hub.answerWith(INQUIRY, () => ({ result: F('ORDER_NOT_EXIST') }));
  world.hub.answerWith(PAY, () => 'unsigned');
  await world.advance(2_000);
  assert.deepEqual(lastAsked(PAY), first);
  assert.equal((await look(sold.id)).state, 'waiting', 'an answer without the hub’s signature is none');
  world.hub.answerWith(INQUIRY, () => ({ result: S, paymentResult: F('USER_BALANCE_NOT_ENOUGH') }));
  await world.advance(5_000);
  const ended = await look(sold.id);
  assert.deepEqual([ended.state, ended.resultCode], ['failed', 'USER_BALANCE_NOT_ENOUGH']);
});

test('the same request id is one payment, and another one under it is refused', async () => {
  world.hub.answerWith(PAY, () => ({ result: S, ...paid('hpy-3') }));
  const sold = await sell({ paymentRequestId: 'till-1' });
  const asked = asksOf(PAY);
  assert.equal((await sell({ paymentRequestId: 'till-1' })).id, sold.id);
  assert.equal(asksOf(PAY), asked);
  const other = { ...TEA, amount: yen('1'), scenario: 'order_code', paymentRequestId: 'till-1' };
  const { status, body } = await world.admin('POST', 'payments', other);
  assert.deepEqual([status, body.error], [422, 'request_differs']);
});

test('who asks to cancel is not told that it is paid; the cancel is said until it is done', async () => {
  world.hub.answerWith(PAY, () => ({ result: U, paymentId: 'hpy-4' }));
  const sold = await sell({ paymentRequestId: 'till-2' });
  world.hub.answerWith(CANCEL, () => 'hang up');
  const { body } = await world.admin('POST', 'cancellations', { acquirerId: 'tokyo', payment: sold.id });
  assert.equal(body.state, 'canceling');
  const late = { acquirerId: 'SBXACQJP00000001', paymentRequestId: 'till-2', paymentResult: S, ...paid('hpy-4') };
  assert.equal(codeOf(await world.call('tokyo', 'notifyPayment', late)), 'REPEAT_REQ_INCONSISTENT');
  assert.equal((await look(sold.id)).state, 'canceling');
  world.hub.answerWith(CANCEL, () => ({ result: S }));
  await world.advance(7_000);
  assert.equal((await look(sold.id)).state, 'canceled');
});

test('a cancel that the hub refuses leaves the payment paid', async () => {
  world.hub.answerWith(PAY, () => ({ result: S, ...paid('hpy-5') }));
  const sold = await sell();
  world.hub.answerWith(CANCEL, () => ({ result: F('CANCEL_WINDOW_EXCEED') }));
  const { status, body } = await world.admin('POST', 'cancellations', { acquirerId: 'tokyo', payment: sold.id });
  assert.deepEqual([status, body.error], [422, 'refused']);
  assert.match(String(body.message), /CANCEL_WINDOW_EXCEED/);
  assert.equal((await look(sold.id)).state, 'paid');
});

test('a cancel of what never arrived waits until it cannot arrive any more', async () => {
  world.hub.answerWith(PAY, () => 'hang up');
  const sold = await sell({ expiresInMs: 60_000 });
  const unknown = () => ({ result: F('ORDER_NOT_EXIST') });
  for (let asked = 0; asked < 14; asked += 1) world.hub.answerWith(CANCEL, unknown);
  await world.admin('POST', 'cancellations', { acquirerId: 'tokyo', payment: sold.id });
  await world.advance(50_000);
  assert.equal((await look(sold.id)).state, 'canceling');
  await world.advance(20_000);
  assert.equal((await look(sold.id)).state, 'canceled');
});

test('refunds: a part, the rest, never more; a lost answer is asked for under the same id', async () => {
  world.hub.answerWith(PAY, () => ({ result: S, ...paid('hpy-6') }));
  const sold = await sell();
  const refund = (changes: Body) =>
    world.admin('POST', 'refunds', { acquirerId: 'tokyo', payment: sold.id, ...changes });
  world.hub.answerWith(REFUND, () => 'hang up');
  const part = await refund({ amount: '1000' });
  assert.equal(part.body.state, 'asking');
  const first = lastAsked(REFUND);
  world.hub.answerWith(REFUND, () => ({
    result: S,
    refundId: 'hrf-1',
    settlementAmount: yen('1000'),
    refundTime: '2026-01-05T17:10:00+08:00',
  }));
  await world.advance(10_000);
  assert.deepEqual(lastAsked(REFUND), first);
  const [settled] = (await look(sold.id)).refunds as Body[];
  assert.deepEqual([settled?.state, settled?.settlementAmount], ['refunded', '1000']);
  assert.equal((await refund({ amount: '2981' })).status, 422);
  world.hub.answerWith(REFUND, () => ({ result: F('REFUND_WINDOW_EXCEED') }));
  assert.equal((await refund({ amount: '2980' })).body.state, 'refused');
  world.hub.answerWith(REFUND, () => ({ result: S, refundId: 'hrf-2', settlementAmount: yen('2980') }));
  assert.equal((await refund({})).body.amount, '2980');
  assert.equal((await world.admin('POST', 'cancellations', { acquirerId: 'tokyo', payment: sold.id })).status, 422);
});

test('totals are the sums of payments and refunds; pages of transactions find each', async () => {
  const { body } = await world.admin('GET', 'totals');
  const tokyo = (body.acquirers as Body[]).find(({ slug }) => slug === 'tokyo');
  const paidStates = (await transactions()).filter(({ kind, state }) => kind === 'payment' && state === 'paid');
  const [owed] = (tokyo?.owed ?? []) as Body[];
  assert.equal(owed?.paid, String(3_980 * paidStates.length));
  assert.deepEqual([owed?.refunded, owed?.owed], ['3980', String(3_980 * (paidStates.length - 1))]);
  assert.deepEqual([tokyo?.contradicted, tokyo?.unpriced], ['1', '0']);
  const found = await transactions('&reference=hpy-6');
  assert.deepEqual(
    found.map(({ kind, paymentId }) => [kind, paymentId]),
    [['payment', 'hpy-6']],
  );
});

async function transactions(query = ''): Promise<readonly Body[]> {
  return (await world.admin('GET', `transactions?acquirerId=tokyo${query}`)).body.transactions as Body[];
}
