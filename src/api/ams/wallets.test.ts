/** Wallets over the AMS wire, signed, with a wallet in memory: each way to pay, what ends a payment, and what is told. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../../test/support/database.ts';
import type { Id } from '../../base/ids.ts';
import { money } from '../../base/money.ts';
import { must } from '../../base/result.ts';
import { payThroughLink } from '../../checkout/index.ts';
import { cancelWalletPayment, findOperationByReference, walletNotified } from '../../payments/index.ts';
import { PAYMENT_CODE_LIFE_MS } from '../../wallets/index.ts';
import {
  type AmsWallets,
  code,
  inStore,
  type Json,
  method,
  request,
  type Said,
  startAmsWallets,
  usd,
} from './test-wallet-client.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

describe('wallets over AMS', { skip: NO_DATABASE }, () => {
  let w: AmsWallets;
  before(async () => {
    w = await startAmsWallets();
  });
  after(() => w?.end());

  describe('on the wallet’s page', () => {
    test('the page, the same again for the same request, then the wallet’s word: user, rate, transaction', async () => {
      const asked = request(10_000);
      const first = await w.call('payments/pay', asked);
      assert.equal(code(first), 'U PAYMENT_IN_PROCESS');
      assert.match(String(first.normalUrl), /^https:\/\/wallet\.example\/pay\//);
      assert.deepEqual(await w.call('payments/pay', asked), first);
      assert.equal(await w.standing(first), 'PROCESSING PAYMENT_IN_PROCESS');
      await w.confirm();
      const after = await w.inquire(first);
      assert.deepEqual([after.paymentStatus, after.paymentMethodType], ['SUCCESS', 'TNG']);
      assert.deepEqual(after.pspCustomerInfo, {
        ...{ pspName: 'Wallet tng', pspCustomerId: 'user-1', displayCustomerId: '****er-1' },
      });
      assert.deepEqual(after.grossSettlementAmount, usd(10_000));
      const { quoteCurrencyPair, quotePrice, guaranteed } = after.settlementQuote as Json;
      assert.deepEqual([quoteCurrencyPair, quotePrice, guaranteed], ['USD/EUR', 0.8081, true]);
      const [transaction] = after.transactions as Json[];
      assert.deepEqual([transaction?.transactionType, transaction?.transactionStatus], ['PAYMENT', 'SUCCESS']);
      assert.equal(code(await w.call('payments/pay', asked)), 'S SUCCESS');
    });

    test('the same id with another method, amount or way to pay is another request', async () => {
      const asked = request(1_000);
      assert.equal(code(await w.call('payments/pay', asked)), 'U PAYMENT_IN_PROCESS');
      for (const change of [
        { paymentMethod: { paymentMethodType: 'DULL' } },
        { paymentAmount: usd(999) },
        { paymentFactor: { captureMode: 'AUTOMATIC' } },
        { settlementStrategy: { settlementCurrency: 'EUR' } },
      ])
        assert.equal(code(await w.call('payments/pay', { ...asked, ...change })), 'F REPEAT_REQ_INCONSISTENT');
    });

    test('refused before anybody is asked, each by its name; the id stays free', async () => {
      const cases: readonly (readonly [string, Json, RegExp])[] = [
        ['UNAVAILABLE_PAYMENT_METHOD', { paymentMethod: { paymentMethodType: 'NOBODY' } }, /paymentMethodType/],
        ['UNAVAILABLE_PAYMENT_METHOD', { paymentMethod: { paymentMethodType: 'DULL' } }, /at the moment/],
        ['PARAM_ILLEGAL', { paymentExpiryTime: '2026-11-24T09:00:00Z' }, /fourteen minutes/],
        ['PARAM_ILLEGAL', { paymentExpiryTime: '2026-11-22T09:00:00Z' }, /passed/],
        ['BUSINESS_NOT_SUPPORT', { paymentFactor: { captureMode: 'MANUAL' } }, /capture/],
        ['BUSINESS_NOT_SUPPORT', { productCode: 'OTHER' }, /productCode/],
        ['PARAM_ILLEGAL', { productCode: 'IN_STORE_PAYMENT' }, /inStorePaymentScenario/],
      ];
      for (const [expected, change, says] of cases) {
        const asked = { ...request(1_000), ...change };
        const said = await w.call('payments/pay', asked);
        assert.equal(said.result.resultCode, expected, said.result.resultMessage);
        assert.match(said.result.resultMessage, says);
        const good = await w.call('payments/pay', { ...request(1_000), paymentRequestId: asked.paymentRequestId });
        assert.equal(code(good), 'U PAYMENT_IN_PROCESS');
      }
    });

    test('too much names who set the limit; a currency without a rate, and one that is not paid out, are refused', async () => {
      const much = await w.call('payments/pay', request(900_000));
      assert.equal(code(much), 'F PAYMENT_AMOUNT_EXCEED_LIMIT');
      assert.match(much.result.resultMessage, /Bank Negara/);
      const yen = { currency: 'JPY', value: '1000' };
      const asked = request(1_000);
      const order = { ...(asked.order as Json), orderAmount: yen };
      assert.equal(
        code(await w.call('payments/pay', { ...asked, order, paymentAmount: yen })),
        'F CURRENCY_NOT_SUPPORT',
      );
    });

    test('the wallet’s own no is told in its words, with who set the limit', async () => {
      const { accessToken } = await w.token('limits');
      w.m.wallet.declines = { code: 'USER_AMOUNT_EXCEED_LIMIT', limitSetBy: 'the user' };
      const agreed = { productCode: 'AGREEMENT_PAYMENT', ...method(String(accessToken)) };
      const said = await w.call('payments/pay', request(1_000, agreed));
      assert.equal(code(said), 'F USER_AMOUNT_EXCEED_LIMIT');
      assert.match(said.result.resultMessage, /limit set by the user/);
      w.m.wallet.declines = { code: 'SOMETHING_ELSE', limitSetBy: null };
      assert.equal(code(await w.call('payments/pay', request(1_000, agreed))), 'F PROCESS_FAIL');
    });
  });

  describe('what ends it', () => {
    test('nobody pays in time: closed, and told so', async () => {
      const asked = await w.call('payments/pay', request(1_000));
      w.m.pass(15 * MINUTE_MS);
      await w.expire();
      assert.equal(await w.standing(asked), 'FAIL ORDER_IS_CLOSED');
      const body = (await w.told()).find(({ paymentId }) => paymentId === asked.paymentId);
      assert.equal(body?.notifyType, 'PAYMENT_RESULT');
      assert.equal((body.result as Json).resultCode, 'ORDER_IS_CLOSED');
      assert.equal(code(await w.call('payments/cancel', { paymentId: asked.paymentId })), 'F ORDER_STATUS_INVALID');
    });

    test('given up while the user thinks: a later success counts no more, and the order can be paid again', async () => {
      const first = request(1_000);
      const asked = await w.call('payments/pay', first);
      const canceled = await w.call('payments/cancel', { paymentRequestId: first.paymentRequestId });
      assert.equal(code(canceled), 'S SUCCESS');
      assert.ok(canceled.cancelTime);
      assert.equal(code(await w.call('payments/cancel', { paymentId: asked.paymentId })), 'S SUCCESS');
      assert.equal(await w.standing(asked), 'CANCELLED ORDER_IS_CANCELED');
      await w.paidOnPage(1_000, { order: first.order as Json });
    });

    test('the wallet’s answer to a cancel is lost: ask again, and it is canceled, also when the user had said yes', async () => {
      const asked = await w.call('payments/pay', request(1_000));
      w.m.wallet.next.push('lose_before');
      assert.equal(code(await w.call('payments/cancel', { paymentId: asked.paymentId })), 'U PAYMENT_IN_PROCESS');
      w.m.wallet.confirm(w.newest());
      await walletNotified(w.m.payments, { wallet: w.tng.id, reference: w.newest() });
      assert.equal(await w.standing(asked), 'PROCESSING PAYMENT_IN_PROCESS', 'its success counts no more');
      assert.equal((await w.inquire(asked)).normalUrl, undefined);
      await w.expire();
      assert.equal(await w.standing(asked), 'CANCELLED ORDER_IS_CANCELED');
      assert.equal(code(await w.call('payments/cancel', { paymentId: asked.paymentId })), 'S SUCCESS');
    });

    test('taken back whole until 00:15 UTC+8 of the next day; then only a refund', async () => {
      const canceled = await w.paidOnPage(2_000);
      assert.equal(code(await w.call('payments/cancel', { paymentId: canceled.paymentId })), 'S SUCCESS');
      const gone = await w.inquire(canceled);
      assert.equal(gone.paymentStatus, 'CANCELLED');
      const types = (gone.transactions as Json[]).map(({ transactionType }) => transactionType);
      assert.deepEqual(types, ['PAYMENT', 'CANCEL']);
      const late = await w.paidOnPage(2_000);
      w.m.pass(DAY_MS);
      assert.equal(code(await w.call('payments/cancel', { paymentId: late.paymentId })), 'F CANCEL_WINDOW_EXCEED');
      const refund = { refundRequestId: 'r1', paymentId: late.paymentId, refundAmount: usd(500) };
      w.m.rates.perBase.EUR = '0.5';
      const refunded = await w.call('payments/refund', refund);
      assert.equal(code(refunded), 'S SUCCESS');
      assert.deepEqual(await w.call('payments/refund', refund), refunded);
      assert.deepEqual(refunded.grossSettlementAmount, usd(500));
      assert.equal((refunded.settlementQuote as Json).quotePrice, 0.8085);
      const rest = { ...refund, refundRequestId: 'r2', refundAmount: usd(1_501) };
      assert.equal(code(await w.call('payments/refund', rest)), 'F REFUND_AMOUNT_EXCEED');
      const payBack = [...w.m.wallet.refunds.values()].at(-1)?.payBack;
      assert.deepEqual(payBack, money(404n, 'EUR'), 'a quarter of 1617, at the payment’s own rate');
      assert.ok((await w.told()).some(({ refundRequestId }) => refundRequestId === 'r1'));
    });
  });

  describe('on the hosted page', () => {
    const session = async (fields: Json = {}): Promise<Said & { token: string }> => {
      const asked = { ...request(1_000, fields), paymentMethod: { paymentMethodType: 'CARD' } };
      const said = await w.call('payments/createPaymentSession', asked);
      assert.equal(code(said), 'S SUCCESS');
      return { ...said, token: String(new URL(String(said.normalUrl)).pathname.split('/').at(-1)) };
    };
    const choose = ({ token }: { token: string }, attempt: number) =>
      payThroughLink(w.m.checkout, { token, attempt, with: { wallet: 'tng', returnUrl: 'https://x.example' } });

    test('a wallet chosen there is what it was paid with; one that is not paid in time leaves the page open', async () => {
      const opened = await session();
      const payment = { ...opened, paymentId: opened.paymentSessionId };
      must(await choose(opened, 1));
      const operation = await findOperationByReference(w.m.db, w.newest());
      const chosen = { marketplace: null, payment: operation?.payment as Id<'pay'>, by: 'expiry' } as const;
      must(await cancelWalletPayment(w.m.payments, undefined, chosen));
      assert.equal(await w.standing(payment), 'PROCESSING PAYMENT_IN_PROCESS');
      must(await choose(opened, 2));
      await w.confirm();
      const { paymentStatus, paymentMethodType } = await w.inquire(payment);
      assert.deepEqual([paymentStatus, paymentMethodType], ['SUCCESS', 'TNG']);
    });

    test('canceled while its wallet is waited for: that is given up, and the page is closed', async () => {
      const opened = await session();
      const payment = { ...opened, paymentId: opened.paymentSessionId };
      must(await choose(opened, 1));
      assert.equal(code(await w.call('payments/cancel', { paymentId: payment.paymentId })), 'S SUCCESS');
      assert.ok(w.m.wallet.canceled.has(w.newest()));
      assert.equal(await w.standing(payment), 'CANCELLED ORDER_IS_CANCELED');
      assert.equal((await choose(opened, 2)).ok, false);
    });
  });

  describe('in a shop', () => {
    test('a code is charged at once; used, expired and unknown ones are refused', async () => {
      const shown = await w.newCode();
      const scanned = { ...inStore('PaymentCode'), ...method(shown, 'CONNECT_WALLET') };
      const paid = await w.call('payments/pay', request(1_000, scanned));
      assert.deepEqual([code(paid), (paid.pspCustomerInfo as Json).pspName], ['S SUCCESS', 'Wallet tng']);
      assert.deepEqual(w.m.wallet.known.get(w.newest())?.request.payer, { kind: 'payment_code', code: shown });
      assert.equal((await w.inquire(paid)).paymentMethodType, 'TNG');
      const used = await w.call('payments/pay', request(1_000, scanned));
      assert.equal(code(used), 'F INVALID_PAYMENT_CODE');
      assert.match(used.result.resultMessage, /used once/);
      const old = { ...inStore('PaymentCode'), ...method(await w.newCode()) };
      w.m.pass(PAYMENT_CODE_LIFE_MS);
      assert.equal(code(await w.call('payments/pay', request(1_000, old))), 'F EXPIRED_CODE');
      const none = { ...inStore('PaymentCode'), ...method('281234020000000000000000') };
      assert.equal(code(await w.call('payments/pay', request(1_000, none))), 'F INVALID_PAYMENT_CODE');
    });

    test('two payments at once by one code: one is paid, and the other never is', async () => {
      const scanned = { ...inStore('PaymentCode'), ...method(await w.newCode(), 'CONNECT_WALLET') };
      const both = [request(1_000, scanned), request(1_000, scanned)];
      const said = await Promise.all(both.map((each) => w.call('payments/pay', each)));
      assert.equal(said.filter((each) => code(each) === 'S SUCCESS').length, 1);
      const lost = both[said.findIndex((each) => code(each) !== 'S SUCCESS')] as Json;
      assert.equal(code(await w.call('payments/pay', lost)), 'F INVALID_PAYMENT_CODE');
    });

    test('the shop’s page opened in the wallet: its agent names it', async () => {
      const asked: Json = {
        ...request(1_000, inStore('EntryCode')),
        paymentMethod: { paymentMethodType: 'CONNECT_WALLET' },
      };
      const order = (userAgent: string) => ({ ...(asked.order as Json), env: { userAgent } });
      const unknown = await w.call('payments/pay', { ...asked, order: order('Mozilla/5.0') });
      assert.equal(code(unknown), 'F UNAVAILABLE_PAYMENT_METHOD');
      const said = await w.call('payments/pay', { ...asked, order: order('Mozilla/5.0 TNG/1.7 (Connect)') });
      assert.equal(code(said), 'U PAYMENT_IN_PROCESS');
      assert.ok(said.normalUrl);
    });
  });
});
