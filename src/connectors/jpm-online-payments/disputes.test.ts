import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instant } from '../../base/clock.ts';
import { money } from '../../base/money.ts';
import { NetworkFault } from '../ports/network-http.ts';
import { createJpmDisputes } from './index.ts';
import { answer, SETTINGS, type TestNetwork, testNetwork } from './test-network.ts';

const connect = (network: TestNetwork) => createJpmDisputes({ http: network, settings: SETTINGS });
const BASE = 'http://acquirer.test/commerce/v1/disputes';
const dispute = (changes: Record<string, unknown> = {}) => ({
  disputeId: 'dsp-1',
  transactionId: 'tx-1',
  disputeType: 'FIRST_CHARGEBACK',
  disputeStatus: 'NEEDS_RESPONSE',
  amount: 10_000,
  currency: 'USD',
  reasonCode: '13.1',
  reasonDescription: 'Merchandise not received',
  createdTimestamp: '2026-11-20T10:00:00.000Z',
  updatedTimestamp: '2026-11-21T10:00:00.000Z',
  dueTimestamp: '2026-12-20T10:00:00.000Z',
  last4CardNumber: '4113',
  ...changes,
});

test('a dispute as the platform sees it', async () => {
  const network = testNetwork([answer(200, dispute())]);
  assert.deepEqual(await connect(network).get('dsp-1'), {
    id: 'dsp-1',
    networkPaymentId: 'tx-1',
    stage: 'chargeback',
    state: 'needs_response',
    amount: money(10_000n, 'USD'),
    reason: { code: '13.1', text: 'Merchandise not received' },
    openedAt: '2026-11-20T10:00:00.000Z',
    respondBy: '2026-12-20T10:00:00.000Z',
  });
  assert.equal(network.operations()[0]?.url, `${BASE}/dsp-1`);
});

const STATES: readonly (readonly [Record<string, unknown>, string, string])[] = [
  [{ disputeStatus: 'NEW' }, 'chargeback', 'needs_response'],
  [{ disputeStatus: 'NEED_ADDITIONAL_INFORMATION' }, 'chargeback', 'needs_response'],
  [{ disputeStatus: 'CHALLENGED_MERCHANT' }, 'chargeback', 'under_review'],
  [{ disputeStatus: 'CHALLENGED_JPMC' }, 'chargeback', 'under_review'],
  [{ disputeStatus: 'UNDER_ISSUER_REVIEW', disputeType: 'PRE_ARBITRATION' }, 'pre_arbitration', 'under_review'],
  [{ disputeStatus: 'ACCEPTED', outcome: 'LOST' }, 'chargeback', 'accepted'],
  [{ disputeStatus: 'EXPIRED', outcome: 'LOST', disputeType: 'RETRIEVAL_REQUEST' }, 'inquiry', 'expired'],
  [{ disputeStatus: 'CLOSED', outcome: 'WON', disputeType: 'ARBITRATION' }, 'arbitration', 'won'],
  [{ disputeStatus: 'CLOSED', outcome: 'LOST' }, 'chargeback', 'lost'],
  [{ disputeStatus: 'CHALLENGE_DENIED' }, 'chargeback', 'lost'],
  [{ disputeStatus: 'CLOSED', dueTimestamp: undefined }, 'chargeback', 'under_review'],
  [{ disputeStatus: 'SOMETHING_NEW' }, 'chargeback', 'needs_response'],
  [{ disputeStatus: 'SOMETHING_NEW', dueTimestamp: null }, 'chargeback', 'under_review'],
  [{ disputeType: 'COMPLIANCE', amount: '10000', reasonCode: 10.4 }, 'chargeback', 'needs_response'],
];
for (const [changes, stage, state] of STATES) {
  test(`${JSON.stringify(changes)} is ${stage}, ${state}`, async () => {
    const found = await connect(testNetwork([answer(200, dispute(changes))])).get('dsp-1');
    assert.deepEqual([found?.stage, found?.state], [stage, state]);
  });
}

test('the list follows the cursor and comes oldest change first, whatever the order of the pages', async () => {
  const at = (id: string, updatedTimestamp: string) => dispute({ disputeId: id, updatedTimestamp });
  const network = testNetwork([
    answer(200, { disputes: [at('c', '2026-11-23T00:00:00.000Z'), at('a', '2026-11-21T00:00:00Z')], nextCursor: 'p2' }),
    answer(200, { disputes: [at('b', '2026-11-22T00:00:00.000Z')] }),
  ]);
  const found = await connect(network).list('2026-11-20T00:00:00.000Z' as Instant);
  assert.deepEqual(
    found.map(({ id }) => id),
    ['a', 'b', 'c'],
  );
  assert.deepEqual(
    network.operations().map(({ method, url, body }) => [method, url, JSON.parse(String(body))]),
    [
      ['POST', BASE, { fromTimestamp: '2026-11-20T00:00:00.000Z' }],
      ['POST', BASE, { fromTimestamp: '2026-11-20T00:00:00.000Z', cursor: 'p2' }],
    ],
  );
});

test('what cannot be read is a fault, never a shorter list', async () => {
  const since = '2026-11-20T00:00:00.000Z' as Instant;
  const bad = [
    answer(503, ''),
    answer(200, '{"disp'),
    answer(200, { disputes: [dispute({ disputeId: undefined })] }),
    answer(200, { disputes: [dispute({ amount: 1.5 })] }),
    answer(200, { disputes: [dispute({ createdTimestamp: 'today' })] }),
    new NetworkFault('timeout', 'maybe'),
  ];
  for (const reply of bad) await assert.rejects(connect(testNetwork([reply])).list(since), NetworkFault);
  const circle = testNetwork(Array.from({ length: 200 }, () => answer(200, { disputes: [], nextCursor: 'again' })));
  await assert.rejects(connect(circle).list(since), /no end after 200 pages/);
});

test('a dispute that is not there is null when the network says so', async () => {
  const network = testNetwork([answer(404, { responseCode: 'NOT_FOUND' }), answer(404, '<html>'), answer(500, '')]);
  const disputes = connect(network);
  assert.equal(await disputes.get('dsp-1'), null);
  await assert.rejects(disputes.get('dsp-1'), NetworkFault);
  await assert.rejects(disputes.get('dsp-1'), NetworkFault);
});

for (const action of ['challenge', 'fulfill'] as const) {
  test(`${action}: documents go out as base64 under our reference`, async () => {
    const network = testNetwork([answer(202, { actionProcessingStatus: 'IN_PROGRESS', traceId: 't' })]);
    const content = Uint8Array.of(0, 255, 37);
    const documents = [{ name: 'proof.pdf', mediaType: 'application/pdf', content }] as const;
    const said = await connect(network)[action]({ id: 'dsp-1', reference: 'E1', last4: '4113', documents });
    assert.deepEqual(said, { outcome: 'taken' });
    const [sent] = network.operations();
    assert.equal(sent?.url, `${BASE}/dsp-1/${action}`);
    assert.equal(sent?.headers?.['request-id'], 'E1');
    assert.deepEqual(JSON.parse(String(sent?.body)), {
      last4CardNumber: '4113',
      supportingDocuments: [{ documentName: 'proof.pdf', documentContent: 'AP8l' }],
    });
  });
}

const ACTIONS: readonly (readonly [string, Parameters<typeof testNetwork>[0][number], object])[] = [
  ['done at once', answer(200, { actionProcessingStatus: 'COMPLETED' }), { outcome: 'taken' }],
  [
    'too late',
    answer(400, { responseCode: 'DISPUTE_CLOSED', responseMessage: 'no' }),
    { outcome: 'refused', code: 'DISPUTE_CLOSED', message: 'no' },
  ],
  ['a proxy says no', answer(400, '<html>'), { outcome: 'unknown', cause: 'http_400' }],
  ['host in trouble', answer(500, { responseCode: 'HOST_ERROR' }), { outcome: 'unknown', cause: 'http_500' }],
  ['no answer', new NetworkFault('cut', 'maybe'), { outcome: 'unknown', cause: 'cut' }],
];
for (const [name, reply, expected] of ACTIONS) {
  test(`accept: ${name}`, async () => {
    assert.deepEqual(await connect(testNetwork([reply])).accept({ id: 'dsp-1', reference: 'E1' }), expected);
  });
}

test('Dispute Management has a host of its own where the settings say so', async () => {
  const network = testNetwork([answer(200, dispute())]);
  const settings = { ...SETTINGS, disputesUrl: 'http://disputes.test/commerce/v1' };
  await createJpmDisputes({ http: network, settings }).get('a/b');
  assert.equal(network.operations()[0]?.url, 'http://disputes.test/commerce/v1/disputes/a%2Fb');
});
