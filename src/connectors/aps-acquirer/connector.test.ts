/** What an acquirer is told and asked, and what each of its answers means. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { OWN_KEY, result, S, type SignedParty, signedParty, TIME } from '../../../test/support/signed-party.ts';
import type { Instant } from '../../base/clock.ts';
import { money } from '../../base/money.ts';
import { NetworkFault } from '../ports/network-http.ts';
import type { AcquirerTarget, ShopAcquirer } from '../ports/shop-acquirer.ts';
import { createApsAcquirer } from './index.ts';

const ACQUIRER = 'ACQ00000000000001';
const NOW = '2026-11-28T09:30:00.000Z' as Instant;
let acquirer: SignedParty;
let network: ShopAcquirer;
let target: AcquirerTarget;
beforeEach(() => {
  acquirer = signedParty(ACQUIRER);
  network = createApsAcquirer({ http: () => acquirer.http, own: OWN_KEY, now: () => NOW, timeoutMs: 777 });
  target = { participantId: ACQUIRER, endpoint: 'http://acquirer.example/hub', keys: acquirer.keys };
});

test('a notification goes out as it is, to the address in the request, and is acknowledged by S, signed', async () => {
  const body = '{"paymentId":"hpy_1","b":1}';
  const tell = () => network.notify(target, { url: 'http://acquirer.example/told?shop=7', body });
  acquirer.answer({ result: S }, { result: result('F', 'PROCESS_FAIL') }, [{ result: S }, { unsigned: true }]);
  acquirer.answer([{ result: S }, { status: 500 }], 'no', new NetworkFault('cut', 'maybe'));
  assert.equal(await tell(), 'acknowledged');
  assert.equal(await tell(), 'not_acknowledged: PROCESS_FAIL');
  assert.equal(await tell(), 'not_signed');
  assert.equal(await tell(), 'http_500');
  assert.equal(await tell(), 'malformed');
  assert.equal(await tell(), 'no_answer');
  assert.deepEqual([acquirer.asked[0]?.path, acquirer.asked[0]?.request.body], ['/told?shop=7', body]);
  assert.equal(await network.notify(target, { url: 'nowhere', body }), 'no_address');
});

const ORDER = {
  result: S,
  paymentRequestId: 'acq-1',
  paymentAmount: { currency: 'JPY', value: '3980' },
  order: {
    referenceOrderId: 'order-1',
    orderDescription: 'Matcha',
    merchant: {
      ...{ referenceMerchantId: 'm1', merchantName: '浅草茶舗', merchantMCC: '5499' },
      merchantAddress: { region: 'JP' },
      store: { referenceStoreId: 's1', storeName: '本店' },
    },
  },
  settlementStrategy: { settlementCurrency: 'JPY' },
  paymentExpiryTime: TIME,
  paymentNotifyUrl: 'https://acquirer.example/told',
};
const DECODED = {
  outcome: 'order',
  requestId: 'acq-1',
  orderReference: 'order-1',
  description: 'Matcha',
  amount: money(3_980n, 'JPY'),
  shop: {
    ...{ merchantId: 'm1', name: '浅草茶舗', country: 'JP', categoryCode: '5499' },
    store: { id: 's1', name: '本店' },
  },
  settlementCurrency: 'JPY',
  expiresAt: '2026-11-28T09:00:00.000Z',
  notifyUrl: 'https://acquirer.example/told',
};
const { settlementStrategy: _, paymentExpiryTime: __, paymentNotifyUrl: ___, ...SHORT } = ORDER;
const MERCHANT = ORDER.order.merchant;
const withMerchant = (merchant: object) => ({ ...ORDER, order: { ...ORDER.order, merchant } });
const MALFORMED = { outcome: 'unknown', cause: 'malformed' };

const DECODES: readonly (readonly [string, object, object])[] = [
  ['an order', { ...ORDER, unknown: 1 }, DECODED],
  ['no more than is needed', SHORT, { ...DECODED, settlementCurrency: null, expiresAt: null, notifyUrl: null }],
  [
    'a refusal',
    { result: result('F', 'INVALID_CODE', 'not ours') },
    { outcome: 'refused', code: 'INVALID_CODE', message: 'not ours' },
  ],
  ['no word', { result: result('U', 'UNKNOWN_EXCEPTION') }, { outcome: 'unknown', cause: 'UNKNOWN_EXCEPTION' }],
  ['no amount', { ...ORDER, paymentAmount: { currency: 'JPY', value: '0' } }, MALFORMED],
  ['no request id', { ...ORDER, paymentRequestId: '' }, MALFORMED],
  ['a shop in no country', withMerchant({ ...MERCHANT, merchantAddress: { region: 'ZZ' } }), MALFORMED],
  ['a shop without a category', withMerchant({ ...MERCHANT, merchantMCC: 'tea' }), MALFORMED],
  ['no shop', withMerchant({}), MALFORMED],
  ['an expiry that cannot be read', { ...ORDER, paymentExpiryTime: 'soon' }, MALFORMED],
  ['a settlement in no currency', { ...ORDER, settlementStrategy: { settlementCurrency: 'XXX' } }, MALFORMED],
];
for (const [name, answer, expected] of DECODES)
  test(`a code is decoded to ${name}`, async () => {
    acquirer.answer(answer as Record<string, unknown>);
    const value = 'https://pay.acquirer.example/281666040001/x';
    assert.deepEqual(await network.decode(target, { value, customerId: 'c-1' }), expected);
    assert.deepEqual(acquirer.asked[0]?.body, { acquirerId: ACQUIRER, codeValue: value, customerId: 'c-1' });
    assert.equal(acquirer.asked[0]?.path, '/hub/userInitiatedPay');
  });

const PUSHES: readonly (readonly [object, object])[] = [
  [
    { result: S, paymentResult: S, paymentTime: TIME },
    { outcome: 'arrived', at: '2026-11-28T09:00:00.000Z' },
  ],
  [
    { result: S, paymentResult: S },
    { outcome: 'arrived', at: NOW },
  ],
  [{ result: S, paymentResult: result('U', 'PAYMENT_IN_PROCESS') }, { outcome: 'pending' }],
  [
    { result: S, paymentResult: result('F', 'ORDER_IS_CLOSED', 'late') },
    { outcome: 'refused', code: 'ORDER_IS_CLOSED', message: 'late' },
  ],
  [{ result: result('F', 'ORDER_NOT_EXIST') }, { outcome: 'unknown', cause: 'ORDER_NOT_EXIST' }],
  [{ result: S }, MALFORMED],
];
for (const [answer, expected] of PUSHES)
  test(`whether a push arrived: ${JSON.stringify(answer)}`, async () => {
    acquirer.answer(answer as Record<string, unknown>);
    assert.deepEqual(await network.inquirePush(target, { requestId: 'acq-1' }), expected);
    assert.deepEqual(acquirer.asked[0]?.body, { acquirerId: ACQUIRER, paymentRequestId: 'acq-1' });
  });

test('who does not answer, or answers unsigned, has said nothing', async () => {
  acquirer.answer(new NetworkFault('refused', 'no'), [ORDER, { unsigned: true }], [ORDER, { status: 503 }]);
  const decode = () => network.decode(target, { value: 'x', customerId: 'c' });
  assert.deepEqual(await decode(), { outcome: 'unknown', cause: 'not_reached' });
  assert.deepEqual(await decode(), { outcome: 'unknown', cause: 'not_signed' });
  assert.deepEqual(await decode(), { outcome: 'unknown', cause: 'http_503' });
});

test('a wallet’s question and its claim go to operations of their own, with the time to answer', async () => {
  const dispute = {
    ...{ id: 'esc_1', wallet: 'PSP1', walletBrand: 'TNG', paymentRequestId: 'acq-1', paymentId: 'hpy_1' },
    ...{ amount: money(3_980n, 'JPY'), reason: { code: 'NOT_RECEIVED', text: 'no tea' }, respondBy: NOW },
  };
  acquirer.answer({ result: S }, { result: result('F', 'PROCESS_FAIL') }, new NetworkFault('cut', 'maybe'));
  assert.equal(await network.openDispute(target, { ...dispute, kind: 'escalation' }), 'acknowledged');
  assert.deepEqual(acquirer.asked[0]?.body, {
    ...{ acquirerId: ACQUIRER, pspId: 'PSP1', walletBrandName: 'TNG', disputeId: 'esc_1', paymentRequestId: 'acq-1' },
    ...{ paymentId: 'hpy_1', disputeAmount: { currency: 'JPY', value: '3980' }, disputeReasonCode: 'NOT_RECEIVED' },
    ...{ disputeReason: 'no tea', responseDueTime: NOW },
  });
  const asked = { ...dispute, kind: 'retrieval' } as const;
  assert.equal(await network.openDispute(target, asked), 'not_acknowledged: PROCESS_FAIL');
  assert.equal(await network.openDispute(target, asked), 'no_answer');
  assert.deepEqual(
    acquirer.asked.map(({ path }) => path),
    ['/hub/initiateEscalation', '/hub/initiateRetrieval', '/hub/initiateRetrieval'],
  );
});
