/** Disputes over the AMS wire: told, defended, accepted, left to run out. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OrderView, PaymentView } from '../../stories/views.ts';
import type { AmsAnswer } from './ams-client.ts';
import { type AmsMarket, code, openAmsMarket, type Told, usd } from './ams-market.ts';

let m: AmsMarket;
before(async () => {
  m = await openAmsMarket('Disputed', '5X00000000000005');
});
after(() => m?.end());

/** A payment that its cardholder takes back, with what the client is told of it first. */
async function disputed(cents: number): Promise<Told> {
  const paid = await m.paid(cents);
  const { data } = await m.market.api.get<{ data: OrderView[] }>(`/v1/orders?q=${String(paid.paymentRequestId)}`);
  const payments = await m.market.api.get<{ data: PaymentView[] }>(`/v1/payments?order=${data[0]?.id}`);
  const { operations } = await m.market.api.get<{ operations: { networkId: string }[] }>(
    `/v1/payments/${payments.data[0]?.id}`,
  );
  const transactionId = operations[0]?.networkId;
  await m.world.acquirer.post('/_sandbox/disputes', { transactionId, reasonCode: '13.1' });
  await m.world.advance(1);
  const told = m.toldOf('DISPUTE_CREATED').filter(({ paymentId }) => paymentId === paid.paymentId);
  assert.equal(told.length, 1);
  return told[0] as Told;
}
const ask = (operation: string, { disputeId }: Told, fields: object = {}): Promise<AmsAnswer> =>
  m.ams.call(`payments/${operation}`, { disputeId, ...fields });
const kindsOf = ({ disputeId }: Told) =>
  m.told.filter((each) => each.disputeId === disputeId).map((each) => each.disputeNotificationType);
const evidence = (text: string) => ({ disputeEvidence: Buffer.from(text).toString('base64') });

test('told and defended once; what was handed in is given back; judged, and told', async () => {
  const told = await disputed(7_000);
  assert.deepEqual(
    [told.disputeAmount, told.disputeReasonCode, told.disputeType, told.defendable],
    [usd(7_000), '13.1', 'CHARGEBACK', true],
  );
  assert.match(String(told.defenseDueTime), /Z$/);
  const none = await ask('downloadDisputeEvidence', told, { disputeEvidenceType: 'DISPUTE_EVIDENCE_FILE' });
  assert.equal(code(none), 'F PROCESS_FAIL');
  const template = await ask('downloadDisputeEvidence', told, { disputeEvidenceType: 'DISPUTE_EVIDENCE_TEMPLATE' });
  assert.equal(template.disputeEvidenceFormat, 'PDF');
  assert.match(Buffer.from(String(template.disputeEvidence), 'base64').toString('latin1'), /^%PDF-1\.4[\s\S]*%%EOF\n$/);
  for (const wrong of [{ disputeEvidence: 'not base64' }, { disputeEvidence: '' }, evidence('PK\u0003\u0004\u0000')])
    assert.equal(code(await ask('supplyDefenseDocument', told, wrong)), 'F PARAM_ILLEGAL');
  const large = { disputeEvidence: 'A'.repeat(1_000_004) };
  assert.equal(code(await ask('supplyDefenseDocument', told, large)), 'F PARAM_ILLEGAL');
  const document = evidence(`%PDF-1.4 tracking ${'x'.repeat(400_000)}`);
  const supplied = await ask('supplyDefenseDocument', told, document);
  assert.equal(code(supplied), 'S SUCCESS');
  assert.match(String(supplied.disputeResolutionTime), /Z$/);
  assert.deepEqual(await ask('supplyDefenseDocument', told, document), supplied);
  assert.equal(code(await ask('supplyDefenseDocument', told, evidence('%PDF-1.4 another'))), 'F ORDER_STATUS_INVALID');
  assert.equal(code(await ask('acceptDispute', told)), 'F ORDER_STATUS_INVALID');
  const file = await ask('downloadDisputeEvidence', told, { disputeEvidenceType: 'DISPUTE_EVIDENCE_FILE' });
  assert.deepEqual([file.disputeEvidenceFormat, file.disputeEvidence], ['PDF', document.disputeEvidence]);
  await m.world.advance(0);
  assert.deepEqual(kindsOf(told), ['DISPUTE_CREATED', 'DEFENSE_SUPPLIED']);
});

test('accepted: it is lost, and told as accepted, once', async () => {
  const told = await disputed(4_000);
  const [one, other] = await Promise.all([ask('acceptDispute', told), ask('acceptDispute', told)]);
  assert.match([code(one), code(other)].sort().join(), /S SUCCESS|U PROCESSING/);
  assert.equal(code(await ask('acceptDispute', told)), 'S SUCCESS');
  await m.world.advance(2);
  assert.deepEqual(kindsOf(told), ['DISPUTE_CREATED', 'DISPUTE_ACCEPTED']);
  const accepted = m.toldOf('DISPUTE_ACCEPTED').find(({ disputeId }) => disputeId === told.disputeId);
  assert.equal(accepted?.disputeJudgedResult, 'ACCEPT_BY_MERCHANT');
});

test('left alone: reminded before the time runs out, then judged', async () => {
  const told = await disputed(3_000);
  await m.world.advance(60);
  const [created, due, ...rest] = kindsOf(told);
  assert.deepEqual([created, due, rest.at(-1)], ['DISPUTE_CREATED', 'DEFENSE_DUE_ALERT', 'DISPUTE_JUDGED']);
  const judged = m.toldOf('DISPUTE_JUDGED').find(({ disputeId }) => disputeId === told.disputeId);
  assert.equal(judged?.disputeJudgedResult, 'VALIDATE_FAIL');
});

test('what is nobody’s, or another marketplace’s, is not there; a settlement waits for the case', async () => {
  for (const disputeId of ['dsp_1', `dsp_${'0'.repeat(32)}`])
    assert.equal(code(await m.ams.call('payments/acceptDispute', { disputeId })), 'F ORDER_NOT_EXIST');
  assert.equal(code(await m.ams.call('payments/acceptDispute', {})), 'F PARAM_ILLEGAL');
  const told = await disputed(2_000);
  const settled = await m.ams.call('payments/settle', {
    settlementRequestId: 'disputed',
    paymentId: told.paymentId,
    settlementDetails: [{ settleTo: 'SELLER', settlementAmount: usd(2_000) }],
  });
  assert.equal(code(settled), 'F ORDER_STATUS_INVALID');
});
