/** What the hub asks of a wallet, over HTTP with a hub in memory: effects, repeats, refusals, ends. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  type Answered,
  type Body,
  byCode,
  codeOf,
  NOTIFY,
  payRequest,
  S,
  SCAN_PATH,
  shownCode,
  startWallets,
} from './test-wallets.ts';

const world = await startWallets();
after(() => world.close());
const TNG = 'tng';

const balanceOf = async (walletId: string, account = 'demo'): Promise<bigint> => {
  const { body } = await world.admin('GET', `users?walletId=${walletId}`);
  const found = (body.users as Body[]).find((user) => user.account === account);
  return BigInt(String(found?.balance));
};
const user = (walletId: string, account: string, changes: Body = {}) =>
  world.admin('POST', 'users', { walletId, account, ...changes });
const pay = (body: Body, walletId = TNG): Promise<Answered> => world.call(walletId, 'pay', body);
const paidByCode = async (changes: Body = {}, account = 'demo'): Promise<Body> => {
  const asked = payRequest({ ...byCode(await shownCode(world, TNG, account)), ...changes });
  const answer = await pay(asked);
  assert.equal(codeOf(answer), 'SUCCESS', answer.text);
  return asked;
};

test('a payment by code debits once; the same request is answered the same, another one is inconsistent', async () => {
  await user(TNG, 'amy', { balance: '100000' });
  const asked = payRequest(byCode(await shownCode(world, TNG, 'amy')));
  const first = await pay(asked);
  assert.deepEqual([first.status, first.verified, codeOf(first)], [200, true, 'SUCCESS']);
  assert.match(String(first.body.paymentTime), /^2026-01-05T17:00:00\+08:00$/);
  assert.equal(first.body.walletBrandName, 'TNG');
  const again = await pay(asked);
  assert.deepEqual(again.body, first.body);
  assert.equal(await balanceOf(TNG, 'amy'), 100_000n - 12_036n);
  const other = await pay({ ...asked, payToAmount: { currency: 'MYR', value: '12037' } });
  assert.equal(codeOf(other), 'REPEAT_REQ_INCONSISTENT');
  const asks = await world.call(TNG, 'inquiryPayment', { paymentRequestId: asked.paymentRequestId });
  assert.deepEqual([codeOf(asks), codeOf(asks, 'paymentResult')], ['SUCCESS', 'SUCCESS']);
  assert.equal(asks.body.paymentId, first.body.paymentId);
});

test('a code is good once, for its minute, and only where it was given', async () => {
  const code = await shownCode(world, TNG);
  assert.equal(codeOf(await pay(payRequest(byCode(code)))), 'SUCCESS');
  assert.equal(codeOf(await pay(payRequest(byCode(code)))), 'INVALID_CODE');
  const late = await shownCode(world, TNG);
  await world.advance(60_000);
  assert.equal(codeOf(await pay(payRequest(byCode(late)))), 'EXPIRED_CODE');
  const foreign = await shownCode(world, 'gcash');
  assert.equal(codeOf(await pay(payRequest(byCode(foreign)))), 'INVALID_CODE');
});

test('fields that are wrong are told and leave nothing behind', async () => {
  const code = await shownCode(world, TNG);
  const wrong: [Body, string][] = [
    [{ payToAmount: { currency: 'MYR', value: '12.36' } }, 'PARAM_ILLEGAL'],
    [{ payToAmount: { currency: 'MYR', value: '0' } }, 'PARAM_ILLEGAL'],
    [{ paymentAmount: { currency: 'JPX', value: '1' } }, 'PARAM_ILLEGAL'],
    [{ pspId: '1022170000000000000' }, 'PARAM_ILLEGAL'],
    [{ order: {} }, 'PARAM_ILLEGAL'],
    [{ paymentFactor: {} }, 'PARAM_ILLEGAL'],
    [{ paymentExpiryTime: 'soon' }, 'PARAM_ILLEGAL'],
    [{ payToAmount: { currency: 'SGD', value: '12036' } }, 'CURRENCY_NOT_SUPPORT'],
    [{ paymentExpiryTime: '2026-01-05T10:00:00+08:00' }, 'ORDER_IS_CLOSED'],
  ];
  for (const [changes, expected] of wrong) {
    const asked = payRequest({ ...byCode(code), ...changes });
    assert.equal(codeOf(await pay(asked)), expected, JSON.stringify(changes));
    const asks = await world.call(TNG, 'inquiryPayment', { paymentRequestId: asked.paymentRequestId });
    assert.equal(codeOf(asks), 'ORDER_NOT_EXIST');
  }
  assert.equal(codeOf(await pay(payRequest(byCode(code)))), 'SUCCESS');
  const rupiah = payRequest({
    ...{ pspId: '1022166000000000001', payToAmount: { currency: 'IDR', value: '43210050' } },
    paymentFactor: { isCashierPayment: true },
  });
  assert.equal(codeOf(await pay(rupiah, 'dana')), 'PARAM_ILLEGAL');
});

test('a wallet refuses what it does not offer', async () => {
  const dana = payRequest({ pspId: '1022166000000000001', payToAmount: { currency: 'IDR', value: '43210000' } });
  assert.equal(codeOf(await pay(dana, 'dana')), 'BUSINESS_NOT_SUPPORT');
});

test('limits refuse with who set them; balance, freeze and ordered declines too, for good', async () => {
  await user('alipay-hk', 'ben', { balance: '100000000' });
  const hk = async (value: string): Promise<Answered> =>
    pay(
      payRequest({
        ...byCode(await shownCode(world, 'alipay-hk', 'ben')),
        ...{ pspId: '1022160000000000000', payToAmount: { currency: 'HKD', value } },
      }),
      'alipay-hk',
    );
  const tooMuch = await hk('5000001');
  assert.equal(codeOf(tooMuch), 'PAYMENT_AMOUNT_EXCEED_LIMIT');
  assert.match(tooMuch.text, /HKD 50000\.00, set by AlipayHK/);
  assert.deepEqual(tooMuch.body.limit, {
    ...{ setBy: 'AlipayHK', per: 'payment', kind: 'max' },
    amount: { currency: 'HKD', value: '5000000' },
  });
  for (let paid = 0; paid < 4; paid += 1) assert.equal(codeOf(await hk('5000000')), 'SUCCESS');
  assert.equal(codeOf(await hk('1')), 'USER_AMOUNT_EXCEED_LIMIT');

  await user(TNG, 'cat', { balance: '12035' });
  const poor = payRequest(byCode(await shownCode(world, TNG, 'cat')));
  assert.equal(codeOf(await pay(poor)), 'USER_BALANCE_NOT_ENOUGH');
  await user(TNG, 'cat', { balance: '99999' });
  assert.equal(codeOf(await pay(poor)), 'USER_BALANCE_NOT_ENOUGH', 'a refused payment stays refused');
  await user(TNG, 'cat', { status: 'frozen' });
  assert.equal(codeOf(await pay(payRequest(byCode(await shownCode(world, TNG, 'cat'))))), 'USER_STATUS_ABNORMAL');
  await user(TNG, 'cat', { status: 'active' });
  await world.admin('POST', 'declines', { resultCode: 'RISK_REJECT', walletId: TNG, account: 'cat' });
  assert.equal(codeOf(await pay(payRequest(byCode(await shownCode(world, TNG, 'cat'))))), 'RISK_REJECT');
  await paidByCode({}, 'cat');
  assert.equal(await balanceOf(TNG, 'cat'), 99_999n - 12_036n);
});

test('above the person’s amount the wallet asks for the PIN, then notifies; three wrong PINs refuse', async () => {
  await user(TNG, 'dee', { balance: '50000', pinAbove: '10000' });
  const asked = payRequest(byCode(await shownCode(world, TNG, 'dee')));
  const waiting = await pay(asked);
  assert.equal(codeOf(waiting), 'PAYMENT_IN_PROCESS');
  assert.equal(await balanceOf(TNG, 'dee'), 50_000n);
  const confirm = (paymentId: unknown, pin: string) =>
    world.admin('POST', 'confirmations', { walletId: TNG, account: 'dee', paymentId, pin });
  assert.equal((await confirm(waiting.body.paymentId, '111111')).body.error, 'wrong_pin');
  const before = world.hub.asked.length;
  assert.equal((await confirm(waiting.body.paymentId, '246810')).status, 200);
  await world.advance(1_000);
  const [told] = world.hub.asked.slice(before);
  assert.deepEqual([told?.path, told?.verified], [NOTIFY, true]);
  assert.deepEqual(told?.body.paymentResult, S);
  assert.equal(told?.body.paymentRequestId, asked.paymentRequestId);
  assert.equal(codeOf(await pay(asked)), 'SUCCESS');
  assert.equal(await balanceOf(TNG, 'dee'), 50_000n - 12_036n);

  const second = await pay(payRequest(byCode(await shownCode(world, TNG, 'dee'))));
  for (const pin of ['1', '2', '3']) await confirm(second.body.paymentId, pin);
  const asks = await world.call(TNG, 'inquiryPayment', { paymentId: second.body.paymentId });
  assert.equal(codeOf(asks, 'paymentResult'), 'USER_PAYMENT_VERIFICATION_FAILED');
  await world.advance(1_000);
});

test('a cashier’s payment waits for whoever opens its address, and lapses', async () => {
  const asked = payRequest({
    paymentFactor: { isCashierPayment: 'true' },
    paymentNotifyUrl: `${world.hub.url}/elsewhere`,
  });
  const waiting = await pay(asked);
  assert.equal(codeOf(waiting), 'PAYMENT_IN_PROCESS');
  const page = await fetch(String(waiting.body.paymentUrl));
  assert.match(await page.text(), /Who pays\?/);
  const before = world.hub.asked.length;
  await world.advance(10 * 60_000);
  const told = world.hub.asked.slice(before);
  assert.deepEqual(
    told.map(({ path, body }) => [path, (body.paymentResult as Body).resultCode]),
    [['/elsewhere', 'ORDER_IS_CLOSED']],
  );
});

test('cancel gives everything back until 00:30 UTC+8, and closes what has not come yet', async () => {
  await user(TNG, 'eve', { balance: '50000' });
  const asked = await paidByCode({}, 'eve');
  const of = { paymentRequestId: asked.paymentRequestId };
  assert.equal(codeOf(await world.call(TNG, 'cancelPayment', of)), 'SUCCESS');
  assert.equal(codeOf(await world.call(TNG, 'cancelPayment', of)), 'SUCCESS');
  assert.equal(await balanceOf(TNG, 'eve'), 50_000n);
  assert.equal(codeOf(await world.call(TNG, 'inquiryPayment', of), 'paymentResult'), 'ORDER_IS_CLOSED');
  assert.equal(codeOf(await pay(asked)), 'ORDER_IS_CLOSED');

  const late = await paidByCode({}, 'eve');
  // Midnight in UTC+8 is 16:00Z; it is some time after 09:00Z.
  const cutOff = Date.parse('2026-01-05T16:30:00.000Z');
  await world.advance(cutOff - world.nowMs());
  const inTime = await world.call(TNG, 'cancelPayment', { paymentRequestId: late.paymentRequestId });
  assert.equal(codeOf(inTime), 'SUCCESS');
  const next = await paidByCode({}, 'eve');
  await world.advance(86_400_000 + 1);
  const tooLate = await world.call(TNG, 'cancelPayment', { paymentRequestId: next.paymentRequestId });
  assert.equal(codeOf(tooLate), 'CANCEL_WINDOW_EXCEED');

  const never = payRequest(byCode(await shownCode(world, TNG, 'eve')));
  const early = await world.call(TNG, 'cancelPayment', { paymentRequestId: never.paymentRequestId });
  assert.equal(codeOf(early), 'ORDER_NOT_EXIST');
  assert.equal(codeOf(await pay(never)), 'ORDER_IS_CLOSED');
});

test('a cancel overtakes the answer of a scan: what the hub gave up is not paid', async () => {
  const scanned = payRequest();
  world.hub.answerWith(SCAN_PATH, () => ({ ...scanned, result: S, codeType: 'ORDER_CODE' }));
  await world.call(TNG, 'cancelPayment', { paymentRequestId: scanned.paymentRequestId });
  const { status, body } = await world.admin('POST', 'scans', {
    ...{ walletId: TNG, account: 'demo', code: 'https://qr.example.com/281666040001/z' },
  });
  assert.deepEqual([status, body.message], [422, 'the shop has canceled this payment']);
});

test('one code, one payer: scanned again it is the same payment, by somebody else it is refused', async () => {
  await user(TNG, 'jon');
  const order = payRequest();
  const scan = async (account: string): Promise<Body> => {
    world.hub.answerWith(SCAN_PATH, () => ({ ...order, result: S, codeType: 'ORDER_CODE' }));
    const code = 'https://qr.example.com/281666040001/one';
    return (await world.admin('POST', 'scans', { walletId: TNG, account, code })).body;
  };
  const first = await scan('jon');
  assert.equal(typeof (first.payment as Body).paymentId, 'string');
  assert.deepEqual(await scan('jon'), first);
  assert.equal((await scan('demo')).message, 'this code is being paid by somebody else');
});

test('the same request many times at once debits once; a cancel that races it leaves all or nothing', async () => {
  await user(TNG, 'lea', { balance: '100000' });
  const asked = payRequest(byCode(await shownCode(world, TNG, 'lea')));
  const answers = await Promise.all(Array.from({ length: 6 }, () => pay(asked)));
  assert.deepEqual(new Set(answers.map(({ body }) => body.paymentId)).size, 1);
  assert.equal(await balanceOf(TNG, 'lea'), 100_000n - 12_036n);
  for (let round = 0; round < 4; round += 1) {
    const raced = payRequest(byCode(await shownCode(world, TNG, 'lea')));
    const cancel = () => world.call(TNG, 'cancelPayment', { paymentRequestId: raced.paymentRequestId });
    await Promise.all(round % 2 === 0 ? [cancel(), pay(raced)] : [pay(raced), cancel()]);
    // Whoever was first: after the cancel nothing is paid, and a repeat of either does not change that.
    assert.equal(codeOf(await pay(raced)), 'ORDER_IS_CLOSED');
    assert.equal(await balanceOf(TNG, 'lea'), 100_000n - 12_036n);
  }
});

test('a payment that failed may be canceled, and an address that is none does not stop the notifications', async () => {
  const asked = payRequest({ paymentFactor: { isCashierPayment: true }, paymentNotifyUrl: 'http://[' });
  await pay(asked);
  await world.advance(11 * 60_000);
  const of = { paymentRequestId: asked.paymentRequestId };
  assert.equal(codeOf(await world.call(TNG, 'cancelPayment', of)), 'SUCCESS');
  assert.equal(codeOf(await world.call(TNG, 'inquiryPayment', of), 'paymentResult'), 'ORDER_IS_CLOSED');
});

test('refunds: parts, repeats, sums, windows; the last one brings exactly the rest', async () => {
  await user(TNG, 'fay', { balance: '50000' });
  const asked = await paidByCode({}, 'fay');
  let numbered = 0;
  const refund = (jpy: string, myr: string, changes: Body = {}): Promise<Answered> => {
    numbered += 1;
    const amounts = {
      refundAmount: { currency: 'JPY', value: jpy },
      refundFromAmount: { currency: 'MYR', value: myr },
    };
    const ids = { paymentRequestId: asked.paymentRequestId, refundRequestId: `r-${numbered}` };
    return world.call(TNG, 'refund', { ...ids, ...amounts, ...changes });
  };
  const first = await refund('1000', '3024');
  assert.equal(codeOf(first), 'SUCCESS');
  const again = await refund('1000', '3024', { refundRequestId: 'r-1' });
  assert.equal(again.body.refundId, first.body.refundId);
  assert.equal(codeOf(await refund('1001', '3024', { refundRequestId: 'r-1' })), 'REPEAT_REQ_INCONSISTENT');
  assert.equal(await balanceOf(TNG, 'fay'), 50_000n - 12_036n + 3_024n);
  assert.equal(codeOf(await refund('2981', '9000')), 'REFUND_AMOUNT_EXCEED');
  assert.equal(codeOf(await refund('2980', '9013')), 'REFUND_AMOUNT_EXCEED');
  assert.equal(
    codeOf(await refund('10', '30', { refundFromAmount: { currency: 'SGD', value: '30' } })),
    'CURRENCY_NOT_SUPPORT',
  );
  const cancel = await world.call(TNG, 'cancelPayment', { paymentRequestId: asked.paymentRequestId });
  assert.equal(codeOf(cancel), 'ORDER_STATUS_INVALID');
  await user(TNG, 'fay', { status: 'frozen' });
  assert.equal(codeOf(await refund('2980', '9012')), 'SUCCESS', 'a frozen account is credited');
  assert.equal(await balanceOf(TNG, 'fay'), 50_000n);
  assert.equal(codeOf(await refund('1', '1', { paymentRequestId: 'nothing' })), 'ORDER_NOT_EXIST');
});

test('own fee and own discount are charged to the person and go back in proportion', async () => {
  await user('paypay', 'gus', { balance: '100000' });
  const wallet = world.wallets.list.find('paypay');
  const detail = (fundedBy: string, value: string) => ({
    ...{ promoId: fundedBy, promoName: 'Autumn', promoType: 'DISCOUNT', fundedBy },
    savingsAmount: { currency: 'JPY', value },
  });
  const asked = payRequest({
    ...byCode(await shownCode(world, 'paypay', 'gus')),
    ...{ pspId: wallet?.pspId, paymentAmount: { currency: 'KRW', value: '90000' } },
    payToAmount: { currency: 'JPY', value: '10000' },
    paymentQuote: undefined,
    paymentPromoInfo: { paymentPromoDetails: [detail('WALLET', '300'), detail('HUB', '500')] },
  });
  assert.equal(codeOf(await pay(asked, 'paypay')), 'SUCCESS');
  // 10,000 and 3.85 %, less the wallet's own 300; the hub's 500 are in payToAmount already.
  assert.equal(await balanceOf('paypay', 'gus'), 100_000n - 10_085n);
  const refund = (id: string, krw: string, jpy: string) =>
    world.call('paypay', 'refund', {
      ...{ paymentRequestId: asked.paymentRequestId, refundRequestId: id },
      ...{ refundAmount: { currency: 'KRW', value: krw }, refundFromAmount: { currency: 'JPY', value: jpy } },
    });
  assert.equal(codeOf(await refund('p1', '30000', '3333')), 'SUCCESS');
  assert.equal(await balanceOf('paypay', 'gus'), 100_000n - 10_085n + 3_361n);
  assert.equal(codeOf(await refund('p2', '60000', '6667')), 'SUCCESS');
  assert.equal(await balanceOf('paypay', 'gus'), 100_000n);
});

test('auto debit: a code of the person, a token of the hub, its end', async () => {
  await user(TNG, 'hal', { balance: '50000' });
  const { body } = await world.admin('POST', 'auth-codes', { walletId: TNG, account: 'hal' });
  const applied = await world.call(TNG, 'applyToken', { authCode: body.authCode });
  assert.equal(codeOf(applied), 'SUCCESS');
  const again = await world.call(TNG, 'applyToken', { authCode: body.authCode });
  assert.equal(again.body.accessToken, applied.body.accessToken);
  const asked = () =>
    payRequest({ ...byCode(String(applied.body.accessToken)), paymentFactor: { isAgreementPayment: true } });
  assert.equal(codeOf(await pay(asked())), 'SUCCESS');
  assert.equal(codeOf(await world.call(TNG, 'cancelToken', { accessToken: applied.body.accessToken })), 'SUCCESS');
  assert.equal(codeOf(await pay(asked())), 'INVALID_TOKEN');
  assert.equal(codeOf(await world.call(TNG, 'applyToken', { authCode: 'none' })), 'INVALID_CODE');
  assert.equal(codeOf(await world.call('tosspay', 'applyToken', { authCode: 'x' })), 'BUSINESS_NOT_SUPPORT');
});

test('a token that has run out is followed by another, once; the end ends all of them', async () => {
  await user(TNG, 'ivy', { balance: '50000' });
  const { body } = await world.admin('POST', 'auth-codes', { walletId: TNG, account: 'ivy' });
  const first = (await world.call(TNG, 'applyToken', { authCode: body.authCode })).body;
  const refresh = (refreshToken: unknown) =>
    world.call(TNG, 'applyToken', { grantType: 'REFRESH_TOKEN', refreshToken });
  const second = (await refresh(first.refreshToken)).body;
  assert.notEqual(second.accessToken, first.accessToken);
  assert.deepEqual((await refresh(first.refreshToken)).body.accessToken, second.accessToken);
  const third = (await refresh(second.refreshToken)).body;
  for (const unknown of ['none', first.accessToken]) assert.equal(codeOf(await refresh(unknown)), 'INVALID_TOKEN');
  assert.equal(codeOf(await refresh(undefined)), 'PARAM_ILLEGAL');
  const asked = (token: unknown) =>
    payRequest({ ...byCode(String(token)), paymentFactor: { isAgreementPayment: true } });
  assert.equal(codeOf(await pay(asked(second.accessToken))), 'SUCCESS');
  assert.equal(codeOf(await world.call(TNG, 'cancelToken', { accessToken: third.accessToken })), 'SUCCESS');
  for (const { accessToken } of [first, second, third])
    assert.equal(codeOf(await pay(asked(accessToken))), 'INVALID_TOKEN');
  assert.equal(codeOf(await refresh(third.refreshToken)), 'INVALID_TOKEN');
});

test('one more wallet is data: it works at once', async () => {
  const added = {
    ...{ walletId: 'kiwi-pay', name: 'Kiwi Pay', brandCode: 'KIWI', pspId: 'SBXKIWI00000001', country: 'NZ' },
    ...{ currency: 'NZD', locale: 'en-NZ', colour: '#335511', modes: ['userPresented'], startBalance: '100000' },
  };
  assert.equal((await world.admin('POST', 'wallets', added)).status, 201);
  assert.equal((await world.admin('POST', 'wallets', added)).status, 409);
  assert.equal((await world.admin('POST', 'wallets', { ...added, currency: 'XXX' })).status, 422);
  const asked = payRequest({
    ...byCode(await shownCode(world, 'kiwi-pay')),
    ...{ pspId: added.pspId, payToAmount: { currency: 'NZD', value: '4410' } },
  });
  assert.equal(codeOf(await pay(asked, 'kiwi-pay')), 'SUCCESS');
});

test('every balance is the sum of its movements, and what is owed to the hub adds up', async () => {
  const { body } = await world.admin('GET', 'totals');
  const lines = body.wallets as Body[];
  assert.ok(lines.length >= 5);
  assert.deepEqual(
    lines.filter(({ balancesRight }) => balancesRight !== true),
    [],
  );
  const paypay = lines.find(({ walletId }) => walletId === 'paypay');
  assert.deepEqual([paypay?.paid, paypay?.refunded, paypay?.owedToHub, paypay?.charged], ['10000', '10000', '0', '0']);
  const found = await world.admin('GET', 'transactions?walletId=paypay');
  assert.deepEqual(
    (found.body.transactions as Body[]).map(({ kind }) => kind),
    ['payment', 'refund', 'refund'],
  );
  // A penny that nobody moved is noticed.
  world.wallets.store.run(`update account set balance = balance + 1 where wallet_id = 'paypay' and account = 'gus'`);
  const broken = (await world.admin('GET', 'totals')).body.wallets as Body[];
  assert.equal(broken.find(({ walletId }) => walletId === 'paypay')?.balancesRight, false);
});
