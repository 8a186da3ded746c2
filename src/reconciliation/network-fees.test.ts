import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createOtherAcquirer } from '../../test/contracts/other-acquirer.ts';
import { batchFile } from '../../test/contracts/other-batch-file.ts';
import type { NetworkRecord } from '../../test/contracts/other-network.ts';
import { NO_DATABASE } from '../../test/support/database.ts';
import { createModules, type Modules, usd } from '../../test/support/modules.ts';
import type { Id } from '../base/ids.ts';
import { must } from '../base/result.ts';
import { MalformedFile } from '../connectors/ports/card-acquirer.ts';
import { createPool } from '../db/pool.ts';
import { trace } from '../ledger/index.ts';
import { explainLine } from './explain-line.ts';
import { importSettlementFile } from './import-settlement.ts';
import { feesOf, findSettlement, listBankLines } from './store.ts';
import { testDays } from './test-days.ts';

const NEWEST = 'f'.repeat(32);

describe('fees of networks', { skip: NO_DATABASE }, () => {
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

  describe('fees, payment by payment', () => {
    test('each operation’s fees lead to its payment; what is given back is returned; the batch comes out even', async () => {
      const [one, two] = [await days.pay(10_000), await days.pay(5_000)];
      const batch = days.batchOf('81000000001', [
        days.line(one, 10_000, { interchange: usd(190), schemeFee: usd(14), processingFee: usd(10) }),
        days.line(two, 5_000, { interchange: usd(100), processingFee: usd(-4) }),
      ]);
      const fees = [
        days.fee(batch.batch, one.networkId, 180),
        days.fee(batch.batch, one.networkId, 10),
        days.fee(batch.batch, one.networkId, 14, 'scheme'),
        days.fee(batch.batch, one.networkId, 10, 'processing'),
        days.fee(batch.batch, two.networkId, 100),
        days.fee(batch.batch, two.networkId, -4, 'processing'),
      ];
      const before = await days.balance('processing_cost');
      assert.equal(await days.importDay({ batches: [batch], fees }), 'imported');
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
      assert.deepEqual(await days.eventsAbout(other.map(({ id }) => id)), [
        'network_fee.assessed',
        'network_fee.returned',
      ]);
      assert.equal((await days.balance('processing_cost')) - before, 310n);
      assert.equal(await days.balance('receivable'), 0n);
      assert.equal((await findSettlement(m.db, batch.batch))?.net.amount, 14_690n);
      assert.deepEqual(await days.openBreaks(), []);
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

    test('a day is posted once, also when it was cut off between two units of its fees', async () => {
      const one = await days.pay(5_000);
      const batch = days.batchOf('81000000002', [days.line(one, 5_000, { interchange: usd(501) })]);
      const stranger = (nth: number): string => `s-${String(nth).padStart(3, '0')}`;
      const fees = [
        ...Array.from({ length: 500 }, (_, nth) => days.fee(batch.batch, stranger(nth), 1)),
        days.fee(batch.batch, one.networkId, 1),
      ];
      const day = days.nextDay();
      const before = await days.balance('processing_cost');
      const posted = async (): Promise<number> => {
        const { rows } = await m.db.query<{ n: number }>(
          'select count(*)::int as n from network_fees where fee_key like $1',
          [`%:${batch.batch}:%`],
        );
        return rows[0]?.n ?? 0;
      };
      // The third unit is a break, after the batch and 400 fees.
      let units = 0;
      const run: Modules['journal']['run'] = (command, decide) => {
        units += 1;
        if (units > 2) throw new Error('killed');
        return m.journal.run(command, decide);
      };
      const cut = { ...m.reconciliation, journal: { ...m.journal, run } };
      await assert.rejects(days.importDay({ batches: [batch], fees, day, deps: cut }), /killed/);
      assert.equal(await posted(), 400);
      for (let again = 0; again < 2; again += 1)
        assert.equal(await days.importDay({ batches: [batch], fees, day }), 'imported');
      assert.equal(await posted(), 501);
      assert.equal((await days.balance('processing_cost')) - before, 501n);
      assert.equal(await days.balance('receivable'), 0n);
      assert.deepEqual(await days.openBreaks(), ['fee_unattributed 100', 'fee_unattributed 400']);
      await days.closeAll();
    });

    test('a network without a fee file has its fees in its settlement lines', async () => {
      const one = await days.pay(1_000);
      await days.importDay({
        batches: [days.batchOf('81000000003', [days.line(one, 1_000, { interchange: usd(20), schemeFee: usd(2) })])],
      });
      const [row] = await feesOf(m.db, [one.payment.id]);
      assert.deepEqual([row?.interchange, row?.schemeFee, row?.reference], [usd(20), usd(2), one.reference]);
      assert.equal(await days.balance('receivable'), 0n);
    });

    test('a network unlike the first, with a file of fixed width and no other report', async () => {
      const one = await days.pay(2_000);
      const day = days.nextDay();
      const record = { kind: 'clearing', merchantReference: one.reference, id: 'CL00000001', amount: usd(2_000) };
      const bytes = new TextEncoder().encode(batchFile(day, [record as NetworkRecord]));
      const other = createOtherAcquirer({ send: () => Promise.reject(new Error('nothing is asked')) });
      const account = { ...m.cardAccount, acquirer: other };
      assert.equal(await importSettlementFile(m.reconciliation, account, { bytes, day }), 'imported');
      const [row] = await feesOf(m.db, [one.payment.id]);
      assert.deepEqual([row?.interchange, row?.schemeFee, row?.processingFee], [usd(30), usd(3), usd(10)]);
      assert.equal(await days.balance('receivable'), 0n);
      assert.deepEqual(await days.openBreaks(), []);
    });

    test('a batch of an earlier version, whose fees were posted in one sum, gets no others', async () => {
      const one = await days.pay(1_000);
      const batch = days.batchOf('81000000009', [days.line(one, 1_000, { interchange: usd(20) })]);
      await days.importDay({ batches: [batch] });
      const posted = await days.balance('processing_cost');
      const earlier = createPool({ url: m.ownerUrl, applicationName: 'test' });
      const feesBy = (value: string) =>
        earlier.query(`update settlements set data = data || jsonb_build_object('feesBy', $2::text) where batch = $1`, [
          batch.batch,
          value,
        ]);
      await feesBy('batch');
      await days.importDay({ batches: [batch] });
      await feesBy('operation');
      await earlier.end();
      assert.equal(await days.balance('processing_cost'), posted);
    });

    test('a fee of an earlier operation is found by the network’s id of it', async () => {
      const one = await days.pay(1_000);
      await days.importDay({ batches: [days.batchOf('81000000004', [days.line(one, 1_000)])], fees: [] });
      const other = await days.pay(2_000);
      const later = days.batchOf('81000000005', [days.line(other, 2_000, { processingFee: usd(3) })]);
      await days.importDay({ batches: [later], fees: [days.fee(later.batch, one.networkId, 3, 'processing')] });
      assert.deepEqual(
        (await feesOf(m.db, [one.payment.id])).map(({ batch }) => batch),
        [later.batch],
      );
      assert.deepEqual(await days.openBreaks(), []);
    });

    test('what leads nowhere is posted on the batch and is a break; so is a fee file that differs', async () => {
      const one = await days.pay(1_000);
      const batch = days.batchOf('81000000006', [days.line(one, 1_000, { interchange: usd(9) })]);
      const fees = [days.fee(batch.batch, one.networkId, 9), days.fee(batch.batch, 'stranger', 5)];
      await days.importDay({ batches: [batch], fees });
      assert.deepEqual(await days.openBreaks(), ['fee_unattributed 5', 'fees_differ 5']);
      assert.equal(await days.balance('receivable'), 0n);
      assert.equal((await findSettlement(m.db, batch.batch))?.net.amount, 986n);
      await days.closeAll();
    });

    test('reports that contradict each other are a break, and the day is posted', async () => {
      const one = await days.pay(1_000);
      const checkReports = (): void => {
        throw new MalformedFile('identity 1 of fund transfer 7: left USD 1.00, right USD 2.00');
      };
      const changes = { checkReports };
      await days.importDay({ batches: [days.batchOf('81000000007', [days.line(one, 1_000)])], fees: [], changes });
      assert.deepEqual(await days.openBreaks(), ['report_identity ']);
      assert.equal(await days.balance('receivable'), 0n);
      await days.closeAll();
    });

    test('the day waits for the last of its reports; one that stays away is a break until it comes', async () => {
      const one = await days.pay(1_000);
      const batches = [days.batchOf('81000000008', [days.line(one, 1_000)])];
      const day = days.nextDay();
      assert.equal(
        await days.importDay({ batches, fees: [], day, changes: { fetchReport: async () => null } }),
        'waiting',
      );
      assert.equal(await findSettlement(m.db, '81000000008'), null);
      assert.deepEqual(await days.openBreaks(), ['report_missing ']);
      assert.equal(await days.importDay({ batches, fees: [], day }), 'imported');
      assert.deepEqual(await days.openBreaks(), []);
    });
  });

  describe('gross funding', () => {
    const BILL = '82000000002';
    test('the net is without fees; fees stand apart until the bank debits them', async () => {
      const one = await days.pay(10_000);
      const batch = days.batchOf('82000000001', [days.line(one, 10_000)]);
      const fees = [days.fee(BILL, one.networkId, 190), days.fee(BILL, one.networkId, 10, 'processing')];
      await days.importDay({ batches: [batch], fees, funding: 'gross' });
      assert.equal((await findSettlement(m.db, batch.batch))?.net.amount, 10_000n);
      assert.equal(await days.balance('receivable'), 0n);
      assert.equal(await days.balance('network_fees'), 200n);
      const [row] = await feesOf(m.db, [one.payment.id]);
      assert.deepEqual(await days.eventsAbout([row?.id as string]), ['network_fee.assessed_apart']);
      await days.book([{ amount: usd(10_000), endToEndId: batch.batch }]);
      await days.book([{ direction: 'debit', amount: usd(200), endToEndId: BILL }]);
      assert.equal(await days.balance('network_fees'), 0n);
      assert.equal((await findSettlement(m.db, BILL))?.state, 'matched');
      assert.deepEqual(await days.openBreaks(), []);
    });

    for (const [what, debited, difference] of [
      ['less', 150, -50n],
      ['more', 230, 30n],
    ] as const) {
      test(`a debit of ${what} than the bill is a break; a person signs it`, async () => {
        const one = await days.pay(10_000);
        const [batch, bill] = [`8200000001${debited}`, `8200000002${debited}`];
        const fees = [days.fee(bill, one.networkId, 200)];
        await days.importDay({ batches: [days.batchOf(batch, [days.line(one, 10_000)])], fees, funding: 'gross' });
        await days.book([
          { amount: usd(10_000), endToEndId: batch },
          { direction: 'debit', amount: usd(debited), endToEndId: bill },
        ]);
        assert.deepEqual(await days.openBreaks(), [`bank_line_unexplained ${debited}`]);
        const before = await days.balance('reconciliation_difference', '');
        const [open] = await listBankLines(m.db, 'unexplained', NEWEST, 1);
        const input = { line: open?.id as Id<'ln'>, as: 'network_fees', reason: 'agreed' } as const;
        must(await explainLine(m.reconciliation, undefined, input));
        assert.equal((await days.balance('reconciliation_difference', '')) - before, difference);
        assert.equal(await days.balance('network_fees'), 0n);
        assert.equal((await findSettlement(m.db, bill))?.state, 'closed');
        assert.deepEqual(await days.openBreaks(), []);
      });
    }

    test('fees given back reduce the bill, whatever their order in the file', async () => {
      const [one, two] = [await days.pay(10_000), await days.pay(10_000)];
      const bill = '82000000003';
      const fees = [days.fee(bill, one.networkId, -30), days.fee(bill, two.networkId, 50)];
      const batches = [days.batchOf('82000000004', [days.line(one, 10_000), days.line(two, 10_000)])];
      await days.importDay({ batches, fees, funding: 'gross' });
      assert.equal(await days.balance('network_fees'), 20n);
      await days.book([
        { amount: usd(20_000), endToEndId: '82000000004' },
        { direction: 'debit', amount: usd(20), endToEndId: bill },
      ]);
      assert.equal(await days.balance('network_fees'), 0n);
    });
  });
});
