/** A dispute through its stages: who may do what when, what it moves, what the merchant hears. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DAYS, startAcquirer, type TestAcquirer } from './test-acquirer.ts';
import { card } from './test-client.ts';

const LAST4 = '4113';
let sandbox: TestAcquirer;
let count = 0;
before(async () => {
  sandbox = await startAcquirer();
});
after(() => sandbox.close());

async function paid(amount = 10_000): Promise<string> {
  count += 1;
  const asked = { captureMethod: 'NOW', paymentMethodType: { card: card('4112344112344113') } };
  return String((await sandbox.client.pay(`SALE${count}`, amount, asked)).body.transactionId);
}

async function raised(changes: Record<string, unknown> = {}): Promise<string> {
  const transactionId = await paid();
  const { status, body } = await sandbox.admin('POST', 'disputes', { transactionId, reasonCode: '13.1', ...changes });
  assert.equal(status, 201, JSON.stringify(body));
  return String(body.disputeId);
}

const dispute = async (id: string) => (await sandbox.client.send('GET', `/commerce/v1/disputes/${id}`, 'Q')).body;
const advance = (id: string, to: string) => sandbox.admin('POST', `disputes/${id}/advance`, { to });
const evidence = { documentName: 'receipt.pdf', documentContent: Buffer.from('%PDF-1.7').toString('base64') };

const challenge = (id: string, reference: string, changes: Record<string, unknown> = {}) =>
  sandbox.client.send('POST', `/commerce/v1/disputes/${id}/challenge`, reference, {
    last4CardNumber: LAST4,
    supportingDocuments: [evidence],
    ...changes,
  });
const fulfill = (id: string, reference: string) =>
  sandbox.client.send('POST', `/commerce/v1/disputes/${id}/fulfill`, reference, {
    last4CardNumber: LAST4,
    supportingDocuments: [evidence],
  });
const accept = (id: string, reference: string) =>
  sandbox.client.send('POST', `/commerce/v1/disputes/${id}/accept`, reference, {});

async function movements(id: string): Promise<string[]> {
  const { disputes } = (await sandbox.admin('GET', 'disputes')).body as {
    disputes: { id: string; movements: { kind: string; amount: string }[] }[];
  };
  return (disputes.find((one) => one.id === id)?.movements ?? []).map(({ kind, amount }) => `${kind} ${amount}`);
}

const standing = async (id: string) => {
  const { disputeType, disputeStatus, outcome } = await dispute(id);
  return [disputeType, disputeStatus, outcome ?? null];
};

test('a first chargeback takes amount and fee at once and waits thirty days for an answer', async () => {
  const id = await raised({ amount: 4_000 });
  const seen = await dispute(id);
  assert.deepEqual(
    [seen.disputeType, seen.disputeStatus, seen.amount, seen.reasonCode, seen.last4CardNumber],
    ['FIRST_CHARGEBACK', 'NEEDS_RESPONSE', 4_000, '13.1', LAST4],
  );
  assert.equal(seen.reasonDescription, 'Merchandise or services not received');
  assert.equal(Date.parse(String(seen.dueTimestamp)) - Date.parse(String(seen.createdTimestamp)), 30 * DAYS);
  assert.deepEqual(await movements(id), ['DEBIT 4000', 'FEE 1500']);
  await sandbox.advance(30 * DAYS - 1);
  assert.deepEqual(await standing(id), ['FIRST_CHARGEBACK', 'NEEDS_RESPONSE', null]);
  await sandbox.advance(1);
  assert.deepEqual(await standing(id), ['FIRST_CHARGEBACK', 'EXPIRED', 'LOST']);
  assert.deepEqual(await movements(id), ['DEBIT 4000', 'FEE 1500'], 'lost moves nothing more');
  assert.equal((await challenge(id, 'LATE')).body.responseCode, 'RESPONSE_OVERDUE');
});

test('without provisional credit the amount stays away until it is won', async () => {
  const id = await raised();
  const sent = await challenge(id, 'CH1');
  assert.deepEqual([sent.status, sent.body.actionProcessingStatus], [202, 'IN_PROGRESS']);
  assert.deepEqual(await challenge(id, 'CH1'), sent, 'the first answer again');
  assert.equal((await challenge(id, 'CH1B')).body.responseCode, 'EVIDENCE_ALREADY_SUBMITTED');
  assert.deepEqual(await standing(id), ['FIRST_CHARGEBACK', 'CHALLENGED_MERCHANT', null]);
  assert.equal((await dispute(id)).dueTimestamp, undefined);
  await advance(id, 'UNDER_ISSUER_REVIEW');
  await advance(id, 'PRE_ARBITRATION');
  assert.deepEqual(await movements(id), ['DEBIT 10000', 'FEE 1500'], 'it is taken already');
  assert.equal((await challenge(id, 'CH2')).status, 202, 'a new stage, evidence again');
  await advance(id, 'ARBITRATION');
  assert.deepEqual(await standing(id), ['ARBITRATION', 'NEEDS_RESPONSE', null]);
  await advance(id, 'WON');
  assert.deepEqual(await movements(id), ['DEBIT 10000', 'FEE 1500', 'CREDIT 10000']);
  assert.deepEqual(await standing(id), ['ARBITRATION', 'CLOSED', 'WON']);
  const kept = sandbox.acquirer.store.all<{ stage: string; content: Uint8Array }>(
    'select stage, content from dispute_document where dispute_id = ? order by seq',
    id,
  );
  assert.deepEqual(
    kept.map(({ stage, content }) => [stage, Buffer.from(content).toString()]),
    [
      ['FIRST_CHARGEBACK', '%PDF-1.7'],
      ['PRE_ARBITRATION', '%PDF-1.7'],
    ],
  );
});

test('with provisional credit each stage gives back and takes again, and a loss leaves nothing credited', async () => {
  assert.equal((await sandbox.admin('POST', 'account', { provisionalCredit: true })).status, 200);
  const id = await raised();
  await challenge(id, 'PC1');
  await advance(id, 'PRE_ARBITRATION');
  await challenge(id, 'PC2');
  await advance(id, 'LOST');
  assert.deepEqual(await movements(id), [
    'DEBIT 10000',
    'FEE 1500',
    'CREDIT 10000',
    'DEBIT 10000',
    'CREDIT 10000',
    'DEBIT 10000',
  ]);
  assert.deepEqual(await standing(id), ['PRE_ARBITRATION', 'CHALLENGE_DENIED', 'LOST']);
  const won = await raised();
  await challenge(won, 'PC3');
  await advance(won, 'WON');
  assert.deepEqual(await movements(won), ['DEBIT 10000', 'FEE 1500', 'CREDIT 10000'], 'it was credited already');
  await sandbox.admin('POST', 'account', { provisionalCredit: false });
});

test('accepting loses at once; nothing can be said after it', async () => {
  const id = await raised();
  assert.equal((await accept(id, 'AC1')).status, 202);
  assert.deepEqual(await standing(id), ['FIRST_CHARGEBACK', 'ACCEPTED', 'LOST']);
  assert.equal((await accept(id, 'AC2')).body.responseCode, 'DISPUTE_CLOSED');
  assert.equal((await challenge(id, 'AC3')).status, 412);
  assert.equal((await advance(id, 'WON')).status, 409);
});

test('a retrieval request moves nothing until it becomes a chargeback', async () => {
  const id = await raised({ type: 'RETRIEVAL_REQUEST' });
  assert.deepEqual(await movements(id), []);
  assert.equal((await advance(id, 'PRE_ARBITRATION')).status, 409);
  assert.equal((await challenge(id, 'RR0')).body.responseCode, 'ACTION_NOT_ALLOWED');
  assert.deepEqual(await standing(id), ['RETRIEVAL_REQUEST', 'NEEDS_RESPONSE', null]);
  const sent = await fulfill(id, 'RR1');
  assert.equal(sent.status, 202);
  assert.deepEqual(await fulfill(id, 'RR1'), sent, 'the first answer again');
  assert.equal((await fulfill(id, 'RR2')).body.responseCode, 'EVIDENCE_ALREADY_SUBMITTED');
  assert.deepEqual(await standing(id), ['RETRIEVAL_REQUEST', 'UNDER_ISSUER_REVIEW', null]);
  await advance(id, 'FIRST_CHARGEBACK');
  assert.equal((await fulfill(id, 'RR3')).body.responseCode, 'ACTION_NOT_ALLOWED');
  assert.deepEqual(await movements(id), ['DEBIT 10000', 'FEE 1500']);
  assert.deepEqual(await standing(id), ['FIRST_CHARGEBACK', 'NEEDS_RESPONSE', null]);
  const lost = await raised({ type: 'RETRIEVAL_REQUEST' });
  await fulfill(lost, 'RR4');
  await advance(lost, 'LOST');
  assert.deepEqual(await movements(lost), []);
  assert.deepEqual(await standing(lost), ['RETRIEVAL_REQUEST', 'CLOSED', 'LOST'], 'nothing was challenged');
});

test('evidence is checked by field', async () => {
  const id = await raised();
  const wrong = async (changes: Record<string, unknown>) => {
    const { status, body } = await challenge(id, 'EV1', changes);
    assert.equal(status, 400);
    return (body.validationErrors as { entity: string }[]).map(({ entity }) => entity);
  };
  assert.deepEqual(await wrong({ last4CardNumber: '0000' }), ['last4CardNumber']);
  assert.deepEqual(await wrong({ supportingDocuments: [] }), ['supportingDocuments']);
  assert.deepEqual(await wrong({ supportingDocuments: [{ documentName: 'a', documentContent: '%%%%' }] }), [
    'supportingDocuments.0.documentContent',
  ]);
  assert.equal((await challenge('nobody', 'EV2')).status, 404);
});

test('a dispute is of what was captured, and of no more', async () => {
  const transactionId = await paid(1_000);
  const raise = (body: Record<string, unknown>) =>
    sandbox.admin('POST', 'disputes', { transactionId, reasonCode: '10.4', ...body });
  assert.equal((await raise({ amount: 1_001 })).status, 422);
  assert.equal((await raise({ amount: 600 })).status, 201);
  assert.equal((await raise({ amount: 401 })).status, 422, 'with the other one it is too much');
  assert.equal((await raise({})).body.amount, 400, 'the rest');
  assert.equal((await raise({})).status, 422);
  assert.equal((await raise({ transactionId: 'nobody' })).status, 404);
  assert.equal((await raise({ reasonCode: '' })).status, 422);
  assert.equal((await advance('nobody', 'WON')).status, 404);
  assert.equal((await advance('nobody', 'NOWHERE')).status, 422);
});

test('the list gives the oldest change first, from an instant on, in pages', async () => {
  const since = sandbox.acquirer.time.now();
  const [first, second] = [await raised(), await raised()];
  await accept(first, 'LI1');
  const list = async (body: Record<string, unknown>) =>
    (await sandbox.client.send('POST', '/commerce/v1/disputes', 'Q', body)).body as {
      disputes: { disputeId: string; amount: number }[];
      nextCursor?: string;
    };
  const changed = (await list({ fromTimestamp: since })).disputes.map(({ disputeId }) => disputeId);
  assert.deepEqual(changed.slice(-2), [second, first]);
  assert.equal((await list({ fromTimestamp: '2099-01-01T00:00:00Z' })).disputes.length, 0);
  assert.equal((await sandbox.client.send('POST', '/commerce/v1/disputes', 'Q', {})).status, 400);

  const transactionId = await paid(10_000);
  for (let index = 0; index < 501; index += 1) {
    await sandbox.admin('POST', 'disputes', { transactionId, reasonCode: '13.3', amount: 1 });
  }
  const page = await list({ fromTimestamp: '2020-01-01T00:00:00Z' });
  assert.equal(page.disputes.length, 500);
  const rest = await list({ fromTimestamp: '2020-01-01T00:00:00Z', cursor: page.nextCursor });
  assert.equal(rest.nextCursor, undefined);
  const ids = [...page.disputes, ...rest.disputes].map(({ disputeId }) => disputeId);
  assert.equal(new Set(ids).size, ids.length, 'none twice');
  assert.ok(rest.disputes.length >= 1);
});

test('the merchant hears of each change, with the dispute and nothing else', async () => {
  const id = await raised();
  await challenge(id, 'NO1');
  await advance(id, 'WON');
  await sandbox.advance(1_000);
  const heard = sandbox.told.filter(({ body }) => body.disputeId === id).map(({ body }) => body);
  assert.deepEqual(
    heard.map((body) => body.notificationSubType),
    ['DisputeOpened', 'DisputeUpdated', 'DisputeClosed'],
  );
  assert.ok(heard.every((body) => body.notificationType === 'disputeNotification'));
  assert.ok(heard.every((body) => body.requestId === undefined && body.transactionId === undefined));
});
