/** Beside payments by wallet over the AMS wire: tokens of those who have agreed, rates that are locked, and what is offered. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../../test/support/database.ts';
import { money } from '../../base/money.ts';
import {
  type AmsWallets,
  code,
  type Json,
  method,
  request,
  type Said,
  startAmsWallets,
  usd,
} from './test-wallet-client.ts';

const MINUTE_MS = 60_000;

describe('tokens, rates and offers over AMS', { skip: NO_DATABASE }, () => {
  let w: AmsWallets;
  before(async () => {
    w = await startAmsWallets();
  });
  after(() => w?.end());

  describe('tokens', () => {
    test('consult leads to the wallet’s page, with where to go back to', async () => {
      const asked = {
        customerBelongsTo: 'TNG',
        authRedirectUrl: 'https://shop.example/agreed',
        scopes: ['AGREEMENT_PAY', 'USER_LOGIN_ID'],
        authState: 's 1',
        terminalType: 'WEB',
      };
      const url = new URL(String((await w.call('authorizations/consult', asked)).normalUrl));
      assert.equal(url.origin + url.pathname, 'http://wallet.invalid/authorize');
      assert.deepEqual(
        ['authRedirectUrl', 'authState', 'authClientId'].map((name) => url.searchParams.get(name)),
        ['https://shop.example/agreed', 's 1', 'C1'],
      );
      for (const [change, expected] of [
        [{ customerBelongsTo: 'NOBODY' }, 'UNAVAILABLE_PAYMENT_METHOD'],
        [{ customerBelongsTo: 'DULL' }, 'UNAVAILABLE_PAYMENT_METHOD'],
        [{ scopes: ['USER_INFO'] }, 'PARAM_ILLEGAL'],
        [{ authRedirectUrl: 'javascript:x' }, 'PARAM_ILLEGAL'],
        [{ authState: null }, 'PARAM_ILLEGAL'],
        [{ terminalType: 'TV' }, 'PARAM_ILLEGAL'],
      ] as const)
        assert.equal((await w.call('authorizations/consult', { ...asked, ...change })).result.resultCode, expected);
    });

    test('made once for a code, charged without asking, told, revoked, told; the wallet’s own token is nowhere', async () => {
      const made = await w.token('code-1');
      assert.equal(code(made), 'S SUCCESS');
      assert.match(String(made.accessToken), /^wag_/);
      assert.equal(made.userLoginId, '****er-1');
      assert.ok(made.accessTokenExpiryTime);
      assert.deepEqual(await w.token('code-1'), made);
      const agreed = { productCode: 'AGREEMENT_PAYMENT', ...method(String(made.accessToken)) };
      const paid = await w.call('payments/pay', request(1_000, agreed));
      assert.equal(code(paid), 'S SUCCESS');
      assert.deepEqual(w.m.wallet.known.get(w.newest())?.request.payer, {
        ...{ kind: 'agreement', accessToken: 'token-of-code-1' },
      });
      const other = { ...agreed, ...method(String(made.accessToken), 'DULL') };
      assert.equal(code(await w.call('payments/pay', request(1_000, other))), 'F INVALID_ACCESS_TOKEN');
      const status = async () =>
        (await w.call('authorizations/query', { accessToken: made.accessToken })).tokenStatusType;
      assert.equal(await status(), 'ACTIVE');
      for (const _ of [1, 2])
        assert.equal(code(await w.call('authorizations/revoke', { accessToken: made.accessToken })), 'S SUCCESS');
      assert.equal(await status(), 'CANCELED');
      assert.equal(code(await w.call('payments/pay', request(1_000, agreed))), 'F INVALID_ACCESS_TOKEN');
      const news = (await w.told()).filter(({ accessToken }) => accessToken === made.accessToken);
      assert.deepEqual(
        news.map(({ authorizationNotifyType }) => authorizationNotifyType),
        ['TOKEN_CREATED', 'TOKEN_CANCELED'],
      );
      assert.ok(!JSON.stringify([made, paid, news]).includes('token-of-code-1'));
    });

    test('refreshed: the same token with a later end, once for a refresh token, charged with the wallet’s new one', async () => {
      const made = await w.token('code-3');
      const refresh = (refreshToken: unknown, customerBelongsTo = 'TNG') =>
        w.call('authorizations/applyToken', { grantType: 'REFRESH_TOKEN', customerBelongsTo, refreshToken });
      w.m.pass(366 * 24 * 60 * MINUTE_MS);
      const agreed = { productCode: 'AGREEMENT_PAYMENT', ...method(String(made.accessToken)) };
      assert.equal(code(await w.call('payments/pay', request(1_000, agreed))), 'F INVALID_ACCESS_TOKEN', 'run out');
      w.m.wallet.next.push('lose_before');
      assert.equal(code(await refresh(made.refreshToken)), 'U PROCESSING');
      const renewed = await refresh(made.refreshToken);
      assert.equal(code(renewed), 'S SUCCESS');
      assert.equal(renewed.accessToken, made.accessToken);
      assert.ok(String(renewed.accessTokenExpiryTime) > String(made.accessTokenExpiryTime));
      assert.notEqual(renewed.refreshToken, made.refreshToken);
      assert.deepEqual(await refresh(made.refreshToken), renewed, 'asked again, it is answered the same');
      assert.equal(code(await w.call('payments/pay', request(1_000, agreed))), 'S SUCCESS');
      assert.deepEqual(w.m.wallet.known.get(w.newest())?.request.payer, {
        ...{ kind: 'agreement', accessToken: 'token-of-code-3+' },
      });
      const [one, two] = await Promise.all([refresh(renewed.refreshToken), refresh(renewed.refreshToken)]);
      assert.deepEqual(one, two, 'two at once are one');
      for (const old of [made.refreshToken, 'wag_nothing-r0', `${made.accessToken}-r7`])
        assert.equal(code(await refresh(old)), 'F INVALID_ACCESS_TOKEN');
      assert.equal(code(await refresh(one.refreshToken, 'DULL')), 'F UNAVAILABLE_PAYMENT_METHOD');
      assert.equal(code(await refresh(null)), 'F PARAM_ILLEGAL');
      await w.call('authorizations/revoke', { accessToken: made.accessToken });
      assert.equal(code(await refresh(one.refreshToken)), 'F INVALID_ACCESS_TOKEN');
      const all = 'select data::text from wallet_agreements union all select data::text from journal_events';
      assert.ok(!JSON.stringify((await w.m.db.query(all)).rows).includes('refresh-of-code-3'));
    });

    test('the wallet is silent: ask again; unknown tokens and codes with another wallet are refused', async () => {
      w.m.wallet.next.push('lose_before');
      assert.equal(code(await w.token('code-2')), 'U PROCESSING');
      const elsewhere = { grantType: 'AUTHORIZATION_CODE', customerBelongsTo: 'DULL', authCode: 'code-2' };
      assert.equal((await w.call('authorizations/applyToken', elsewhere)).result.resultStatus, 'F');
      for (const operation of ['query', 'revoke'])
        assert.equal(
          code(await w.call(`authorizations/${operation}`, { accessToken: 'wag_nothing' })),
          'F INVALID_ACCESS_TOKEN',
        );
      const unknown = { productCode: 'AGREEMENT_PAYMENT', ...method('wag_nothing') };
      assert.equal(code(await w.call('payments/pay', request(1_000, unknown))), 'F INVALID_ACCESS_TOKEN');
    });
  });

  describe('rates', () => {
    const ask = { sellCurrency: 'EUR', buyCurrency: 'USD' };
    const quoted = async (): Promise<Json> =>
      ((await w.call('payments/inquireExchangeRate', ask)).quotes as Json[])[0] as Json;

    test('a rate is a number, holds for its time whatever the market does, and is used once', async () => {
      w.m.rates.perBase.EUR = '0.8';
      w.m.pass(20 * MINUTE_MS);
      const quote = await quoted();
      assert.deepEqual([quote.quoteCurrencyPair, quote.quotePrice, quote.guaranteed], ['USD/EUR', 0.8080808081, true]);
      w.m.rates.perBase.EUR = '0.9';
      w.m.pass(5 * MINUTE_MS);
      const locked = { paymentQuote: { quoteId: quote.quoteId } };
      await w.paidOnPage(10_000, locked);
      assert.deepEqual(w.m.wallet.known.get(w.newest())?.request.payTo, money(8_081n, 'EUR'));
      assert.equal(code(await w.call('payments/pay', request(10_000, locked))), 'F PROCESS_FAIL', 'used');
      await w.paidOnPage(10_000);
      assert.deepEqual(w.m.wallet.known.get(w.newest())?.request.payTo, money(9_091n, 'EUR'));
    });

    test('a rate of reference is what it would be now; nothing is locked', async () => {
      const count = async () => (await w.m.db.query('select 1 from fx_quotes')).rowCount;
      const before = await count();
      const told = await w.call('payments/inquireExchangeRate', { ...ask, rateType: 'REFERENCE' });
      const [quote] = told.quotes as Json[];
      const locked = await quoted();
      assert.deepEqual(
        [quote?.quoteCurrencyPair, quote?.quotePrice, quote?.guaranteed, quote?.quoteId, told.paymentQuotes],
        [locked.quoteCurrencyPair, locked.quotePrice, false, undefined, undefined],
      );
      assert.equal(await count(), Number(before) + 1, 'the other one alone');
    });

    test('expired, unknown, another’s pair, or with a card: refused by name', async () => {
      const old = await quoted();
      w.m.pass(14 * MINUTE_MS);
      const late = await w.call('payments/pay', request(1_000, { paymentQuote: { quoteId: old.quoteId } }));
      assert.deepEqual([code(late), /does not hold/.test(late.result.resultMessage)], ['F PROCESS_FAIL', true]);
      const none = await w.call('payments/pay', request(1_000, { paymentQuote: { quoteId: 'qte_none' } }));
      assert.equal(code(none), 'F PROCESS_FAIL');
      const yen = await w.call('payments/inquireExchangeRate', { currencyPairs: [{ ...ask, sellCurrency: 'JPY' }] });
      const other = (yen.quotes as Json[])[0]?.quoteId;
      assert.equal(
        code(await w.call('payments/pay', request(1_000, { paymentQuote: { quoteId: other } }))),
        'F PARAM_ILLEGAL',
      );
      const card = { paymentQuote: { quoteId: other }, paymentMethod: { paymentMethodType: 'CARD' } };
      assert.equal(code(await w.call('payments/pay', request(1_000, card))), 'F PARAM_ILLEGAL');
      for (const wrong of [
        { ...ask, sellCurrency: 'XXX' },
        { buyCurrency: 'USD' },
        { ...ask, rateType: 'GUESS' },
        { sellCurrency: 'USD', buyCurrency: 'USD', rateType: 'REFERENCE' },
        { sellCurrency: 'USD', buyCurrency: 'USD' },
      ])
        assert.equal(code(await w.call('payments/inquireExchangeRate', wrong)), 'F PARAM_ILLEGAL');
    });
  });

  describe('consult', () => {
    const consult = (fields: Json) =>
      w.call('payments/consult', {
        productCode: 'CASHIER_PAYMENT',
        paymentAmount: usd(1_000),
        env: {},
        userRegion: 'MY',
        ...fields,
      });
    const types = ({ paymentOptions }: Said) =>
      (paymentOptions as Json[]).map(({ paymentMethodType, enabled }) => `${paymentMethodType} ${enabled}`);

    test('cards and the wallets of the region, with limits in the wallet’s currency and why not', async () => {
      const said = await consult({});
      assert.deepEqual(types(said).sort(), ['CARD true', 'DULL false', 'TNG true']);
      const wallet = (said.paymentOptions as Json[]).find(({ paymentMethodType }) => paymentMethodType === 'TNG');
      assert.deepEqual(wallet?.amountLimitInfoMap, {
        EUR: { singleLimit: { maxAmount: { currency: 'EUR', value: '500000' } } },
      });
      assert.deepEqual([wallet?.paymentMethodCategory, wallet?.paymentMethodRegion], ['ALIPAY_PLUS', ['MY']]);
      const much = await consult({ paymentAmount: usd(900_000) });
      const refused = (much.paymentOptions as Json[]).find(({ paymentMethodType }) => paymentMethodType === 'TNG');
      assert.deepEqual([refused?.enabled, refused?.disableReason], [false, 'EXCEED_CHANNEL_LIMIT_RULE']);
    });

    test('what is allowed and blocked', async () => {
      assert.deepEqual(types(await consult({ allowedPaymentMethods: ['TNG'] })), ['TNG true']);
      assert.deepEqual(types(await consult({ allowedPaymentMethodRegions: ['GLOBAL'] })), ['CARD true']);
      assert.deepEqual(types(await consult({ userRegion: 'JP', allowedPaymentMethodRegions: ['MY'] })).sort(), [
        'DULL false',
        'TNG true',
      ]);
      assert.deepEqual(types(await consult({ blockedPaymentMethods: ['CARD', 'DULL'] })), ['TNG true']);
      assert.deepEqual(types(await consult({ userRegion: 'JP' })), ['CARD true']);
      assert.equal(code(await consult({ allowedPaymentMethods: ['NOBODY'] })), 'F NO_PAY_OPTIONS');
    });
  });
});
