/** The part of the acquirer's contract that is about a day's files: what was captured and refunded is in them, once, whole. */
import assert from 'node:assert/strict';
import { type Day, dayOf, instant, wallNow } from '../../src/base/clock.ts';
import { type Money, sum } from '../../src/base/money.ts';
import {
  type CardAcquirer,
  type DayReports,
  MalformedFile,
  type NetworkFile,
  type SettlementBatch,
  type SettlementLine,
} from '../../src/connectors/ports/card-acquirer.ts';
import { expectApproved, type It, type Merchant, usd } from './merchant.ts';

interface Expected {
  readonly kind: SettlementLine['kind'];
  readonly amount: Money;
}

export function filesContract(it: It): void {
  it('files: a day’s money, line by line, once, under our references', async (merchant) => {
    const expected = await aDay(merchant);
    const day = await merchant.subject.closeDay();
    const file = await issued(merchant.acquirer.fetchSettlement(day));
    const batches = merchant.acquirer.parseSettlement(file.bytes);
    const lines = batches.flatMap((batch) => batch.lines);
    for (const [reference, { kind, amount }] of expected) {
      const found = lines.filter((line) => line.reference === reference && line.kind === kind);
      assert.deepEqual(
        found.map((line) => line.amount),
        [amount],
        `${kind} ${reference}`,
      );
    }
    checkBatches(batches, day);
    const again = await issued(merchant.acquirer.fetchSettlement(day));
    assert.equal(again.name, file.name);
    assert.deepEqual(again.bytes, file.bytes);
  });

  it('files: a day that is not closed has none', async ({ acquirer }) => {
    const farDay = dayOf(instant(wallNow() + 300 * 86_400_000));
    assert.equal(await acquirer.fetchSettlement(farDay), null);
    for (const report of acquirer.reports) assert.equal(await acquirer.fetchReport(report, farDay), null);
  });

  it('files: damaged ones are refused, never read in part', async ({ acquirer }) => {
    for (const damaged of ['', 'no such file\r\n', '\u0000\u0001'])
      assert.throws(() => acquirer.parseSettlement(new TextEncoder().encode(damaged)), MalformedFile);
    assert.throws(() => acquirer.parseNotification(new TextEncoder().encode('{"cut')), MalformedFile);
  });

  it(
    'files: all reports of a day agree, and one that lost a line does not',
    async (merchant) => {
      await aDay(merchant);
      const reports = await reportsOf(merchant.acquirer, await merchant.subject.closeDay());
      merchant.acquirer.checkReports(reports);
      const shorter = withoutLastLine(reports.settlement);
      assert.throws(() => merchant.acquirer.checkReports({ ...reports, settlement: shorter }), MalformedFile);
    },
    'all_reports',
  );

  it(
    'files: the fee report sums to the fees of the settlement file',
    async (merchant) => {
      await aDay(merchant);
      const { settlement, fees } = await reportsOf(merchant.acquirer, await merchant.subject.closeDay());
      const lines = merchant.acquirer.parseSettlement(settlement.bytes).flatMap((batch) => batch.lines);
      const ofLines = lines.flatMap(({ interchange, schemeFee, processingFee }) => [
        interchange,
        schemeFee,
        processingFee,
      ]);
      assert.ok(fees !== undefined);
      const ofFees = merchant.acquirer.parseFees(fees.bytes).map(({ amount }) => amount);
      assert.deepEqual(sum(ofFees, 'USD'), sum(ofLines, 'USD'));
    },
    'all_reports',
  );
}

/** A sale sent twice, a payment captured in two parts, a refund; what must be settled of them. */
async function aDay(merchant: Merchant): Promise<ReadonlyMap<string, Expected>> {
  const sale = merchant.request('sale');
  const sold = expectApproved(await merchant.pay(sale));
  expectApproved(await merchant.pay(sale));
  const open = await merchant.approved();
  const first = merchant.follow('capture', open.networkId, usd(300n), { part: { sequence: 1, final: false } });
  const last = merchant.follow('capture', open.networkId, usd(400n), { part: { sequence: 2, final: true } });
  const refund = merchant.follow('refund', sold.networkId, usd(250n));
  for (const asked of [first, last, refund]) expectApproved(await merchant.act(asked));
  return new Map<string, Expected>([
    [sale.reference, { kind: 'sale', amount: sale.amount }],
    [first.reference, { kind: 'sale', amount: first.amount }],
    [last.reference, { kind: 'sale', amount: last.amount }],
    [refund.reference, { kind: 'refund', amount: refund.amount }],
  ]);
}

function checkBatches(batches: readonly SettlementBatch[], day: Day): void {
  assert.notEqual(batches.length, 0);
  for (const batch of batches) {
    assert.equal(batch.day, day);
    assert.notEqual(batch.batch, '');
    for (const { amount, interchange, schemeFee, processingFee } of batch.lines) {
      assert.ok(amount.amount > 0n);
      for (const money of [amount, interchange, schemeFee, processingFee]) assert.equal(money.currency, batch.currency);
    }
  }
}

async function reportsOf(acquirer: CardAcquirer, day: Day): Promise<DayReports> {
  const files = new Map<string, NetworkFile>();
  for (const report of acquirer.reports) files.set(report, await issued(acquirer.fetchReport(report, day)));
  const settlement = files.get('settlement');
  assert.ok(settlement !== undefined, 'settlement is always among the reports');
  return { ...Object.fromEntries(files), settlement };
}

async function issued(fetching: Promise<NetworkFile | null>): Promise<NetworkFile> {
  const file = await fetching;
  assert.ok(file !== null, 'the file of a closed day is there');
  return file;
}

function withoutLastLine({ name, bytes }: NetworkFile): NetworkFile {
  const lines = new TextDecoder().decode(bytes).trimEnd().split('\r\n');
  return { name, bytes: new TextEncoder().encode(`${lines.slice(0, -1).join('\r\n')}\r\n`) };
}
