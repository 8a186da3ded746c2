/** The life of payments through the hub: who pays, what is refused first, what becomes of it when somebody is silent or two act at once. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { createModules, type Modules } from '../../test/support/modules.ts';
import { addMs, type Instant } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import { must, type Refusal, type Result } from '../base/result.ts';
import type { WalletAnswer } from '../connectors/ports/wallet.ts';
import { findQuote } from '../fx/index.ts';
import type { Participant, WalletLimit } from '../parties/index.ts';
import { cancelHubPayment } from './cancel-payment.ts';
import { consultWallets } from './consult-wallets.ts';
import { issuePaymentCodes } from './hub-codes/index.ts';
import { acquirerRole, aParticipant, walletRole } from './hub-codes/test-participants.ts';
import { hubNotificationsOf } from './hub-notification.ts';
import type { HubPayment } from './hub-payment.ts';
import { offerPayment } from './offer-payment.ts';
import { refundHubPayment } from './refund-payment.ts';
import { settlePayment } from './settle-payment.ts';
import { hubRefundsOf, loadHubPayment } from './store.ts';
import { type TakePayment, takePayment } from './take-payment.ts';
import { approved, aWish, type PayingHub, payingHub, SILENT, whileChanged } from './test-wallets.ts';

const yen = (amount: number): Money => money(amount, 'JPY');
const SHOP = { merchantId: 'M1', name: 'Cafe', country: 'JP', categoryCode: '5812' };
const said = (result: Result<unknown, Refusal>): string => (result.ok ? 'done' : result.error.code);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe('payments through the hub', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let hub: PayingHub;
  let [tng, acquirer] = [] as unknown as [Participant, Participant];
  before(async () => {
    m = await createModules();
    m.rates.perBase = { ...m.rates.perBase, MYR: '4.5', SGD: '1.3' };
    tng = await aParticipant(m, { participantId: 'TNG1', wallet: walletRole() });
    acquirer = await aParticipant(m, { participantId: 'ACQ1', acquirer: acquirerRole() });
  });
  beforeEach(async () => {
    hub = payingHub(m);
    // What earlier tests have left waiting is not this one's.
    await m.db.query('delete from jobs');
  });
  after(() => m?.end());

  const wish = (changes: Partial<TakePayment> = {}): TakePayment => aWish(acquirer, changes);
  const take = (changes: Partial<TakePayment> = {}) => takePayment(hub.deps, wish(changes));
  const paid = async (changes: Partial<TakePayment> = {}): Promise<HubPayment> => {
    const payment = must(await take(changes));
    assert.equal(payment.state, 'paid');
    return payment;
  };
  const now = (payment: HubPayment): Promise<HubPayment> =>
    loadHubPayment(m.db, payment.id).then((row) => row ?? assert.fail('it is gone'));
  const cancel = (payment: HubPayment) => cancelHubPayment(hub.deps, { payment: payment.id, by: 'acquirer' });
  const refund = (payment: HubPayment, amount: Money, requestId: string = newId('req')) =>
    refundHubPayment(hub.deps, { payment, requestId, amount, reason: 'returned' });
  const balance = async (name: string, owner: string, currency: string): Promise<bigint> => {
    const { rows } = await m.db.query<{ balance: bigint }>(
      'select debits - credits as balance from accounts where name = $1 and owner = $2 and currency = $3',
      [name, owner, currency],
    );
    return rows[0]?.balance ?? 0n;
  };
  const passTo = async (ms: number): Promise<void> => {
    m.pass(ms);
    await hub.runDue();
  };
  const changed = <Value>(what: Partial<Participant>, during: () => Promise<Value>) =>
    whileChanged(m, tng, what, during);
  const withRole = (changes: Partial<NonNullable<Participant['wallet']>>) => ({
    wallet: walletRole({ ...tng.wallet, ...changes }),
  });

  describe('being paid', () => {
    test('the wallet owes payTo, the acquirer is owed what its shop sold for, the margin is ours', async () => {
      const account = tng.wallet?.account as string;
      const [owed, due] = [await balance('receivable', account, 'MYR'), await balance('acquirer', acquirer.id, 'JPY')];
      const payment = await paid();
      const price = payment.price ?? assert.fail('no price');
      // 10,000 yen at 4.5 / 150 are 300.00 ringgit at mid; one percent dearer is 303.04.
      assert.deepEqual([price.payTo, price.settlement], [money(30_304, 'MYR'), yen(10_000)]);
      assert.equal(await balance('receivable', account, 'MYR'), owed + 30_304n);
      assert.equal(await balance('acquirer', acquirer.id, 'JPY'), due - 10_000n);
      const quote = price.quote === null ? assert.fail('no quote') : await findQuote(m.db, price.quote);
      assert.deepEqual([quote?.state, quote?.usedBy], ['used', payment.id]);
      const [asked] = hub.wallet.paid;
      assert.deepEqual([asked?.payTo, asked?.quote?.markup], [price.payTo, price.shownFee]);
      await hub.runDue();
      assert.deepEqual(hub.told, [
        {
          url: 'http://acquirer.invalid/notifyPayment',
          body: JSON.stringify({ requestId: payment.requestId, state: 'paid' }),
        },
      ]);
    });

    test('an order code waits, is whoever’s scans it first, at a price that is fixed then', async () => {
      const open = must(await take({ payer: { scenario: 'order_code' } }));
      assert.deepEqual([open.state, open.price, hub.wallet.paid.length], ['waiting', null, 0]);
      const offered = must(await offerPayment(hub.deps, open.id, { wallet: tng, customerId: 'C1' }));
      assert.equal(offered.state, 'in_process');
      const again = must(await offerPayment(hub.deps, open.id, { wallet: tng, customerId: 'C1' }));
      assert.deepEqual(again.price, offered.price);
      assert.equal(said(await offerPayment(hub.deps, open.id, { wallet: tng, customerId: 'C2' })), 'invalid_code');
      must(await settlePayment(hub.deps, open.id, approved(m.now())));
      assert.equal((await now(open)).state, 'paid');
      assert.equal(hub.wallet.paid.length, 0);
    });

    test('a payment code pays once', async () => {
      const codes = must(await issuePaymentCodes(hub.deps, { wallet: tng, customerId: 'C3', quantity: 1 }));
      const payer = { scenario: 'payment_code', code: codes[0]?.value ?? '' } as const;
      const payment = await paid({ payer });
      assert.equal(payment.customerId, 'C3');
      assert.equal(said(await take({ payer })), 'code_used');
    });

    test('a decline is final and owns the request id', async () => {
      const declined = {
        outcome: 'declined',
        code: 'USER_BALANCE_NOT_ENOUGH',
        message: 'too little',
        limitSetBy: null,
      } as const;
      hub.wallet.pays.push(declined);
      const asked = wish();
      const payment = must(await takePayment(hub.deps, asked));
      assert.deepEqual([payment.state, payment.failure?.code], ['failed', 'USER_BALANCE_NOT_ENOUGH']);
      assert.equal(must(await takePayment(hub.deps, asked)).id, payment.id);
      assert.equal(hub.wallet.paid.length, 1);
      await hub.runDue();
      assert.match(hub.told[0]?.body ?? '', /failed/);
    });

    test('in one currency nothing crosses the position', async () => {
      const nippon = await aParticipant(m, {
        participantId: 'PAYPAY',
        wallet: walletRole({ slug: 'paypay', brandCode: 'PAYPAY', currency: 'JPY', country: 'JP' }),
      });
      const before = await balance('fx_position', '', 'JPY');
      const payment = await paid({ payer: { scenario: 'cashier', brandCode: 'PAYPAY' } });
      assert.deepEqual([payment.price?.payTo, payment.price?.quote, payment.wallet], [yen(10_000), null, nippon.id]);
      assert.equal(await balance('fx_position', '', 'JPY'), before);
      must(await refund(payment, yen(3_333)));
      assert.equal(await balance('fx_position', '', 'JPY'), before);
    });
  });

  describe('the order of checks', () => {
    const limits = (limit: Partial<WalletLimit>): readonly WalletLimit[] => [
      { setBy: 'Bank Negara', per: 'payment', kind: 'max', amount: money(10_000, 'MYR'), ...limit },
    ];
    test('each is refused by itself, and leaves the request id free', async () => {
      const asked = wish();
      const past = addMs(m.now(), -1);
      assert.equal(said(await takePayment(hub.deps, { ...asked, settlementCurrency: 'USD' })), 'settlement_currency');
      assert.equal(said(await takePayment(hub.deps, { ...asked, expiresAt: past })), 'payment_expired');
      const payer = { scenario: 'payment_code', code: '281001029999999999999999' } as const;
      assert.equal(said(await takePayment(hub.deps, { ...asked, payer })), 'invalid_code');
      const unknown = { scenario: 'cashier', brandCode: 'NOBODY' } as const;
      assert.equal(said(await takePayment(hub.deps, { ...asked, payer: unknown })), 'wallet_unavailable');
      const elsewhere = { ...SHOP, country: 'FR' };
      assert.equal(said(await takePayment(hub.deps, { ...asked, shop: elsewhere })), 'market_not_covered');
      await changed({ state: 'suspended' }, async () =>
        assert.equal(said(await takePayment(hub.deps, asked)), 'wallet_unavailable'),
      );
      await changed(withRole({ modes: ['userPresented'] }), async () =>
        assert.equal(said(await takePayment(hub.deps, asked)), 'mode_not_offered'),
      );
      await changed(withRole({ markets: { JP: 'paused' } }), async () =>
        assert.equal(said(await takePayment(hub.deps, asked)), 'market_not_covered'),
      );
      await changed(withRole({ currency: 'THB' }), async () =>
        assert.equal(said(await takePayment(hub.deps, asked)), 'rate_unavailable'),
      );
      assert.equal(must(await takePayment(hub.deps, asked)).state, 'paid');
    });

    test('what is wrong first is told first', async () => {
      const suspended = await aParticipant(m, { state: 'suspended', acquirer: acquirerRole() });
      const all = wish({ acquirer: suspended, settlementCurrency: 'USD', expiresAt: addMs(m.now(), -1) });
      assert.equal(said(await takePayment(hub.deps, all)), 'access_denied');
      assert.equal(said(await takePayment(hub.deps, { ...all, acquirer })), 'settlement_currency');
      assert.equal(
        said(await takePayment(hub.deps, { ...all, acquirer, settlementCurrency: null })),
        'payment_expired',
      );
      const nobody = { scenario: 'cashier', brandCode: 'NOBODY' } as const;
      const far = { ...SHOP, country: 'FR' };
      assert.equal(said(await take({ payer: nobody, shop: far })), 'wallet_unavailable');
      await changed(withRole({ modes: [], limits: limits({}) }), async () => {
        assert.equal(said(await take({ shop: far })), 'mode_not_offered');
      });
      await changed(withRole({ limits: limits({}) }), async () => {
        assert.equal(said(await take({ shop: far })), 'market_not_covered');
        assert.equal(said(await take()), 'payment_limit');
      });
    });

    test('a limit names who set it; a year is a person’s and in UTC+8, and what came back does not count', async () => {
      await changed(withRole({ limits: limits({ kind: 'min', amount: money(40_000, 'MYR') }) }), async () => {
        const low = await take();
        assert.deepEqual([said(low), low.ok ? null : low.error.facts?.setBy], ['payment_limit', 'Bank Negara']);
      });
      const year = limits({ per: 'year', amount: money(50_000, 'MYR') });
      await changed(withRole({ limits: year }), async () => {
        const codeOf = async (customerId: string) => {
          const codes = must(await issuePaymentCodes(hub.deps, { wallet: tng, customerId, quantity: 1 }));
          return { scenario: 'payment_code', code: codes[0]?.value ?? '' } as const;
        };
        const first = await paid({ payer: await codeOf('C-year') });
        const second = await take({ payer: await codeOf('C-year') });
        assert.deepEqual([said(second), second.ok ? null : second.error.facts?.setBy], ['person_limit', 'Bank Negara']);
        await paid({ payer: await codeOf('C-other') });
        must(await refund(first, yen(10_000)));
        await paid({ payer: await codeOf('C-year') });
      });
    });

    test('consulting says of each wallet whether it can pay', async () => {
      const ask = { acquirer, shop: SHOP, amount: yen(10_000), settlementCurrency: null };
      const can = async () => {
        const options = must(await consultWallets(hub.deps, ask));
        return options.find(({ wallet }) => wallet.brandCode === 'TNG')?.because?.code ?? 'yes';
      };
      assert.equal(await can(), 'yes');
      await changed(withRole({ limits: limits({}) }), async () => assert.equal(await can(), 'payment_limit'));
      await changed(withRole({ markets: {} }), async () => assert.equal(await can(), 'market_not_covered'));
    });
  });

  describe('two at once', () => {
    test('the same request twice: one payment, the wallet asked once', async () => {
      const asked = wish();
      const [one, other] = await Promise.all([takePayment(hub.deps, asked), takePayment(hub.deps, asked)]);
      assert.equal(must(one).id, must(other).id);
      assert.equal(hub.wallet.paid.length, 1);
    });

    test('the same request id with other fields', async () => {
      const asked = wish({ keyFields: { amount: 1 } });
      must(await takePayment(hub.deps, asked));
      assert.equal(said(await takePayment(hub.deps, { ...asked, keyFields: { amount: 2 } })), 'idempotency_key_reused');
    });

    test('one payment code in two shops: one is paid', async () => {
      const codes = must(await issuePaymentCodes(hub.deps, { wallet: tng, customerId: 'C4', quantity: 1 }));
      const payer = { scenario: 'payment_code', code: codes[0]?.value ?? '' } as const;
      const results = await Promise.all([take({ payer }), take({ payer })]);
      assert.deepEqual(results.map(said).sort(), ['code_used', 'done']);
    });

    test('a wallet that notifies before it answers pay is believed, and one that notifies twice posts once', async () => {
      const account = tng.wallet?.account as string;
      const before = await balance('receivable', account, 'MYR');
      hub.wallet.pays.push(async (): Promise<WalletAnswer> => {
        const { rows } = await m.db.query<{ id: string }>("select id from hub_payments where state = 'in_process'");
        const id = `hpy_${rows[0]?.id.replaceAll('-', '')}` as HubPayment['id'];
        const word = approved(m.now(), 'W-early');
        await Promise.all([settlePayment(hub.deps, id, word), settlePayment(hub.deps, id, word)]);
        return approved(m.now(), 'W-late');
      });
      const payment = await paid();
      assert.equal(payment.walletPaymentId, 'W-early');
      assert.equal(await balance('receivable', account, 'MYR'), before + (payment.price?.payTo.amount ?? 0n));
      assert.equal((await hubNotificationsOf(m.db, payment.id)).length, 1);
    });

    test('a cancel and a success: either paid and given back, or never told as paid', async () => {
      const account = tng.wallet?.account as string;
      const before = await balance('receivable', account, 'MYR');
      for (let round = 0; round < 6; round += 1) {
        hub.wallet.pays.push({ outcome: 'pending', walletPaymentId: 'W', payUrl: null });
        const payment = must(await take());
        await Promise.all([settlePayment(hub.deps, payment.id, approved(m.now())), cancel(payment)]);
        must(await cancel(payment));
        assert.equal((await now(payment)).state, 'canceled');
        must(await settlePayment(hub.deps, payment.id, approved(m.now())));
        assert.equal((await now(payment)).state, 'canceled');
      }
      assert.equal(await balance('receivable', account, 'MYR'), before);
    });

    test('two refunds: together no more than was paid', async () => {
      const payment = await paid();
      const both = await Promise.all([refund(payment, yen(6_000)), refund(payment, yen(6_000))]);
      assert.deepEqual(both.map(said).sort(), ['amount_exceeds_refundable', 'done']);
    });
  });

  describe('a wallet that is silent', () => {
    test('is asked again after 4 s, 4 s, 30 s, 60 s, 60 s, 60 s and 5 min, and its word is taken', async () => {
      hub.wallet.pays.push(SILENT);
      const payment = must(await take());
      const pauses = [4, 4, 30, 60, 60, 60, 300];
      for (const [index, pause] of pauses.entries()) {
        await passTo(pause * 1000 - 1);
        assert.equal(hub.wallet.inquired.length, index, `before ${pause} s`);
        await passTo(1);
        assert.equal(hub.wallet.inquired.length, index + 1, `after ${pause} s`);
      }
      hub.wallet.inquiries.push(approved(m.now()));
      await passTo(82_000);
      assert.equal((await now(payment)).state, 'paid');
      await passTo(DAY_MS);
      assert.equal(hub.wallet.inquired.length, 8);
    });

    test('its time over, the payment is closed, and the wallet told to cancel until it has', async () => {
      hub.wallet.pays.push(SILENT);
      hub.wallet.cancels.push(SILENT, SILENT);
      const payment = must(await take());
      await passTo(10 * MINUTE_MS);
      await passTo(1);
      assert.deepEqual([(await now(payment)).state, hub.wallet.canceled.length], ['closed', 0]);
      must(await settlePayment(hub.deps, payment.id, approved(m.now())));
      assert.equal((await now(payment)).state, 'closed');
      for (const pause of [4, 4, 30]) await passTo(pause * 1000);
      assert.deepEqual(hub.wallet.canceled, [payment.reference, payment.reference, payment.reference]);
      assert.equal((await now(payment)).waitJob, null);
      await passTo(DAY_MS);
      assert.equal(hub.wallet.canceled.length, 3);
      assert.equal(hub.told.length, 1);
    });

    test('one that does not know the payment has failed it once it has taken a cancel', async () => {
      // As if the process had ended after its commit: nothing was ever asked.
      hub.wallet.pays.push(SILENT);
      const payment = must(await take());
      for (const pause of [4, 4, 30]) {
        hub.wallet.inquiries.push({ outcome: 'not_found' });
        await passTo(pause * 1000);
      }
      assert.deepEqual([(await now(payment)).state, hub.wallet.canceled], ['failed', [payment.reference]]);
    });

    test('nothing is asked about a call that is under way', async () => {
      let answer: (word: WalletAnswer) => void = () => assert.fail('not asked yet');
      hub.wallet.pays.push(() => new Promise((resolve) => (answer = resolve)));
      const taking = take();
      while (hub.wallet.paid.length === 0) await new Promise((resolve) => setImmediate(resolve));
      await passTo(60_000);
      assert.equal(hub.wallet.inquired.length, 0);
      answer(approved(m.now()));
      assert.equal(must(await taking).state, 'paid');
    });

    test('a code that nobody scans is closed without asking anybody', async () => {
      const open = must(await take({ payer: { scenario: 'order_code' } }));
      await passTo(30 * MINUTE_MS);
      assert.equal((await now(open)).state, 'closed');
      assert.deepEqual([hub.wallet.inquired, hub.wallet.canceled], [[], []]);
      assert.equal(said(await offerPayment(hub.deps, open.id, { wallet: tng, customerId: 'C1' })), 'payment_expired');
    });

    test('a quote that has expired is used all the same', async () => {
      hub.wallet.pays.push(SILENT);
      const open = must(await take());
      m.pass(60 * MINUTE_MS);
      must(await settlePayment(hub.deps, open.id, approved(open.createdAt)));
      const payment = await now(open);
      assert.deepEqual([payment.state, payment.paidAt], ['paid', open.createdAt]);
    });
  });

  describe('canceling', () => {
    test('what the acquirer has not been told before it asks to cancel, it is not told any more', async () => {
      const payment = await paid();
      must(await cancel(payment));
      await hub.runDue();
      const [told] = await hubNotificationsOf(m.db, payment.id);
      assert.deepEqual([hub.told, told?.state, told?.attempts[0]?.outcome], [[], 'given_up', 'withdrawn']);
    });

    test('until 00:15 in UTC+8 of the day after; then never', async () => {
      const [day, until] = [await paid(), await paid()];
      // 09:00 UTC and some is 17:00 in UTC+8: the window ends at 16:15 UTC.
      const end = day.cancelableUntil as Instant;
      assert.match(end, /T16:15:00.000Z$/);
      m.pass(Date.parse(end) - Date.parse(m.now()) - 1);
      assert.equal(must(await cancel(day)).state, 'canceled');
      m.pass(1);
      assert.equal(said(await cancel(until)), 'cancel_window_over');
    });

    test('nothing of it is left in the books', async () => {
      const account = tng.wallet?.account as string;
      const sums = async () => [
        await balance('receivable', account, 'MYR'),
        await balance('acquirer', acquirer.id, 'JPY'),
        await balance('fx_margin', '', 'JPY'),
      ];
      const before = await sums();
      const payment = await paid();
      assert.notDeepEqual(await sums(), before);
      must(await cancel(payment));
      assert.deepEqual(await sums(), before);
    });

    test('a silent wallet: repeated until it is done, whoever asks', async () => {
      hub.wallet.cancels.push(SILENT, SILENT);
      const payment = await paid();
      assert.equal(must(await cancel(payment)).state, 'canceling');
      assert.equal(must(await cancel(payment)).state, 'canceling');
      await passTo(4_000);
      assert.equal((await now(payment)).state, 'canceled');
      assert.equal(said(await refund(payment, yen(1))), 'payment_canceled');
    });

    test('unpaid: a code nobody has scanned, one whose wallet waits, one that has failed', async () => {
      const open = must(await take({ payer: { scenario: 'order_code' } }));
      assert.equal(must(await cancel(open)).state, 'canceled');
      assert.equal(hub.wallet.canceled.length, 0);
      hub.wallet.pays.push({ outcome: 'pending', walletPaymentId: 'W', payUrl: 'https://wallet.example/pay' });
      const waiting = must(await take());
      assert.equal(waiting.payUrl, 'https://wallet.example/pay');
      assert.equal(must(await cancel(waiting)).state, 'canceled');
      hub.wallet.pays.push({ outcome: 'declined', code: 'USER_CANCELED', message: '', limitSetBy: null });
      assert.equal(must(await cancel(must(await take()))).state, 'failed');
    });

    test('not once something was refunded', async () => {
      const payment = await paid();
      must(await refund(payment, yen(1)));
      assert.equal(said(await cancel(payment)), 'refunded_already');
    });
  });

  describe('refunds', () => {
    test('at the payment’s own rate, the last one takes the remainder, a refused one leaves nothing', async () => {
      const payment = await paid();
      m.rates.perBase = { ...m.rates.perBase, MYR: '9' };
      must(await refund(payment, yen(3_333)));
      hub.wallet.refunds.push({ outcome: 'declined', code: 'USER_STATUS_ABNORMAL', message: 'no' });
      assert.equal(must(await refund(payment, yen(3_333))).state, 'refused');
      must(await refund(payment, yen(3_333)));
      must(await refund(payment, yen(3_334)));
      assert.equal(said(await refund(payment, yen(1))), 'amount_exceeds_refundable');
      const back = (await hubRefundsOf(m.db, payment.id)).filter(({ state }) => state === 'refunded');
      const total = (of: (refund: (typeof back)[number]) => Money) =>
        back.reduce((sum, each) => sum + of(each).amount, 0n);
      assert.equal(
        total(({ payBack }) => payBack),
        payment.price?.payTo.amount,
      );
      assert.equal(
        total(({ settled }) => settled),
        payment.price?.settled.amount,
      );
      assert.equal(
        total(({ margin }) => margin),
        payment.price?.margin.amount,
      );
      m.rates.perBase = { ...m.rates.perBase, MYR: '4.5' };
    });

    test('a silent wallet is asked again under the same reference', async () => {
      hub.wallet.refunds.push(SILENT, SILENT);
      const payment = await paid();
      const id = newId('req');
      assert.equal(must(await refund(payment, yen(500), id)).state, 'sent');
      assert.equal((await now(payment)).refunding.amount, 500n);
      await passTo(4_000);
      await passTo(4_000);
      const done = must(await refund(payment, yen(500), id));
      assert.equal(done.state, 'refunded');
      assert.deepEqual(new Set(hub.wallet.refunded.map(({ reference }) => reference)), new Set([done.reference]));
      assert.equal(hub.wallet.refunded.length, 3);
      assert.equal(said(await refund(payment, yen(501), id)), 'idempotency_key_reused');
    });

    test('what can be refunded, and until when', async () => {
      hub.wallet.pays.push(SILENT);
      assert.equal(said(await refund(must(await take()), yen(1))), 'not_paid');
      const payment = await paid();
      assert.equal(said(await refund(payment, money(100, 'USD'))), 'refund_currency');
      assert.equal(said(await refund(payment, yen(0))), 'invalid_amount');
      m.pass(366 * DAY_MS);
      must(await refund(payment, yen(1)));
      m.pass(1);
      assert.equal(said(await refund(payment, yen(1))), 'refund_window_over');
    });
  });

  test('an acquirer that does not acknowledge is told eight times, then never', async () => {
    hub.outcomes.push(...Array.from({ length: 9 }, () => 'http_500'));
    const payment = await paid();
    await hub.runDue();
    for (const [index, minutes] of [2, 10, 10, 60, 120, 360, 900].entries()) {
      await passTo(minutes * MINUTE_MS - 1);
      assert.equal(hub.told.length, index + 1);
      await passTo(1);
      assert.equal(hub.told.length, index + 2);
    }
    await passTo(30 * DAY_MS);
    assert.equal(hub.told.length, 8);
    assert.equal((await hubNotificationsOf(m.db, payment.id))[0]?.state, 'given_up');
  });
});
