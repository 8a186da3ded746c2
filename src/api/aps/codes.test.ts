/** What wallets and acquirers call about codes, from the fields of a message to the answer; bad input with it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../../test/support/database.ts';
import { createModules, type Modules } from '../../../test/support/modules.ts';
import { addMs } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import { money } from '../../base/money.ts';
import { must } from '../../base/result.ts';
import type { Participant } from '../../parties/index.ts';
import { acquirerRole, aParticipant, walletRole } from '../../wallets/hub-codes/test-participants.ts';
import { takePayment } from '../../wallets/index.ts';
import { type TestHub, testHub } from '../../wallets/test-hub.ts';
import { readFields } from '../ams/fields.ts';
import { timeOf } from '../ams/views.ts';
import type { App } from '../app.ts';
import type { Answer } from './call.ts';
import { CODE_ENDPOINTS } from './code-endpoints.ts';
import { resultOfRefusal } from './results.ts';

describe('codes in messages', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let hub: TestHub;
  let [wallet, acquirer] = [] as unknown as [Participant, Participant];
  before(async () => {
    m = await createModules();
    m.rates.perBase = { ...m.rates.perBase, MYR: '5' };
    hub = testHub(m);
    wallet = await aParticipant(m, { participantId: 'PSP1', wallet: walletRole() });
    acquirer = await aParticipant(m, {
      participantId: 'ACQ1',
      acquirer: acquirerRole({ codePrefixes: ['https://own.example/'] }),
    });
  });
  after(() => m?.end());

  /** As much of an installation as these messages ask for. */
  const app = () => ({ journal: m.journal, fx: m.fx, hub: { deps: hub.deps } }) as unknown as App;
  const call = (path: string, body: Record<string, unknown>, changes: Partial<Participant> = {}): Promise<Answer> => {
    const offered = CODE_ENDPOINTS[path] ?? assert.fail(path);
    const participant = { ...(offered.role === 'wallet' ? wallet : acquirer), ...changes };
    return offered.run({ app: app(), participant, fields: readFields(body) });
  };
  const resultOf = async (path: string, body: Record<string, unknown>): Promise<string> =>
    (await call(path, body)).result.resultCode;
  const messageOf = async (path: string, body: Record<string, unknown>): Promise<string> =>
    (await call(path, body)).result.resultMessage;
  const scan = (codeValue: unknown, more = {}) =>
    call('payments/userInitiatedPay', { codeValue, customerId: 'C1', ...more });

  const SHOP = {
    referenceMerchantId: 'M1',
    merchantInfo: {
      merchantName: 'Cafe',
      merchantLocalName: 'カフェ',
      merchantMCC: '5812',
      merchantAddress: { region: 'JP', city: 'Tokyo' },
    },
  };

  test('payment codes: as many as are asked for, one to ten, with their end', async () => {
    const body = { region: 'MY', customerId: 'C1', codeQuantity: '3', env: { terminalType: 'APP' } };
    const answer = (await call('codes/getPaymentCode', body)) as Answer & {
      readonly paymentCodes: readonly { readonly codeValue: string; readonly codeExpiryTime: string }[];
    };
    assert.equal(answer.result.resultStatus, 'S');
    assert.equal(answer.paymentCodes.length, 3);
    for (const { codeValue, codeExpiryTime } of answer.paymentCodes) {
      assert.match(codeValue, /^28100102\d{16}$/);
      assert.equal(codeExpiryTime, timeOf(addMs(m.now(), 60_000)));
    }
    for (const [wrong, message] of [
      [{ codeQuantity: '11' }, 'codeQuantity: must be from 1 to 10'],
      [{ codeQuantity: 0 }, 'codeQuantity: must be from 1 to 10'],
      [{ codeQuantity: 'x' }, 'codeQuantity: must be a whole number'],
      [{ customerId: '' }, 'customerId: is needed'],
      [{ customerId: 'x'.repeat(65) }, 'customerId: must have at most 64 characters'],
    ] as const)
      assert.equal(await messageOf('codes/getPaymentCode', { ...body, ...wrong }), message);
  });

  test('a shop is registered and asked about; a code is printed for it', async () => {
    assert.equal(await resultOf('merchants/inquiryRegistrationStatus', SHOP), 'MERCHANT_NOT_REGISTERED');
    assert.equal(
      await resultOf('codes/createStoreCode', { referenceMerchantId: 'M1', orderCurrency: 'JPY' }),
      'MERCHANT_NOT_REGISTERED',
    );
    const done = await call('merchants/registration', SHOP);
    assert.deepEqual([done.result.resultCode, done.registrationStatus], ['SUCCESS', 'SUCCESSFUL']);
    assert.equal((await call('merchants/inquiryRegistrationStatus', SHOP)).registrationStatus, 'SUCCESSFUL');
    const { merchantInfo } = SHOP;
    for (const [wrong, code] of [
      [{ merchantMCC: '58' }, 'PARAM_ILLEGAL'],
      [{ merchantAddress: { region: 'JP' } }, 'PARAM_ILLEGAL'],
      [{ merchantAddress: { region: 'XX', city: 'x' } }, 'PARAM_ILLEGAL'],
      [{ merchantAddress: { region: 'FR', city: 'Paris' } }, 'BUSINESS_NOT_SUPPORT'],
    ] as const)
      assert.equal(
        await resultOf('merchants/registration', { ...SHOP, merchantInfo: { ...merchantInfo, ...wrong } }),
        code,
      );

    const print = { referenceMerchantId: 'M1', orderCurrency: 'JPY' };
    const scheme = { templateId: '30', guid: 'com.other', objects: { '01': 'x' } };
    const printed = await call('codes/createStoreCode', { ...print, schemes: [scheme] });
    assert.match(String(printed.codeValue), /^000201010211.*org\.causeway\.hub.*com\.other/);
    for (const [wrong, message] of [
      [{ orderCurrency: 'XXX' }, 'orderCurrency: must be an ISO 4217 code'],
      [{ schemes: 'x' }, 'schemes: must be a list of at most 10'],
      [
        { schemes: [{ ...scheme, templateId: '26' }] },
        'schemes.0: must be {templateId 27 to 51, guid, objects by two digits}',
      ],
      [
        { schemes: [scheme, { ...scheme, objects: { '00': 'x' } }] },
        'schemes.1: must be {templateId 27 to 51, guid, objects by two digits}',
      ],
      [{ schemes: [{ ...scheme, objects: { '01': 'x'.repeat(99) } }] }, '30 has not 1 to 99 characters'],
    ] as const)
      assert.equal(await messageOf('codes/createStoreCode', { ...print, ...wrong }), message);
  });

  test('a page is registered, and the phone opens it', async () => {
    const page = { referenceMerchantId: 'M1', pageUrl: 'https://shop.example/table' };
    assert.equal((await call('codes/registerEntryPage', page)).codeValue, page.pageUrl);
    const opened = await scan('https://shop.example/table?4');
    assert.deepEqual(opened.actionForm, { redirectUrl: 'https://shop.example/table?4' });
    assert.equal(await resultOf('codes/registerEntryPage', { ...page, pageUrl: 'ftp://x' }), 'PARAM_ILLEGAL');
    assert.equal(await resultOf('codes/registerEntryPage', { referenceMerchantId: 'M1' }), 'PARAM_ILLEGAL');
  });

  test('userInitiatedPay of an order code: all of it from the price that the payment keeps', async () => {
    const shop = { merchantId: 'M1', name: 'Cafe', country: 'JP', categoryCode: '5812' };
    const order = { requestId: newId('req'), shop, orderReference: 'O1', description: 'coffee', redirectUrl: null };
    const asked = { ...order, amount: money(2970, 'JPY'), notifyUrl: null, expiresAt: null, settlementCurrency: null };
    const payment = must(
      await takePayment(hub.deps, { ...asked, keyFields: {}, acquirer, payer: { scenario: 'order_code' } }),
    );
    const first = (await scan(payment.payUrl)) as Answer & Record<string, Record<string, unknown>>;
    assert.deepEqual(
      [first.result.resultCode, first.codeType, first.acquirerId, first.pspId, first.paymentRequestId],
      ['SUCCESS', 'ORDER_CODE', 'ACQ1', 'PSP1', payment.reference],
    );
    assert.deepEqual(first.paymentAmount, { currency: 'JPY', value: '2970' });
    assert.deepEqual(first.paymentFactor, { isInStorePayment: true, inStorePaymentScenario: 'OrderCode' });
    assert.equal(first.paymentNotifyUrl, hub.deps.walletNotifyUrl);
    assert.equal(first.paymentExpiryTime, timeOf(payment.expiresAt));
    // 30 yen a ringgit, less one percent 29.70: 2,970 yen cost 100.00, of which 1.00 is ours.
    assert.deepEqual(first.payToAmount, { currency: 'MYR', value: '10000' });
    const { quoteCurrencyPair, baseCurrency, quotePrice, markupAmount } = first.paymentQuote as Record<string, unknown>;
    assert.deepEqual([quoteCurrencyPair, baseCurrency], ['JPY/MYR', 'JPY']);
    assert.ok(Math.abs(Number(quotePrice) - 1 / 29.7) < 1e-9);
    assert.deepEqual(markupAmount, { currency: 'MYR', value: '100' });
    m.rates.perBase.MYR = '9';
    m.pass(2 * 60_000);
    assert.deepEqual(await scan(payment.payUrl), first);
    m.rates.perBase.MYR = '5';
    m.pass(2 * 60_000);
    const other = await scan(payment.payUrl, { customerId: 'C2' });
    assert.equal(other.result.resultCode, 'REPEAT_REQ_INCONSISTENT');
  });

  test('userInitiatedPay of a store code: first the shop, then a payment', async () => {
    const { codeValue } = await call('codes/createStoreCode', { referenceMerchantId: 'M1', orderCurrency: 'JPY' });
    const asked = (await scan(codeValue)) as Answer & { readonly order: { readonly merchant: object } };
    assert.deepEqual([asked.codeType, asked.orderCurrency, asked.paymentRequestId], ['STORE_CODE', 'JPY', undefined]);
    assert.deepEqual(asked.order.merchant, {
      referenceMerchantId: 'M1',
      merchantName: 'カフェ',
      merchantDisplayName: 'Cafe',
      merchantMCC: '5812',
      merchantAddress: { region: 'JP' },
    });
    const typed = { paymentAmount: { currency: 'JPY', value: '500' }, userRequestId: 'U1' };
    const paid = await scan(codeValue, typed);
    assert.deepEqual([paid.result.resultCode, paid.codeType], ['SUCCESS', 'STORE_CODE']);
    assert.equal((await scan(codeValue, typed)).paymentRequestId, paid.paymentRequestId);
    for (const [more, code] of [
      [{ ...typed, customerId: 'C2' }, 'REPEAT_REQ_INCONSISTENT'],
      [{ ...typed, paymentAmount: { currency: 'JPY', value: '501' } }, 'REPEAT_REQ_INCONSISTENT'],
      [{ ...typed, userRequestId: undefined }, 'PARAM_ILLEGAL'],
      [{ ...typed, userRequestId: 'U2', paymentAmount: { currency: 'USD', value: '5' } }, 'CURRENCY_NOT_SUPPORT'],
      [{ ...typed, userRequestId: 'U2', paymentAmount: { currency: 'JPY', value: '0' } }, 'PARAM_ILLEGAL'],
      [{ ...typed, userRequestId: 'U2', paymentAmount: { currency: 'JPY', value: '5.5' } }, 'PARAM_ILLEGAL'],
    ] as const)
      assert.equal((await scan(codeValue, more)).result.resultCode, code, JSON.stringify(more));
    for (const [value, code] of [
      [`${String(codeValue).slice(0, -1)}_`, 'INVALID_CODE'],
      [String(codeValue).slice(0, 50), 'INVALID_CODE'],
      ['281001020123456789012345', 'INVALID_CODE'],
      ['x'.repeat(513), 'PARAM_ILLEGAL'],
      ['', 'PARAM_ILLEGAL'],
      ['https://own.example/1', 'UNKNOWN_EXCEPTION'],
    ] as const)
      assert.equal((await scan(value)).result.resultCode, code, value);
  });

  test('a suspended participant gets no codes', async () => {
    for (const path of Object.keys(CODE_ENDPOINTS))
      assert.equal((await call(path, {}, { state: 'suspended' })).result.resultCode, 'ACCESS_DENIED', path);
  });

  test('what an acquirer says of its own code is told on in words of this protocol', () => {
    const word = (code: string) => {
      const { resultCode, resultStatus } = resultOfRefusal({ code: 'acquirer_refused', detail: 'd', facts: { code } });
      return [resultCode, resultStatus];
    };
    assert.deepEqual(word('ORDER_IS_CLOSED'), ['ORDER_IS_CLOSED', 'F']);
    for (const code of ['SUCCESS', 'UNKNOWN_EXCEPTION', 'toString', 'ANYTHING'])
      assert.deepEqual(word(code), ['INVALID_CODE', 'F'], code);
  });

  test('the rate of now is indicative, in the direction of paymentQuote', async () => {
    const body = { sellCurrency: 'MYR', buyCurrency: 'JPY', paymentFactor: { isInStorePayment: 'true' } };
    const answer = await call('payments/inquiryForeignExchangeQuote', body);
    const { quotePrice, quoteCurrencyPair } = answer.foreignExchangeQuote as Record<string, string>;
    assert.equal(quoteCurrencyPair, 'JPY/MYR');
    assert.ok(Math.abs(Number(quotePrice) - 1 / 29.7) < 1e-9);
    for (const [more, code] of [
      [{ sellCurrency: 'USD' }, 'CURRENCY_NOT_SUPPORT'],
      [{ buyCurrency: 'XXX' }, 'CURRENCY_NOT_SUPPORT'],
      [{ buyCurrency: 'VND' }, 'CURRENCY_NOT_SUPPORT'],
      [{ buyCurrency: '' }, 'PARAM_ILLEGAL'],
    ] as const)
      assert.equal(await resultOf('payments/inquiryForeignExchangeQuote', { ...body, ...more }), code);
  });
});
