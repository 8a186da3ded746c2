import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import type { Day } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import { must } from '../base/result.ts';
import type { SettlementLine } from '../connectors/ports/card-acquirer.ts';
import { capturePayment, findPayment, operationsOf, type Payment, refundPayment } from '../payments/index.ts';

import { reconciliationJobs } from './jobs.ts';
import { findSettlement, listBreaks } from './store.ts';
import { testDays } from './test-days.ts';

const NEWEST = 'f'.repeat(32);
const eur = (cents: number): Money => money(cents, 'EUR');

interface Paid {
  readonly payment: Payment;
  readonly reference: string;
  readonly networkId: string;
}

describe('the money details of settlement', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let days: ReturnType<typeof testDays>;
  before(async () => {
    m = await createModules();
    days = testDays(m);
  });
  after(async () => {
    await m.holdLaws();
    await m.close();
  });

  describe('settled in another currency', () => {
    const converted = (paid: Paid, cents: number, euros: number, changes: Partial<SettlementLine> = {}) =>
      days.line(paid, 0, {
        amount: eur(euros),
        presentment: usd(cents),
        interchange: eur(0),
        schemeFee: eur(0),
        processingFee: eur(0),
        ...changes,
      });

    test('what was captured leaves in its currency, what is due comes in the other, fees in the latter', async () => {
      const [one, two] = [await days.pay(10_000), await days.pay(5_000)];
      const batch = days.batchOf(
        '83000000001',
        [converted(one, 10_000, 9_200, { interchange: eur(170) }), converted(two, 5_000, 4_600)],
        'EUR',
      );
      await days.importDay({ batches: [batch] });
      assert.equal(await days.balance('receivable'), 0n);
      assert.equal(await days.balance('receivable', m.cardAccount.id, 'EUR'), 0n);
      const row = await findSettlement(m.db, batch.batch);
      assert.deepEqual(row?.net, eur(13_630));
      assert.equal(await days.balance('settlement', row?.id, 'EUR'), 13_630n);
      assert.equal(await days.balance('fx_position', '', 'USD'), -15_000n);
      assert.equal(await days.balance('fx_position', '', 'EUR'), 13_800n);
      assert.equal(await days.balance('processing_cost', m.cardAccount.id, 'EUR'), 170n);
      assert.deepEqual(await days.openBreaks(), []);
    });

    test('the other way: a day with more refunds than sales', async () => {
      const one = await days.pay(3_000);
      await days.importDay({ batches: [days.batchOf('83000000002', [converted(one, 3_000, 2_750)], 'EUR')] });
      const refund = { marketplace: m.marketplace.id, payment: one.payment.id, amount: usd(3_000), reason: 'r' };
      must(await refundPayment(m.payments, m.key(), refund));
      const operation = (await operationsOf(m.db, one.payment.id)).at(-1);
      const back = {
        payment: one.payment,
        reference: operation?.reference ?? '',
        networkId: operation?.networkId ?? '',
      };
      const lines = [converted(back, 3_000, 2_780, { kind: 'refund', processingFee: eur(9) })];
      await days.importDay({ batches: [days.batchOf('83000000003', lines, 'EUR')] });
      assert.equal(await days.balance('receivable'), 0n);
      assert.equal(await days.balance('receivable', m.cardAccount.id, 'EUR'), 0n);
      const row = await findSettlement(m.db, '83000000003');
      assert.equal(await days.balance('settlement', row?.id, 'EUR'), -2_789n);
      assert.equal(await days.balance('fx_position', '', 'EUR'), 13_800n - 30n);
      assert.deepEqual(await days.openBreaks(), []);
    });

    test('a line is held against what the buyer paid', async () => {
      const one = await days.pay(1_000);
      await days.importDay({ batches: [days.batchOf('83000000004', [converted(one, 1_001, 920)], 'EUR')] });
      assert.deepEqual(await days.openBreaks(), ['amount_differs 1001']);
      await days.closeAll();
    });
  });

  describe('outcomes that the file tells', () => {
    /** A sale that nobody answered, as the file may name it. */
    const unanswered = async (cents: number): Promise<Paid> => {
      m.acquirer.next = [{ outcome: 'unknown', cause: 'timeout' }];
      const payment = committed(must(await days.paying(cents)));
      const [operation] = await operationsOf(m.db, payment.id);
      assert.equal(operation?.state, 'unknown');
      return { payment, reference: operation?.reference as string, networkId: `late-${cents}` };
    };

    test('what it settles was done', async () => {
      const before = await days.balance('receivable');
      const one = await unanswered(2_100);
      await days.importDay({ batches: [days.batchOf('84000000001', [days.line(one, 2_100)])] });
      const payment = await findPayment(m.db, one.payment.id);
      assert.deepEqual(
        [payment?.state, payment?.networkPaymentId, payment?.openOperation],
        ['captured', 'late-2100', null],
      );
      assert.equal(await days.balance('receivable'), before);
      assert.deepEqual(await days.openBreaks(), []);
    });

    test('a refund, too; and a capture', async () => {
      const before = await days.balance('receivable');
      const one = await days.pay(2_200);
      m.acquirer.next = [{ outcome: 'unknown', cause: 'timeout' }];
      const refund = { marketplace: m.marketplace.id, payment: one.payment.id, amount: usd(200), reason: 'r' };
      must(await refundPayment(m.payments, m.key(), refund));
      const authorized = committed(must(await days.paying(2_300, 'manual')));
      m.acquirer.next = [{ outcome: 'unknown', cause: 'timeout' }];
      must(await capturePayment(m.payments, m.key(), { marketplace: m.marketplace.id, payment: authorized.id }));
      const open = async (id: Id<'pay'>) => (await operationsOf(m.db, id)).at(-1);
      const [back, capture] = [await open(one.payment.id), await open(authorized.id)];
      assert.deepEqual([back?.state, capture?.state], ['unknown', 'unknown']);
      const lines = [
        days.line(one, 2_200),
        days.line({ reference: back?.reference ?? '', networkId: 'r-1' }, 200, { kind: 'refund' }),
        days.line({ reference: capture?.reference ?? '', networkId: 'c-1' }, 2_300),
      ];
      await days.importDay({ batches: [days.batchOf('84000000002', lines)] });
      assert.deepEqual((await findPayment(m.db, one.payment.id))?.refunded, usd(200));
      assert.equal((await findPayment(m.db, authorized.id))?.state, 'captured');
      assert.equal(await days.balance('receivable'), before);
      assert.deepEqual(await days.openBreaks(), []);
    });

    test('another amount does not tell: it stays open, and is a break', async () => {
      const one = await unanswered(2_400);
      await days.importDay({ batches: [days.batchOf('84000000003', [days.line(one, 2_401)])] });
      assert.equal((await findPayment(m.db, one.payment.id))?.state, 'pending');
      assert.deepEqual(await days.openBreaks(), ['missing_in_ledger 2401']);
      await days.closeAll();
    });

    test('what the network had declined and settles all the same is a break with what to decide', async () => {
      m.acquirer.next = [{ outcome: 'declined', code: 'not_received', message: 'x' }];
      const payment = committed(must(await days.paying(2_500)));
      const [operation] = await operationsOf(m.db, payment.id);
      const shown = { reference: operation?.reference as string, networkId: 'n-1' };
      await days.importDay({ batches: [days.batchOf('84000000004', [days.line(shown, 2_500)])] });
      const [found] = await listBreaks(m.db, 'open', NEWEST, 1);
      assert.equal(found?.kind, 'missing_in_ledger');
      assert.match(found?.reason ?? '', /declined.*not_received; to decide: give it back by a refund/);
      await days.closeAll();
    });

    test('what no file of its day and the next two shows was never done; an authorization stays', async () => {
      const sale = await unanswered(2_600);
      m.acquirer.next = [{ outcome: 'unknown', cause: 'timeout' }];
      const authorization = committed(must(await days.paying(2_700, 'manual')));
      const run = async (day: Day): Promise<void> => {
        const { rows } = await m.db.query<{ id: string }>(
          `insert into inbound (id, network, message_id, kind, sha256, bytes) values (gen_random_uuid(), $1, $2, 'settlement', '\\x00', '\\x00')
           returning replace(id::text, '-', '') as id`,
          [m.cardAccount.id, `settlement:${day}`],
        );
        const jobs = reconciliationJobs(m.reconciliation, { fundsArrived: async () => undefined });
        await jobs['reconciliation.process_file']?.({ subject: `inb_${rows[0]?.id}` } as never);
      };
      const state = async () => (await findPayment(m.db, sale.payment.id))?.state;
      await run('2026-11-23' as Day);
      await run('2026-11-24' as Day);
      m.pass(4 * 86_400_000);
      await run('2026-11-26' as Day);
      assert.equal(await state(), 'pending', 'the file of one day is missing');
      await run('2026-11-25' as Day);
      const payment = await findPayment(m.db, sale.payment.id);
      assert.deepEqual([payment?.state, payment?.decline?.code], ['declined', 'not_in_files']);
      assert.equal((await findPayment(m.db, authorization.id))?.state, 'pending');
    });
  });
});
