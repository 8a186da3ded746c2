/** The acquirer alone, as a process, through its API: states, refusals, faults, tokens. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type StartedNetwork, startNetwork, temporaryFolder } from '../base/start-network.ts';
import { type AcquirerClient, acquirerClient, askToken, card, payment, TEST_CARD } from './test-client.ts';

const folder = temporaryFolder();
let acquirer: StartedNetwork;
let client: AcquirerClient;

before(async () => {
  acquirer = await startNetwork('acquirer', folder.path, {});
  client = await acquirerClient(acquirer.url);
});

after(async () => {
  await acquirer?.end('SIGTERM');
  folder.remove();
});

interface PaymentRequest {
  readonly paymentRequestStatus: string;
  readonly captures: readonly { readonly captureId: string; readonly captureRemainingRefundableAmount: number }[];
}

const requestOf = (body: Record<string, unknown>) => body.paymentRequest as PaymentRequest;

test('authorize, capture in part, refund in two parts', async () => {
  const authorized = await client.pay('P1', 10_000);
  assert.deepEqual(
    [
      authorized.status,
      authorized.body.transactionState,
      authorized.body.responseStatus,
      authorized.body.remainingAuthAmount,
    ],
    [200, 'AUTHORIZED', 'SUCCESS', 10_000],
  );
  const id = authorized.body.transactionId;
  const captured = await client.capture('P1C', id, 6_000);
  assert.equal(captured.body.responseCode, 'ACCEPTED');
  assert.equal(captured.body.transactionId, id, 'the first capture carries the id of the payment');
  assert.equal(captured.body.remainingAuthAmount, 0);
  assert.equal(requestOf(captured.body).paymentRequestStatus, 'CLOSED');
  assert.equal((await client.refund('P1R1', id, 2_500)).body.transactionState, 'AUTHORIZED');
  assert.equal((await client.refund('P1R2', id, 3_501)).body.responseStatus, 'DENIED');
  const rest = await client.refund('P1R3', id);
  assert.deepEqual([rest.body.amount, rest.body.remainingRefundableAmount], [3_500, 0]);
  const found = await client.send('GET', '/api/v2/refunds?requestIdentifier=P1R2', 'Q');
  assert.equal(found.body.responseCode, 'AMOUNT_EXCEEDS_REFUNDABLE');
});

test('several captures leave the rest open until the final one', async () => {
  const { body } = await client.pay('M1', 10_000);
  const part = (sequence: number, isFinalCapture: boolean) => ({
    multiCapture: { multiCaptureSequenceNumber: String(sequence), multiCaptureRecordCount: 2, isFinalCapture },
  });
  const first = await client.capture('M1A', body.transactionId, 2_500, part(1, false));
  assert.deepEqual([first.body.remainingAuthAmount, requestOf(first.body).paymentRequestStatus], [7_500, 'OPEN']);
  const kept = await client.send('PATCH', `/api/v2/payments/${body.transactionId}`, 'M1V', { isVoid: true });
  assert.equal(kept.body.responseCode, 'VOID_NOT_ALLOWED', 'a part is captured already');
  const refused = await client.capture('M1X', body.transactionId, 7_501, part(2, true));
  assert.equal(refused.body.responseCode, 'AMOUNT_EXCEEDS_AUTHORIZATION');
  const last = await client.capture('M1B', body.transactionId, 7_500, part(2, true));
  assert.deepEqual([last.body.remainingAuthAmount, requestOf(last.body).captures.length], [0, 2]);
});

test('a void gives the authorization back, once, and only before a capture', async () => {
  const { body } = await client.pay('V1', 10_000);
  const path = `/api/v2/payments/${body.transactionId}`;
  const voided = await client.send('PATCH', path, 'V1V', { isVoid: true });
  assert.deepEqual([voided.body.transactionState, voided.body.isVoid], ['VOIDED', true]);
  assert.equal((await client.send('GET', path, 'Q')).body.transactionState, 'VOIDED');
  assert.equal((await client.capture('V1C', body.transactionId)).body.responseCode, 'PAYMENT_VOIDED');
  const sale = await client.pay('V2', 1_000, { captureMethod: 'NOW' });
  const refused = await client.send('PATCH', `/api/v2/payments/${sale.body.transactionId}`, 'V2V', { isVoid: true });
  assert.deepEqual([refused.status, refused.body.responseStatus], [200, 'DENIED']);
});

test('the published triggers decide', async () => {
  const ask = async (id: string, number: string, amount: number, changes = {}) =>
    (await client.pay(id, amount, { paymentMethodType: { card: card(number, changes) } })).body.responseCode;
  assert.equal(await ask('T1', '5112345112345114', 52_100), 'INSUFFICIENT_FUNDS');
  assert.equal(await ask('T2', '4112344112344113', 53_000), 'DO_NOT_HONOR');
  assert.equal(await ask('T3', TEST_CARD, 7_753_000), 'DO_NOT_HONOR');
  assert.equal(await ask('T4', TEST_CARD, 53_001), 'APPROVED');
  assert.equal(await ask('T5', TEST_CARD, 100, { expiry: { month: 1, year: 2020 } }), 'EXPIRED_CARD');
});

test('what the schema does not allow is refused with the field that is wrong, and leaves nothing behind', async () => {
  const refused = async (changes: Record<string, unknown>) => {
    const { status, body } = await client.pay('W1', 1_000, changes);
    assert.equal(status, 400);
    assert.equal(body.responseCode, 'VALIDATION_ERROR');
    return (body.validationErrors as { entity: string }[]).map((error) => error.entity);
  };
  assert.deepEqual(await refused({ paymentMethodType: { card: card('4110144110144116') } }), [
    'paymentMethodType.card.accountNumber',
  ]);
  assert.deepEqual(await refused({ amount: '1000', captureMethod: 'LATER' }), ['amount', 'captureMethod']);
  assert.deepEqual(await refused({ merchant: {}, currency: 'XXX' }), [
    'merchant.merchantSoftware.companyName',
    'merchant.merchantSoftware.productName',
    'currency',
  ]);
  assert.equal((await client.send('GET', '/api/v2/payments?requestIdentifier=W1', 'Q')).body.responseCode, 'NOT_FOUND');
});

test('the same request id answers the first answer and acts once', async () => {
  const first = await client.pay('SAME', 1_000, { captureMethod: 'NOW' });
  const again = await client.pay('SAME', 2_000, { captureMethod: 'NOW' });
  assert.deepEqual(again, first);
});

test('ordered faults act or do not act as their kind says, and are counted', async () => {
  const order = (body: unknown) =>
    fetch(`${acquirer.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(body) });
  const known = async (id: string) =>
    (await client.send('GET', `/api/v2/payments?requestIdentifier=${id}`, 'Q')).status;
  await order({ kind: 'drop_before', operation: 'payments', count: 1 });
  await assert.rejects(client.pay('F1', 1_000));
  assert.equal(await known('F1'), 404);
  await order({ kind: 'drop_after', operation: 'any', count: 1 });
  await assert.rejects(client.pay('F2', 1_000));
  assert.equal(await known('F2'), 200);
  await order({ kind: 'malformed', operation: 'payments', count: 1 });
  await assert.rejects(client.pay('F3', 1_000), SyntaxError);
  assert.equal(await known('F3'), 200);
  await order({ kind: 'http_503', operation: 'payments', count: 1 });
  assert.equal((await client.pay('F4', 1_000)).status, 503);
  assert.equal(await known('F4'), 404);
  await order({ kind: 'delay', operation: 'payments', count: 1, delayMs: 120 });
  const began = performance.now();
  assert.equal((await client.pay('F5', 1_000)).status, 200);
  assert.ok(performance.now() - began >= 110);
  assert.equal((await order({ kind: 'nonsense' })).status, 422);
  const { kinds } = (await (await fetch(`${acquirer.url}/_sandbox/faults`)).json()) as {
    kinds: Record<string, unknown>;
  };
  assert.deepEqual(kinds.drop_after, { remaining: 0, hits: 1 });
  assert.deepEqual(kinds.notify_drop, { remaining: 0, hits: 0 });
});

test('only a fresh assertion for this endpoint gets a token, and only a token opens the door', async () => {
  assert.equal((await askToken(acquirer.url, { aud: 'http://elsewhere/oauth2/token' })).status, 400);
  assert.equal((await askToken(acquirer.url, { exp: 1_000_000_000 })).status, 400);
  assert.equal((await askToken(acquirer.url, { jti: 'once' })).status, 200);
  assert.equal((await askToken(acquirer.url, { jti: 'once' })).status, 400);
  const body = JSON.stringify(payment(100));
  const headers = { 'merchant-id': '998482157630', 'request-id': 'X1' };
  assert.equal((await fetch(`${acquirer.url}/api/v2/payments`, { method: 'POST', headers, body })).status, 401);
  const stranger = { ...headers, authorization: `Bearer ${client.token}`, 'merchant-id': '111111111111' };
  assert.equal(
    (await fetch(`${acquirer.url}/api/v2/payments`, { method: 'POST', headers: stranger, body })).status,
    403,
  );
});
