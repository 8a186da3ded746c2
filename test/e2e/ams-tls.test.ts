/** The whole life of an order's money over TLS, by a client written from the documentation alone. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { after, before, test } from 'node:test';
import { CARDS } from '../../stories/story.ts';
import type { AmsAnswer } from './ams-client.ts';
import { type AmsMarket, code, openAmsMarket, split, usd } from './ams-market.ts';

let m: AmsMarket;
before(async () => {
  m = await openAmsMarket('Over TLS', '5X00000000000009', { tls: true });
});
after(() => m?.end());

test('the client shares no code with what it tests: it stands on Node alone', () => {
  const source = readFileSync(new URL('./ams-client.ts', import.meta.url), 'utf8');
  const imported = [...source.matchAll(/from '(?:node:)?([^']+)'/g)].map(([, name]) => name as string);
  assert.ok(imported.length > 0);
  assert.deepEqual(
    imported.filter((name) => !builtinModules.includes(name)),
    [],
  );
});

/** What a seller and the marketplace (no name) may pay out, in cents. */
async function free(referenceMerchantId?: string): Promise<number> {
  const { accountBalances } = await m.ams.call('accounts/inquireBalance', { referenceMerchantId });
  const balances = accountBalances as { currency: string; availableBalance: { value: string } }[];
  return Number(balances.find(({ currency }) => currency === 'USD')?.availableBalance.value);
}

test('pay, inquiry, capture, refund, settle, payout', async () => {
  assert.equal(new URL(m.world.addresses.amsTls).protocol, 'https:');
  const call = (operation: string, body: object): Promise<AmsAnswer> => m.ams.call(operation, body);
  const paid = await call('payments/pay', {
    productCode: 'CASHIER_PAYMENT',
    paymentRequestId: 'whole-1',
    order: {
      referenceOrderId: 'WHOLE-1',
      orderDescription: 'Lamps',
      orderAmount: usd(25_000),
      merchant: { referenceMerchantId: 'SELLER-1' },
    },
    paymentAmount: usd(25_000),
    paymentMethod: { paymentMethodType: 'CARD', paymentMethodId: await m.world.tokenize(m.market.id, CARDS.visa) },
    paymentFactor: { captureMode: 'MANUAL' },
    settlementStrategy: { settlementCurrency: 'USD' },
    env: { terminalType: 'WEB' },
  });
  assert.equal(code(paid), 'S SUCCESS');
  const { paymentId } = paid;
  const capture = (id: string, cents: number, isLastCapture: boolean) =>
    call('payments/capture', { captureRequestId: id, paymentId, captureAmount: usd(cents), isLastCapture });
  assert.equal(code(await capture('whole-c1', 15_000, false)), 'S SUCCESS');
  assert.equal(code(await capture('whole-c2', 9_000, true)), 'S SUCCESS');

  const refund = { refundRequestId: 'whole-r1', paymentId, refundAmount: usd(4_000) };
  assert.equal(code(await call('payments/refund', refund)), 'S SUCCESS');
  const inquiry = await call('payments/inquiryPayment', { paymentRequestId: 'whole-1' });
  assert.equal(inquiry.paymentStatus, 'SUCCESS');
  assert.deepEqual(
    (inquiry.transactions as { transactionType: string; transactionAmount: object }[]).map((each) => [
      each.transactionType,
      each.transactionAmount,
    ]),
    [
      ['AUTHORIZATION', usd(25_000)],
      ['CAPTURE', usd(15_000)],
      ['CAPTURE', usd(9_000)],
      ['REFUND', usd(4_000)],
    ],
  );

  const settlement = { settlementRequestId: 'whole-s1', paymentId, settlementDetails: split(19_000, 1_000) };
  assert.equal(code(await call('payments/settle', settlement)), 'F ORDER_STATUS_INVALID');
  await m.world.advance(11);
  assert.ok(Date.parse(String(inquiry.earliestSettlementTime)) <= Date.parse(await m.world.now()));
  const settled = await call('payments/settle', { ...settlement, settlementRequestId: 'whole-s2' });
  assert.equal(code(settled), 'S SUCCESS');
  assert.deepEqual([await free('SELLER-1'), await free()], [19_000, 1_000]);

  const payout = {
    transferRequestId: 'whole-p1',
    transferFromDetail: {
      transferFromMethod: { paymentMethodType: 'BALANCE_ACCOUNT', paymentMethodId: 'SELLER-1' },
      transferFromAmount: usd(19_000),
    },
    transferToDetail: { transferToMethod: { paymentMethodType: 'SETTLEMENT_CARD' }, transferToCurrency: 'USD' },
  };
  const sent = await call('funds/createPayout', payout);
  assert.equal(code(sent), 'U PROCESSING');
  await m.world.advance(5);
  const booked = await call('funds/createPayout', payout);
  assert.deepEqual([code(booked), booked.transferId], ['S SUCCESS', sent.transferId]);
  assert.equal(await free('SELLER-1'), 0);

  const kinds = new Set(m.told.map(({ notifyType }) => notifyType));
  for (const kind of ['PAYMENT_RESULT', 'CAPTURE_RESULT', 'REFUND_RESULT', 'SETTLEMENT_RESULT', 'PAYOUT_RESULT'])
    assert.ok(kinds.has(kind), kind);
  const { laws } = await m.world.operator.get<{ laws: { law: string; ok: boolean; alarm: boolean }[] }>(
    '/v1/ledger/check',
  );
  assert.deepEqual(
    laws.filter((law) => !law.ok && !law.alarm),
    [],
  );
});
