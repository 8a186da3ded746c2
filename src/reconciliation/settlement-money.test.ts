import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aToken, committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import type { Day } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import { must } from '../base/result.ts';
import type { BankStatement, StatementLine } from '../connectors/ports/bank-rail.ts';
import {
  type CardAcquirer,
  type FeeLine,
  MalformedFile,
  type ReportName,
  type SettlementBatch,
  type SettlementLine,
} from '../connectors/ports/card-acquirer.ts';
import type { AccountName } from '../ledger/chart.ts';
import { account, balanceOf, trace } from '../ledger/index.ts';
import {
  capturePayment,
  findPayment,
  operationsOf,
  type Payment,
  payInstalment,
  refundPayment,
} from '../payments/index.ts';
import { closeBreak } from './breaks.ts';
import { explainLine } from './explain-line.ts';
import { importSettlementFile } from './import-settlement.ts';
import { importStatement } from './import-statement.ts';
import { reconciliationJobs } from './jobs.ts';
import { matchLines } from './match.ts';
import { feesOf, findSettlement, listBankLines, listBreaks } from './store.ts';

const NEWEST = 'f'.repeat(32);
const FILE = { name: 'x', bytes: new TextEncoder().encode('x') };
const eur = (cents: number): Money => money(cents, 'EUR');

interface Paid {
  readonly payment: Payment;
  readonly reference: string;
  readonly networkId: string;
}

describe('the money details of settlement', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let lastDay = 1;
  before(async () => {
    m = await createModules();
  });
  after(async () => {
    await m.holdLaws();
    await m.close();
  });

  const nextDay = (): Day => `2026-10-${String(lastDay++).padStart(2, '0')}` as Day;
  const paying = async (cents: number, capture: 'automatic' | 'manual' = 'automatic') => {
    const order = await m.order([cents]);
    const token = aToken();
    const input = { marketplace: m.marketplace.id, order: order.id, instalment: 1, token, capture } as const;
    return payInstalment(m.payments, m.key(), input);
  };
  const pay = async (cents: number): Promise<Paid> => {
    const payment = committed(must(await paying(cents)));
    const [operation] = await operationsOf(m.db, payment.id);
    return { payment, reference: operation?.reference as string, networkId: operation?.networkId as string };
  };
  const line = (paid: Pick<Paid, 'reference' | 'networkId'>, cents: number, changes: Partial<SettlementLine> = {}) => ({
    kind: 'sale' as const,
    reference: paid.reference,
    networkId: paid.networkId,
    amount: usd(cents),
    interchange: usd(0),
    schemeFee: usd(0),
    processingFee: usd(0),
    ...changes,
  });
  const fee = (batch: string, networkId: string, cents: number, kind: FeeLine['kind'] = 'interchange'): FeeLine => ({
    batch,
    networkId,
    kind,
    text: kind,
    amount: usd(cents),
  });
  const batchOf = (batch: string, lines: readonly SettlementLine[], currency: Currency = 'USD'): SettlementBatch => ({
    batch,
    currency,
    day: '2026-10-01' as Day,
    lines,
  });
  interface Files {
    readonly batches?: readonly SettlementBatch[];
    readonly fees?: readonly FeeLine[];
    readonly funding?: 'net' | 'gross';
    readonly changes?: Partial<CardAcquirer>;
    readonly day?: Day;
  }
  /** Imports a day whose reports say this; with `fees` the network has a fee file. */
  const importDay = ({ batches = [], fees, funding = 'net', changes = {}, day = nextDay() }: Files) => {
    const reports: readonly ReportName[] = fees === undefined ? ['settlement'] : ['settlement', 'fees'];
    const acquirer: CardAcquirer = {
      ...m.acquirer,
      reports,
      fetchReport: async () => FILE,
      parseSettlement: () => batches,
      parseFees: () => fees ?? [],
      ...changes,
    };
    return importSettlementFile(m.reconciliation, { ...m.cardAccount, funding, acquirer }, { bytes: FILE.bytes, day });
  };
  let closing = 0n;
  let statementDay = 10;
  const book = async (lines: readonly Partial<StatementLine>[]): Promise<void> => {
    const day = `2026-11-${statementDay++}` as Day;
    const whole = lines.map((each, index) => ({
      bankReference: `M${day}-${index}`,
      direction: 'credit',
      amount: usd(0),
      bookedOn: day,
      valueOn: day,
      text: 'x',
      ...each,
    })) as StatementLine[];
    const opening = closing;
    for (const { direction, amount } of whole) closing += direction === 'credit' ? amount.amount : -amount.amount;
    const statement: BankStatement = {
      statementId: `M${day}`,
      account: '000123456789',
      currency: 'USD',
      day,
      opening: usd(opening),
      closing: usd(closing),
      lines: whole,
    };
    const rail = { ...m.reconciliation.rail, parseStatement: () => statement };
    await importStatement({ ...m.reconciliation, rail }, FILE.bytes);
    await matchLines(m.reconciliation);
  };
  const openBreaks = async (): Promise<readonly string[]> =>
    (await listBreaks(m.db, 'open', NEWEST, 50)).map(({ kind, amount }) => `${kind} ${amount?.amount ?? ''}`).sort();
  const balance = async (name: AccountName, owner: string = m.cardAccount.id, currency: Currency = 'USD') =>
    (await balanceOf(m.db, account(name, owner), currency)).amount;
  const eventsAbout = async (subjects: readonly string[]): Promise<readonly string[]> => {
    const { rows } = await m.db.query<{ type: string }>(
      `select type from journal_events where prefix || '_' || replace(subject::text, '-', '') = any ($1) order by seq`,
      [subjects],
    );
    return rows.map(({ type }) => type);
  };

  describe('fees, payment by payment', () => {
    test('each operation’s fees lead to its payment; what is given back is returned; the batch comes out even', async () => {
      const [one, two] = [await pay(10_000), await pay(5_000)];
      const batch = batchOf('81000000001', [
        line(one, 10_000, { interchange: usd(190), schemeFee: usd(14), processingFee: usd(10) }),
        line(two, 5_000, { interchange: usd(100), processingFee: usd(-4) }),
      ]);
      const fees = [
        fee(batch.batch, one.networkId, 180),
        fee(batch.batch, one.networkId, 10),
        fee(batch.batch, one.networkId, 14, 'scheme'),
        fee(batch.batch, one.networkId, 10, 'processing'),
        fee(batch.batch, two.networkId, 100),
        fee(batch.batch, two.networkId, -4, 'processing'),
      ];
      const before = await balance('processing_cost');
      assert.equal(await importDay({ batches: [batch], fees }), 'imported');
      const [own, other] = [await feesOf(m.db, [one.payment.id]), await feesOf(m.db, [two.payment.id])];
      assert.deepEqual(
        own.map(({ interchange, schemeFee, processingFee, returned }) => [
          interchange.amount,
          schemeFee.amount,
          processingFee.amount,
          returned.amount,
        ]),
        [[190n, 14n, 10n, 0n]],
      );
      assert.deepEqual(await eventsAbout(other.map(({ id }) => id)), ['network_fee.assessed', 'network_fee.returned']);
      assert.equal((await balance('processing_cost')) - before, 310n);
      assert.equal(await balance('receivable'), 0n);
      assert.equal((await findSettlement(m.db, batch.batch))?.net.amount, 14_690n);
      assert.deepEqual(await openBreaks(), []);
      const steps = await trace(m.db, one.payment.id);
      assert.deepEqual(
        steps
          .filter(({ event }) => event === 'network_fee.assessed')
          .map(({ amount, depth }) => [amount.amount, depth]),
        [
          [190n, 0],
          [14n, 0],
          [10n, 0],
        ],
      );
    });

    test('a day is posted once, also when it was cut off between its units', async () => {
      const paid: Paid[] = [];
      for (let nth = 0; nth < 3; nth += 1) paid.push(await pay(1_000));
      const batch = batchOf('81000000002', [...paid.map((each) => line(each, 1_000, { interchange: usd(7) }))]);
      const fees = paid.map((each) => fee(batch.batch, each.networkId, 7));
      const day = nextDay();
      const before = await balance('processing_cost');
      // Cut off after the first fee was posted: the same file comes again, whole.
      const cut = { ...m.acquirer, reports: ['settlement', 'fees'] as const, fetchReport: async () => FILE };
      let units = 0;
      const journal = {
        ...m.reconciliation.journal,
        run: ((command, decide) => {
          units += 1;
          if (units > 2) throw new Error('killed');
          return m.reconciliation.journal.run(command, decide);
        }) as Modules['journal']['run'],
      };
      const acquirer = { ...cut, parseSettlement: () => [batch], parseFees: () => fees };
      await assert.rejects(
        importSettlementFile(
          { ...m.reconciliation, journal },
          { ...m.cardAccount, acquirer },
          { bytes: FILE.bytes, day },
        ),
        /killed/,
      );
      for (let again = 0; again < 2; again += 1)
        assert.equal(await importDay({ batches: [batch], fees, day }), 'imported');
      assert.equal((await balance('processing_cost')) - before, 21n);
      assert.equal(await balance('receivable'), 0n);
      assert.deepEqual(await openBreaks(), []);
    });

    test('a network without a fee file has its fees in its settlement lines', async () => {
      const one = await pay(1_000);
      await importDay({
        batches: [batchOf('81000000003', [line(one, 1_000, { interchange: usd(20), schemeFee: usd(2) })])],
      });
      const [row] = await feesOf(m.db, [one.payment.id]);
      assert.deepEqual([row?.interchange, row?.schemeFee, row?.reference], [usd(20), usd(2), one.reference]);
      assert.equal(await balance('receivable'), 0n);
    });

    test('a fee of an earlier operation is found by the network’s id of it', async () => {
      const one = await pay(1_000);
      await importDay({ batches: [batchOf('81000000004', [line(one, 1_000)])], fees: [] });
      const other = await pay(2_000);
      const later = batchOf('81000000005', [line(other, 2_000, { processingFee: usd(3) })]);
      await importDay({ batches: [later], fees: [fee(later.batch, one.networkId, 3, 'processing')] });
      assert.deepEqual(
        (await feesOf(m.db, [one.payment.id])).map(({ batch }) => batch),
        [later.batch],
      );
      assert.deepEqual(await openBreaks(), []);
    });

    test('what leads nowhere is posted on the batch and is a break; so is a fee file that differs', async () => {
      const one = await pay(1_000);
      const batch = batchOf('81000000006', [line(one, 1_000, { interchange: usd(9) })]);
      const fees = [fee(batch.batch, one.networkId, 9), fee(batch.batch, 'stranger', 5)];
      await importDay({ batches: [batch], fees });
      assert.deepEqual(await openBreaks(), ['fee_unattributed 5', 'fees_differ 5']);
      assert.equal(await balance('receivable'), 0n);
      assert.equal((await findSettlement(m.db, batch.batch))?.net.amount, 986n);
      await closeAll();
    });

    test('reports that contradict each other are a break, and the day is posted', async () => {
      const one = await pay(1_000);
      const checkReports = (): void => {
        throw new MalformedFile('identity 1 of fund transfer 7: left USD 1.00, right USD 2.00');
      };
      const changes = { checkReports };
      await importDay({ batches: [batchOf('81000000007', [line(one, 1_000)])], fees: [], changes });
      assert.deepEqual(await openBreaks(), ['report_identity ']);
      assert.equal(await balance('receivable'), 0n);
      await closeAll();
    });

    test('the day waits for the last of its reports; one that stays away is a break until it comes', async () => {
      const one = await pay(1_000);
      const batches = [batchOf('81000000008', [line(one, 1_000)])];
      const day = nextDay();
      assert.equal(await importDay({ batches, fees: [], day, changes: { fetchReport: async () => null } }), 'waiting');
      assert.equal(await findSettlement(m.db, '81000000008'), null);
      assert.deepEqual(await openBreaks(), ['report_missing ']);
      assert.equal(await importDay({ batches, fees: [], day }), 'imported');
      assert.deepEqual(await openBreaks(), []);
    });
  });

  describe('gross funding', () => {
    const BILL = '82000000002';
    test('the net is without fees; fees stand apart until the bank debits them', async () => {
      const one = await pay(10_000);
      const batch = batchOf('82000000001', [line(one, 10_000)]);
      const fees = [fee(BILL, one.networkId, 190), fee(BILL, one.networkId, 10, 'processing')];
      await importDay({ batches: [batch], fees, funding: 'gross' });
      assert.equal((await findSettlement(m.db, batch.batch))?.net.amount, 10_000n);
      assert.equal(await balance('receivable'), 0n);
      assert.equal(await balance('network_fees'), 200n);
      const [row] = await feesOf(m.db, [one.payment.id]);
      assert.deepEqual(await eventsAbout([row?.id as string]), ['network_fee.assessed_apart']);
      await book([{ amount: usd(10_000), endToEndId: batch.batch }]);
      await book([{ direction: 'debit', amount: usd(200), endToEndId: BILL }]);
      assert.equal(await balance('network_fees'), 0n);
      assert.equal((await findSettlement(m.db, BILL))?.state, 'matched');
      assert.deepEqual(await openBreaks(), []);
    });

    for (const [what, debited, difference] of [
      ['less', 150, -50n],
      ['more', 230, 30n],
    ] as const) {
      test(`a debit of ${what} than the bill is a break; a person signs it`, async () => {
        const one = await pay(10_000);
        const [batch, bill] = [`8200000001${debited}`, `8200000002${debited}`];
        const fees = [fee(bill, one.networkId, 200)];
        await importDay({ batches: [batchOf(batch, [line(one, 10_000)])], fees, funding: 'gross' });
        await book([
          { amount: usd(10_000), endToEndId: batch },
          { direction: 'debit', amount: usd(debited), endToEndId: bill },
        ]);
        assert.deepEqual(await openBreaks(), [`bank_line_unexplained ${debited}`]);
        const before = await balance('reconciliation_difference', '');
        const [open] = await listBankLines(m.db, 'unexplained', NEWEST, 1);
        const input = { line: open?.id as Id<'ln'>, as: 'network_fees', reason: 'agreed' } as const;
        must(await explainLine(m.reconciliation, undefined, input));
        assert.equal((await balance('reconciliation_difference', '')) - before, difference);
        assert.equal(await balance('network_fees'), 0n);
        assert.equal((await findSettlement(m.db, bill))?.state, 'closed');
        assert.deepEqual(await openBreaks(), []);
      });
    }

    test('fees given back reduce the bill, whatever their order in the file', async () => {
      const [one, two] = [await pay(10_000), await pay(10_000)];
      const bill = '82000000003';
      const fees = [fee(bill, one.networkId, -30), fee(bill, two.networkId, 50)];
      const batches = [batchOf('82000000004', [line(one, 10_000), line(two, 10_000)])];
      await importDay({ batches, fees, funding: 'gross' });
      assert.equal(await balance('network_fees'), 20n);
      await book([
        { amount: usd(20_000), endToEndId: '82000000004' },
        { direction: 'debit', amount: usd(20), endToEndId: bill },
      ]);
      assert.equal(await balance('network_fees'), 0n);
    });
  });

  describe('settled in another currency', () => {
    const converted = (paid: Paid, cents: number, euros: number, changes: Partial<SettlementLine> = {}) =>
      line(paid, 0, {
        amount: eur(euros),
        presentment: usd(cents),
        interchange: eur(0),
        schemeFee: eur(0),
        processingFee: eur(0),
        ...changes,
      });

    test('what was captured leaves in its currency, what is due comes in the other, fees in the latter', async () => {
      const [one, two] = [await pay(10_000), await pay(5_000)];
      const batch = batchOf(
        '83000000001',
        [converted(one, 10_000, 9_200, { interchange: eur(170) }), converted(two, 5_000, 4_600)],
        'EUR',
      );
      await importDay({ batches: [batch] });
      assert.equal(await balance('receivable'), 0n);
      assert.equal(await balance('receivable', m.cardAccount.id, 'EUR'), 0n);
      const row = await findSettlement(m.db, batch.batch);
      assert.deepEqual(row?.net, eur(13_630));
      assert.equal(await balance('settlement', row?.id, 'EUR'), 13_630n);
      assert.equal(await balance('fx_position', '', 'USD'), -15_000n);
      assert.equal(await balance('fx_position', '', 'EUR'), 13_800n);
      assert.equal(await balance('processing_cost', m.cardAccount.id, 'EUR'), 170n);
      assert.deepEqual(await openBreaks(), []);
    });

    test('the other way: a day with more refunds than sales', async () => {
      const one = await pay(3_000);
      await importDay({ batches: [batchOf('83000000002', [converted(one, 3_000, 2_750)], 'EUR')] });
      const refund = { marketplace: m.marketplace.id, payment: one.payment.id, amount: usd(3_000), reason: 'r' };
      must(await refundPayment(m.payments, m.key(), refund));
      const operation = (await operationsOf(m.db, one.payment.id)).at(-1);
      const back = {
        payment: one.payment,
        reference: operation?.reference ?? '',
        networkId: operation?.networkId ?? '',
      };
      const lines = [converted(back, 3_000, 2_780, { kind: 'refund', processingFee: eur(9) })];
      await importDay({ batches: [batchOf('83000000003', lines, 'EUR')] });
      assert.equal(await balance('receivable'), 0n);
      assert.equal(await balance('receivable', m.cardAccount.id, 'EUR'), 0n);
      const row = await findSettlement(m.db, '83000000003');
      assert.equal(await balance('settlement', row?.id, 'EUR'), -2_789n);
      assert.equal(await balance('fx_position', '', 'EUR'), 13_800n - 30n);
      assert.deepEqual(await openBreaks(), []);
    });

    test('a line is held against what the buyer paid', async () => {
      const one = await pay(1_000);
      await importDay({ batches: [batchOf('83000000004', [converted(one, 1_001, 920)], 'EUR')] });
      assert.deepEqual(await openBreaks(), ['amount_differs 1001']);
      await closeAll();
    });
  });

  describe('outcomes that the file tells', () => {
    /** A sale that nobody answered, as the file may name it. */
    const unanswered = async (cents: number): Promise<Paid> => {
      m.acquirer.next = [{ outcome: 'unknown', cause: 'timeout' }];
      const payment = committed(must(await paying(cents)));
      const [operation] = await operationsOf(m.db, payment.id);
      assert.equal(operation?.state, 'unknown');
      return { payment, reference: operation?.reference as string, networkId: `late-${cents}` };
    };

    test('what it settles was done', async () => {
      const before = await balance('receivable');
      const one = await unanswered(2_100);
      await importDay({ batches: [batchOf('84000000001', [line(one, 2_100)])] });
      const payment = await findPayment(m.db, one.payment.id);
      assert.deepEqual(
        [payment?.state, payment?.networkPaymentId, payment?.openOperation],
        ['captured', 'late-2100', null],
      );
      assert.equal(await balance('receivable'), before);
      assert.deepEqual(await openBreaks(), []);
    });

    test('a refund, too; and a capture', async () => {
      const before = await balance('receivable');
      const one = await pay(2_200);
      m.acquirer.next = [{ outcome: 'unknown', cause: 'timeout' }];
      const refund = { marketplace: m.marketplace.id, payment: one.payment.id, amount: usd(200), reason: 'r' };
      must(await refundPayment(m.payments, m.key(), refund));
      const authorized = committed(must(await paying(2_300, 'manual')));
      m.acquirer.next = [{ outcome: 'unknown', cause: 'timeout' }];
      must(await capturePayment(m.payments, m.key(), { marketplace: m.marketplace.id, payment: authorized.id }));
      const open = async (id: Id<'pay'>) => (await operationsOf(m.db, id)).at(-1);
      const [back, capture] = [await open(one.payment.id), await open(authorized.id)];
      assert.deepEqual([back?.state, capture?.state], ['unknown', 'unknown']);
      const lines = [
        line(one, 2_200),
        line({ reference: back?.reference ?? '', networkId: 'r-1' }, 200, { kind: 'refund' }),
        line({ reference: capture?.reference ?? '', networkId: 'c-1' }, 2_300),
      ];
      await importDay({ batches: [batchOf('84000000002', lines)] });
      assert.deepEqual((await findPayment(m.db, one.payment.id))?.refunded, usd(200));
      assert.equal((await findPayment(m.db, authorized.id))?.state, 'captured');
      assert.equal(await balance('receivable'), before);
      assert.deepEqual(await openBreaks(), []);
    });

    test('another amount does not tell: it stays open, and is a break', async () => {
      const one = await unanswered(2_400);
      await importDay({ batches: [batchOf('84000000003', [line(one, 2_401)])] });
      assert.equal((await findPayment(m.db, one.payment.id))?.state, 'pending');
      assert.deepEqual(await openBreaks(), ['missing_in_ledger 2401']);
      await closeAll();
    });

    test('what the network had declined and settles all the same is a break with what to decide', async () => {
      m.acquirer.next = [{ outcome: 'declined', code: 'not_received', message: 'x' }];
      const payment = committed(must(await paying(2_500)));
      const [operation] = await operationsOf(m.db, payment.id);
      const shown = { reference: operation?.reference as string, networkId: 'n-1' };
      await importDay({ batches: [batchOf('84000000004', [line(shown, 2_500)])] });
      const [found] = await listBreaks(m.db, 'open', NEWEST, 1);
      assert.equal(found?.kind, 'missing_in_ledger');
      assert.match(found?.reason ?? '', /declined.*not_received; to decide: give it back by a refund/);
      await closeAll();
    });

    test('what no file of its day and the next two shows was never done; an authorization stays', async () => {
      const sale = await unanswered(2_600);
      m.acquirer.next = [{ outcome: 'unknown', cause: 'timeout' }];
      const authorization = committed(must(await paying(2_700, 'manual')));
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

  const closeAll = async (): Promise<void> => {
    for (const { id } of await listBreaks(m.db, 'open', NEWEST, 50))
      must(await closeBreak(m.reconciliation, undefined, { id, reason: 'test', by: 'test' }));
  };
});
