import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aToken, committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import type { Day } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { must } from '../base/result.ts';
import type { BankStatement, ReturnedEntry, StatementLine } from '../connectors/ports/bank-rail.ts';
import type { SettlementBatch } from '../connectors/ports/card-acquirer.ts';
import { account, balanceOf, trace } from '../ledger/index.ts';
import { findSeller } from '../parties/index.ts';
import { operationsOf, type Payment, payInstalment } from '../payments/index.ts';
import { findPayout, initiatePayout, payoutJobs } from '../payouts/index.ts';
import { receiveOrder, releaseOrder, shipOrder } from '../protection/index.ts';
import { feeColumnsOf, figuresOf } from './batch-figures.ts';
import { importReturns } from './import-returns.ts';
import { importSettlementFile } from './import-settlement.ts';
import { importStatement } from './import-statement.ts';
import { closeBreak, explainLine, listBankLines, listBreaks, type ReconciliationDeps } from './index.ts';
import { matchLines } from './match.ts';
import { findSettlement } from './store.ts';

const NEWEST = 'f'.repeat(32);
const NO_BYTES = new Uint8Array();
/** Each batch of these tests is a day's file of its own. */
const dayOfBatch = (id: string): Day => `2026-11-1${id.slice(-1)}` as Day;

describe('reconciliation', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let day = 22;
  let closing = 0n;
  before(async () => {
    m = await createModules();
  });
  after(async () => {
    await m.holdLaws();
    await m.close();
  });

  const pay = async (cents: number): Promise<{ payment: Payment; order: Id<'ord'>; reference: string }> => {
    const order = await m.order([cents]);
    const payment = committed(
      must(
        await payInstalment(m.payments, m.key(), {
          marketplace: m.marketplace.id,
          order: order.id,
          instalment: 1,
          token: aToken(),
          capture: 'automatic',
        }),
      ),
    );
    const [operation] = await operationsOf(m.db, payment.id);
    return { payment, order: order.id, reference: operation?.reference as string };
  };
  const deps = (statement?: BankStatement, returns: readonly ReturnedEntry[] = []): ReconciliationDeps => ({
    ...m.reconciliation,
    rail: { ...m.reconciliation.rail, parseStatement: () => statement as BankStatement, parseReturns: () => returns },
  });
  /** The settlement file of a day, with these batches. */
  const readFile = (batches: readonly SettlementBatch[]) =>
    importSettlementFile(
      m.reconciliation,
      { ...m.cardAccount, acquirer: { ...m.acquirer, parseSettlement: () => batches } },
      { bytes: NO_BYTES, day: dayOfBatch(batches[0]?.batch ?? '') },
    );
  const batchOf = (id: string, sales: readonly { reference: string; cents: number }[]): SettlementBatch => ({
    batch: id,
    currency: 'USD',
    day: '2026-11-23' as Day,
    lines: sales.map(({ reference, cents }) => ({
      kind: 'sale',
      reference,
      networkId: reference,
      amount: usd(cents),
      interchange: usd(20),
      schemeFee: usd(1),
      processingFee: usd(10),
    })),
  });
  const report = (id: string, sales: readonly { reference: string; cents: number }[]) => readFile([batchOf(id, sales)]);
  /** A day's statement with these lines, continuing the one before. */
  const book = async (lines: readonly Partial<StatementLine>[], opening = closing): Promise<void> => {
    const whole = lines.map((line, index) => ({
      bankReference: `B${day}-${index}`,
      direction: 'credit',
      amount: usd(0),
      bookedOn: `2026-11-${day}`,
      valueOn: `2026-11-${day}`,
      text: 'x',
      ...line,
    })) as StatementLine[];
    closing = whole.reduce(
      (sum, { direction, amount }) => sum + (direction === 'credit' ? amount.amount : -amount.amount),
      opening,
    );
    const statement = {
      statementId: `S${day}`,
      account: '000123456789',
      currency: 'USD',
      day: `2026-11-${day}` as Day,
      opening: usd(opening),
      closing: usd(closing),
      lines: whole,
    } as const;
    await importStatement(deps(statement), NO_BYTES);
    await importStatement(deps(statement), NO_BYTES);
    day += 1;
    await matchLines(m.reconciliation);
  };
  const openBreaks = async () =>
    (await listBreaks(m.db, 'open', NEWEST, 50)).map(({ kind, amount }) => `${kind} ${amount?.amount ?? ''}`);
  const balance = async (
    name: 'bank' | 'receivable' | 'processing_cost' | 'reconciliation_difference',
    owner: string,
  ) => (await balanceOf(m.db, account(name, owner), 'USD')).amount;

  test('a clean day: fees are cost, the net is on its way, the bank line closes it, nothing is open', async () => {
    const { reference } = await pay(10_000);
    await report('70000000001', [{ reference, cents: 10_000 }]);
    await report('70000000001', [{ reference, cents: 10_000 }]);
    assert.equal(await balance('receivable', m.cardAccount.id), 0n);
    assert.equal(await balance('processing_cost', m.cardAccount.id), 31n);
    await book([{ amount: usd(9969), endToEndId: '70000000001' }]);
    assert.equal((await findSettlement(m.db, '70000000001'))?.state, 'matched');
    assert.equal(await balance('bank', m.reconciliation.bank), 9969n);
    assert.deepEqual(await openBreaks(), []);
  });

  test('the way of a cent ends at the bank line that brought it', async () => {
    const { payment } = await pay(500);
    const steps = await trace(m.db, payment.id, 5n);
    assert.deepEqual(
      steps.map(({ event, portion }) => `${event} ${portion.amount}`),
      ['payment.captured 1'],
    );
    const [operation] = await operationsOf(m.db, payment.id);
    await report('70000000002', [{ reference: operation?.reference as string, cents: 500 }]);
    await book([{ amount: usd(469), endToEndId: '70000000002' }]);
    const after = await trace(m.db, payment.id, 400n);
    assert.deepEqual(
      after.map(({ event, direction }) => `${direction} ${event}`),
      [
        'start payment.captured',
        'forward settlement.reported',
        'forward settlement.matched',
        'back bank.credited',
        ...Array.from({ length: 3 }, () => 'start network_fee.assessed'),
      ],
    );
  });

  test('a short payment is a break that says how much; closing it takes a signed reason', async () => {
    const { reference } = await pay(2000);
    await report('70000000003', [{ reference, cents: 2000 }]);
    await book([{ amount: usd(1900), endToEndId: '70000000003' }]);
    assert.deepEqual(await openBreaks(), ['settlement_short 69']);
    const [found] = await listBreaks(m.db, 'open', NEWEST, 1);
    const close = () =>
      closeBreak(m.reconciliation, undefined, { id: found?.id as Id<'brk'>, reason: 'agreed', by: 'finance' });
    must(await close());
    const again = await close();
    assert.equal(again.ok ? 'done' : again.error.code, 'illegal_move');
    assert.equal(await balance('reconciliation_difference', ''), 69n);
  });

  test('a difference that is paid later closes itself', async () => {
    const { reference } = await pay(2000);
    await report('70000000004', [{ reference, cents: 2000 }]);
    await book([{ amount: usd(1000), endToEndId: '70000000004' }]);
    assert.deepEqual(await openBreaks(), ['settlement_short 969']);
    await book([{ amount: usd(969), endToEndId: '70000000004' }]);
    assert.deepEqual(await openBreaks(), []);
  });

  test('lines of a file that we do not know, or know otherwise, are breaks with both sides', async () => {
    const { reference } = await pay(3000);
    await report('70000000005', [
      { reference: 'NEVERSEEN', cents: 700 },
      { reference, cents: 3001 },
    ]);
    assert.deepEqual((await openBreaks()).sort(), [
      'amount_differs 3001',
      'fee_unattributed 31',
      'missing_in_ledger 700',
    ]);
    for (const { id } of await listBreaks(m.db, 'open', NEWEST, 9))
      await closeBreak(m.reconciliation, undefined, { id, reason: 'test', by: 'test' });
  });

  test('an unknown line waits in suspense with its reason until a person says what it is', async () => {
    await book([{ amount: usd(5000), text: 'own funds' }]);
    assert.deepEqual(await openBreaks(), ['bank_line_unexplained 5000']);
    const [line] = await listBankLines(m.db, 'unexplained', NEWEST, 1);
    const wrong = await explainLine(m.reconciliation, undefined, {
      line: line?.id as Id<'ln'>,
      as: 'bank_fee',
      reason: 'x',
    });
    assert.equal(wrong.ok ? 'done' : wrong.error.code, 'wrong_direction');
    must(
      await explainLine(m.reconciliation, undefined, { line: line?.id as Id<'ln'>, as: 'capital', reason: 'float' }),
    );
    assert.deepEqual(await openBreaks(), []);
  });

  test('a payout: its file is one debit; a return waits for its reason, then the seller has the money and is blocked', async () => {
    const { order } = await pay(4000);
    const at = { marketplace: m.marketplace.id, order };
    must(await shipOrder(m.orders, undefined, { ...at, carrier: 'x', trackingNumber: 'y' }));
    must(await receiveOrder(m.orders, undefined, { ...at, by: 'buyer' }));
    must(await releaseOrder(m.orders, undefined, { ...at, by: 'deadline' }));
    const payout = committed(
      must(
        await initiatePayout(m.payouts, m.key(), { marketplace: m.marketplace.id, seller: m.seller.id, amount: null }),
      ),
    );
    const { rows } = await m.db.query<{ id: string; lease: string }>(
      "update jobs set lease = gen_random_uuid() where id = (select id from jobs where kind = 'payouts.file' limit 1) returning replace(id::text, '-', '') as id, replace(lease::text, '-', '') as lease",
    );
    await payoutJobs(m.payouts)['payouts.file']?.({
      ...rows[0],
      kind: 'payouts.file',
      subject: m.payouts.bank,
      payload: {},
      attempts: 1,
    } as never);
    const filed = await findPayout(m.db, payout.id);
    const { rows: files } = await m.db.query<{ reference: string }>('select reference from payout_files');
    await book([{ direction: 'debit', amount: usd(3880), paymentInformationId: files[0]?.reference as string }]);
    assert.equal((await findPayout(m.db, payout.id))?.state, 'paid');

    await book([{ amount: usd(3880), clearingReference: filed?.trace as string, returnReason: 'R03' }]);
    assert.equal((await findPayout(m.db, payout.id))?.state, 'paid', 'the reason has not arrived');
    const entry = {
      trace: filed?.trace as string,
      reason: 'R03',
      reasonText: 'No Account',
      amount: usd(3880),
      reference: filed?.reference as string,
    };
    await importReturns(deps(undefined, [entry, entry]), NO_BYTES);
    await matchLines(m.reconciliation);
    const returned = await findPayout(m.db, payout.id);
    assert.deepEqual([returned?.state, returned?.returnReason?.code], ['returned', 'R03']);
    assert.equal((await balanceOf(m.db, account('seller', m.seller.id), 'USD')).amount, 3880n);
    assert.match((await findSeller(m.db, m.seller.id))?.payoutsBlocked?.reason ?? '', /^R03/);
    assert.deepEqual(await openBreaks(), []);
  });

  test('a statement that does not continue the one before is a break', async () => {
    await book([], closing + 1n);
    assert.deepEqual(await openBreaks(), ['statement_gap ']);
    closing -= 1n;
  });

  test('the identities of a file: net = sales − refunds − fees', () => {
    const batch = batchOf('1', [
      { reference: 'a', cents: 100 },
      { reference: 'b', cents: 50 },
    ]);
    const refund = {
      ...(batch.lines[0] as SettlementBatch['lines'][number]),
      kind: 'refund' as const,
      reference: 'c',
      amount: usd(30),
      interchange: usd(0),
      schemeFee: usd(0),
    };
    const whole = { ...batch, lines: [...batch.lines, refund] };
    const { sales, refunds, fees, net } = figuresOf(whole, feeColumnsOf(whole));
    assert.deepEqual(
      [sales, refunds, fees, net].map(({ amount }) => amount),
      [150n, 30n, 72n, 48n],
    );
  });
});
