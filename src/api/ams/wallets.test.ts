/** Wallets over the AMS wire, signed, with a wallet in memory: each way to pay, what ends a payment, tokens, rates, and what is told. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { testApp } from '../../../test/support/app.ts';
import { NO_DATABASE } from '../../../test/support/database.ts';
import { aWallet } from '../../../test/support/fake-wallet.ts';
import { createModules, type Modules } from '../../../test/support/modules.ts';
import { registerClient } from '../../ams/index.ts';
import type { Id } from '../../base/ids.ts';
import { money } from '../../base/money.ts';
import { must } from '../../base/result.ts';
import { payThroughLink } from '../../checkout/index.ts';
import type { WalletParticipant } from '../../parties/index.ts';
import {
  cancelWalletPayment,
  EXPIRY_JOB,
  expiryJob,
  findOperationByReference,
  findPayment,
  walletNotified,
} from '../../payments/index.ts';
import { issuePaymentCodes, PAYMENT_CODE_LIFE_MS } from '../../wallets/index.ts';
import type { App } from '../app.ts';
import { buildServer, type Server } from '../server.ts';
import { createTeller } from './notify.ts';
import { callAsC1, publicKeyOfC1, type Said } from './test-client.ts';

const gateway = generateKeyPairSync('rsa', { modulusLength: 2048 });
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

type Json = Record<string, unknown>;

describe('wallets over AMS', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let app: App;
  let server: Server;
  let tng: WalletParticipant;
  before(async () => {
    m = await createModules();
    const bare = testApp(m);
    app = { ...bare, ams: { ...bare.ams, key: { privateKey: gateway.privateKey, publicKey: '' } } };
    server = await buildServer(app);
    const everyWay = ['cashier', 'autoDebit', 'userPresented'] as const;
    const most = { setBy: 'Bank Negara', per: 'payment', kind: 'max', amount: money(500_000n, 'EUR') } as const;
    tng = (await aWallet(m.parties, {
      ...{ slug: 'tng', codeIssuer: '281234', modes: everyWay, limits: [most] },
    })) as WalletParticipant;
    await aWallet(m.parties, { slug: 'dull', modes: ['cashier'], markets: { CN: 'paused' } });
    const client = {
      clientId: 'C1',
      marketplace: m.marketplace.id,
      publicKey: publicKeyOfC1,
      notifyUrl: 'http://client.invalid/n',
    };
    must(await registerClient(app.ams, undefined, { ...client, defaults: { seller: m.seller.id } }));
  });
  after(async () => {
    await server?.close();
    await m?.end();
  });

  const call = (operation: string, content: object): Promise<Said> => callAsC1(server, operation, content);
  const code = ({ result }: Said): string => `${result.resultStatus} ${result.resultCode}`;
  const usd = (value: number) => ({ currency: 'USD', value: String(value) });

  let made = 0;
  const request = (cents: number, fields: Json = {}): Json & { readonly paymentRequestId: string } => {
    made += 1;
    return {
      productCode: 'CASHIER_PAYMENT',
      paymentRequestId: `p${made}`,
      order: { referenceOrderId: `O${made}`, orderDescription: 'Lamps', orderAmount: usd(cents) },
      paymentAmount: usd(cents),
      paymentMethod: { paymentMethodType: 'TNG' },
      paymentRedirectUrl: 'https://shop.example/back',
      settlementStrategy: { settlementCurrency: 'USD' },
      env: { terminalType: 'WEB' },
      ...fields,
    };
  };
  const method = (id: string, type = 'TNG') => ({ paymentMethod: { paymentMethodType: type, paymentMethodId: id } });
  const inStore = (scenario: string) => ({
    productCode: 'IN_STORE_PAYMENT',
    paymentFactor: { inStorePaymentScenario: scenario },
  });
  const newest = (): string => [...m.wallet.known.keys()].at(-1) as string;
  /** The user says yes, and the wallet tells. */
  const confirm = async (): Promise<void> => {
    m.wallet.confirm(newest());
    assert.equal(await walletNotified(m.payments, { wallet: tng.id, reference: newest() }), 'taken');
  };
  const paidOnPage = async (cents: number, fields: Json = {}): Promise<Said> => {
    const asked = await call('payments/pay', request(cents, fields));
    assert.equal(code(asked), 'U PAYMENT_IN_PROCESS', asked.result.resultMessage);
    await confirm();
    return asked;
  };
  /** The job that ends the newest payment when nobody has paid it. */
  const expire = async (): Promise<void> => {
    const operation = await findOperationByReference(m.db, newest());
    const payment = operation === null ? null : await findPayment(m.db, operation.payment);
    assert.ok(payment?.expiryJob);
    const { id: subject, expiryJob: id } = payment;
    await expiryJob(m.payments, { id, kind: EXPIRY_JOB, subject, due: m.now(), payload: {}, attempts: 1, lease: '' });
  };
  const inquire = ({ paymentId }: Said) => call('payments/inquiryPayment', { paymentId });
  const standing = async (payment: Said): Promise<string> => {
    const { paymentStatus, paymentResultCode } = await inquire(payment);
    return `${paymentStatus} ${paymentResultCode}`;
  };
  const newCode = async (): Promise<string> => {
    const wanted = { wallet: tng, customerId: 'user-1', quantity: 1 };
    return must(await issuePaymentCodes(app.hub.deps, wanted))[0]?.value as string;
  };
  const token = async (authCode: string): Promise<Said> =>
    call('authorizations/applyToken', { grantType: 'AUTHORIZATION_CODE', customerBelongsTo: 'TNG', authCode });
  /** What the client is told, newest last. */
  const told = async (): Promise<readonly Json[]> => {
    const bodies: Json[] = [];
    const http = { send: async () => ({ status: 500, headers: {}, body: new Uint8Array() }) };
    await createTeller(app, () => http).announce();
    const { rows } = await m.db.query<{ body: string }>(
      "select data ->> 'body' as body from ams_notifications order by id",
    );
    for (const { body } of rows) bodies.push(JSON.parse(body) as Json);
    return bodies;
  };

  describe('on the wallet’s page', () => {
    test('the page, the same again for the same request, then the wallet’s word: user, rate, transaction', async () => {
      const asked = request(10_000);
      const first = await call('payments/pay', asked);
      assert.equal(code(first), 'U PAYMENT_IN_PROCESS');
      assert.match(String(first.normalUrl), /^https:\/\/wallet\.example\/pay\//);
      assert.deepEqual(await call('payments/pay', asked), first);
      assert.equal(await standing(first), 'PROCESSING PAYMENT_IN_PROCESS');
      await confirm();
      const after = await inquire(first);
      assert.deepEqual([after.paymentStatus, after.paymentMethodType], ['SUCCESS', 'TNG']);
      assert.deepEqual(after.pspCustomerInfo, {
        ...{ pspName: 'Wallet tng', pspCustomerId: 'user-1', displayCustomerId: '****er-1' },
      });
      assert.deepEqual(after.grossSettlementAmount, usd(10_000));
      const { quoteCurrencyPair, quotePrice, guaranteed } = after.settlementQuote as Json;
      assert.deepEqual([quoteCurrencyPair, quotePrice, guaranteed], ['USD/EUR', 0.8081, true]);
      const [transaction] = after.transactions as Json[];
      assert.deepEqual([transaction?.transactionType, transaction?.transactionStatus], ['PAYMENT', 'SUCCESS']);
      assert.equal(code(await call('payments/pay', asked)), 'S SUCCESS');
    });

    test('the same id with another method, amount or way to pay is another request', async () => {
      const asked = request(1_000);
      assert.equal(code(await call('payments/pay', asked)), 'U PAYMENT_IN_PROCESS');
      for (const change of [
        { paymentMethod: { paymentMethodType: 'DULL' } },
        { paymentAmount: usd(999) },
        { paymentFactor: { captureMode: 'AUTOMATIC' } },
        { settlementStrategy: { settlementCurrency: 'EUR' } },
      ])
        assert.equal(code(await call('payments/pay', { ...asked, ...change })), 'F REPEAT_REQ_INCONSISTENT');
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
        ['BUSINESS_NOT_SUPPORT', inStore('OrderCode'), /no codes to scan/],
      ];
      for (const [expected, change, says] of cases) {
        const asked = { ...request(1_000), ...change };
        const said = await call('payments/pay', asked);
        assert.equal(said.result.resultCode, expected, said.result.resultMessage);
        assert.match(said.result.resultMessage, says);
        const good = await call('payments/pay', { ...request(1_000), paymentRequestId: asked.paymentRequestId });
        assert.equal(code(good), 'U PAYMENT_IN_PROCESS');
      }
    });

    test('too much names who set the limit; a currency without a rate, and one that is not paid out, are refused', async () => {
      const much = await call('payments/pay', request(900_000));
      assert.equal(code(much), 'F PAYMENT_AMOUNT_EXCEED_LIMIT');
      assert.match(much.result.resultMessage, /Bank Negara/);
      const yen = { currency: 'JPY', value: '1000' };
      const asked = request(1_000);
      const order = { ...(asked.order as Json), orderAmount: yen };
      assert.equal(code(await call('payments/pay', { ...asked, order, paymentAmount: yen })), 'F CURRENCY_NOT_SUPPORT');
    });

    test('the wallet’s own no is told in its words, with who set the limit', async () => {
      const { accessToken } = await token('limits');
      m.wallet.declines = { code: 'USER_AMOUNT_EXCEED_LIMIT', limitSetBy: 'the user' };
      const agreed = { productCode: 'AGREEMENT_PAYMENT', ...method(String(accessToken)) };
      const said = await call('payments/pay', request(1_000, agreed));
      assert.equal(code(said), 'F USER_AMOUNT_EXCEED_LIMIT');
      assert.match(said.result.resultMessage, /limit set by the user/);
      m.wallet.declines = { code: 'SOMETHING_ELSE', limitSetBy: null };
      assert.equal(code(await call('payments/pay', request(1_000, agreed))), 'F PROCESS_FAIL');
    });
  });

  describe('what ends it', () => {
    test('nobody pays in time: closed, and told so', async () => {
      const asked = await call('payments/pay', request(1_000));
      m.pass(15 * MINUTE_MS);
      await expire();
      assert.equal(await standing(asked), 'FAIL ORDER_IS_CLOSED');
      const body = (await told()).find(({ paymentId }) => paymentId === asked.paymentId);
      assert.equal(body?.notifyType, 'PAYMENT_RESULT');
      assert.equal((body.result as Json).resultCode, 'ORDER_IS_CLOSED');
      assert.equal(code(await call('payments/cancel', { paymentId: asked.paymentId })), 'F ORDER_STATUS_INVALID');
    });

    test('given up while the user thinks: a later success counts no more, and the order can be paid again', async () => {
      const first = request(1_000);
      const asked = await call('payments/pay', first);
      const canceled = await call('payments/cancel', { paymentRequestId: first.paymentRequestId });
      assert.equal(code(canceled), 'S SUCCESS');
      assert.ok(canceled.cancelTime);
      assert.equal(code(await call('payments/cancel', { paymentId: asked.paymentId })), 'S SUCCESS');
      assert.equal(await standing(asked), 'CANCELLED ORDER_IS_CANCELED');
      await paidOnPage(1_000, { order: first.order as Json });
    });

    test('the wallet’s answer to a cancel is lost: ask again, and it is canceled, also when the user had said yes', async () => {
      const asked = await call('payments/pay', request(1_000));
      m.wallet.next.push('lose_before');
      assert.equal(code(await call('payments/cancel', { paymentId: asked.paymentId })), 'U PAYMENT_IN_PROCESS');
      m.wallet.confirm(newest());
      await walletNotified(m.payments, { wallet: tng.id, reference: newest() });
      assert.equal(await standing(asked), 'PROCESSING PAYMENT_IN_PROCESS', 'its success counts no more');
      assert.equal((await inquire(asked)).normalUrl, undefined);
      await expire();
      assert.equal(await standing(asked), 'CANCELLED ORDER_IS_CANCELED');
      assert.equal(code(await call('payments/cancel', { paymentId: asked.paymentId })), 'S SUCCESS');
    });

    test('taken back whole until 00:15 UTC+8 of the next day; then only a refund', async () => {
      const canceled = await paidOnPage(2_000);
      assert.equal(code(await call('payments/cancel', { paymentId: canceled.paymentId })), 'S SUCCESS');
      const gone = await inquire(canceled);
      assert.equal(gone.paymentStatus, 'CANCELLED');
      const types = (gone.transactions as Json[]).map(({ transactionType }) => transactionType);
      assert.deepEqual(types, ['PAYMENT', 'CANCEL']);
      const late = await paidOnPage(2_000);
      m.pass(DAY_MS);
      assert.equal(code(await call('payments/cancel', { paymentId: late.paymentId })), 'F CANCEL_WINDOW_EXCEED');
      const refund = { refundRequestId: 'r1', paymentId: late.paymentId, refundAmount: usd(500) };
      m.rates.perBase.EUR = '0.5';
      const refunded = await call('payments/refund', refund);
      assert.equal(code(refunded), 'S SUCCESS');
      assert.deepEqual(await call('payments/refund', refund), refunded);
      assert.deepEqual(refunded.grossSettlementAmount, usd(500));
      assert.equal((refunded.settlementQuote as Json).quotePrice, 0.8085);
      const rest = { ...refund, refundRequestId: 'r2', refundAmount: usd(1_501) };
      assert.equal(code(await call('payments/refund', rest)), 'F REFUND_AMOUNT_EXCEED');
      const payBack = [...m.wallet.refunds.values()].at(-1)?.payBack;
      assert.deepEqual(payBack, money(404n, 'EUR'), 'a quarter of 1617, at the payment’s own rate');
      assert.ok((await told()).some(({ refundRequestId }) => refundRequestId === 'r1'));
    });
  });

  describe('on the hosted page', () => {
    const session = async (fields: Json = {}): Promise<Said & { token: string }> => {
      const asked = { ...request(1_000, fields), paymentMethod: { paymentMethodType: 'CARD' } };
      const said = await call('payments/createPaymentSession', asked);
      assert.equal(code(said), 'S SUCCESS');
      return { ...said, token: String(new URL(String(said.normalUrl)).pathname.split('/').at(-1)) };
    };
    const choose = ({ token }: { token: string }, attempt: number) =>
      payThroughLink(m.checkout, { token, attempt, with: { wallet: 'tng', returnUrl: 'https://x.example' } });

    test('a wallet chosen there is what it was paid with; one that is not paid in time leaves the page open', async () => {
      const opened = await session();
      const payment = { ...opened, paymentId: opened.paymentSessionId };
      must(await choose(opened, 1));
      const operation = await findOperationByReference(m.db, newest());
      const chosen = { marketplace: null, payment: operation?.payment as Id<'pay'>, by: 'expiry' } as const;
      must(await cancelWalletPayment(m.payments, undefined, chosen));
      assert.equal(await standing(payment), 'PROCESSING PAYMENT_IN_PROCESS');
      must(await choose(opened, 2));
      await confirm();
      const { paymentStatus, paymentMethodType } = await inquire(payment);
      assert.deepEqual([paymentStatus, paymentMethodType], ['SUCCESS', 'TNG']);
    });

    test('canceled while its wallet is waited for: that is given up, and the page is closed', async () => {
      const opened = await session();
      const payment = { ...opened, paymentId: opened.paymentSessionId };
      must(await choose(opened, 1));
      assert.equal(code(await call('payments/cancel', { paymentId: payment.paymentId })), 'S SUCCESS');
      assert.ok(m.wallet.canceled.has(newest()));
      assert.equal(await standing(payment), 'CANCELLED ORDER_IS_CANCELED');
      assert.equal((await choose(opened, 2)).ok, false);
    });
  });

  describe('in a shop', () => {
    test('a code is charged at once; used, expired and unknown ones are refused', async () => {
      const shown = await newCode();
      const scanned = { ...inStore('PaymentCode'), ...method(shown, 'CONNECT_WALLET') };
      const paid = await call('payments/pay', request(1_000, scanned));
      assert.deepEqual([code(paid), (paid.pspCustomerInfo as Json).pspName], ['S SUCCESS', 'Wallet tng']);
      assert.deepEqual(m.wallet.known.get(newest())?.request.payer, { kind: 'payment_code', code: shown });
      assert.equal((await inquire(paid)).paymentMethodType, 'TNG');
      const used = await call('payments/pay', request(1_000, scanned));
      assert.equal(code(used), 'F INVALID_PAYMENT_CODE');
      assert.match(used.result.resultMessage, /used once/);
      const old = { ...inStore('PaymentCode'), ...method(await newCode()) };
      m.pass(PAYMENT_CODE_LIFE_MS);
      assert.equal(code(await call('payments/pay', request(1_000, old))), 'F EXPIRED_CODE');
      const none = { ...inStore('PaymentCode'), ...method('281234020000000000000000') };
      assert.equal(code(await call('payments/pay', request(1_000, none))), 'F INVALID_PAYMENT_CODE');
    });

    test('two payments at once by one code: one is paid, and the other never is', async () => {
      const scanned = { ...inStore('PaymentCode'), ...method(await newCode(), 'CONNECT_WALLET') };
      const both = [request(1_000, scanned), request(1_000, scanned)];
      const said = await Promise.all(both.map((each) => call('payments/pay', each)));
      assert.equal(said.filter((each) => code(each) === 'S SUCCESS').length, 1);
      const lost = both[said.findIndex((each) => code(each) !== 'S SUCCESS')] as Json;
      assert.equal(code(await call('payments/pay', lost)), 'F INVALID_PAYMENT_CODE');
    });

    test('the shop’s page opened in the wallet: its agent names it', async () => {
      const asked: Json = {
        ...request(1_000, inStore('EntryCode')),
        paymentMethod: { paymentMethodType: 'CONNECT_WALLET' },
      };
      const order = (userAgent: string) => ({ ...(asked.order as Json), env: { userAgent } });
      const unknown = await call('payments/pay', { ...asked, order: order('Mozilla/5.0') });
      assert.equal(code(unknown), 'F UNAVAILABLE_PAYMENT_METHOD');
      const said = await call('payments/pay', { ...asked, order: order('Mozilla/5.0 TNG/1.7 (Connect)') });
      assert.equal(code(said), 'U PAYMENT_IN_PROCESS');
      assert.ok(said.normalUrl);
    });
  });

  describe('tokens', () => {
    test('consult leads to the wallet’s page, with where to go back to', async () => {
      const asked = {
        customerBelongsTo: 'TNG',
        authRedirectUrl: 'https://shop.example/agreed',
        scopes: ['AGREEMENT_PAY', 'USER_LOGIN_ID'],
        authState: 's 1',
        terminalType: 'WEB',
      };
      const url = new URL(String((await call('authorizations/consult', asked)).normalUrl));
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
        assert.equal((await call('authorizations/consult', { ...asked, ...change })).result.resultCode, expected);
    });

    test('made once for a code, charged without asking, told, revoked, told; the wallet’s own token is nowhere', async () => {
      const made = await token('code-1');
      assert.equal(code(made), 'S SUCCESS');
      assert.match(String(made.accessToken), /^wag_/);
      assert.equal(made.userLoginId, '****er-1');
      assert.ok(made.accessTokenExpiryTime);
      assert.deepEqual(await token('code-1'), made);
      const agreed = { productCode: 'AGREEMENT_PAYMENT', ...method(String(made.accessToken)) };
      const paid = await call('payments/pay', request(1_000, agreed));
      assert.equal(code(paid), 'S SUCCESS');
      assert.deepEqual(m.wallet.known.get(newest())?.request.payer, {
        ...{ kind: 'agreement', accessToken: 'token-of-code-1' },
      });
      const other = { ...agreed, ...method(String(made.accessToken), 'DULL') };
      assert.equal(code(await call('payments/pay', request(1_000, other))), 'F INVALID_ACCESS_TOKEN');
      const status = async () =>
        (await call('authorizations/query', { accessToken: made.accessToken })).tokenStatusType;
      assert.equal(await status(), 'ACTIVE');
      for (const _ of [1, 2])
        assert.equal(code(await call('authorizations/revoke', { accessToken: made.accessToken })), 'S SUCCESS');
      assert.equal(await status(), 'CANCELED');
      assert.equal(code(await call('payments/pay', request(1_000, agreed))), 'F INVALID_ACCESS_TOKEN');
      const news = (await told()).filter(({ accessToken }) => accessToken === made.accessToken);
      assert.deepEqual(
        news.map(({ authorizationNotifyType }) => authorizationNotifyType),
        ['TOKEN_CREATED', 'TOKEN_CANCELED'],
      );
      assert.ok(!JSON.stringify([made, paid, news]).includes('token-of-code-1'));
    });

    test('the wallet is silent: ask again; unknown tokens, codes with another wallet, and refreshing are refused', async () => {
      m.wallet.next.push('lose_before');
      assert.equal(code(await token('code-2')), 'U PROCESSING');
      const elsewhere = { grantType: 'AUTHORIZATION_CODE', customerBelongsTo: 'DULL', authCode: 'code-2' };
      assert.equal((await call('authorizations/applyToken', elsewhere)).result.resultStatus, 'F');
      const refresh = { grantType: 'REFRESH_TOKEN', customerBelongsTo: 'TNG', refreshToken: 'x' };
      assert.equal(code(await call('authorizations/applyToken', refresh)), 'F BUSINESS_NOT_SUPPORT');
      for (const operation of ['query', 'revoke'])
        assert.equal(
          code(await call(`authorizations/${operation}`, { accessToken: 'wag_nothing' })),
          'F INVALID_ACCESS_TOKEN',
        );
      const unknown = { productCode: 'AGREEMENT_PAYMENT', ...method('wag_nothing') };
      assert.equal(code(await call('payments/pay', request(1_000, unknown))), 'F INVALID_ACCESS_TOKEN');
    });
  });

  describe('rates', () => {
    const ask = { sellCurrency: 'EUR', buyCurrency: 'USD' };
    const quoted = async (): Promise<Json> =>
      ((await call('payments/inquireExchangeRate', ask)).quotes as Json[])[0] as Json;

    test('a rate is a number, holds for its time whatever the market does, and is used once', async () => {
      m.rates.perBase.EUR = '0.8';
      m.pass(20 * MINUTE_MS);
      const quote = await quoted();
      assert.deepEqual([quote.quoteCurrencyPair, quote.quotePrice, quote.guaranteed], ['USD/EUR', 0.8080808081, true]);
      m.rates.perBase.EUR = '0.9';
      m.pass(5 * MINUTE_MS);
      const locked = { paymentQuote: { quoteId: quote.quoteId } };
      await paidOnPage(10_000, locked);
      assert.deepEqual(m.wallet.known.get(newest())?.request.payTo, money(8_081n, 'EUR'));
      assert.equal(code(await call('payments/pay', request(10_000, locked))), 'F PROCESS_FAIL', 'used');
      await paidOnPage(10_000);
      assert.deepEqual(m.wallet.known.get(newest())?.request.payTo, money(9_091n, 'EUR'));
    });

    test('expired, unknown, another’s pair, or with a card: refused by name', async () => {
      const old = await quoted();
      m.pass(14 * MINUTE_MS);
      const late = await call('payments/pay', request(1_000, { paymentQuote: { quoteId: old.quoteId } }));
      assert.deepEqual([code(late), /does not hold/.test(late.result.resultMessage)], ['F PROCESS_FAIL', true]);
      const none = await call('payments/pay', request(1_000, { paymentQuote: { quoteId: 'qte_none' } }));
      assert.equal(code(none), 'F PROCESS_FAIL');
      const yen = await call('payments/inquireExchangeRate', { currencyPairs: [{ ...ask, sellCurrency: 'JPY' }] });
      const other = (yen.quotes as Json[])[0]?.quoteId;
      assert.equal(
        code(await call('payments/pay', request(1_000, { paymentQuote: { quoteId: other } }))),
        'F PARAM_ILLEGAL',
      );
      const card = { paymentQuote: { quoteId: other }, paymentMethod: { paymentMethodType: 'CARD' } };
      assert.equal(code(await call('payments/pay', request(1_000, card))), 'F PARAM_ILLEGAL');
      for (const wrong of [
        { ...ask, sellCurrency: 'XXX' },
        { buyCurrency: 'USD' },
        { ...ask, rateType: 'REFERENCE' },
        { sellCurrency: 'USD', buyCurrency: 'USD' },
      ])
        assert.equal(code(await call('payments/inquireExchangeRate', wrong)), 'F PARAM_ILLEGAL');
    });
  });

  describe('consult', () => {
    const consult = (fields: Json) =>
      call('payments/consult', {
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
