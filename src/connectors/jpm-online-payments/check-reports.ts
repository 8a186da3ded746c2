/**
 * The four identities of the network's reconciliation guide, for each transfer of funds (docs/sandbox-acquirer.md):
 *
 * 1. details of sales and refunds = their summaries: the net total deposit.
 * 2. details of each other category = its summary; the fee file sums to IA and PFEE, the dispute file to CHBK and CFEE.
 * 3. net total deposit, as the settlement file has it, + summaries of the other categories = net financial activity.
 * 4. the transfer = net financial activity: what the bank statement will show.
 *
 * Each is held between files that were written apart. The first that does not hold refuses the day, with both sums.
 */
import { assert } from '../../base/assert.ts';
import { equals, formatMoney, type Money, money, sum } from '../../base/money.ts';
import { type DayReports, MalformedFile } from '../ports/card-acquirer.ts';
import { type DepositLine, parseDepositReport } from './deposit-report.ts';
import { parseDisputeReport } from './dispute-report.ts';
import { parseFeeReport } from './fee-report.ts';
import { parseSettlementReport } from './settlement-report.ts';

/** An amount of one of the files, signed as money to us. */
interface Entry {
  readonly batch: string;
  readonly amount: Money;
}

interface Files {
  readonly deposits: readonly DepositLine[];
  readonly settled: readonly Entry[];
  readonly fees: readonly Entry[];
  readonly chargebacks: readonly Entry[];
  readonly chargebackFees: readonly Entry[];
}

const DEPOSITED: readonly string[] = ['SALE', 'REF'];

/** @throws MalformedFile */
export function checkReports(reports: DayReports): void {
  const files = readFiles(reports);
  const all = [...files.deposits, ...files.settled, ...files.fees, ...files.chargebacks, ...files.chargebackFees];
  const transfers = new Map(all.map((entry) => [keyOf(entry), entry]));
  for (const entry of transfers.values()) checkTransfer(files, entry);
}

function readFiles({ settlement, fees, deposits, disputes }: DayReports): Files {
  assert(fees && deposits && disputes, 'this network issues all four reports');
  const movements = parseDisputeReport(disputes.bytes).map(({ kind, batch, amount }) => ({
    kind,
    entry: { batch, amount: kind === 'credit' ? amount : opposite(amount) },
  }));
  return {
    deposits: parseDepositReport(deposits.bytes),
    settled: parseSettlementReport(settlement.bytes).flatMap(({ batch, lines }) =>
      lines.map(({ kind, amount }) => ({ batch, amount: kind === 'sale' ? amount : opposite(amount) })),
    ),
    fees: parseFeeReport(fees.bytes).map(({ batch, amount }) => ({ batch, amount: opposite(amount) })),
    chargebacks: movements.filter(({ kind }) => kind !== 'fee').map(({ entry }) => entry),
    chargebackFees: movements.filter(({ kind }) => kind === 'fee').map(({ entry }) => entry),
  };
}

function checkTransfer(files: Files, transfer: Entry): void {
  const total = (entries: readonly Entry[]): Money =>
    sum(
      entries.filter((entry) => keyOf(entry) === keyOf(transfer)).map(({ amount }) => amount),
      transfer.amount.currency,
    );
  const lines = files.deposits.filter((line) => keyOf(line) === keyOf(transfer));
  const of = (record: DepositLine['record'], holds: (category: string) => boolean): readonly DepositLine[] =>
    lines.filter((line) => line.record === record && holds(line.category));
  const hold = (identity: number, [left, leftSum]: Side, [right, rightSum]: Side): void => {
    if (equals(leftSum, rightSum)) return;
    const sums = `${left} ${formatMoney(leftSum)}, ${right} ${formatMoney(rightSum)}`;
    throw new MalformedFile(`identity ${identity} of fund transfer ${transfer.batch}: ${sums}`);
  };
  const isDeposited = (category: string): boolean => DEPOSITED.includes(category);
  const details = (name: string, holds: (category: string) => boolean): Side => [
    `details of ${name}`,
    total(of('DETAIL', holds)),
  ];
  const summary = (name: string, holds: (category: string) => boolean): Side => [
    `summary of ${name}`,
    total(of('SUMMARY', holds)),
  ];

  hold(1, details('SALE and REF', isDeposited), summary('SALE and REF', isDeposited));
  const others = new Set(lines.filter(({ record }) => record !== 'TRANSFER').map(({ category }) => category));
  for (const name of others) if (!isDeposited(name)) hold(2, details(name, is(name)), summary(name, is(name)));
  hold(2, ['fee file', total(files.fees)], summary('IA and PFEE', is('IA', 'PFEE')));
  hold(2, ['debits and credits of the dispute file', total(files.chargebacks)], summary('CHBK', is('CHBK')));
  hold(2, ['fees of the dispute file', total(files.chargebackFees)], summary('CFEE', is('CFEE')));

  const activity = total(of('SUMMARY', () => true));
  const otherSummaries = total(of('SUMMARY', (category) => !isDeposited(category)));
  const composed = money(total(files.settled).amount + otherSummaries.amount, activity.currency);
  hold(3, ['settlement file and other summaries', composed], ['net financial activity', activity]);
  const moved = of('TRANSFER', () => true);
  if (moved.length > 1) throw new MalformedFile(`fund transfer ${transfer.batch} has ${moved.length} transfers`);
  hold(4, ['transfer', total(moved)], ['net financial activity', activity]);
}

type Side = readonly [name: string, sum: Money];

const is =
  (...categories: readonly string[]) =>
  (category: string): boolean =>
    categories.includes(category);

const keyOf = ({ batch, amount }: Entry): string => `${batch} ${amount.currency}`;
const opposite = ({ amount, currency }: Money): Money => money(-amount, currency);
