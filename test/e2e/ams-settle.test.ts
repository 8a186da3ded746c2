/** Settling held value, the balances that come of it, and what leaves them: over the wire, with repeats, races and wrong sums. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CARDS } from '../../stories/story.ts';
import type { OrderView } from '../../stories/views.ts';
import type { AmsAnswer } from './ams-client.ts';
import { type AmsMarket, code, openAmsMarket, split, usd } from './ams-market.ts';

let m: AmsMarket;
before(async () => {
  m = await openAmsMarket('Settled', '5X00000000000003');
});
after(() => m?.end());

const settle = (id: string, paymentId: unknown, settlementDetails: object[]): Promise<AmsAnswer> =>
  m.ams.call('payments/settle', { settlementRequestId: id, paymentId, settlementDetails });
interface Balance {
  readonly currency: string;
  readonly availableBalance: { value: string };
  readonly frozenBalance: { value: string };
  readonly totalBalance: { value: string };
}
async function balance(referenceMerchantId?: string): Promise<[number, number, number]> {
  const answer = await m.ams.call('accounts/inquireBalance', { referenceMerchantId });
  assert.equal(code(answer), 'S SUCCESS');
  const usdOnly = (answer.accountBalances as Balance[]).find(({ currency }) => currency === 'USD') as Balance;
  const { availableBalance, frozenBalance, totalBalance } = usdOnly;
  return [Number(availableBalance.value), Number(frozenBalance.value), Number(totalBalance.value)];
}
const orderOf = async (payment: AmsAnswer): Promise<OrderView> => {
  const { data } = await m.market.api.get<{ data: OrderView[] }>(`/v1/orders?q=${String(payment.paymentRequestId)}`);
  return data[0] as OrderView;
};

describe('settle', () => {
  test('not before the buyer’s protection ends; then once, as instructed, and told to each side', async () => {
    const paid = await m.paid(10_000);
    assert.deepEqual(await balance('SELLER-1'), [0, 10_000, 10_000]);
    await m.world.advance(0);
    const told = m.toldOf('PAYMENT_RESULT').find(({ paymentId }) => paymentId === paid.paymentId);
    const inquiry = await m.ams.call('payments/inquiryPayment', { paymentId: paid.paymentId });
    assert.match(String(inquiry.earliestSettlementTime), /Z$/);
    assert.equal(told?.earliestSettlementTime, inquiry.earliestSettlementTime);
    assert.equal(code(await settle('early', paid.paymentId, split(9_000, 1_000))), 'F ORDER_STATUS_INVALID');
    await m.world.advance(11);
    assert.equal(code(await settle('sum', paid.paymentId, split(9_000, 999))), 'F PARAM_ILLEGAL');
    const settled = await settle('right', paid.paymentId, split(9_000, 1_000));
    assert.equal(code(settled), 'S SUCCESS');
    assert.deepEqual(await settle('right', paid.paymentId, split(9_000, 1_000)), settled);
    assert.equal(code(await settle('right', paid.paymentId, split(8_000, 2_000))), 'F REPEAT_REQ_INCONSISTENT');
    assert.equal(code(await settle('again', paid.paymentId, split(9_000, 1_000))), 'F ORDER_STATUS_INVALID');
    assert.deepEqual(await balance('SELLER-1'), [9_000, 0, 9_000]);
    assert.deepEqual(await balance(), [1_000, 0, 1_000]);
    const order = await orderOf(paid);
    assert.deepEqual([order.state, order.released.value], ['released', '9000']);
    await m.world.advance(0);
    const sides = m
      .toldOf('SETTLEMENT_RESULT')
      .filter(({ paymentId }) => paymentId === paid.paymentId)
      .sort((one, other) => String(other.settleTo).localeCompare(String(one.settleTo)));
    assert.deepEqual(
      sides.map(({ settleTo, referenceMerchantId, settlementAmount }) => [
        settleTo,
        referenceMerchantId,
        settlementAmount,
      ]),
      [
        ['SELLER', 'SELLER-1', usd(9_000)],
        ['MARKETPLACE', undefined, usd(1_000)],
      ],
    );
  });

  test('an order that REST says was received can be settled at once, without what was refunded', async () => {
    const paid = await m.paid(5_000);
    const { id } = await orderOf(paid);
    await m.market.api.post(`/v1/orders/${id}/ship`, { carrier: 'SF', trackingNumber: '1' });
    const refund = { refundRequestId: 's-r1', paymentId: paid.paymentId, refundAmount: usd(1_000) };
    assert.equal(code(await m.ams.call('payments/refund', refund)), 'S SUCCESS');
    assert.equal(code(await settle('shipped', paid.paymentId, split(4_000, 0))), 'F ORDER_STATUS_INVALID');
  });

  test('of an order that was declined first, the payment that paid is settled and told', async () => {
    const pay = async (id: string, card: string) =>
      m.ams.call('payments/pay', {
        productCode: 'CASHIER_PAYMENT',
        paymentRequestId: id,
        order: {
          referenceOrderId: 'declined-first',
          orderDescription: 'Lamps',
          orderAmount: usd(4_100),
          merchant: { referenceMerchantId: 'SELLER-1' },
        },
        paymentAmount: usd(4_100),
        paymentMethod: { paymentMethodType: 'CARD', paymentMethodId: card },
        env: { terminalType: 'WEB' },
      });
    const unpaid = await pay('d1', `tok_${'0'.repeat(32)}`);
    assert.equal(code(unpaid), 'F INVALID_TOKEN');
    const failed = await m.ams.call('payments/inquiryPayment', { paymentRequestId: 'd1' });
    assert.equal(failed.paymentStatus, 'FAIL');
    const paid = await pay('d2', await m.world.tokenize(m.market.id, CARDS.visa));
    assert.equal(code(paid), 'S SUCCESS');
    await m.world.advance(11);
    assert.equal(code(await settle('d-1', failed.paymentId, split(4_100, 0))), 'F ORDER_UNPAID');
    assert.equal(code(await settle('d-2', paid.paymentId, split(4_100, 0))), 'S SUCCESS');
    await m.world.advance(0);
    const told = m.toldOf('SETTLEMENT_RESULT').filter(({ paymentRequestId }) => /^d\d$/.test(String(paymentRequestId)));
    assert.deepEqual(
      told.map(({ paymentId }) => paymentId),
      [paid.paymentId],
    );
  });

  test('two at once settle once; a refund beside one: one of them', async () => {
    const [both, mixed] = [await m.paid(3_000), await m.paid(2_000)];
    await m.world.advance(11);
    const two = await Promise.all(['a', 'b'].map((id) => settle(`race-${id}`, both.paymentId, split(2_500, 500))));
    assert.deepEqual(two.map(code).sort(), ['F ORDER_STATUS_INVALID', 'S SUCCESS']);
    const same = await Promise.all([1, 2, 3].map(() => settle('race-same', mixed.paymentId, split(1_500, 500))));
    const refund = { refundRequestId: 's-r2', paymentId: mixed.paymentId, refundAmount: usd(2_000) };
    for (const each of same) assert.match(code(each), /^(S SUCCESS|U PROCESSING|U UNKNOWN_EXCEPTION)$/);
    const [settled, refunded] = await Promise.all([
      settle('race-same', mixed.paymentId, split(1_500, 500)),
      m.ams.call('payments/refund', refund),
    ]);
    assert.equal(code(settled), 'S SUCCESS');
    assert.notEqual(refunded.result.resultStatus, 'S');
    const last = await m.paid(4_000);
    await m.world.advance(11);
    const [one, other] = await Promise.all([
      settle('race-last', last.paymentId, split(4_000, 0)),
      m.ams.call('payments/refund', {
        ...refund,
        refundRequestId: 's-r3',
        paymentId: last.paymentId,
        refundAmount: usd(4_000),
      }),
    ]);
    await m.world.advance(1);
    const { state } = await orderOf(last);
    const outcome = [one, other].map(({ result }) => result.resultStatus);
    assert.ok(
      (state === 'released' && outcome[0] === 'S') || (state === 'refunded' && outcome[1] === 'S'),
      `${state} ${outcome}`,
    );
  });

  test('each wrong field is named', async () => {
    const paid = await m.paid(1_000);
    const [half] = split(1_000, 0) as [object];
    const cases: [string, object, string][] = [
      ['no details', { settlementDetails: [] }, 'F PARAM_ILLEGAL'],
      ['no list', { settlementDetails: 'SELLER' }, 'F PARAM_ILLEGAL'],
      ['too many', { settlementDetails: Array(21).fill(half) }, 'F PARAM_ILLEGAL'],
      ['side', { settlementDetails: [{ ...half, settleTo: 'BUYER' }] }, 'F PARAM_ILLEGAL'],
      ['nothing', { settlementDetails: [{ ...half, settlementAmount: usd(0) }] }, 'F PARAM_ILLEGAL'],
      [
        'mixed',
        { settlementDetails: [half, { ...half, settlementAmount: { currency: 'EUR', value: '1' } }] },
        'F PARAM_ILLEGAL',
      ],
      ['payment', { paymentId: 'amp_0', settlementDetails: [half] }, 'F ORDER_NOT_EXIST'],
    ];
    for (const [what, fields, expected] of cases) {
      const answer = await m.ams.call('payments/settle', {
        settlementRequestId: what,
        paymentId: paid.paymentId,
        ...fields,
      });
      assert.equal(code(answer), expected, what);
    }
  });
});

describe('refunds after the settlement', () => {
  test('out of what each side was given, as instructed, once; never more than that, nor than was paid', async () => {
    const paid = await m.paid(6_000);
    await m.world.advance(11);
    const refund = (id: string, cents: number, details: [string, number][]): Promise<AmsAnswer> =>
      m.ams.call('payments/refund', {
        refundRequestId: id,
        paymentId: paid.paymentId,
        refundAmount: usd(cents),
        refundDetails: details.map(([refundFrom, part]) => ({ refundFrom, refundAmount: usd(part) })),
      });
    assert.equal(code(await refund('l0', 500, [['SELLER', 500]])), 'F PARAM_ILLEGAL');
    assert.equal(code(await refund('l1', 1_000, [['UNSETTLED_FUNDS', 1_000]])), 'S SUCCESS');
    assert.equal(code(await settle('later', paid.paymentId, split(4_000, 1_000))), 'S SUCCESS');
    const [own, seller] = [await balance(), await balance('SELLER-1')];
    assert.equal(code(await refund('l2', 1_500, [])), 'F ORDER_STATUS_INVALID');
    assert.equal(code(await refund('l3', 1_500, [['SELLER', 1_000]])), 'F PARAM_ILLEGAL');
    assert.equal(
      code(
        await refund('l4', 10, [
          ['SELLER', 5],
          ['UNSETTLED_FUNDS', 5],
        ]),
      ),
      'F PARAM_ILLEGAL',
    );
    const parts: [string, number][] = [
      ['SELLER', 1_200],
      ['MARKETPLACE', 300],
    ];
    const given = await refund('l5', 1_500, parts);
    assert.equal(code(given), 'S SUCCESS');
    assert.deepEqual(await refund('l5', 1_500, parts), given);
    assert.equal(code(await refund('l5', 1_500, [['SELLER', 1_500]])), 'F REPEAT_REQ_INCONSISTENT');
    assert.deepEqual([(await balance())[0], (await balance('SELLER-1'))[0]], [own[0] - 300, seller[0] - 1_200]);
    assert.equal(code(await refund('l6', 3_501, [['SELLER', 3_501]])), 'F REFUND_AMOUNT_EXCEED');
    const order = await orderOf(paid);
    assert.deepEqual([order.state, order.released.value, order.refunded.value], ['released', '4000', '2500']);
    const more = (await balance())[0] + 1;
    if (more <= 3_500)
      assert.equal(code(await refund('l7', more, [['MARKETPLACE', more]])), 'F MERCHANT_BALANCE_NOT_ENOUGH');
    const two = await Promise.all(['l8', 'l9'].map((id) => refund(id, 3_000, [['SELLER', 3_000]])));
    assert.equal(two.filter(({ result }) => result.resultStatus === 'S').length, 1);
  });
});

const move = (id: string, cents: number, names: { from?: string; to?: string }, currency = 'USD') => ({
  transferRequestId: id,
  transferFromDetail: {
    transferFromMethod: { paymentMethodType: 'BALANCE_ACCOUNT', paymentMethodId: names.from },
    transferFromAmount: usd(cents),
  },
  transferToDetail: {
    transferToMethod: { paymentMethodType: 'BALANCE_ACCOUNT', paymentMethodId: names.to },
    transferToCurrency: currency,
    purposeCode: 'GSD',
    transferRemark: 'bonus',
  },
});

describe('funds', () => {
  test('a transfer: from the marketplace to a seller and back, once, never below zero, told', async () => {
    const [own, seller] = [await balance(), await balance('SELLER-1')];
    const request = move('t1', 300, { to: 'SELLER-1' });
    const moved = await m.ams.call('funds/createTransfer', request);
    assert.equal(code(moved), 'S SUCCESS');
    assert.deepEqual(await m.ams.call('funds/createTransfer', request), moved);
    assert.deepEqual([(await balance())[0], (await balance('SELLER-1'))[0]], [own[0] - 300, seller[0] + 300]);
    assert.equal(
      code(await m.ams.call('funds/createTransfer', move('t1', 301, { to: 'SELLER-1' }))),
      'F REPEAT_REQ_INCONSISTENT',
    );
    assert.equal(code(await m.ams.call('funds/createTransfer', move('t2', 300, { from: 'SELLER-1' }))), 'S SUCCESS');
    assert.equal(
      code(await m.ams.call('funds/createTransfer', move('t3', own[0] + 1, { to: 'SELLER-1' }))),
      'F BALANCE_NOT_ENOUGH',
    );
    assert.equal(code(await m.ams.call('funds/createTransfer', move('t4', 1, {}))), 'F PARAM_ILLEGAL');
    assert.equal(
      code(await m.ams.call('funds/createTransfer', move('t5', 1, { to: 'NOBODY' }))),
      'F MERCHANT_NOT_REGISTERED',
    );
    assert.deepEqual([(await balance())[0], (await balance('SELLER-1'))[0]], [own[0], seller[0]]);
    await m.world.advance(0);
    const [told] = m.toldOf('TRANSFER_RESULT').filter(({ transferRequestId }) => transferRequestId === 't1');
    assert.equal(told?.transferId, moved.transferId);
    assert.deepEqual(told?.transferToDetail, moved.transferToDetail);
  });

  test('into another currency at a quote; the balance is there', async () => {
    const moved = await m.ams.call('funds/createTransfer', move('fx1', 100, { to: 'SELLER-1' }, 'EUR'));
    assert.equal(code(moved), 'S SUCCESS');
    const { actualTransferToAmount } = moved.transferToDetail as {
      actualTransferToAmount: { currency: string; value: string };
    };
    assert.equal(actualTransferToAmount.currency, 'EUR');
    const { accountBalances } = await m.ams.call('accounts/inquireBalance', { referenceMerchantId: 'SELLER-1' });
    const euros = (accountBalances as Balance[]).find(({ currency }) => currency === 'EUR');
    assert.equal(euros?.availableBalance.value, actualTransferToAmount.value);
    assert.equal(
      code(await m.ams.call('funds/createTransfer', move('fx2', 100, { to: 'SELLER-1' }, 'XXX'))),
      'F CURRENCY_NOT_SUPPORT',
    );
  });

  test('a payout: in process until the bank has booked it; never more than is free', async () => {
    const [free] = await balance('SELLER-1');
    const request = (id: string, cents: number, from?: string) => {
      const { transferToDetail, ...rest } = move(id, cents, from === undefined ? {} : { from });
      const transferToMethod = { paymentMethodType: 'SETTLEMENT_CARD' };
      return { ...rest, transferToDetail: { ...transferToDetail, transferToMethod } };
    };
    assert.equal(
      code(await m.ams.call('funds/createPayout', request('p0', free + 1, 'SELLER-1'))),
      'F BALANCE_NOT_ENOUGH',
    );
    assert.equal(code(await m.ams.call('funds/createPayout', request('pm', 1))), 'F CONTRACT_CHECK_FAIL');
    const sent = await m.ams.call('funds/createPayout', request('p1', 500, 'SELLER-1'));
    assert.equal(code(sent), 'U PROCESSING');
    assert.equal((await balance('SELLER-1'))[0], free - 500);
    await m.world.advance(5);
    const paid = await m.ams.call('funds/createPayout', request('p1', 500, 'SELLER-1'));
    assert.deepEqual([code(paid), paid.transferId], ['S SUCCESS', sent.transferId]);
    const told = m.toldOf('PAYOUT_RESULT').filter(({ transferRequestId }) => transferRequestId === 'p1');
    assert.deepEqual(
      told.map(({ transferId }) => transferId),
      [sent.transferId],
    );
  });

  test('whose balance it is must be known; every law holds', async () => {
    const unknown = await m.ams.call('accounts/inquireBalance', { referenceMerchantId: 'NOBODY' });
    assert.equal(code(unknown), 'F MERCHANT_NOT_REGISTERED');
    const check = await m.world.operator.get<{
      ok: boolean;
      laws: { law: string; ok: boolean; alarm: boolean; findings: string[] }[];
    }>('/v1/ledger/check');
    assert.deepEqual(
      check.laws.filter((law) => !law.ok && !law.alarm),
      [],
    );
  });
});
