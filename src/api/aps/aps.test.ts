/** The hub's wire over HTTP: what is signed, what is refused first, and what acquirers and wallets are told. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { testApp } from '../../../test/support/app.ts';
import { NO_DATABASE } from '../../../test/support/database.ts';
import { createModules, type Modules } from '../../../test/support/modules.ts';
import { formatSignatureHeader, parseSignatureHeader, signMessage, verifyMessage } from '../../ams-protocol/index.ts';
import { wallNow } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import { money } from '../../base/money.ts';
import { must, ok } from '../../base/result.ts';
import type { WalletAnswer } from '../../connectors/ports/wallet.ts';
import { part, update } from '../../journal/index.ts';
import { event } from '../../ledger/index.ts';
import { type Participant, participants } from '../../parties/index.ts';
import { acquirerRole, aParticipant, walletRole } from '../../wallets/hub-codes/test-participants.ts';
import { findHubPayment } from '../../wallets/index.ts';
import { type PayingHub, payingHub, SILENT } from '../../wallets/test-wallets.ts';
import type { App, WalletNotice } from '../app.ts';
import { buildServer, type Server } from '../server.ts';
import { ENDPOINTS } from './routes.ts';
import { notificationBody } from './views.ts';

const gateway = generateKeyPairSync('rsa', { modulusLength: 2048 });
const [shopSide, walletSide] = [
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
];
const spki = (key: KeyObject): string => key.export({ type: 'spki', format: 'der' }).toString('base64');

interface Asked {
  readonly client?: string;
  readonly key?: KeyObject;
  readonly keyVersion?: string;
  readonly time?: string;
  readonly prefix?: string;
  /** Changes the bytes after they were signed. */
  readonly tamper?: (body: Buffer) => Buffer;
}

interface Said {
  readonly result: { readonly resultCode: string; readonly resultStatus: string; readonly resultMessage: string };
  readonly [field: string]: unknown;
}

describe('the hub over HTTP', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let hub: PayingHub;
  let app: App;
  let server: Server;
  let tng: Participant;
  const notices: WalletNotice[] = [];

  before(async () => {
    m = await createModules();
    m.rates.perBase = { ...m.rates.perBase, MYR: '4.5' };
    hub = payingHub(m, { notificationBody });
    tng = await withKey(await aParticipant(m, { participantId: 'TNG1', wallet: walletRole() }), walletSide.publicKey);
    const role = acquirerRole({ settlementCurrencies: ['JPY', 'USD'] });
    await withKey(await aParticipant(m, { participantId: 'ACQ1', acquirer: role }), shopSide.publicKey);
    const plain = testApp(m);
    app = {
      ...plain,
      ams: { ...plain.ams, key: { privateKey: gateway.privateKey, publicKey: spki(gateway.publicKey) } },
      hub: {
        deps: hub.deps,
        noticeTakers: [
          async (notice) => {
            if (!notice.reference.startsWith('ORDER')) return null;
            notices.push(notice);
            return ok(null);
          },
        ],
      },
    };
    server = await buildServer(app);
  });
  after(async () => {
    await server?.close();
    await m?.end();
  });

  const withKey = async (row: Participant, key: KeyObject): Promise<Participant> => {
    const keys = [{ version: '1', publicKey: spki(key), state: 'active' as const, addedAt: m.now() }];
    const unit = part({
      events: [event('participant.changed', row.id, { what: 'keys', keyVersion: '1' })],
      writes: [update(participants, row, { keys })],
    });
    must(await m.journal.run(undefined, async () => ok({ unit: { at: m.now(), ...unit }, value: null })));
    return { ...row, keys };
  };

  const ask = async (operation: string, content: object, asked: Asked = {}): Promise<Said> => {
    const { client = 'ACQ1', key = shopSide.privateKey, keyVersion = '1', time = String(wallNow()) } = asked;
    const path = `${asked.prefix ?? '/aps/api/v1/'}${operation}`;
    const body = Buffer.from(JSON.stringify(content));
    const signature = await signMessage({ path, clientId: client, time, body }, key);
    const answer = await server.inject({
      method: 'POST',
      url: path,
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'client-id': client,
        'request-time': time,
        signature: formatSignatureHeader({ keyVersion, signature }),
      },
      payload: asked.tamper?.(body) ?? body,
    });
    assert.equal(answer.statusCode, 200);
    const said = parseSignatureHeader(String(answer.headers.signature))?.signature ?? '';
    const told = { path, clientId: client, time: String(answer.headers['response-time']), body: answer.rawPayload };
    assert.ok(await verifyMessage(told, said, gateway.publicKey), 'the answer is signed');
    return answer.json() as Said;
  };
  const asWallet = (content: object, asked: Asked = {}) =>
    ask('payments/notifyPayment', content, { client: 'TNG1', key: walletSide.privateKey, ...asked });
  const yen = (value: string) => ({ currency: 'JPY', value });
  const payBody = (changes: object = {}) => ({
    paymentRequestId: newId('req'),
    order: {
      referenceOrderId: 'O1',
      orderDescription: 'coffee',
      orderAmount: yen('10000'),
      merchant: {
        referenceMerchantId: 'M1',
        merchantName: 'Cafe',
        merchantMCC: '5812',
        merchantAddress: { region: 'JP' },
        store: { referenceStoreId: 'S1', storeName: 'Ginza' },
      },
    },
    paymentAmount: yen('10000'),
    paymentMethod: { paymentMethodType: 'TNG' },
    paymentFactor: { isCashierPayment: true },
    ...changes,
  });
  const codeOf = async (saying: Promise<Said>): Promise<string> => (await saying).result.resultCode;
  const paid = async () => {
    const body = payBody();
    assert.equal(await codeOf(ask('payments/pay', body)), 'SUCCESS');
    return body;
  };
  const pending = async () => {
    hub.wallet.pays.push({ outcome: 'pending', walletPaymentId: 'W9', payUrl: 'https://wallet.example/p' });
    const body = payBody();
    const said = await ask('payments/pay', body);
    const { db } = app.journal;
    const row = await findHubPayment(db, { acquirer: (await acquirerId()) as never, requestId: body.paymentRequestId });
    return { body, said, row: row ?? assert.fail('no row') };
  };
  const acquirerId = async (): Promise<string> => {
    const { rows } = await m.db.query<{ id: string }>("select id from participants where participant_id = 'ACQ1'");
    return `ptc_${rows[0]?.id.replaceAll('-', '')}`;
  };

  describe('the wire', () => {
    test('what is refused before anybody is believed', async () => {
      const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const body = payBody();
      const stale = String(wallNow() - 6 * 60_000);
      const flip = (bytes: Buffer): Buffer => {
        const changed = Buffer.from(bytes);
        changed.writeUInt8((changed[20] as number) ^ 1, 20);
        return changed;
      };
      for (const [code, asked] of [
        ['INVALID_CLIENT', { client: 'NOBODY' }],
        ['KEY_NOT_FOUND', { keyVersion: '2' }],
        ['INVALID_SIGNATURE', { key: stranger.privateKey }],
        ['INVALID_SIGNATURE', { tamper: flip }],
        ['PARAM_ILLEGAL', { time: stale }],
        ['ACCESS_DENIED', { client: 'TNG1', key: walletSide.privateKey }],
      ] as const)
        assert.equal(await codeOf(ask('payments/pay', body, asked)), code, JSON.stringify(asked));
      assert.equal(await codeOf(ask('payments/notifyPayment', {})), 'ACCESS_DENIED');
      assert.equal(await codeOf(ask('payments/nothing', {})), 'INVALID_API');
      assert.equal(hub.wallet.paid.length, 0);
      // None of it has used the request id.
      assert.equal(await codeOf(ask('payments/pay', body)), 'SUCCESS');
    });

    test('an identical repeat finds what the first did; another body under the same id is refused', async () => {
      const body = payBody();
      const time = String(wallNow());
      const [one, other] = [await ask('payments/pay', body, { time }), await ask('payments/pay', body, { time })];
      assert.deepEqual(one, other);
      const dearer = { ...body, paymentAmount: yen('10001') };
      assert.equal(await codeOf(ask('payments/pay', dearer)), 'REPEAT_REQ_INCONSISTENT');
      const another = { ...body, paymentMethod: { paymentMethodType: 'BOOST' } };
      assert.equal(await codeOf(ask('payments/pay', another)), 'REPEAT_REQ_INCONSISTENT');
    });

    test('both paths are good, and only a POST', async () => {
      assert.equal(await codeOf(ask('payments/pay', payBody(), { prefix: '/aps/v1/' })), 'SUCCESS');
      const answer = await server.inject({ method: 'GET', url: '/aps/api/v1/payments/pay' });
      assert.equal((answer.json() as Said).result.resultCode, 'METHOD_NOT_SUPPORTED');
      for (const name of Object.keys(ENDPOINTS)) assert.match(name, /^[a-z]+\/[A-Za-z]+$/);
    });

    test('fields: each that is wrong is named', async () => {
      for (const [field, changes] of [
        ['paymentAmount.value', { paymentAmount: yen('10.5') }],
        ['paymentAmount.currency', { paymentAmount: { currency: 'XXX', value: '1' } }],
        ['paymentAmount.value', { paymentAmount: yen('0') }],
        ['paymentFactor', { paymentFactor: {} }],
        ['paymentMethod.paymentMethodId', { paymentFactor: { inStorePaymentScenario: 'PaymentCode' } }],
        ['order.env.userAgent', { paymentFactor: { inStorePaymentScenario: 'EntryCode' } }],
        ['settlementStrategy.settlementCurrency', { settlementStrategy: { settlementCurrency: 'EUR' } }],
        ['paymentExpiryTime', { paymentExpiryTime: 'soon' }],
        ['paymentNotifyUrl', { paymentNotifyUrl: 'javascript:1' }],
        ['order.referenceOrderId', { order: {} }],
      ] as const) {
        const { result } = await ask('payments/pay', payBody(changes));
        assert.equal(result.resultStatus, 'F');
        assert.ok(result.resultMessage.startsWith(`${field}: `), `${field}: ${result.resultMessage}`);
      }
    });
  });

  test('pay: what the acquirer learns of a payment', async () => {
    const body = payBody();
    const said = await ask('payments/pay', body);
    assert.deepEqual(
      [
        said.acquirerId,
        said.paymentRequestId,
        said.pspId,
        said.walletBrandName,
        said.paymentAmount,
        said.settlementAmount,
      ],
      ['ACQ1', body.paymentRequestId, 'TNG1', 'TNG', yen('10000'), yen('10000')],
    );
    assert.equal(said.settlementQuote, undefined);
    const inDollars = await ask('payments/pay', payBody({ settlementStrategy: { settlementCurrency: 'USD' } }));
    assert.deepEqual(inDollars.settlementAmount, { currency: 'USD', value: '6667' });
    const quote = inDollars.settlementQuote as { quoteCurrencyPair: string; quotePrice: string };
    assert.deepEqual([quote.quoteCurrencyPair, quote.quotePrice], ['JPY/USD', '0.006666666667']);
    const asked = hub.wallet.paid.at(-1);
    assert.deepEqual(asked?.order.shop.store, { id: 'S1', name: 'Ginza' });
  });

  test('an order code is shown until it is scanned; a cashier’s page until it is paid', async () => {
    const open = await ask('payments/pay', payBody({ paymentFactor: { inStorePaymentScenario: 'OrderCode' } }));
    assert.deepEqual([open.result.resultStatus, open.pspId], ['U', undefined]);
    const [detail] = (open.orderCodeForm as { codeDetails: { codeValue: string }[] }).codeDetails;
    assert.match(detail?.codeValue ?? '', /^HTTPS:\/\/QR\.CAUSEWAY\.EXAMPLE\//i);
    const { said } = await pending();
    assert.deepEqual([said.result.resultCode, said.paymentUrl], ['PAYMENT_IN_PROCESS', 'https://wallet.example/p']);
  });

  test('a shop’s page knows the wallet by its user agent', async () => {
    const body = payBody({
      paymentFactor: { inStorePaymentScenario: 'EntryCode' },
      paymentMethod: { paymentMethodType: 'CONNECT_WALLET' },
    });
    const agent = { order: { ...body.order, env: { userAgent: 'Mozilla/5.0 TNG/7.1 (AlipayConnect)' } } };
    assert.equal((await ask('payments/pay', { ...body, ...agent })).walletBrandName, 'TNG');
    const unknown = { order: { ...body.order, env: { userAgent: 'Mozilla/5.0' } } };
    assert.equal(
      await codeOf(ask('payments/pay', { ...body, ...unknown, paymentRequestId: newId('req') })),
      'UNAVAILABLE_PAYMENT_METHOD',
    );
  });

  test('what a wallet refuses goes on in its words; a limit names who set it', async () => {
    const decline = (code: string, limitSetBy: string | null = null): WalletAnswer => ({
      outcome: 'declined',
      code,
      message: 'no',
      limitSetBy,
    });
    hub.wallet.pays.push(
      decline('USER_BALANCE_NOT_ENOUGH'),
      decline('SOMETHING_NEW'),
      decline('USER_AMOUNT_EXCEED_LIMIT', 'TNG'),
    );
    assert.equal(await codeOf(ask('payments/pay', payBody())), 'USER_BALANCE_NOT_ENOUGH');
    assert.equal(await codeOf(ask('payments/pay', payBody())), 'PROCESS_FAIL');
    const limited = await ask('payments/pay', payBody());
    assert.deepEqual([limited.result.resultCode, limited.limitSetBy], ['USER_AMOUNT_EXCEED_LIMIT', 'TNG']);
    const limits = [{ setBy: 'Bank Negara', per: 'payment', kind: 'max', amount: money(1, 'MYR') }] as const;
    await aParticipant(m, {
      participantId: 'BOOST1',
      wallet: walletRole({ slug: 'boost', brandCode: 'BOOST', limits }),
    });
    const { result } = await ask('payments/pay', payBody({ paymentMethod: { paymentMethodType: 'BOOST' } }));
    assert.equal(result.resultCode, 'PAYMENT_AMOUNT_EXCEED_LIMIT');
    assert.match(result.resultMessage, /^Bank Negara allows at most MYR 0\.01/);
  });

  test('a wallet without a rate of its currency', async () => {
    await aParticipant(m, {
      participantId: 'DANA1',
      wallet: walletRole({ slug: 'dana', brandCode: 'DANA', currency: 'PHP' }),
    });
    assert.equal(
      await codeOf(ask('payments/pay', payBody({ paymentMethod: { paymentMethodType: 'DANA' } }))),
      'CURRENCY_NOT_SUPPORT',
    );
  });

  describe('inquiry, cancel, refund', () => {
    test('inquiry answers the question, and says where the payment stands', async () => {
      const { paymentRequestId } = await paid();
      const said = await ask('payments/inquiryPayment', { paymentRequestId });
      assert.deepEqual(
        [said.result.resultCode, (said.paymentResult as Said['result']).resultCode],
        ['SUCCESS', 'SUCCESS'],
      );
      const byId = await ask('payments/inquiryPayment', { paymentId: said.paymentId });
      assert.deepEqual(byId, said);
      assert.equal(await codeOf(ask('payments/inquiryPayment', { paymentRequestId: 'none' })), 'ORDER_NOT_EXIST');
      assert.equal(await codeOf(ask('payments/inquiryPayment', {})), 'PARAM_ILLEGAL');
    });

    test('a cancel that the wallet has not answered asks to come again, and is never told as paid', async () => {
      const body = await paid();
      hub.wallet.cancels.push(SILENT);
      const first = await ask('payments/cancelPayment', { paymentRequestId: body.paymentRequestId });
      assert.equal(first.result.resultStatus, 'U');
      const meanwhile = await ask('payments/inquiryPayment', { paymentRequestId: body.paymentRequestId });
      assert.equal((meanwhile.paymentResult as Said['result']).resultCode, 'PAYMENT_IN_PROCESS');
      assert.equal(await codeOf(ask('payments/cancelPayment', { paymentRequestId: body.paymentRequestId })), 'SUCCESS');
      assert.equal(await codeOf(ask('payments/pay', body)), 'ORDER_IS_CANCELED');
      const refund = { paymentRequestId: body.paymentRequestId, refundRequestId: 'r1', refundAmount: yen('1') };
      assert.equal(await codeOf(ask('payments/refund', refund)), 'ORDER_IS_CANCELED');
    });

    test('a refund, its repeat, and what cannot be refunded', async () => {
      const { paymentRequestId } = await paid();
      const refund = { paymentRequestId, refundRequestId: newId('req'), refundAmount: yen('4000') };
      const said = await ask('payments/refund', refund);
      assert.deepEqual(
        [said.result.resultCode, said.refundAmount, said.settlementAmount],
        ['SUCCESS', yen('4000'), yen('4000')],
      );
      assert.deepEqual(await ask('payments/refund', refund), said);
      const other = { ...refund, refundAmount: yen('4001') };
      assert.equal(await codeOf(ask('payments/refund', other)), 'REPEAT_REQ_INCONSISTENT');
      const more = { ...refund, refundRequestId: newId('req'), refundAmount: yen('6001') };
      assert.equal(await codeOf(ask('payments/refund', more)), 'REFUND_AMOUNT_EXCEED');
      const foreign = { ...more, refundAmount: { currency: 'USD', value: '1' } };
      assert.equal(await codeOf(ask('payments/refund', foreign)), 'CURRENCY_NOT_SUPPORT');
      assert.equal(await codeOf(ask('payments/refund', { ...more, refundAmount: yen('6000') })), 'SUCCESS');
      assert.equal(await codeOf(ask('payments/cancelPayment', { paymentRequestId })), 'ORDER_STATUS_INVALID');
    });

    test('consult: every wallet with whether and why not', async () => {
      const { order, paymentAmount } = payBody();
      const options = (await ask('payments/consultPayment', { order, paymentAmount })).paymentOptions as {
        paymentMethodType: string;
        enabled: boolean;
        disableReason?: string;
      }[];
      const of = (brand: string) => options.find(({ paymentMethodType }) => paymentMethodType === brand);
      assert.equal(of('TNG')?.enabled, true);
      assert.equal(of('BOOST')?.disableReason, 'PAYMENT_AMOUNT_EXCEED_LIMIT');
      assert.equal(of('DANA')?.disableReason, 'CURRENCY_NOT_SUPPORT');
    });
  });

  describe('notifications of wallets', () => {
    const success = { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success.' };
    test('are believed once, about the agreed amount, from the wallet that has the payment', async () => {
      const { row, body } = await pending();
      const payTo = { currency: 'MYR', value: String(row.price?.payTo.amount) };
      const word = { paymentRequestId: row.reference, paymentId: 'W9', paymentResult: success, payToAmount: payTo };
      const wrong = { ...word, payToAmount: { currency: 'MYR', value: '1' } };
      assert.equal(await codeOf(asWallet(wrong)), 'PARAM_ILLEGAL');
      const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
      await withKey(
        await aParticipant(m, { participantId: 'GCASH1', wallet: walletRole({ slug: 'gcash', brandCode: 'GCASH' }) }),
        other.publicKey,
      );
      assert.equal(await codeOf(asWallet(word, { client: 'GCASH1', key: other.privateKey })), 'ORDER_NOT_EXIST');
      assert.equal(await codeOf(asWallet(word)), 'SUCCESS');
      assert.equal(await codeOf(asWallet(word)), 'SUCCESS');
      const said = await ask('payments/pay', body);
      assert.deepEqual([said.result.resultCode, said.paymentUrl], ['SUCCESS', undefined]);
      await hub.runDue();
      const told = hub.told
        .map(({ body }) => JSON.parse(body))
        .filter((each) => each.paymentRequestId === body.paymentRequestId);
      assert.equal(told.length, 1);
      assert.deepEqual(
        [told[0].paymentResult.resultCode, told[0].order.merchant.merchantMCC, told[0].pspId],
        ['SUCCESS', '5812', 'TNG1'],
      );
    });

    test('a refusal of the person, and one that says nothing new', async () => {
      const { row, body } = await pending();
      const inProcess = { resultCode: 'PAYMENT_IN_PROCESS', resultStatus: 'U', resultMessage: '' };
      assert.equal(await codeOf(asWallet({ paymentRequestId: row.reference, paymentResult: inProcess })), 'SUCCESS');
      const refusal = { resultCode: 'USER_CANCELED', resultStatus: 'F', resultMessage: 'the person said no' };
      assert.equal(await codeOf(asWallet({ paymentRequestId: row.reference, paymentResult: refusal })), 'SUCCESS');
      assert.equal(await codeOf(ask('payments/pay', body)), 'USER_CANCELED');
    });

    test('before pay has answered', async () => {
      const body = payBody();
      hub.wallet.pays.push(async () => {
        const { reference } = hub.wallet.paid.at(-1) ?? assert.fail('not asked');
        const word = { paymentRequestId: reference, paymentId: 'W-early', paymentResult: success };
        assert.equal(await codeOf(asWallet(word)), 'SUCCESS');
        return SILENT;
      });
      assert.equal(await codeOf(ask('payments/pay', body)), 'SUCCESS');
    });

    test('after a cancel was asked: it loses', async () => {
      const { row, body } = await pending();
      hub.wallet.cancels.push(SILENT);
      assert.equal(
        (await ask('payments/cancelPayment', { paymentRequestId: body.paymentRequestId })).result.resultStatus,
        'U',
      );
      const word = { paymentRequestId: row.reference, paymentId: 'W9', paymentResult: success };
      assert.equal(await codeOf(asWallet(word)), 'SUCCESS');
      assert.equal(await codeOf(ask('payments/cancelPayment', { paymentRequestId: body.paymentRequestId })), 'SUCCESS');
      assert.equal(await codeOf(ask('payments/pay', body)), 'ORDER_IS_CANCELED');
    });

    test('of somebody else’s payment go to whoever waits for them; nobody’s do not exist', async () => {
      const word = { paymentId: 'W1', paymentResult: success };
      assert.equal(await codeOf(asWallet({ ...word, paymentRequestId: 'ORDER77' })), 'SUCCESS');
      assert.deepEqual(
        notices.map(({ reference, wallet }) => [reference, wallet.id]),
        [['ORDER77', tng.id]],
      );
      assert.equal(await codeOf(asWallet({ ...word, paymentRequestId: 'NOBODYS' })), 'ORDER_NOT_EXIST');
    });
  });

  describe('disputes', () => {
    const claim = (content: object) =>
      ask('disputes/initiateEscalation', content, { client: 'TNG1', key: walletSide.privateKey });
    const answer = (content: object, kind = 'responseEscalation') => ask(`disputes/${kind}`, content);

    test('a wallet claims a payment of its own; its acquirer accepts a part, once, and is told under what id it is refunded', async () => {
      const { paymentRequestId } = await paid();
      const [{ reference }] = (
        await m.db.query("select reference from hub_payments where data ->> 'requestId' = $1", [paymentRequestId])
      ).rows as [{ reference: string }];
      const wish = { disputeId: newId('req'), paymentRequestId: reference, disputeReason: 'never received' };
      assert.equal(await codeOf(claim({ ...wish, disputeAmount: yen('10001') })), 'DISPUTE_AMOUNT_EXCEED');
      const opened = await claim(wish);
      assert.deepEqual(
        [opened.result.resultCode, opened.disputeId, opened.disputeState, opened.disputeAmount],
        ['SUCCESS', wish.disputeId, 'OPEN', yen('10000')],
      );
      assert.equal((await claim(wish)).hubDisputeId, opened.hubDisputeId, 'the same again');
      assert.equal(await codeOf(claim({ ...wish, disputeAmount: yen('1') })), 'REPEAT_REQ_INCONSISTENT');
      assert.equal(await codeOf(claim({ ...wish, disputeId: newId('req') })), 'DISPUTE_IN_PROCESS');
      const said = { disputeId: opened.hubDisputeId, answer: 'ACCEPT_PARTIAL_REFUND', amount: yen('2500') };
      assert.equal(await codeOf(answer(said, 'responseRetrieval')), 'DISPUTE_NOT_EXIST', 'it is no question');
      assert.equal(await codeOf(answer({ ...said, amount: undefined })), 'PARAM_ILLEGAL');
      const taken = await answer(said);
      assert.deepEqual(
        [taken.result.resultCode, taken.refundRequestId, taken.refundAmount, taken.disputeState],
        ['SUCCESS', opened.hubDisputeId, yen('2500'), 'REFUNDING'],
      );
      assert.equal(await codeOf(answer(said)), 'SUCCESS');
      assert.equal(await codeOf(answer({ ...said, answer: 'REFUSE_REFUND' })), 'DISPUTE_ALREADY_ANSWERED');
    });

    test('what is wrong in it, and who may not', async () => {
      const wish = { disputeId: 'D', paymentRequestId: 'nobody’s', disputeReason: 'x' };
      assert.equal(await codeOf(claim(wish)), 'ORDER_NOT_EXIST');
      assert.equal(await codeOf(claim({ ...wish, disputeReason: undefined })), 'PARAM_ILLEGAL');
      assert.equal(await codeOf(ask('disputes/initiateRetrieval', wish)), 'ACCESS_DENIED', 'only wallets open');
      assert.equal(await codeOf(answer({ disputeId: newId('esc'), answer: 'REFUSE_REFUND' })), 'DISPUTE_NOT_EXIST');
      assert.equal(await codeOf(answer({ disputeId: 'D', answer: 'PERHAPS' })), 'PARAM_ILLEGAL');
    });
  });
});
