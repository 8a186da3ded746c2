/** Every card, amount and address with a known answer, use of kept cards, and verifications. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startAcquirer, type TestAcquirer } from './test-acquirer.ts';
import { card, payment, TEST_CARD } from './test-client.ts';

const VISA = '4112344112344113';
const MASTERCARD = '5112345112345114';
const PARTIAL_VISA = '4444444444444455';
const PARTIAL_MASTERCARD = '5555555555555565';
const AMEX = '371144371144376';

let sandbox: TestAcquirer;
let count = 0;
before(async () => {
  sandbox = await startAcquirer();
});
after(() => sandbox.close());

const pay = (number: string, amount: number, changes: Record<string, unknown> = {}, cardChanges = {}) => {
  count += 1;
  const paymentMethodType = { card: card(number, cardChanges) };
  return sandbox.client.pay(`T${count}`, amount, { paymentMethodType, ...changes });
};

const code = async (...asked: Parameters<typeof pay>) => {
  const { body } = await pay(...asked);
  return `${String(body.responseStatus)} ${String(body.responseCode)}`;
};

interface Checked {
  readonly paymentMethodType: { readonly card: { readonly networkResponse: Record<string, string> } };
}

const response = (body: unknown) => (body as Checked).paymentMethodType.card.networkResponse;

test('amounts that are a host reason code', async () => {
  for (const number of [VISA, MASTERCARD]) {
    assert.equal(await code(number, 52_100), 'DENIED INSUFFICIENT_FUNDS');
    assert.equal(await code(number, 53_000), 'DENIED DO_NOT_HONOR');
    assert.equal(await code(number, 30_300), 'DENIED PROCESSOR_DECLINE');
    assert.equal(await code(number, 40_100), 'DENIED DECLINED');
  }
  assert.equal(await code(TEST_CARD, 30_300), 'SUCCESS APPROVED');
  assert.equal(await code(VISA, 130_300), 'SUCCESS APPROVED');
});

test('a partial approval needs the merchant to take one, and is half, rounded down', async () => {
  for (const number of [PARTIAL_VISA, PARTIAL_MASTERCARD]) {
    assert.equal(await code(number, 1_001), 'DENIED INSUFFICIENT_FUNDS');
    const { body } = await pay(number, 1_001, { partialAuthorizationSupport: 'SUPPORTED' });
    assert.deepEqual(
      [body.responseCode, body.amount, body.requestedAuthorizationAmount, body.partialAuthorization],
      ['PARTIAL_APPROVAL', 500, 1_001, true],
    );
    assert.equal(body.remainingAuthAmount, 500);
    assert.equal(await code(number, 1, { partialAuthorizationSupport: 'SUPPORTED' }), 'DENIED INSUFFICIENT_FUNDS');
  }
  const sale = await pay(PARTIAL_VISA, 1_001, { partialAuthorizationSupport: 'SUPPORTED', captureMethod: 'NOW' });
  assert.deepEqual([sale.body.transactionState, sale.body.remainingRefundableAmount], ['CLOSED', 500]);
});

test('a card is good through the last day of its month', async () => {
  const until = (month: number, year: number) => code(VISA, 100, {}, { expiry: { month, year } });
  assert.equal(await until(12, 2025), 'DENIED EXPIRED_CARD');
  assert.equal(await until(1, 2026), 'SUCCESS APPROVED');
});

test('the billing postal code decides the address result', async () => {
  const avs = async (postalCode: string | null) => {
    const holder = postalCode === null ? {} : { accountHolder: { billingAddress: { postalCode } } };
    return response((await pay(VISA, 100, holder)).body).addressVerificationResult;
  };
  assert.equal(await avs('11111'), 'NO_MATCH');
  assert.equal(await avs('22222'), 'POSTALCODE_MATCH');
  assert.equal(await avs(null), 'NOT_REQUESTED');
  assert.equal(await avs('10001'), 'ADDRESS_POSTALCODE_MATCH');
});

test('the verification value has its published answers', async () => {
  const cvv = async (number: string, value: string | null) => {
    const answer = await pay(number, 100, {}, { cvv: value });
    return response(answer.body).cardVerificationResult;
  };
  assert.equal(await cvv(VISA, '111'), 'MATCH');
  assert.equal(await cvv(VISA, null), 'NOT_PRESENT');
  assert.equal(await cvv(AMEX, '1111'), 'MATCH');
  assert.equal(await cvv(AMEX, '3111'), 'NO_MATCH');
  assert.equal(await cvv(AMEX, '3112'), 'NOT_PROCESSED');
  assert.equal(await cvv('6011016011016011', '611'), 'NO_MATCH');
  assert.equal(await cvv('3566003566003566', '612'), 'NOT_PROCESSED');
});

test('a charge without the buyer names a first use that the issuer has seen', async () => {
  const first = await pay(VISA, 100, { initiatorType: 'CARDHOLDER', accountOnFile: 'TO_BE_STORED' });
  assert.equal(first.body.accountOnFile, 'TO_BE_STORED');
  const originalNetworkTransactionId = response(first.body).networkTransactionId;
  const merchant = { initiatorType: 'MERCHANT', accountOnFile: 'STORED' };
  const known = { originalNetworkTransactionId };
  assert.equal(await code(VISA, 100, merchant, known), 'SUCCESS APPROVED');
  assert.equal(
    await code(VISA, 100, merchant, { originalNetworkTransactionId: '999999999999999' }),
    'DENIED INVALID_ORIGINAL_TRANSACTION',
  );
  assert.equal(await code(MASTERCARD, 100, merchant, known), 'DENIED INVALID_ORIGINAL_TRANSACTION', 'another card');
  const declined = await pay(VISA, 53_000, { accountOnFile: 'TO_BE_STORED' });
  const never = { originalNetworkTransactionId: response(declined.body).networkTransactionId };
  assert.equal(await code(VISA, 100, merchant, never), 'DENIED INVALID_ORIGINAL_TRANSACTION', 'a declined first use');
  const wrong = async (changes: Record<string, unknown>, cardChanges = {}) => {
    const { status, body } = await pay(VISA, 100, changes, cardChanges);
    assert.equal(status, 400);
    return (body.validationErrors as { entity: string }[]).map(({ entity }) => entity);
  };
  assert.deepEqual(await wrong(merchant), ['paymentMethodType.card.originalNetworkTransactionId']);
  assert.deepEqual(await wrong({ initiatorType: 'MERCHANT' }, known), ['accountOnFile']);
  assert.deepEqual(await wrong({ accountOnFile: 'NOT_STORED', recurring: { recurringSequence: 'FIRST' } }), [
    'accountOnFile',
  ]);
  assert.deepEqual(await wrong({ initiatorType: 'SOMEBODY' }), ['initiatorType']);
});

test('a verification holds nothing, is found again, and can be a first use', async () => {
  const { amount: _, captureMethod: __, ...asked } = payment(0);
  const verify = (id: string, changes: Record<string, unknown> = {}, cardChanges = {}) =>
    sandbox.client.send('POST', '/api/v2/verifications', id, {
      ...asked,
      paymentMethodType: { card: card(VISA, cardChanges) },
      ...changes,
    });
  const good = await verify('V1', { accountOnFile: 'TO_BE_STORED', recurringSequence: 'FIRST' });
  assert.deepEqual([good.status, good.body.responseStatus, good.body.responseCode], [200, 'SUCCESS', 'APPROVED']);
  assert.deepEqual(
    (await sandbox.client.send('GET', '/api/v2/verifications?requestIdentifier=V1', 'Q')).body,
    good.body,
  );
  const byId = await sandbox.client.send('GET', `/api/v2/verifications/${String(good.body.transactionId)}`, 'Q');
  assert.deepEqual(byId.body, good.body);
  assert.equal((await sandbox.client.send('GET', '/api/v2/verifications?requestIdentifier=V0', 'Q')).status, 404);
  const expired = await verify('V2', {}, { expiry: { month: 1, year: 2020 } });
  assert.deepEqual([expired.body.responseStatus, expired.body.responseCode], ['DENIED', 'EXPIRED_CARD']);
  const use = { initiatorType: 'MERCHANT', accountOnFile: 'STORED' };
  const named = { originalNetworkTransactionId: response(good.body).networkTransactionId };
  assert.equal(await code(VISA, 100, use, named), 'SUCCESS APPROVED');
  assert.deepEqual((await verify('V1', {}, { expiry: { month: 1, year: 2020 } })).body, good.body, 'the first answer');
  const { transactions } = (await sandbox.admin('GET', 'transactions?reference=V1')).body;
  assert.equal((transactions as { kind: string }[])[0]?.kind, 'verification');
});

test('each health check passes', async () => {
  for (const path of ['payments', 'refunds', 'verifications'].map((name) => `/api/v2/healthcheck/${name}`)) {
    assert.deepEqual((await sandbox.client.send('GET', path, 'H')).body, { status: 'PASS' });
  }
  assert.equal((await sandbox.client.send('GET', '/commerce/v1/disputes/health', 'H')).status, 200);
});
