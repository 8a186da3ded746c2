import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Day } from '../../base/clock.ts';
import { money } from '../../base/money.ts';
import { NetworkFault } from '../ports/network-http.ts';
import { createJpmOnlinePayments } from './index.ts';
import { answer, SETTINGS, type TestNetwork, testNetwork } from './test-network.ts';
import { followUp, PAY, success, VERIFY } from './test-requests.ts';

const connect = (network: TestNetwork) => createJpmOnlinePayments({ http: network, settings: SETTINGS });
const DAY = '2026-11-22' as Day;

test('a payment goes through the vault with the acquirer’s headers inside', async () => {
  const network = testNetwork([answer(200, success(PAY.reference))]);
  const said = await connect(network).pay(PAY);
  assert.equal(said.outcome, 'approved');
  const [sent] = network.operations();
  assert.equal(sent?.url, SETTINGS.vaultForwardUrl);
  assert.equal(sent?.method, 'POST');
  assert.equal(sent?.headers?.authorization, 'Bearer vault-secret');
  assert.equal(sent?.purpose, 'authorize');
  assert.equal(sent?.reference, PAY.reference);
  assert.equal(sent?.timeoutMs, 1234);
  assert.equal(sent?.headers?.['x-timeout-ms'], '1234', 'the vault gives up when we do');
  const forwarded = JSON.parse(String(sent?.body)) as Record<string, unknown>;
  assert.equal(forwarded.token, PAY.cardToken);
  assert.equal(forwarded.url, 'http://acquirer.test/api/v2/payments');
  assert.equal(forwarded.method, 'POST');
  const headers = forwarded.headers as Record<string, string>;
  assert.equal(headers.authorization, 'Bearer token-1');
  assert.equal(headers['merchant-id'], SETTINGS.merchantId);
  assert.equal(headers['request-id'], PAY.reference);
  assert.equal(headers['content-type'], 'application/json');
  assert.equal((JSON.parse(String(forwarded.body)) as { amount: number }).amount, 12_345);
});

test('the vault is told by what right a card is used', async () => {
  const network = testNetwork([answer(200, success(PAY.reference)), answer(200, success(VERIFY.reference))]);
  const cardOwner = { marketplace: 'mkt_1', buyer: 'buy_1' };
  await connect(network).pay({ ...PAY, cardOwner });
  await connect(network).verify(VERIFY);
  const [first, second] = network.operations().map(({ body }) => JSON.parse(String(body)));
  assert.equal(first.operation, PAY.use);
  assert.equal(first.marketplace, 'mkt_1');
  assert.equal(first.buyer, 'buy_1');
  assert.ok(!('operation' in second) && !('marketplace' in second), 'a vault refuses fields it does not know');
});

test('a verification goes through the vault and holds nothing', async () => {
  const { amount: _, transactionState: __, ...published } = success(VERIFY.reference);
  const network = testNetwork([answer(200, published)]);
  const said = await connect(network).verify(VERIFY);
  assert.equal(said.outcome, 'approved');
  assert.deepEqual(said.outcome === 'approved' && said.amount, money(0n, 'USD'));
  const [sent] = network.operations();
  assert.equal(sent?.purpose, 'verify');
  assert.equal(JSON.parse(String(sent?.body)).url, 'http://acquirer.test/api/v2/verifications');
});

const PASS = answer(200, { status: 'PASS' });
const HEALTH: readonly (readonly [string, Parameters<typeof testNetwork>[0], string])[] = [
  ['all pass', [PASS, PASS, PASS], 'up'],
  ['payments warn', [answer(200, { status: 'WARN' }), PASS, PASS], 'degraded'],
  ['payments fail', [answer(200, { status: 'FAIL' }), PASS, PASS], 'down'],
  ['refunds fail', [PASS, answer(200, { status: 'FAIL' }), PASS], 'degraded'],
  ['too many questions', [answer(429, ''), PASS, PASS], 'degraded'],
  ['out of order', [answer(503, ''), PASS, PASS], 'down'],
  ['odd answer', [answer(200, 'fine'), PASS, PASS], 'degraded'],
  ['nobody there', [new NetworkFault('refused', 'no'), PASS, PASS], 'down'],
];
for (const [name, replies, expected] of HEALTH) {
  test(`health: ${name} is ${expected}`, async () => {
    assert.equal(await connect(testNetwork(replies)).health(), expected);
  });
}

test('each report has its address and its own name', async () => {
  const network = testNetwork(Array.from({ length: 4 }, () => answer(200, 'a,b')));
  const acquirer = connect(network);
  const names: (string | undefined)[] = [];
  for (const report of acquirer.reports) names.push((await acquirer.fetchReport(report, DAY))?.name);
  assert.deepEqual(names, [
    'SettlementDetails_998482157630_2026-11-22.csv',
    'FeeDetails_998482157630_2026-11-22.csv',
    'DepositDetails_998482157630_2026-11-22.csv',
    'DisputeDetails_998482157630_2026-11-22.csv',
  ]);
  assert.deepEqual(
    network.operations().map(({ url }) => url.replace(SETTINGS.reportsUrl, '')),
    ['settlement', 'fee', 'deposit', 'dispute'].map((name) => `/${name}-details?day=2026-11-22`),
  );
});

for (const code of [
  'unknown_token',
  'token_used',
  'token_expired',
  'host_not_allowed',
  'unauthorized',
  'vault_fault',
]) {
  test(`vault refuses with ${code}: declined, for nothing was sent`, async () => {
    const network = testNetwork([answer(422, {}, { 'X-Vault-Error': code })]);
    const said = await connect(network).pay(PAY);
    assert.equal(said.outcome === 'declined' && said.code, code);
  });
}

test('any other word of the vault is unknown; its own 401 mints no token', async () => {
  const network = testNetwork([
    answer(401, {}, { 'x-vault-error': 'unauthorized' }),
    answer(502, {}, { 'x-vault-error': 'no_answer' }),
    answer(502, {}, { 'x-vault-error': 'network_unreachable' }),
  ]);
  const acquirer = connect(network);
  assert.equal((await acquirer.pay(PAY)).outcome, 'declined');
  assert.deepEqual(await acquirer.pay(PAY), { outcome: 'unknown', cause: 'vault:no_answer' });
  assert.deepEqual(
    await acquirer.pay(PAY),
    { outcome: 'unknown', cause: 'not_reached' },
    'the vault found nobody there',
  );
  assert.equal(network.requests.filter(({ purpose }) => purpose === 'mint_token').length, 1);
});

test('401 of the network: a new token, once more, once only', async () => {
  const network = testNetwork([answer(401, ''), answer(200, success(PAY.reference)), answer(401, ''), answer(401, '')]);
  const acquirer = connect(network);
  assert.equal((await acquirer.pay(PAY)).outcome, 'approved');
  const bearers = network.operations().map(({ body }) => JSON.parse(String(body)).headers.authorization);
  assert.deepEqual(bearers, ['Bearer token-1', 'Bearer token-2']);
  assert.deepEqual(await acquirer.followUp(followUp('capture')), { outcome: 'unknown', cause: 'http_401' });
  assert.equal(network.operations().length, 4);
});

test('calls that are refused together mint one new token', async () => {
  const refusedFirst = Array.from({ length: 5 }, () => answer(401, ''));
  const approved = Array.from({ length: 5 }, () => answer(200, success('C1', { transactionState: 'CLOSED' })));
  const network = testNetwork([...refusedFirst, ...approved]);
  const acquirer = connect(network);
  const said = await Promise.all(refusedFirst.map(() => acquirer.followUp(followUp('capture', 'C1'))));
  assert.ok(said.every(({ outcome }) => outcome === 'approved'));
  assert.equal(network.requests.filter(({ purpose }) => purpose === 'mint_token').length, 2);
});

test('no answer is unknown; not reached says so; no token reaches nobody; bugs are thrown', async () => {
  const network = testNetwork([
    new NetworkFault('timeout', 'maybe'),
    new NetworkFault('refused', 'no'),
    new TypeError('bug'),
  ]);
  const acquirer = connect(network);
  assert.deepEqual(await acquirer.pay(PAY), { outcome: 'unknown', cause: 'timeout' });
  assert.deepEqual(await acquirer.followUp(followUp('refund')), { outcome: 'unknown', cause: 'not_reached' });
  await assert.rejects(acquirer.followUp(followUp('refund')), TypeError);
  for (const mint of [new NetworkFault('timeout', 'maybe'), answer(500, ''), answer(200, { token_type: 'Bearer' })]) {
    const silent = testNetwork([], mint);
    assert.deepEqual(await connect(silent).pay(PAY), { outcome: 'unknown', cause: 'not_reached' });
    assert.equal(silent.operations().length, 0);
  }
});

test('follow-ups: method, address and request-id', async () => {
  const done = (reference: string, transactionState: string) => answer(200, success(reference, { transactionState }));
  const network = testNetwork([
    done('C1', 'CLOSED'),
    done('V1', 'VOIDED'),
    done('F1', 'AUTHORIZED'),
    done('I1', 'AUTHORIZED'),
    done('X1', 'AUTHORIZED'),
    done('A1', 'AUTHORIZED'),
  ]);
  const acquirer = connect(network);
  assert.equal((await acquirer.followUp(followUp('capture', 'C1'))).outcome, 'approved');
  assert.equal((await acquirer.followUp(followUp('void', 'V1'))).outcome, 'approved');
  assert.equal((await acquirer.followUp(followUp('refund', 'F1'))).outcome, 'approved');
  for (const [kind, reference] of [
    ['increment', 'I1'],
    ['reverse', 'X1'],
    ['reauthorize', 'A1'],
  ] as const)
    assert.equal((await acquirer.followUp(followUp(kind, reference))).outcome, 'approved');
  const payment = '/api/v2/payments/cdf62f90-6440-496f-817c-c05dd3b7b01a';
  assert.deepEqual(
    network
      .operations()
      .map(({ method, url, headers }) => [method, url.replace('http://acquirer.test', ''), headers?.['request-id']]),
    [
      ['POST', `${payment}/captures`, 'C1'],
      ['PATCH', payment, 'V1'],
      ['POST', '/api/v2/refunds', 'F1'],
      ['PATCH', payment, 'I1'],
      ['PATCH', payment, 'X1'],
      ['PATCH', payment, 'A1'],
    ],
  );
});

test('inquiries ask by our reference, a void by its payment', async () => {
  const absent = answer(404, { responseStatus: 'ERROR', responseCode: 'NOT_FOUND' });
  const network = testNetwork(Array.from({ length: 9 }, () => absent));
  const acquirer = connect(network);
  const amount = money(1n, 'USD');
  const kinds = [
    'authorize',
    'sale',
    'capture',
    'refund',
    'void',
    'verify',
    'increment',
    'reverse',
    'reauthorize',
  ] as const;
  for (const kind of kinds) {
    const said = await acquirer.inquire({ kind, reference: 'R1', amount, networkPaymentId: 'pay-1' });
    assert.deepEqual(said, { outcome: 'not_found' });
  }
  assert.deepEqual(
    network.operations().map(({ url, purpose }) => [url.replace(SETTINGS.baseUrl, ''), purpose]),
    [
      ['/payments?requestIdentifier=R1', 'inquire_authorize'],
      ['/payments?requestIdentifier=R1', 'inquire_sale'],
      ['/captures?requestIdentifier=R1', 'inquire_capture'],
      ['/refunds?requestIdentifier=R1', 'inquire_refund'],
      ['/payments/pay-1', 'inquire_void'],
      ['/verifications?requestIdentifier=R1', 'inquire_verify'],
      ['/payments?requestIdentifier=R1', 'inquire_increment'],
      ['/payments?requestIdentifier=R1', 'inquire_reverse'],
      ['/payments?requestIdentifier=R1', 'inquire_reauthorize'],
    ],
  );
  const ids = network.operations().map(({ headers }) => headers?.['request-id'] ?? '');
  assert.equal(new Set(ids).size, 9);
  assert.ok(ids.every((id) => id.length > 0 && id.length <= 40 && id !== 'R1'));
  await assert.rejects(acquirer.inquire({ kind: 'void', reference: 'R1', amount }), /networkPaymentId/);
});

test('the settlement file keeps its name; 404 is not issued yet; the rest is a fault', async () => {
  const named = { 'Content-Disposition': 'attachment; filename="SettlementDetails_998_2026-11-22.csv"' };
  const network = testNetwork([
    answer(200, 'a,b', named),
    answer(200, 'a,b', { 'content-disposition': 'attachment; filename="../etc/passwd"' }),
    answer(404, ''),
    answer(503, ''),
    new NetworkFault('cut', 'maybe'),
  ]);
  const acquirer = connect(network);
  assert.equal((await acquirer.fetchSettlement(DAY))?.name, 'SettlementDetails_998_2026-11-22.csv');
  assert.equal((await acquirer.fetchSettlement(DAY))?.name, 'SettlementDetails_998482157630_2026-11-22.csv');
  assert.equal(await acquirer.fetchSettlement(DAY), null);
  await assert.rejects(acquirer.fetchSettlement(DAY), NetworkFault);
  await assert.rejects(acquirer.fetchSettlement(DAY), NetworkFault);
  assert.equal(network.operations()[0]?.url, 'http://acquirer.test/reports/settlement-details?day=2026-11-22');
});

test('an empty setting is named at once', () => {
  const settings = { ...SETTINGS, merchantId: '' };
  assert.throws(() => createJpmOnlinePayments({ http: testNetwork([]), settings }), /merchantId/);
});
