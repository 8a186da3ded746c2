/** Orders paid by a code that is shown (OrderCode), over the AMS wire: who may scan, who was first, and what ends it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../../test/support/database.ts';
import { aWallet } from '../../../test/support/fake-wallet.ts';
import {
  type AmsClient,
  type AmsPayment,
  cancelThroughAms,
  expireJob,
  findClient,
  loadAmsPayment,
  orderCodesOf,
  PAYMENT_EXPIRES_JOB,
} from '../../ams/index.ts';
import type { Id } from '../../base/ids.ts';
import { money } from '../../base/money.ts';
import { must, type Result } from '../../base/result.ts';
import type { Job } from '../../jobs/index.ts';
import type { Journal } from '../../journal/index.ts';
import type { WalletParticipant } from '../../parties/index.ts';
import { findOperationByReference, findPayment, resolveOperationJob, walletNotified } from '../../payments/index.ts';
import { findOrder } from '../../protection/index.ts';
import { findCode, type HubCode, ORDER_CODE_LIFE_MS, scan } from '../../wallets/index.ts';
import {
  type AmsWallets,
  code,
  inStore,
  type Json,
  request,
  type Said,
  startAmsWallets,
  usd,
} from './test-wallet-client.ts';

const MINUTE_MS = 60_000;

describe('order codes over AMS', { skip: NO_DATABASE }, () => {
  let w: AmsWallets;
  let dollars: WalletParticipant;
  let far: WalletParticipant;
  before(async () => {
    w = await startAmsWallets();
    const modes = ['merchantPresented'] as const;
    dollars = (await aWallet(w.m.parties, { slug: 'dollars', currency: 'USD', modes })) as WalletParticipant;
    far = (await aWallet(w.m.parties, { slug: 'far', currency: 'THB', modes })) as WalletParticipant;
  });
  after(() => w?.end());

  const asks = (cents: number, type = 'CONNECT_WALLET', fields: Json = {}) =>
    request(cents, { ...inStore('OrderCode'), paymentMethod: { paymentMethodType: type }, ...fields });
  const formOf = (said: Said) =>
    said.orderCodeForm as { expireTime: string; codeDetails: [{ codeValue: string }] } & Json;
  const qrOf = (said: Said): string => formOf(said).codeDetails[0].codeValue;
  const shown = async (cents = 1_000, type = 'CONNECT_WALLET'): Promise<Said> => {
    const said = await w.call('payments/pay', asks(cents, type));
    assert.equal(code(said), 'U PAYMENT_IN_PROCESS', said.result.resultMessage);
    return said;
  };
  const debitOf = (scanned: Awaited<ReturnType<AmsWallets['scan']>>) => {
    assert.ok(scanned.ok && scanned.value.kind === 'order', scanned.ok ? scanned.value.kind : scanned.error.detail);
    return scanned.value.debit;
  };
  const refusalOf = (result: Result<unknown, { readonly code: string }>) => (result.ok ? 'done' : result.error.code);
  const confirm = async (reference: string, { id }: WalletParticipant = w.tng): Promise<void> => {
    w.m.wallet.confirm(reference);
    assert.equal(await walletNotified(w.m.payments, { wallet: id, reference }), 'taken');
  };
  const paymentBehind = async (reference: string) => {
    const operation = await findOperationByReference(w.m.db, reference);
    return findPayment(w.m.db, operation?.payment as Id<'pay'>);
  };
  const aJob = (kind: string, subject: string): Job => ({
    ...{ id: '', kind, subject, due: w.m.now(), payload: {}, attempts: 1, lease: '' },
  });
  const timeIsOver = ({ paymentId }: Said) => expireJob(w.app.ams, aJob(PAYMENT_EXPIRES_JOB, String(paymentId)));
  /** Does it the first time it is called. */
  const once = (act: () => Promise<void>) => {
    let done: Promise<void> | null = null;
    return (): Promise<void> => {
      done ??= act();
      return done;
    };
  };
  const cancel = ({ paymentId }: Said) => w.call('payments/cancel', { paymentId });

  test('shown, and the same again; scanned, confirmed: paid by that wallet, in both currencies, and refunded', async () => {
    const asked = asks(10_000);
    const first = await w.call('payments/pay', asked);
    assert.equal(code(first), 'U PAYMENT_IN_PROCESS');
    const { paymentMethodType, expireTime, codeDetails } = formOf(first);
    assert.deepEqual([paymentMethodType, expireTime], ['CONNECT_WALLET', '2026-11-23T09:29:59Z']);
    assert.match(codeDetails[0].codeValue, /^HTTPS:\/\/QR\.CAUSEWAY\.EXAMPLE\/MPM\/3\//);
    assert.deepEqual(await w.call('payments/pay', asked), first);
    const waiting = await w.inquire(first);
    assert.deepEqual([waiting.paymentStatus, waiting.paymentMethodType], ['PROCESSING', 'CONNECT_WALLET']);
    assert.deepEqual([waiting.transactions, waiting.orderCodeForm], [[], first.orderCodeForm]);

    const debit = debitOf(await w.scan(qrOf(first)));
    assert.deepEqual(
      [debit.acquirer, debit.amount, debit.payTo],
      ['CAUSEWAY', money(10_000, 'USD'), money(8_081, 'EUR')],
    );
    assert.deepEqual(
      [debit.quote?.rate, debit.order.shop.country, debit.redirectUrl],
      ['0.8081', 'CN', 'https://shop.example/back'],
    );
    const taken = await w.inquire(first);
    assert.deepEqual(
      [taken.paymentStatus, taken.paymentMethodType, taken.orderCodeForm],
      ['PROCESSING', 'TNG', undefined],
    );
    await confirm(debit.reference);

    const paid = await w.call('payments/pay', asked);
    assert.deepEqual([code(paid), (paid.pspCustomerInfo as Json).pspName], ['S SUCCESS', 'Wallet tng']);
    assert.deepEqual([paid.grossSettlementAmount, (paid.settlementQuote as Json).quotePrice], [usd(10_000), 0.8081]);
    const payment = await paymentBehind(debit.reference);
    assert.deepEqual(
      [payment?.state, payment?.wallet?.way, payment?.network],
      ['captured', 'order_code', w.tng.wallet.account],
    );
    assert.equal((await findOrder(w.m.db, payment?.order as Id<'ord'>))?.state, 'paid');
    const told = (await w.told()).filter(({ paymentId }) => paymentId === first.paymentId);
    assert.deepEqual(
      told.map(({ paymentMethodType: type, result }) => [type, (result as Json).resultCode]),
      [['TNG', 'SUCCESS']],
    );
    const again = debitOf(await w.scan(qrOf(first)));
    assert.deepEqual(
      [again.reference, again.payTo],
      [debit.reference, debit.payTo],
      'scanned once more by who has paid',
    );

    const refund = { refundRequestId: 'back-1', paymentId: first.paymentId, refundAmount: usd(10_000) };
    assert.equal(code(await w.call('payments/refund', refund)), 'S SUCCESS');
    assert.deepEqual([...w.m.wallet.refunds.values()].at(-1)?.payBack, money(8_081, 'EUR'));
  });

  test('who has scanned first: told the same again, and everybody else is refused', async () => {
    const said = await shown();
    const debit = debitOf(await w.scan(qrOf(said)));
    assert.deepEqual(debitOf(await w.scan(qrOf(said))), debit);
    assert.equal(refusalOf(await w.scan(qrOf(said), w.tng, 'user-2')), 'paid_by_another');
    assert.equal(refusalOf(await w.scan(qrOf(said), dollars)), 'paid_by_another');
    const both = await shown();
    const scans = await Promise.all([w.scan(qrOf(both), w.tng), w.scan(qrOf(both), dollars, 'd-1')]);
    assert.deepEqual(scans.map(refusalOf).sort(), ['done', 'paid_by_another']);
    const twice = await shown();
    const [one, two] = await Promise.all([w.scan(qrOf(twice)), w.scan(qrOf(twice))]);
    assert.deepEqual(debitOf(one), debitOf(two));
  });

  test('who has paid is told the same again, also where his wallet tells of him by another name', async () => {
    const said = await shown();
    const { reference } = debitOf(await w.scan(qrOf(said), dollars, 'user-9'));
    await confirm(reference, dollars);
    const payment = await paymentBehind(reference);
    assert.deepEqual([payment?.state, payment?.wallet?.customerId], ['captured', 'user-9']);
    assert.equal(debitOf(await w.scan(qrOf(said), dollars, 'user-9')).reference, reference);
    assert.equal(refusalOf(await w.scan(qrOf(said), dollars, 'user-1')), 'paid_by_another');
  });

  test('two codes of one order, scanned at once by two people: one pays, the other request fails in time', async () => {
    const ofOneOrder = { ...(asks(2_000).order as Json), referenceOrderId: 'two-codes' };
    const ask = () => w.call('payments/pay', asks(2_000, 'CONNECT_WALLET', { order: ofOneOrder }));
    const codes = [await ask(), await ask()];
    const wallets = [w.tng, dollars];
    const scans = await Promise.all(codes.map((said, at) => w.scan(qrOf(said), wallets[at])));
    assert.deepEqual(scans.map(refusalOf).sort(), ['done', 'payment_in_progress']);
    const first = scans.findIndex(({ ok }) => ok);
    await confirm(debitOf(scans[first] as (typeof scans)[number]).reference, wallets[first]);
    const [paid, other] = first === 0 ? codes : [...codes].reverse();
    assert.equal(refusalOf(await w.scan(qrOf(other as Said))), 'order_closed');
    await timeIsOver(other as Said);
    const standing = async (said: Said | undefined) => (await w.inquire(said as Said)).paymentStatus;
    assert.deepEqual([await standing(paid), await standing(other)], ['SUCCESS', 'FAIL']);
  });

  test('a code for users of one wallet only', async () => {
    const said = await shown(1_000, 'TNG');
    assert.equal(formOf(said).paymentMethodType, 'TNG');
    assert.equal(refusalOf(await w.scan(qrOf(said), dollars)), 'wallet_unavailable');
    assert.equal((await w.inquire(said)).paymentMethodType, 'TNG');
    debitOf(await w.scan(qrOf(said)));
  });

  test('a wallet that does not take it is refused, and the code is still there for another', async () => {
    const said = await shown(900_000);
    assert.equal(refusalOf(await w.scan(qrOf(said))), 'payment_limit');
    assert.equal(refusalOf(await w.scan(qrOf(said), far)), 'rate_unavailable');
    assert.equal(await w.standing(said), 'PROCESSING PAYMENT_IN_PROCESS');
    const debit = debitOf(await w.scan(qrOf(said), dollars, 'd-1'));
    assert.deepEqual([debit.payTo, debit.quote], [money(900_000, 'USD'), null]);
    await confirm(debit.reference, dollars);
    assert.equal(await w.standing(said), 'SUCCESS SUCCESS');
  });

  test('refused before a code is shown, each by its name; the id stays free', async () => {
    const cases: readonly (readonly [string, Json, RegExp])[] = [
      ['UNAVAILABLE_PAYMENT_METHOD', { paymentMethod: { paymentMethodType: 'NOBODY' } }, /no such wallet/],
      ['UNAVAILABLE_PAYMENT_METHOD', { paymentMethod: { paymentMethodType: 'DULL' } }, /merchantPresented/],
      ['PARAM_ILLEGAL', { paymentExpiryTime: '2027-01-01T00:00:00Z' }, /thirty minutes/],
      ['PARAM_ILLEGAL', { paymentQuote: { quoteId: 'q' } }, /when the code is scanned/],
      [
        'BUSINESS_NOT_SUPPORT',
        { paymentFactor: { inStorePaymentScenario: 'OrderCode', captureMode: 'MANUAL' } },
        /capture/,
      ],
    ];
    for (const [expected, change, says] of cases) {
      const asked = asks(1_000);
      const said = await w.call('payments/pay', { ...asked, ...change });
      assert.equal(said.result.resultCode, expected, said.result.resultMessage);
      assert.match(said.result.resultMessage, says);
      assert.equal(code(await w.call('payments/pay', asked)), 'U PAYMENT_IN_PROCESS');
    }
    assert.equal(code(await w.call('payments/pay', asks(900_000, 'TNG'))), 'F PAYMENT_AMOUNT_EXCEED_LIMIT');
    const known = asks(1_000);
    await w.call('payments/pay', known);
    const other = { ...known, paymentMethod: { paymentMethodType: 'TNG' } };
    assert.equal(code(await w.call('payments/pay', other)), 'F REPEAT_REQ_INCONSISTENT');
  });

  describe('what ends it', () => {
    test('canceled before anybody has scanned: the code leads nowhere, and the order can be paid otherwise', async () => {
      const first = asks(1_000);
      const said = await w.call('payments/pay', first);
      const canceled = await cancel(said);
      assert.equal(code(canceled), 'S SUCCESS');
      assert.ok(canceled.cancelTime);
      assert.equal(code(await cancel(said)), 'S SUCCESS');
      assert.equal(refusalOf(await w.scan(qrOf(said))), 'order_closed');
      assert.equal(await w.standing(said), 'CANCELLED ORDER_IS_CANCELED');
      assert.equal(code(await w.call('payments/pay', first)), 'F ORDER_IS_CANCELED');
      await w.paidOnPage(1_000, { order: first.order as Json });
    });

    test('canceled while its person thinks: given up at the wallet, whose later success counts no more', async () => {
      const said = await shown();
      const { reference } = debitOf(await w.scan(qrOf(said)));
      w.m.wallet.next.push('lose_before');
      assert.equal(code(await cancel(said)), 'U PAYMENT_IN_PROCESS');
      await confirm(reference);
      assert.equal(refusalOf(await w.scan(qrOf(said))), 'order_closed');
      await w.expire();
      assert.equal(code(await cancel(said)), 'S SUCCESS');
      assert.equal((await paymentBehind(reference))?.state, 'canceled');
      assert.equal(await w.standing(said), 'CANCELLED ORDER_IS_CANCELED');
    });

    test('canceled and scanned at once: a cancel that was answered S is never paid', async () => {
      for (const firstIsScan of [true, false, true, false]) {
        const said = await shown();
        const scanning = () => w.scan(qrOf(said));
        const [a, b] = await Promise.all(firstIsScan ? [scanning(), cancel(said)] : [cancel(said), scanning()]);
        const [scanned, canceled] = (firstIsScan ? [a, b] : [b, a]) as [Awaited<ReturnType<typeof scanning>>, Said];
        const known = scanned.ok && scanned.value.kind === 'order' ? scanned.value.debit.reference : null;
        if (known === null) assert.equal(refusalOf(scanned), 'order_closed');
        else w.m.wallet.confirm(known);
        if (known !== null) await walletNotified(w.m.payments, { wallet: w.tng.id, reference: known });
        const end = code(canceled) === 'S SUCCESS' ? canceled : await cancel(said);
        assert.equal(code(end), 'S SUCCESS', 'canceled at last, before or after it was paid');
        assert.equal(await w.standing(said), 'CANCELLED ORDER_IS_CANCELED');
        if (known !== null) assert.equal((await paymentBehind(known))?.captured.amount, 0n);
      }
    });

    test('scanned between the cancel’s look and its deed, and the other way round: one of them knows of the other', async () => {
      const scannedMeanwhile = await shown();
      let reference = '';
      const first = once(async () => {
        ({ reference } = debitOf(await w.scan(qrOf(scannedMeanwhile))));
      });
      const client = (await findClient(w.m.db, 'C1')) as AmsClient;
      const row = (await loadAmsPayment(w.m.db, scannedMeanwhile.paymentId as Id<'amp'>)) as AmsPayment;
      const journal: Journal = { ...w.m.journal, run: (...asked) => first().then(() => w.m.journal.run(...asked)) };
      const canceled = must(await cancelThroughAms({ ...w.app.ams, journal }, client, row));
      assert.deepEqual(
        [canceled.done, w.m.wallet.canceled.has(reference)],
        [true, true],
        'given up, whoever has scanned',
      );
      assert.equal((await paymentBehind(reference))?.state, 'canceled');

      const canceledMeanwhile = await shown();
      const before = once(async () => assert.equal(code(await cancel(canceledMeanwhile)), 'S SUCCESS'));
      const late: Journal = { ...w.m.journal, run: (...asked) => before().then(() => w.m.journal.run(...asked)) };
      const orderCodes = orderCodesOf({ ...w.app.ams, payments: { ...w.m.payments, journal: late } });
      const value = { value: qrOf(canceledMeanwhile), wallet: w.tng, customerId: 'user-1', typed: null };
      assert.equal(refusalOf(await scan({ ...w.app.hub.deps, orderCodes }, value)), 'order_closed');
      assert.equal(await w.standing(canceledMeanwhile), 'CANCELLED ORDER_IS_CANCELED');
    });

    test('nobody scans in time: closed, and told so; the code has expired before its job has run', async () => {
      const said = await shown();
      w.m.pass(ORDER_CODE_LIFE_MS);
      assert.equal(refusalOf(await w.scan(qrOf(said))), 'expired_code');
      const row = (await loadAmsPayment(w.m.db, said.paymentId as Id<'amp'>)) as AmsPayment;
      const shownCode = (await findCode(w.m.db, row.code?.id as Id<'hcd'>)) as HubCode;
      const late = await orderCodesOf(w.app.ams).scanned(shownCode, { wallet: w.tng, customerId: 'user-1' });
      assert.equal(refusalOf(late), 'expired_code', 'looked at a moment before its end, decided a moment later');
      assert.equal(
        await w.standing(said),
        'PROCESSING PAYMENT_IN_PROCESS',
        'nothing is final that was not written down',
      );
      await timeIsOver(said);
      assert.equal(await w.standing(said), 'FAIL ORDER_IS_CLOSED');
      const told = (await w.told()).find(({ paymentId }) => paymentId === said.paymentId) as Json;
      assert.deepEqual(
        [told.paymentMethodType, (told.result as Json).resultCode],
        ['CONNECT_WALLET', 'ORDER_IS_CLOSED'],
      );
      assert.equal(code(await cancel(said)), 'F ORDER_STATUS_INVALID');
    });

    test('its time is over while somebody scans: one of the two, and what began goes on', async () => {
      const said = await shown();
      const [scanned] = await Promise.all([w.scan(qrOf(said)), timeIsOver(said)]);
      const row = await loadAmsPayment(w.m.db, said.paymentId as Id<'amp'>);
      assert.equal(scanned.ok, row?.state === 'open');
      const begun = await shown();
      const { reference } = debitOf(await w.scan(qrOf(begun)));
      await timeIsOver(begun);
      await confirm(reference);
      assert.equal(await w.standing(begun), 'SUCCESS SUCCESS');
    });

    test('scanned and never confirmed: a wallet that does not know it is waited for, and told to cancel in the end', async () => {
      const said = await shown();
      const { reference, expiresAt } = debitOf(await w.scan(qrOf(said)));
      assert.equal(
        expiresAt,
        new Date(Date.parse(w.m.now()) + 14 * MINUTE_MS).toISOString(),
        'fourteen minutes at most',
      );
      w.m.wallet.known.delete(reference);
      const open = (await findOperationByReference(w.m.db, reference))?.id as string;
      assert.equal((await resolveOperationJob(w.m.payments, aJob('', open))).kind, 'again');
      assert.equal((await findOperationByReference(w.m.db, reference))?.state, 'pending');
      assert.equal(w.m.wallet.canceled.has(reference), false);
      w.m.pass(14 * MINUTE_MS);
      const payment = await paymentBehind(reference);
      await w.expirePayment(payment?.id as Id<'pay'>);
      assert.equal(w.m.wallet.canceled.has(reference), true);
      assert.equal(await w.standing(said), 'FAIL ORDER_IS_CLOSED');
      assert.equal(refusalOf(await w.scan(qrOf(said))), 'order_closed');
    });

    test('the wallet’s own no is told in its words', async () => {
      const said = await shown();
      const { reference } = debitOf(await w.scan(qrOf(said)));
      const word = { outcome: 'declined', code: 'USER_BALANCE_NOT_ENOUGH', message: 'no', limitSetBy: null } as const;
      assert.equal(await walletNotified(w.m.payments, { wallet: w.tng.id, reference, word }), 'taken');
      assert.equal(await w.standing(said), 'FAIL USER_BALANCE_NOT_ENOUGH');
    });

    test('the order is paid otherwise: while that is under way it is scanned later, afterwards never', async () => {
      const first = asks(1_000);
      const said = await w.call('payments/pay', first);
      const page = request(1_000, { order: first.order as Json });
      assert.equal(code(await w.call('payments/pay', page)), 'U PAYMENT_IN_PROCESS');
      assert.equal(refusalOf(await w.scan(qrOf(said))), 'payment_in_progress');
      await w.confirm();
      assert.equal(refusalOf(await w.scan(qrOf(said))), 'order_closed');
      assert.equal(await w.standing(said), 'PROCESSING PAYMENT_IN_PROCESS');
      assert.equal(code(await cancel(said)), 'S SUCCESS');
      must(await w.scan(qrOf(await shown())));
    });
  });
});
