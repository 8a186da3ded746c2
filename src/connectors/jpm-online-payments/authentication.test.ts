import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NetworkFault } from '../ports/network-http.ts';
import { createJpmAuthentication } from './index.ts';
import { answer, SETTINGS, type TestNetwork, testNetwork } from './test-network.ts';
import { AUTHENTICATE } from './test-requests.ts';

const connect = (network: TestNetwork) => createJpmAuthentication({ http: network, settings: SETTINGS });
const authenticated = (changes: Record<string, unknown> = {}) => ({
  authenticationId: 'aut-1',
  requestId: 'T1',
  threeDSTransactionStatus: 'Y',
  electronicCommerceIndicator: '05',
  authenticationValue: 'AJkBBhVRVQAAAABZl4BydAAAAAA=',
  dsTransactionId: 'f38e6948-5388-41a6-bca4-b49723c19437',
  messageVersion: '2.2.0',
  ...changes,
});
const CHALLENGE = {
  threeDSTransactionStatus: 'C',
  acsUrl: 'http://acs.test/acs/challenge',
  encodedChallengeRequest: 'eyJ',
  authenticationValue: undefined,
};

test('the card travels through the vault under the payment’s use; no verification value is spent', async () => {
  const network = testNetwork([answer(200, authenticated())]);
  const said = await connect(network).authenticate(AUTHENTICATE);
  assert.deepEqual(said, {
    outcome: 'proven',
    proof: {
      status: 'Y',
      eci: '05',
      cryptogram: 'AJkBBhVRVQAAAABZl4BydAAAAAA=',
      transactionId: 'f38e6948-5388-41a6-bca4-b49723c19437',
      version: '2.2.0',
    },
    liabilityShift: true,
  });
  const [sent] = network.operations();
  assert.equal(sent?.url, SETTINGS.vaultForwardUrl);
  assert.equal(sent?.purpose, 'authenticate');
  assert.equal(sent?.reference, 'T1');
  const forwarded = JSON.parse(String(sent?.body));
  assert.equal(forwarded.operation, AUTHENTICATE.use);
  assert.equal(forwarded.url, `${SETTINGS.baseUrl}/three-ds/authentications`);
  assert.equal(forwarded.headers['request-id'], 'T1');
  const body = JSON.parse(forwarded.body);
  assert.deepEqual(Object.keys(body.paymentMethodType.card), ['accountNumber', 'expiry']);
  assert.equal(body.amount, 12_345);
  assert.equal(body.browserInfo.deviceIPAddress, '192.0.2.7');
  assert.equal(body.browserInfo.deviceLocalTimeZone, -60);
  assert.equal(body.authenticationReturnUrl, AUTHENTICATE.returnUrl);
});

const ANSWERS: readonly (readonly [string, Record<string, unknown>, object])[] = [
  [
    'attempted',
    { threeDSTransactionStatus: 'A', electronicCommerceIndicator: 6 },
    { outcome: 'proven', liabilityShift: true },
  ],
  [
    'informational',
    { threeDSTransactionStatus: 'I', authenticationValue: undefined },
    { outcome: 'proven', liabilityShift: false },
  ],
  [
    'not authenticated',
    { threeDSTransactionStatus: 'N', transactionStatusReason: '01' },
    { outcome: 'failed', status: 'N', reason: '01' },
  ],
  ['rejected', { threeDSTransactionStatus: 'R' }, { outcome: 'failed', status: 'R', reason: 'R' }],
  [
    'could not be done',
    { threeDSTransactionStatus: 'U', transactionStatusReason: 22 },
    { outcome: 'unavailable', reason: '22' },
  ],
  ['challenge', CHALLENGE, { outcome: 'challenge', url: CHALLENGE.acsUrl, creq: 'eyJ' }],
  [
    'challenge without a page',
    { ...CHALLENGE, acsUrl: undefined },
    { outcome: 'unknown', cause: 'challenge_incomplete' },
  ],
  ['no cryptogram', { authenticationValue: undefined }, { outcome: 'unknown', cause: 'proof_incomplete' }],
  ['no transaction id', { dsTransactionId: '' }, { outcome: 'unknown', cause: 'proof_incomplete' }],
  ['asked elsewhere', { threeDSTransactionStatus: 'D' }, { outcome: 'unknown', cause: 'transaction_status:D' }],
  ['no status', { threeDSTransactionStatus: undefined }, { outcome: 'unknown', cause: 'transaction_status:' }],
];
for (const [name, changes, expected] of ANSWERS) {
  test(`${name}: the same at once and when asked later`, async () => {
    const replies = [answer(200, authenticated(changes)), answer(200, authenticated(changes))];
    const authentication = connect(testNetwork(replies));
    for (const said of [await authentication.authenticate(AUTHENTICATE), await authentication.find('T1')])
      assert.deepEqual({ ...said, ...expected }, said, JSON.stringify(said));
  });
}

test('an indicator that arrives as a number keeps its zero', async () => {
  const said = await connect(testNetwork([answer(200, authenticated({ electronicCommerceIndicator: 5 }))])).find('T1');
  assert.equal(said.outcome === 'proven' && said.proof.eci, '05');
});

const ENDINGS: readonly (readonly [string, Parameters<typeof testNetwork>[0][number], object])[] = [
  [
    'refused',
    answer(400, { responseStatus: 'ERROR', responseCode: 'VALIDATION_ERROR' }),
    { outcome: 'unavailable', reason: 'VALIDATION_ERROR' },
  ],
  ['refused by a proxy', answer(400, '<html>'), { outcome: 'unknown', cause: 'http_400' }],
  ['host in trouble', answer(503, { responseCode: 'HOST_ERROR' }), { outcome: 'unknown', cause: 'HOST_ERROR' }],
  ['no answer', new NetworkFault('timeout', 'maybe'), { outcome: 'unknown', cause: 'timeout' }],
  ['nobody there', new NetworkFault('refused', 'no'), { outcome: 'unavailable', reason: 'not_reached' }],
  [
    'the vault finds nobody there',
    answer(502, {}, { 'x-vault-error': 'network_unreachable' }),
    { outcome: 'unavailable', reason: 'not_reached' },
  ],
  [
    'the vault refuses',
    answer(422, {}, { 'x-vault-error': 'token_expired' }),
    { outcome: 'unavailable', reason: 'token_expired' },
  ],
];
for (const [name, reply, expected] of ENDINGS) {
  test(`authenticate: ${name}`, async () => {
    assert.deepEqual(await connect(testNetwork([reply])).authenticate(AUTHENTICATE), expected);
  });
}

test('asked later: never received, in trouble, out of reach', async () => {
  const network = testNetwork([
    answer(404, { responseStatus: 'ERROR', responseCode: 'NOT_FOUND' }),
    answer(404, '<html>'),
    answer(500, ''),
    new NetworkFault('refused', 'no'),
  ]);
  const authentication = connect(network);
  assert.deepEqual(await authentication.find('T1'), { outcome: 'not_found' });
  assert.deepEqual(await authentication.find('T1'), { outcome: 'unknown', cause: 'http_404' });
  assert.deepEqual(await authentication.find('T1'), { outcome: 'unknown', cause: 'http_500' });
  assert.deepEqual(await authentication.find('T1'), { outcome: 'unknown', cause: 'not_reached' });
  assert.equal(network.operations()[0]?.url, `${SETTINGS.baseUrl}/three-ds/authentications?requestIdentifier=T1`);
});
