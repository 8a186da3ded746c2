/** A person complains: what goes to the hub, what a refusal leaves, what the hub's news change, and what the phone shows of it. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Body, byCode, CLAIM, codeOf, payRequest, QUESTION, shownCode, startWallets } from './test-wallets.ts';

const world = await startWallets();
after(() => world.close());
const TNG = 'tng';
const F = (resultCode: string): Body => ({ resultCode, resultStatus: 'F', resultMessage: 'no' });

const paid = async (): Promise<{ readonly requestId: string; readonly paymentId: string }> => {
  const asked = payRequest(byCode(await shownCode(world, TNG)));
  const { body } = await world.call(TNG, 'pay', asked);
  return { requestId: String(asked.paymentRequestId), paymentId: String(body.paymentId) };
};
const complain = (paymentId: string, changes: Body = {}) =>
  world.admin('POST', 'disputes', { paymentId, reason: 'never received', ...changes });
const known = async (paymentId: string): Promise<readonly Body[]> =>
  (await world.admin('GET', `disputes?paymentId=${paymentId}`)).body.disputes as Body[];

test('a claim goes to the hub under an id of the wallet’s; its news stay', async () => {
  const { requestId, paymentId } = await paid();
  const amount = { currency: 'JPY', value: '100' };
  const opened = await complain(paymentId, { amount });
  assert.equal(opened.status, 201);
  const { disputeId } = opened.body;
  const asked = world.hub.asked.findLast(({ path }) => path === CLAIM);
  assert.deepEqual(
    [asked?.verified, asked?.body],
    [true, { disputeId, paymentRequestId: requestId, disputeReason: 'never received', disputeAmount: amount }],
  );
  const news = { disputeId, disputeState: 'REFUNDING', answer: 'ACCEPT_REFUND' };
  assert.equal(codeOf(await world.call(TNG, 'notifyDispute', news)), 'SUCCESS');
  assert.deepEqual(
    (await known(paymentId)).map(({ state, kind, heard }) => [state, kind, heard]),
    [['REFUNDING', 'escalation', news]],
  );
  assert.equal(codeOf(await world.call(TNG, 'notifyDispute', { ...news, disputeId: 'D' })), 'ORDER_NOT_EXIST');
  assert.equal(codeOf(await world.call('gcash', 'notifyDispute', news)), 'ORDER_NOT_EXIST', 'another wallet’s');
  assert.equal(codeOf(await world.call(TNG, 'notifyDispute', { disputeId })), 'PARAM_ILLEGAL');
});

test('what the hub refuses leaves nothing; without an answer it is not known', async () => {
  const { paymentId } = await paid();
  world.hub.answerWith(QUESTION, () => ({ result: F('DISPUTE_COUNT_EXCEED_LIMIT') }));
  const refused = await complain(paymentId, { kind: 'retrieval' });
  assert.deepEqual([refused.status, refused.body.error], [422, 'refused']);
  assert.deepEqual(await known(paymentId), []);
  world.hub.answerWith(CLAIM, () => 'hang up');
  assert.equal((await complain(paymentId)).body.error, 'no_answer');
  assert.deepEqual(
    (await known(paymentId)).map(({ state }) => state),
    ['ASKING'],
  );
  assert.equal((await complain('nothing')).status, 404);
  assert.equal((await complain(paymentId, { kind: 'chargeback' })).status, 422);
  assert.equal((await complain(paymentId, { amount: 'much' })).status, 422);
});

test('on the phone: something is wrong with this payment', async () => {
  const { paymentId } = await paid();
  const page = `${world.url}/phone/${TNG}/demo/payments/${paymentId}`;
  assert.match(await (await fetch(page)).text(), /Something is wrong with this payment/);
  const form = new URLSearchParams({ kind: 'retrieval', reason: 'what <b>is</b> this?' });
  const sent = await fetch(`${page}/dispute`, { method: 'POST', body: form, redirect: 'manual' });
  assert.equal(sent.status, 303);
  assert.match(
    await (await fetch(page)).text(),
    /Question to the shop<\/dt><dd>what &lt;b&gt;is&lt;\/b&gt; this\?: the shop has been asked/,
  );
  world.hub.answerWith(CLAIM, () => ({ result: F('DISPUTE_IN_PROCESS') }));
  const second = await fetch(`${page}/dispute`, { method: 'POST', body: new URLSearchParams({ reason: 'back!' }) });
  assert.match(await second.text(), /could not do that\. DISPUTE_IN_PROCESS/);
});
