/** What is sent to a wallet, and what each of its answers means. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import {
  OWN_KEY,
  result,
  S,
  type SignedParty,
  signedParty,
  TIME,
  type Wrong,
} from '../../../test/support/signed-party.ts';
import type { Instant } from '../../base/clock.ts';
import { money } from '../../base/money.ts';
import { NetworkFault } from '../ports/network-http.ts';
import type { WalletNetwork, WalletPayRequest, WalletTarget } from '../ports/wallet.ts';
import { createApsWallet } from './index.ts';

const PSP = '1022171000000000001';
const REFERENCE = 'W7K2P9';
const OF = { reference: REFERENCE, acquirer: 'ACQ00000000000001' };

const PAY: WalletPayRequest = {
  ...OF,
  payer: { kind: 'payment_code', code: '281666020123456789012345' },
  amount: money(3_980n, 'JPY'),
  payTo: money(12_036n, 'MYR'),
  quote: {
    id: 'qte_1',
    rate: '0.030241',
    markup: money(119n, 'MYR'),
    from: '2026-11-28T09:00:00.000Z' as Instant,
    until: '2026-11-28T09:10:00.000Z' as Instant,
  },
  discounts: [],
  order: {
    reference: 'order-1',
    description: 'Matcha and two cups',
    shop: { merchantId: 'm1', name: '浅草茶舗', country: 'JP', categoryCode: '5499' },
  },
  expiresAt: '2026-11-28T09:10:00.000Z' as Instant,
  notifyUrl: 'https://hub.example/aps/api/v1/payments/notifyPayment',
};
const PAID = {
  result: S,
  ...{ pspId: PSP, paymentRequestId: REFERENCE, paymentId: 'tng-1', customerId: 'c-1', paymentTime: TIME },
  paymentAmount: { currency: 'JPY', value: '3980' },
  payToAmount: { currency: 'MYR', value: '12036' },
};
const APPROVED = {
  outcome: 'approved',
  walletPaymentId: 'tng-1',
  paidAt: '2026-11-28T09:00:00.000Z',
  customerId: 'c-1',
};
const REFUND = {
  paymentReference: REFERENCE,
  reference: 'R1',
  amount: money(1_000n, 'JPY'),
  payBack: money(3_024n, 'MYR'),
  reason: 'cold',
};

let wallet: SignedParty;
let network: WalletNetwork;
let target: WalletTarget;
beforeEach(() => {
  wallet = signedParty(PSP);
  network = createApsWallet({ http: () => wallet.http, own: OWN_KEY, timeoutMs: 777 });
  target = { participantId: PSP, endpoint: 'http://wallets.example/alipayplus/mpp/tng', keys: wallet.keys };
});

test('a payment by a code, as the wallet’s page needs it', async () => {
  wallet.answer(PAID);
  assert.deepEqual(await network.pay(target, PAY), APPROVED);
  const [sent] = wallet.asked;
  assert.equal(sent?.path, '/alipayplus/mpp/tng/pay');
  assert.deepEqual(sent?.body, {
    acquirerId: OF.acquirer,
    pspId: PSP,
    paymentRequestId: REFERENCE,
    order: {
      referenceOrderId: 'order-1',
      orderDescription: 'Matcha and two cups',
      orderAmount: { currency: 'JPY', value: '3980' },
      merchant: {
        referenceMerchantId: 'm1',
        merchantName: '浅草茶舗',
        merchantMCC: '5499',
        merchantAddress: { region: 'JP' },
      },
    },
    paymentAmount: { currency: 'JPY', value: '3980' },
    payToAmount: { currency: 'MYR', value: '12036' },
    paymentQuote: {
      quoteId: 'qte_1',
      quoteCurrencyPair: 'JPY/MYR',
      quotePrice: '0.030241',
      baseCurrency: 'JPY',
      quoteUnit: '1',
      quoteStartTime: '2026-11-28T09:00:00.000Z',
      quoteExpiryTime: '2026-11-28T09:10:00.000Z',
      markupAmount: { currency: 'MYR', value: '119' },
    },
    paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: '281666020123456789012345' },
    paymentFactor: { isInStorePayment: 'true', inStorePaymentScenario: 'PaymentCode' },
    paymentExpiryTime: '2026-11-28T09:10:00.000Z',
    paymentNotifyUrl: 'https://hub.example/aps/api/v1/payments/notifyPayment',
  });
  assert.deepEqual([sent.request.reference, sent.request.timeoutMs], [REFERENCE, 777]);
});

test('an agreement, a page of the wallet, discounts, a store, one currency', async () => {
  wallet.answer(PAID, PAID);
  const store = { id: 's1', name: '本店' };
  const discounts = [{ id: 'cmp_1', name: 'Golden week', fundedBy: 'HUB' as const, savings: money(300n, 'MYR') }];
  const shop = { ...PAY.order.shop, store };
  const agreed = { ...PAY, payer: { kind: 'agreement', accessToken: 'tok' } as const, discounts };
  await network.pay(target, { ...agreed, quote: null, order: { ...PAY.order, shop } });
  await network.pay(target, { ...PAY, payer: { kind: 'cashier' }, redirectUrl: 'https://shop.example/back' });
  const [byToken, onPage] = wallet.asked.map(({ body }) => body);
  assert.deepEqual(byToken?.paymentMethod, { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: 'tok' });
  assert.deepEqual(byToken?.paymentFactor, { isAgreementPayment: 'true' });
  const savingsAmount = { currency: 'MYR', value: '300' };
  assert.deepEqual(byToken?.paymentPromoInfo, {
    paymentPromoDetails: [
      { promoId: 'cmp_1', promoName: 'Golden week', promoType: 'DISCOUNT', savingsAmount, fundedBy: 'HUB' },
    ],
  });
  assert.ok(byToken !== undefined && !('paymentQuote' in byToken));
  const { merchant } = byToken.order as { merchant: Record<string, unknown> };
  assert.deepEqual(merchant.store, { referenceStoreId: 's1', storeName: '本店' });
  assert.deepEqual(onPage?.paymentMethod, { paymentMethodType: 'CONNECT_WALLET' });
  assert.deepEqual(onPage?.paymentFactor, { isCashierPayment: 'true' });
  assert.equal(onPage?.paymentRedirectUrl, 'https://shop.example/back');
});

const PAY_ANSWERS: readonly (readonly [string, object, object])[] = [
  ['fields nobody knows', { ...PAID, extra: [{ deep: 1 }], riskScore: 7 }, APPROVED],
  ['a code nobody knows that says done', { ...PAID, result: result('S', 'DONE_DIFFERENTLY') }, APPROVED],
  ['no customer', { ...PAID, customerId: undefined }, { ...APPROVED, customerId: null }],
  ['numbers for texts', { ...PAID, paymentAmount: { currency: 'JPY', value: 3980 } }, APPROVED],
  [
    'a limit, and who set it',
    { result: result('F', 'USER_AMOUNT_EXCEED_LIMIT', 'too much'), limit: { setBy: 'AlipayHK' } },
    { outcome: 'declined', code: 'USER_AMOUNT_EXCEED_LIMIT', message: 'too much', limitSetBy: 'AlipayHK' },
  ],
  [
    'a refusal nobody knows',
    { result: result('F', 'MOON_TOO_FULL') },
    { outcome: 'declined', code: 'MOON_TOO_FULL', message: '', limitSetBy: null },
  ],
  [
    'a message that was not taken: nothing was done',
    { result: result('F', 'KEY_NOT_FOUND') },
    { outcome: 'declined', code: 'KEY_NOT_FOUND', message: '', limitSetBy: null },
  ],
  [
    'the wallet asks its user',
    { result: result('U', 'PAYMENT_IN_PROCESS'), paymentId: 'tng-2' },
    { outcome: 'pending', walletPaymentId: 'tng-2', payUrl: null },
  ],
  [
    'its page',
    { result: result('U', 'PAYMENT_IN_PROCESS'), paymentId: 'tng-2', paymentUrl: 'https://tng.example/p/2' },
    { outcome: 'pending', walletPaymentId: 'tng-2', payUrl: 'https://tng.example/p/2' },
  ],
  ['no word', { result: result('U', 'UNKNOWN_EXCEPTION') }, { outcome: 'unknown', cause: 'UNKNOWN_EXCEPTION' }],
  [
    'too much traffic, even as a refusal',
    { result: result('F', 'REQUEST_TRAFFIC_EXCEED_LIMIT') },
    { outcome: 'unknown', cause: 'REQUEST_TRAFFIC_EXCEED_LIMIT' },
  ],
  [
    'our reference is something else there',
    { result: result('F', 'REPEAT_REQ_INCONSISTENT') },
    { outcome: 'unknown', cause: 'REPEAT_REQ_INCONSISTENT' },
  ],
  ['another payment', { ...PAID, paymentRequestId: 'OTHER' }, { outcome: 'unknown', cause: 'answer_to_another' }],
  ['another wallet', { ...PAID, pspId: 'OTHER' }, { outcome: 'unknown', cause: 'answer_to_another' }],
  [
    'another sum',
    { ...PAID, payToAmount: { currency: 'MYR', value: '12035' } },
    { outcome: 'unknown', cause: 'amount_differs' },
  ],
  ['paid without a time', { ...PAID, paymentTime: undefined }, { outcome: 'unknown', cause: 'malformed' }],
  ['paid without an id', { ...PAID, paymentId: '' }, { outcome: 'unknown', cause: 'malformed' }],
  [
    'a status that is none',
    { result: { resultStatus: 'X', resultCode: 'C' } },
    { outcome: 'unknown', cause: 'malformed' },
  ],
  ['no result', { paymentId: 'tng-1' }, { outcome: 'unknown', cause: 'malformed' }],
];
for (const [name, answer, expected] of PAY_ANSWERS)
  test(`pay is answered with ${name}`, async () => {
    wallet.answer(answer as Record<string, unknown>);
    assert.deepEqual(await network.pay(target, PAY), expected);
  });

const UNBELIEVED: readonly (readonly [string, Wrong, string])[] = [
  ['not signed', { unsigned: true }, 'not_signed'],
  ['signed over another body', { signedBody: '{}' }, 'not_signed'],
  ['signed over another path', { path: '/alipayplus/mpp/gcash/pay' }, 'not_signed'],
  ['signed with a key we do not have', { keyVersion: '2' }, 'not_signed'],
  ['signed for another client', { clientId: '1022170000000000000' }, 'not_signed'],
  ['HTTP 503', { status: 503 }, 'http_503'],
];
for (const [name, wrong, cause] of UNBELIEVED)
  test(`an answer that is ${name} says nothing, whatever is asked`, async () => {
    const answer = [PAID, wrong] as const;
    wallet.answer(answer, answer, answer, answer, answer, answer);
    const unknown = { outcome: 'unknown', cause };
    assert.deepEqual(await network.pay(target, PAY), unknown);
    assert.deepEqual(await network.inquire(target, OF), unknown);
    assert.deepEqual(await network.cancel(target, OF), unknown);
    assert.deepEqual(await network.refund(target, REFUND), unknown);
    assert.deepEqual(await network.applyToken(target, 'code'), unknown);
    assert.deepEqual(await network.cancelToken(target, 'token'), unknown);
  });

test('no answer is unknown, and what never arrived says so; a wallet without a key is not believed', async () => {
  wallet.answer(new NetworkFault('cut', 'maybe'), new NetworkFault('refused', 'no'), PAID);
  assert.deepEqual(await network.pay(target, PAY), { outcome: 'unknown', cause: 'no_answer' });
  assert.deepEqual(await network.pay(target, PAY), { outcome: 'unknown', cause: 'not_reached' });
  assert.deepEqual(await network.pay({ ...target, keys: [] }, PAY), { outcome: 'unknown', cause: 'not_signed' });
  wallet.answer('{"result":{"resultStatus":"S","resul', '[]', 'null');
  for (const _ of [1, 2, 3])
    assert.deepEqual(await network.pay(target, PAY), { outcome: 'unknown', cause: 'malformed' });
});

test('a bug of ours is thrown, not taken for the network', async () => {
  wallet.answer(new TypeError('ours'));
  await assert.rejects(network.pay(target, PAY), TypeError);
});

const INQUIRIES: readonly (readonly [string, object, object])[] = [
  ['paid', { ...PAID, paymentResult: S }, APPROVED],
  [
    'refused',
    { result: S, paymentResult: result('F', 'RISK_REJECT', 'no') },
    { outcome: 'declined', code: 'RISK_REJECT', message: 'no', limitSetBy: null },
  ],
  [
    'open',
    { result: S, paymentResult: result('U', 'PAYMENT_IN_PROCESS'), paymentId: 'tng-3' },
    { outcome: 'pending', walletPaymentId: 'tng-3', payUrl: null },
  ],
  ['never seen', { result: result('F', 'ORDER_NOT_EXIST') }, { outcome: 'not_found' }],
  ['not taken', { result: result('F', 'INVALID_SIGNATURE') }, { outcome: 'unknown', cause: 'INVALID_SIGNATURE' }],
  ['no word', { result: result('U', 'UNKNOWN_EXCEPTION') }, { outcome: 'unknown', cause: 'UNKNOWN_EXCEPTION' }],
  ['half an answer', { result: S, paymentId: 'tng-3' }, { outcome: 'unknown', cause: 'malformed' }],
];
for (const [name, answer, expected] of INQUIRIES)
  test(`an inquiry finds a payment ${name}`, async () => {
    wallet.answer(answer as Record<string, unknown>);
    assert.deepEqual(await network.inquire(target, OF), expected);
    assert.deepEqual(wallet.asked[0]?.body, { acquirerId: OF.acquirer, pspId: PSP, paymentRequestId: REFERENCE });
  });

const LATE = { outcome: 'refused', code: 'CANCEL_WINDOW_EXCEED', message: 'late' };
const CANCELS: readonly (readonly [object, object])[] = [
  [S, { outcome: 'done' }],
  [result('F', 'ORDER_NOT_EXIST'), { outcome: 'done' }],
  [result('F', 'CANCEL_WINDOW_EXCEED', 'late'), LATE],
  [result('U', 'UNKNOWN_EXCEPTION'), { outcome: 'unknown', cause: 'UNKNOWN_EXCEPTION' }],
  [result('F', 'KEY_NOT_FOUND'), { outcome: 'unknown', cause: 'KEY_NOT_FOUND' }],
];
for (const [said, expected] of CANCELS)
  test(`a cancel that is answered ${JSON.stringify(said)}`, async () => {
    wallet.answer({ result: said });
    assert.deepEqual(await network.cancel(target, OF), expected);
  });

test('refunds: both sums go out; only S is done, only F is refused', async () => {
  const unknown = (cause: string) => ({ outcome: 'unknown', cause });
  wallet.answer(
    { result: S, refundId: 'tng-r1', refundTime: TIME },
    { result: S, refundTime: TIME },
    { result: result('F', 'REFUND_AMOUNT_EXCEED', 'too much') },
    { result: result('F', 'REPEAT_REQ_INCONSISTENT') },
    { result: result('F', 'ACCESS_DENIED') },
    { result: result('U', 'REQUEST_TRAFFIC_EXCEED_LIMIT') },
  );
  const refund = () => network.refund(target, REFUND);
  const refundedAt = '2026-11-28T09:00:00.000Z';
  assert.deepEqual(await refund(), { outcome: 'approved', walletRefundId: 'tng-r1', refundedAt });
  assert.deepEqual(await refund(), unknown('malformed'));
  assert.deepEqual(await refund(), { outcome: 'declined', code: 'REFUND_AMOUNT_EXCEED', message: 'too much' });
  assert.deepEqual(await refund(), unknown('REPEAT_REQ_INCONSISTENT'));
  assert.deepEqual(await refund(), unknown('ACCESS_DENIED'));
  assert.deepEqual(await refund(), unknown('REQUEST_TRAFFIC_EXCEED_LIMIT'));
  assert.deepEqual(wallet.asked[0]?.body, {
    ...{ pspId: PSP, paymentRequestId: REFERENCE, refundRequestId: 'R1', refundReason: 'cold' },
    refundAmount: { currency: 'JPY', value: '1000' },
    refundFromAmount: { currency: 'MYR', value: '3024' },
  });
});

test('tokens: one for a code, and its end, also when the wallet does not know it any more', async () => {
  wallet.answer(
    { result: S, accessToken: 'tok', accessTokenExpiryTime: TIME, customerId: 'c-1' },
    { result: result('F', 'EXPIRED_CODE', 'old') },
    { result: S },
    { result: result('F', 'INVALID_TOKEN') },
  );
  const expiresAt = '2026-11-28T09:00:00.000Z';
  const approved = { outcome: 'approved', accessToken: 'tok', expiresAt, customerId: 'c-1', refresh: null };
  assert.deepEqual(await network.applyToken(target, 'auth'), approved);
  const declined = { outcome: 'declined', code: 'EXPIRED_CODE', message: 'old' };
  assert.deepEqual(await network.applyToken(target, 'auth'), declined);
  assert.deepEqual(await network.cancelToken(target, 'tok'), { outcome: 'done' });
  assert.deepEqual(await network.cancelToken(target, 'tok'), { outcome: 'done' });
  assert.deepEqual(
    wallet.asked.map(({ body }) => body.authCode ?? body.accessToken),
    ['auth', 'auth', 'tok', 'tok'],
  );
});

test('a token is followed by another, as long as the wallet says how', async () => {
  const told = { result: S, accessToken: 'tok-2', accessTokenExpiryTime: TIME };
  wallet.answer({ ...told, refreshToken: 'next', refreshTokenExpiryTime: TIME }, { ...told, refreshToken: 'next' });
  const expiresAt = '2026-11-28T09:00:00.000Z';
  assert.deepEqual(await network.refreshToken(target, 'old'), {
    ...{ outcome: 'approved', accessToken: 'tok-2', expiresAt, customerId: null },
    refresh: { token: 'next', expiresAt },
  });
  assert.deepEqual(await network.refreshToken(target, 'old'), { outcome: 'unknown', cause: 'malformed' });
  assert.deepEqual(wallet.asked[0]?.body, { pspId: PSP, grantType: 'REFRESH_TOKEN', refreshToken: 'old' });
  assert.equal(wallet.asked[0]?.path, '/alipayplus/mpp/tng/applyToken');
});

test('a wallet is told where its dispute stands: the answer with its code, what was handed in, and silence', async () => {
  const news = { claim: 'D-1', id: 'esc_1', kind: 'escalation', reference: REFERENCE, refundBy: null } as const;
  const evidence = [{ name: 'agreed.pdf', mediaType: 'application/pdf', sha256: 'ab' }];
  const refused = { kind: 'refuse', amount: null, text: 'it was as agreed', evidence, bySilence: false } as const;
  wallet.answer({ result: S }, { result: result('F', 'ORDER_NOT_EXIST') });
  const told = await network.notifyDispute(target, { ...news, state: 'answered', answer: refused });
  assert.equal(told, 'acknowledged');
  const names = { pspId: PSP, disputeId: 'D-1', hubDisputeId: 'esc_1', disputeType: 'ESCALATION' };
  assert.equal(wallet.asked[0]?.path, '/alipayplus/mpp/tng/notifyDispute');
  assert.deepEqual(wallet.asked[0]?.body, {
    ...{ ...names, disputeState: 'ANSWERED', paymentRequestId: REFERENCE },
    ...{ answer: 'REFUSE_REFUND', responseCode: '003', text: 'it was as agreed', evidence, bySilence: false },
  });
  const refundBy = '2026-12-03T09:00:00.000Z' as Instant;
  const part = { kind: 'partial', amount: money(100n, 'JPY'), text: '', evidence: [], bySilence: false } as const;
  const again = await network.notifyDispute(target, { ...news, state: 'refunding', answer: part, refundBy });
  assert.equal(again, 'not_acknowledged: ORDER_NOT_EXIST');
  assert.deepEqual(wallet.asked[1]?.body, {
    ...{ ...names, disputeState: 'REFUNDING', paymentRequestId: REFERENCE, refundDueTime: refundBy },
    ...{ answer: 'ACCEPT_PARTIAL_REFUND', responseCode: '002', bySilence: false },
    amount: { currency: 'JPY', value: '100' },
  });
});
