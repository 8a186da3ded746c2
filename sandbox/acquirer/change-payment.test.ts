/** What can be done with an authorization before, between and after captures, and how each change is found again. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DAYS, HOURS, startAcquirer, type TestAcquirer } from './test-acquirer.ts';
import { card } from './test-client.ts';

let sandbox: TestAcquirer;
before(async () => {
  sandbox = await startAcquirer();
});
after(() => sandbox.close());

const patch = (reference: string, id: unknown, body: unknown) =>
  sandbox.client.send('PATCH', `/api/v2/payments/${String(id)}`, reference, body);
const find = (reference: string) => sandbox.client.send('GET', `/api/v2/payments?requestIdentifier=${reference}`, 'Q');
const get = (id: unknown) => sandbox.client.send('GET', `/api/v2/payments/${String(id)}`, 'Q');

interface Authorizations {
  readonly authorizations: readonly { readonly authorizationType: string; readonly amount: number }[];
  readonly captures: readonly { readonly captureId: string; readonly captureRemainingRefundableAmount: number }[];
}

const request = (body: Record<string, unknown>) => body.paymentRequest as Authorizations;

test('an increment is a new total that lasts seven days from then, and is found by its own request id', async () => {
  const { body } = await sandbox.client.pay('I1', 10_000);
  const id = body.transactionId;
  await sandbox.advance(5 * DAYS);
  const grown = await patch('I1I', id, { amount: 15_000 });
  assert.deepEqual(
    [grown.body.responseStatus, grown.body.requestId, grown.body.amount, grown.body.remainingAuthAmount],
    ['SUCCESS', 'I1I', 15_000, 15_000],
  );
  assert.deepEqual(
    request(grown.body).authorizations.map(({ authorizationType, amount }) => [authorizationType, amount]),
    [
      ['INITIAL', 10_000],
      ['INCREMENTAL', 5_000],
    ],
  );
  assert.deepEqual((await find('I1I')).body, grown.body);
  assert.equal((await find('I1')).body.amount, 10_000, 'what the first request got');
  assert.equal((await get(id)).body.amount, 15_000);
  assert.deepEqual((await patch('I1I', id, { amount: 99_000 })).body, grown.body, 'the first answer again');
  await sandbox.advance(5 * DAYS);
  assert.equal((await sandbox.client.capture('I1C', id, 15_000)).body.responseStatus, 'SUCCESS');
});

test('an increment the issuer declines leaves the authorization as it was', async () => {
  const visa = { paymentMethodType: { card: card('4112344112344113') } };
  const { body } = await sandbox.client.pay('I2', 10_000, visa);
  const declined = await patch('I2I', body.transactionId, { amount: 53_000 });
  assert.deepEqual(
    [declined.status, declined.body.responseStatus, declined.body.responseCode, declined.body.remainingAuthAmount],
    [200, 'DENIED', 'DO_NOT_HONOR', 10_000],
  );
  assert.deepEqual((await find('I2I')).body, declined.body);
  assert.equal((await patch('I2S', body.transactionId, { amount: 10_000 })).body.responseCode, 'AMOUNT_UNCHANGED');
});

test('a partial reversal goes down to what is captured, and no further', async () => {
  const { body } = await sandbox.client.pay('R1', 10_000);
  const id = body.transactionId;
  const part = {
    multiCapture: { multiCaptureSequenceNumber: '1', multiCaptureRecordCount: 99, isFinalCapture: false },
  };
  const captured = await sandbox.client.capture('R1A', id, 3_000, part);
  const less = await patch('R1R', id, { captureMethod: 'MANUAL', amount: 8_000 });
  assert.deepEqual([less.body.amount, less.body.remainingAuthAmount], [8_000, 5_000]);
  assert.equal((await patch('R1X', id, { amount: 2_999 })).body.responseCode, 'AMOUNT_BELOW_CAPTURED');
  const rest = await patch('R1Y', id, { amount: 3_000 });
  assert.deepEqual([rest.body.transactionState, rest.body.remainingAuthAmount], ['CLOSED', 0]);
  assert.equal((await sandbox.client.capture('R1B', id, 1)).body.responseCode, 'ALREADY_CAPTURED');
  assert.equal(captured.body.transactionId, id);
});

test('capture and reverse in one step captures the amount and gives the rest back', async () => {
  const { body } = await sandbox.client.pay('CR1', 10_000);
  const taken = await patch('CR1C', body.transactionId, { captureMethod: 'NOW', amount: 4_000 });
  assert.deepEqual([taken.body.transactionState, taken.body.totalAuthorizedAmount], ['CLOSED', 4_000]);
  const capture = await sandbox.client.send('GET', '/api/v2/captures?requestIdentifier=CR1C', 'Q');
  assert.deepEqual([capture.body.transactionId, capture.body.amount], [body.transactionId, 4_000]);
  assert.equal((await find('CR1C')).body.requestId, 'CR1C');
  const { body: other } = await sandbox.client.pay('CR2', 1_000);
  const more = await patch('CR2C', other.transactionId, { captureMethod: 'NOW', amount: 1_001 });
  assert.equal(more.body.responseCode, 'AMOUNT_EXCEEDS_AUTHORIZATION');
  assert.equal((await patch('CR1C2', other.transactionId, { captureMethod: 'NOW' })).body.amount, 1_000);
});

test('a reauthorization is a new payment with seven new days; the old one is void', async () => {
  const { body: old } = await sandbox.client.pay('A1', 10_000);
  await sandbox.advance(6 * DAYS);
  const { body: renewed } = await patch('A1A', old.transactionId, { isReauthorization: true });
  assert.notEqual(renewed.transactionId, old.transactionId);
  assert.deepEqual([renewed.requestId, renewed.amount, renewed.transactionState], ['A1A', 10_000, 'AUTHORIZED']);
  assert.equal(request(renewed).authorizations[0]?.authorizationType, 'REAUTH');
  assert.equal((await find('A1')).body.transactionState, 'VOIDED');
  assert.equal((await find('A1A')).body.transactionId, renewed.transactionId);
  assert.equal((await sandbox.client.capture('A1X', old.transactionId)).body.responseCode, 'PAYMENT_VOIDED');
  await sandbox.advance(6 * DAYS);
  assert.equal((await sandbox.client.capture('A1C', renewed.transactionId)).body.responseStatus, 'SUCCESS');
  assert.equal((await patch('A1B', renewed.transactionId, { isReauthorization: true })).body.responseStatus, 'DENIED');
});

test('after seven days all is refused but the void, which closes it', async () => {
  const { body } = await sandbox.client.pay('L1', 10_000);
  const id = body.transactionId;
  await sandbox.advance(7 * DAYS);
  for (const [reference, change] of [
    ['L1I', { amount: 11_000 }],
    ['L1R', { amount: 9_000 }],
    ['L1A', { isReauthorization: true }],
    ['L1C', { captureMethod: 'NOW', amount: 1_000 }],
  ] as const) {
    assert.equal((await patch(reference, id, change)).body.responseCode, 'AUTHORIZATION_EXPIRED', reference);
  }
  assert.equal((await patch('L1V', id, { isVoid: true })).body.transactionState, 'VOIDED');
});

test('a change that says nothing or two things is refused by field', async () => {
  const { body } = await sandbox.client.pay('W1', 10_000);
  const wrong = async (change: unknown) => {
    const answer = await patch('W1W', body.transactionId, change);
    assert.equal(answer.status, 400);
    return (answer.body.validationErrors as { entity: string }[]).map(({ entity }) => entity);
  };
  assert.deepEqual(await wrong({}), ['isVoid']);
  assert.deepEqual(await wrong({ amount: 0 }), ['amount']);
  assert.deepEqual(await wrong({ isVoid: true, amount: 5 }), ['amount']);
  assert.deepEqual(await wrong({ isVoid: true, isReauthorization: true }), ['isReauthorization']);
  assert.deepEqual(await wrong({ captureMethod: 'DELAYED' }), ['captureMethod']);
  assert.equal((await patch('W1N', 'nobody', { isVoid: true })).body.responseCode, 'NOT_FOUND');
  assert.equal((await find('W1W')).status, 404, 'nothing is kept of it');
});

test('DELAYED captures what is open by itself after 120 minutes, unless somebody was faster', async () => {
  const delayed = { captureMethod: 'DELAYED' };
  const [kept, voided, captured, grown] = await Promise.all(
    ['D1', 'D2', 'D3', 'D4'].map(async (id) => (await sandbox.client.pay(id, 1_000, delayed)).body.transactionId),
  );
  await patch('D2V', voided, { isVoid: true });
  await sandbox.client.capture('D3C', captured, 400);
  await patch('D4I', grown, { amount: 1_500 });
  await sandbox.advance(2 * HOURS - 1);
  assert.equal((await get(kept)).body.transactionState, 'AUTHORIZED');
  await sandbox.advance(1);
  const done = (await get(kept)).body;
  assert.deepEqual(
    [done.transactionState, done.captureMethod, done.remainingRefundableAmount],
    ['CLOSED', 'DELAYED', 1_000],
  );
  const capture = await sandbox.client.send('GET', '/api/v2/captures?requestIdentifier=D1', 'Q');
  assert.equal(capture.body.transactionId, kept, 'under the reference of the payment');
  assert.equal((await get(voided)).body.transactionState, 'VOIDED');
  assert.equal((await get(captured)).body.remainingRefundableAmount, 400);
  assert.equal((await get(grown)).body.remainingRefundableAmount, 1_500);
});

test('a refund that names a capture takes from that one alone; one that does not takes from the earliest', async () => {
  const { body } = await sandbox.client.pay('F1', 10_000);
  const part = (sequence: number, isFinalCapture: boolean) => ({
    multiCapture: { multiCaptureSequenceNumber: String(sequence), multiCaptureRecordCount: 99, isFinalCapture },
  });
  const first = (await sandbox.client.capture('F1A', body.transactionId, 4_000, part(1, false))).body.transactionId;
  const second = (await sandbox.client.capture('F1B', body.transactionId, 6_000, part(2, true))).body.transactionId;
  const refund = (reference: string, captureId?: unknown, amount?: number) =>
    sandbox.client.send('POST', '/api/v2/refunds', reference, {
      merchant: { merchantSoftware: { companyName: 'Causeway', productName: 'Causeway' } },
      paymentMethodType: { transactionReference: { transactionReferenceId: body.transactionId } },
      ...(captureId === undefined ? {} : { captureId }),
      ...(amount === undefined ? {} : { amount }),
    });
  assert.equal((await refund('F1R1', first, 4_001)).body.responseCode, 'AMOUNT_EXCEEDS_REFUNDABLE');
  assert.equal((await refund('F1R2', second, 1_000)).body.captureId, second);
  assert.equal((await refund('F1R3', undefined, 4_500)).body.responseStatus, 'SUCCESS');
  const left = request((await get(body.transactionId)).body).captures;
  assert.deepEqual(
    left.map(({ captureId, captureRemainingRefundableAmount }) => [captureId, captureRemainingRefundableAmount]),
    [
      [first, 0],
      [second, 4_500],
    ],
  );
  assert.equal((await refund('F1R4', first, 1)).body.responseCode, 'AMOUNT_EXCEEDS_REFUNDABLE');
  assert.equal((await refund('F1R5', second)).body.amount, 4_500, 'the rest of that capture');
  assert.equal((await refund('F1R6', 'nobody', 1)).status, 404);
});
