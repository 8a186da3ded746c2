/** What a person's scan leads to, with real payments on a real database. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { createModules, type Modules } from '../../test/support/modules.ts';
import { addMs, msOf } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { newId } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import { must, ok, type Refusal, type Result } from '../base/result.ts';
import type { DecodedCode } from '../connectors/ports/shop-acquirer.ts';
import { leaseJobs } from '../jobs/queue.ts';
import { part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { Participant } from '../parties/index.ts';
import { type NewMerchantCode, writeMerchantCode } from './codes/write-merchant-code.ts';
import { writeHubTemplate } from './hub-codes/hub-template.ts';
import {
  createStoreCode,
  findCode,
  PUSH_BACK_JOB,
  PUSH_JOB,
  pushJobs,
  registerEntryPage,
  registerShop,
  retireCode,
  type ScanCode,
} from './hub-codes/index.ts';
import { untilNextAsk } from './hub-codes/push.ts';
import { acquirerRole, aParticipant, walletRole } from './hub-codes/test-participants.ts';
import { type HubCode, type HubPayment, hubPayments } from './hub-payment.ts';
import { indicativeRate } from './indicative-rate.ts';
import { scan } from './scan.ts';
import { settlePayment } from './settle-payment.ts';
import { loadHubPayment } from './store.ts';
import { takePayment } from './take-payment.ts';
import { type TestHub, testHub } from './test-hub.ts';

const PROMPTPAY = 'A000000677010111';
const yen = (amount: number): Money => money(amount, 'JPY');
const SHOP = { merchantId: 'M1', name: 'Cafe', country: 'JP', categoryCode: '5812' };
const code = (result: Result<unknown, Refusal>): string => (result.ok ? 'done' : result.error.code);

describe('scanning', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let hub: TestHub;
  let [wallet, other, acquirer, thai] = [] as unknown as [Participant, Participant, Participant, Participant];
  let printed: HubCode;

  before(async () => {
    m = await createModules();
    m.rates.perBase = { ...m.rates.perBase, MYR: '4.5', THB: '36', KRW: '1400' };
    hub = testHub(m);
    wallet = await aParticipant(m, { participantId: 'PSP1', wallet: walletRole() });
    const kakao = walletRole({ slug: 'kakao', currency: 'KRW', country: 'KR' });
    other = await aParticipant(m, { participantId: 'PSP2', wallet: kakao });
    const own = acquirerRole({ codePrefixes: ['https://own.example/'] });
    acquirer = await aParticipant(m, { participantId: 'ACQ1', acquirer: own });
    const push = acquirerRole({ countries: ['TH'], settlementCurrencies: ['THB'], pushSchemes: [PROMPTPAY] });
    thai = await aParticipant(m, { participantId: 'ACQ2', acquirer: push });
    const registration = { ...SHOP, localName: 'カフェ', city: 'Tokyo' };
    must(await registerShop(hub.deps, { acquirer, registration }));
    printed = must(await createStoreCode(hub.deps, { acquirer, merchantId: 'M1', currency: 'JPY', schemes: [] }));
  });
  after(() => m?.end());

  const person = (value: string, changes: Partial<ScanCode> = {}) =>
    scan(hub.deps, { value, wallet, customerId: 'C1', typed: null, ...changes });
  const typed = (amount: Money, userRequestId = newId('req') as string) => ({ typed: { amount, userRequestId } });
  const paymentOf = (result: Awaited<ReturnType<typeof person>>): HubPayment => {
    const scanned = must(result);
    return scanned.kind === 'payment' ? scanned.payment : assert.fail(scanned.kind);
  };
  const orderCode = async (amount = yen(1980)) => {
    const requestId = newId('req');
    const order = { requestId, shop: SHOP, orderReference: 'O1', description: 'coffee', redirectUrl: null };
    const asked = { ...order, amount, notifyUrl: null, expiresAt: null, settlementCurrency: null, keyFields: {} };
    const payment = must(await takePayment(hub.deps, { ...asked, acquirer, payer: { scenario: 'order_code' } }));
    return { payment, value: payment.payUrl as string };
  };
  const change = async (row: HubPayment, state: HubPayment['state']) => {
    const events = [event('hub_payment.closed', row.id, { because: 'test' })];
    const writes = [update(hubPayments, row, { state })];
    must(
      await m.journal.run(undefined, async () => ok({ unit: { at: m.now(), ...part({ events, writes }) }, value: 0 })),
    );
  };

  test('an order code: whoever scans first has it, at a price that holds, and gets it again', async () => {
    const { payment, value } = await orderCode();
    const first = paymentOf(await person(value));
    assert.deepEqual([first.id, first.state, first.customerId], [payment.id, 'in_process', 'C1']);
    assert.equal(first.price?.payTo.currency, 'MYR');
    m.rates.perBase.MYR = '9';
    m.pass(2 * 60_000);
    assert.deepEqual(paymentOf(await person(value)).price, first.price, 'whatever the market does meanwhile');
    m.rates.perBase.MYR = '4.5';
    assert.equal(code(await person(value, { customerId: 'C2' })), 'paid_by_another');
    assert.equal(code(await person(value, { wallet: other })), 'paid_by_another');
    m.pass(28 * 60_000);
    assert.equal(code(await person(value)), 'expired_code');
  });

  test('of two people at once, one has it and the other is told; of one twice at once, both answers are the same', async () => {
    const { value } = await orderCode();
    const people = await Promise.all(['C1', 'C2', 'C3'].map((customerId) => person(value, { customerId })));
    assert.deepEqual(people.map(code).sort(), ['done', 'paid_by_another', 'paid_by_another']);
    const twice = await orderCode();
    const [one, two] = await Promise.all([person(twice.value), person(twice.value)]);
    assert.deepEqual(paymentOf(one).price, paymentOf(two).price);
  });

  test('an order that ended is closed, and a text that was made up is no order', async () => {
    const { payment, value } = await orderCode();
    await change((await loadHubPayment(m.db, payment.id)) as HubPayment, 'closed');
    assert.equal(code(await person(value)), 'order_closed');
    const text = `GPLD054PLVS00201CDSD0390108CAUSEWAY0216${'1'.repeat(16)}03011`;
    const madeUp = `HTTPS://QR.CAUSEWAY.EXAMPLE/MPM/3/${Buffer.from(text).toString('base64')}`;
    assert.equal(code(await person(madeUp)), 'invalid_code');
  });

  test('a store code asks for the amount, then is a payment that its request id names', async () => {
    const asked = must(await person(printed.value));
    assert.deepEqual(asked, {
      kind: 'ask_amount',
      acquirer,
      shop: { ...SHOP, name: 'カフェ', latinName: 'Cafe' },
      currency: 'JPY',
      amount: null,
    });
    const amount = typed(yen(500));
    const both = await Promise.all([person(printed.value, amount), person(printed.value, amount)]);
    const [first, again] = [...both, await person(printed.value, amount)].map(paymentOf) as [HubPayment, HubPayment];
    assert.equal(first.id, again.id);
    assert.deepEqual([first.scenario, first.amount, first.code], ['store_code', yen(500), printed.id]);
    assert.match(first.requestId, /^[0-9A-F]{40}$/);
    const { userRequestId } = amount.typed;
    for (const changes of [typed(yen(501), userRequestId), { ...amount, customerId: 'C2' }])
      assert.match(code(await person(printed.value, changes)), /^(request_id_taken|paid_by_another)$/);
    assert.notEqual(paymentOf(await person(printed.value, typed(yen(500)))).id, first.id, 'another scan is another');
    assert.equal(code(await person(printed.value, typed(money(5, 'THB')))), 'wrong_currency');
    assert.equal(code(await person(printed.value, typed(yen(0)))), 'invalid_amount');

    const word = { outcome: 'approved', walletPaymentId: 'W1', paidAt: m.now(), customerId: 'C1' } as const;
    must(await settlePayment(hub.deps, first.id, word));
    const verified = await findCode(m.db, printed.id);
    assert.deepEqual([verified?.state, verified?.payment], ['live', first.id], 'by the payment that was paid first');
  });

  test('a wallet’s name of a scan stands for one payment, whichever acquirer’s code it comes with', async () => {
    const amount = typed(money(5000, 'THB'));
    const { userRequestId } = amount.typed;
    assert.equal(code(await person(national(), amount)), 'done');
    const elsewhere = await person(printed.value, typed(yen(50), userRequestId));
    assert.equal(code(elsewhere), 'idempotency_key_reused');
  });

  test('codes that an acquirer has printed on its own are as good; retired ones and strangers are not', async () => {
    const own = (acquirerId: string, merchantId: string) =>
      merchantCode({
        accounts: [writeHubTemplate({ acquirerId, merchantId, number: 7 })],
        currency: 'JPY',
        country: 'JP',
      });
    assert.equal(must(await person(own('ACQ1', 'M1'))).kind, 'ask_amount');
    assert.equal(code(await person(own('ACQ1', 'nobody'))), 'invalid_code');
    assert.equal(code(await person(own('nobody', 'M1'))), 'invalid_code');
    const extra = { id: '40', guid: 'com.other', objects: [] };
    const second = must(
      await createStoreCode(hub.deps, { acquirer, merchantId: 'M1', currency: 'JPY', schemes: [extra] }),
    );
    must(await retireCode(hub.deps, { id: second.id, by: 'operator' }));
    assert.equal(code(await person(second.value)), 'invalid_code');
  });

  test('a shop’s page is opened, with what stands behind its question mark', async () => {
    const url = 'https://shop.example/table';
    const page = must(await registerEntryPage(hub.deps, { acquirer, merchantId: 'M1', url }));
    assert.deepEqual(must(await person(`${url}?table=4`)), { kind: 'open_page', acquirer, url: `${url}?table=4` });
    assert.equal(code(await person('https://shop.example/other')), 'invalid_code');
    must(await retireCode(hub.deps, { id: page.id, by: 'operator' }));
    assert.equal(code(await person(url)), 'invalid_code');
  });

  test('an acquirer is asked about its own code: the same code is the same payment, for the same person', async () => {
    const said: DecodedCode = {
      ...{
        outcome: 'order',
        requestId: 'R77',
        orderReference: 'O77',
        description: 'lunch',
        amount: yen(900),
        shop: SHOP,
      },
      ...{ settlementCurrency: null, expiresAt: null, notifyUrl: 'https://own.example/told' },
    };
    const value = 'https://own.example/281ABC04XYZ';
    hub.decodes.push(said, said, said);
    const first = paymentOf(await person(value));
    assert.deepEqual([first.requestId, first.scenario, first.notifyUrl], ['R77', 'private_code', said.notifyUrl]);
    assert.equal(paymentOf(await person(value)).id, first.id);
    assert.equal(code(await person(value, { customerId: 'C2' })), 'paid_by_another');
    hub.decodes.push({ ...said, requestId: 'R78', expiresAt: m.now() });
    assert.equal(code(await person(value)), 'expired_code');
    hub.decodes.push({ outcome: 'refused', code: 'ORDER_IS_CLOSED', message: 'over' });
    const refused = await person(value);
    assert.deepEqual(refused.ok ? null : [refused.error.code, refused.error.facts], [
      'acquirer_refused',
      { code: 'ORDER_IS_CLOSED' },
    ]);
    assert.equal(code(await person(value)), 'acquirer_silent');
  });

  test('who may scan: the wallet’s mode, and an acquirer that is suspended', async () => {
    const blind = { ...wallet, wallet: walletRole({ modes: ['userPresented'] }) };
    assert.equal(code(await person(printed.value, { wallet: blind })), 'mode_not_offered');
    const closed = await aParticipant(m, { participantId: 'ACQ3', state: 'suspended', acquirer: acquirerRole() });
    const text = merchantCode({
      accounts: [writeHubTemplate({ acquirerId: closed.participantId, merchantId: 'M1', number: 1 })],
    });
    assert.equal(code(await person(text)), 'acquirer_suspended');
  });

  const merchantCode = (changes: Partial<NewMerchantCode>): string =>
    must(
      writeMerchantCode({
        ...{ dynamic: false, accounts: [], categoryCode: '5812', currency: 'THB', country: 'TH' },
        ...{ name: 'Noodles', city: 'Bangkok', ...changes },
      }),
    );
  const national = (changes: Partial<NewMerchantCode> = {}): string =>
    merchantCode({
      accounts: [{ id: '29', guid: PROMPTPAY, objects: [{ id: '01', value: '0066812345678' }] }],
      ...changes,
    });

  test('a national code: typed where it is printed, fixed where it says so, one payment where it was made for one', async () => {
    const amount = money(12_500, 'THB');
    assert.equal(must(await person(national())).kind, 'ask_amount');
    const asked = must(await person(national({ amount })));
    assert.deepEqual(asked.kind === 'ask_amount' && asked.amount, amount);
    assert.equal(code(await person(national({ amount }), typed(money(1, 'THB')))), 'invalid_amount');
    const once = national({ dynamic: true, amount });
    const payment = paymentOf(await person(once));
    assert.deepEqual([payment.scenario, payment.acquirer, payment.amount], ['push_code', thai.id, amount]);
    assert.deepEqual(payment.push, { code: once, state: 'waiting', at: null });
    assert.equal(paymentOf(await person(once)).id, payment.id);
    assert.equal(code(await person(once, { customerId: 'C2' })), 'paid_by_another');
  });

  describe('money that a national scheme brings', () => {
    const given: string[] = [];
    const handlers = () =>
      pushJobs({
        ...hub.deps,
        giveBack: async ({ id }) => {
          given.push(id);
          return given.length === 1 ? 'waiting' : 'done';
        },
      });
    const paid = async (): Promise<HubPayment> => {
      const payment = paymentOf(await person(national(), typed(money(5000, 'THB'))));
      const word = { outcome: 'approved', walletPaymentId: 'W', paidAt: m.now(), customerId: null } as const;
      return must(await settlePayment(hub.deps, payment.id, word));
    };
    /** Runs the one job of this kind that is due, and says what came of it. */
    const runDue = async (kind: string) => {
      const jobs = await leaseJobs(m.db, { now: m.now(), limit: 100, leaseMs: 1 });
      const [job] = jobs.filter((each) => each.kind === kind);
      return job === undefined ? null : (handlers()[kind] as NonNullable<ReturnType<typeof handlers>[string]>)(job);
    };

    test('it is asked for until the acquirer says that it has arrived', async () => {
      const payment = await paid();
      assert.equal(await runDue(PUSH_JOB), null, 'not before four seconds');
      m.pass(4000);
      hub.pushes.push({ outcome: 'pending' });
      assert.deepEqual(await runDue(PUSH_JOB), { kind: 'again', afterMs: 4000, reason: 'not there yet' });
      const at = addMs(m.now(), 0);
      hub.pushes.push({ outcome: 'arrived', at });
      assert.deepEqual(await runDue(PUSH_JOB), { kind: 'committed' });
      assert.deepEqual((await loadHubPayment(m.db, payment.id))?.push, { ...payment.push, state: 'arrived', at });
      assert.equal(hub.asked.at(-1), payment.requestId);
      assert.equal(await runDue(PUSH_JOB), null, 'and not once more');
    });

    test('no answer is no word; never is: then everything goes back, by itself, until it is done', async () => {
      const payment = await paid();
      m.pass(4000);
      assert.deepEqual(await runDue(PUSH_JOB), { kind: 'again', afterMs: 4000, reason: 'silent' });
      assert.equal(given.length, 0);
      hub.pushes.push({ outcome: 'refused', code: 'PROCESS_FAIL', message: 'no such account' });
      assert.deepEqual(await runDue(PUSH_JOB), { kind: 'committed' });
      assert.equal((await loadHubPayment(m.db, payment.id))?.push?.state, 'refused');
      assert.equal((await runDue(PUSH_BACK_JOB))?.kind, 'again');
      assert.equal((await runDue(PUSH_BACK_JOB))?.kind, 'finished');
      assert.deepEqual(given, [payment.id, payment.id]);
    });

    test('the ladder: 4 s, 4 s, 30 s, 60 s, 60 s, 60 s, 5 min, 5 min, then every 5 min, after a day every hour', () => {
      const pauses: number[] = [];
      let since = 0;
      for (let count = 0; count < 10; count += 1) {
        pauses.push(untilNextAsk(since) / 1000);
        since += untilNextAsk(since);
      }
      assert.deepEqual(pauses, [4, 4, 30, 60, 60, 60, 300, 300, 300, 300]);
      assert.equal(untilNextAsk(9000), 29_000, 'a question that came late puts nothing off');
      assert.equal(untilNextAsk(86_400_000), 3_600_000);
    });
  });

  test('the rate that is shown binds nobody: nothing is locked', async () => {
    const count = async () => (await m.db.query('select count(*) from fx_quotes')).rows[0];
    const quotes = await count();
    const rate = must(await indicativeRate(m.fx, { sell: 'MYR', buy: 'JPY' }));
    // 4.5 / 150 = 0.03 ringgit a yen, and one percent on it.
    assert.ok(Math.abs(Number(rate.rate) - 0.03 / 0.99) < 1e-9, rate.rate);
    assert.ok(msOf(rate.until) > msOf(rate.from));
    assert.equal(must(await indicativeRate(m.fx, { sell: 'JPY', buy: 'JPY' })).rate, '1');
    assert.equal(code(await indicativeRate(m.fx, { sell: 'MYR', buy: 'VND' as Currency })), 'rate_unavailable');
    assert.deepEqual(await count(), quotes);
  });
});
