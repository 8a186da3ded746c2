/** Days of a network for tests: payments, files that name them, statements, and what came of it. */

import { aToken, committed, type Modules, usd } from '../../test/support/modules.ts';
import type { Day } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { must } from '../base/result.ts';
import type { BankStatement, StatementLine } from '../connectors/ports/bank-rail.ts';
import type {
  CardAcquirer,
  FeeLine,
  ReportName,
  SettlementBatch,
  SettlementLine,
} from '../connectors/ports/card-acquirer.ts';
import type { AccountName } from '../ledger/chart.ts';
import { account, balanceOf } from '../ledger/index.ts';
import { operationsOf, type Payment, payInstalment } from '../payments/index.ts';
import { closeBreak } from './breaks.ts';
import type { ReconciliationDeps } from './deps.ts';
import { importSettlementFile } from './import-settlement.ts';
import { importStatement } from './import-statement.ts';
import { matchLines } from './match.ts';
import { listBreaks } from './store.ts';

const NEWEST = 'f'.repeat(32);
export const FILE = { name: 'x', bytes: new TextEncoder().encode('x') };

export interface Paid {
  readonly payment: Payment;
  readonly reference: string;
  readonly networkId: string;
}

export interface Files {
  readonly batches?: readonly SettlementBatch[];
  readonly fees?: readonly FeeLine[];
  readonly funding?: 'net' | 'gross';
  readonly changes?: Partial<CardAcquirer>;
  readonly day?: Day;
  readonly deps?: ReconciliationDeps;
}

export const testDays = (m: Modules) => ({ line, fee, batchOf, ...buyers(m), ...files(m), ...bank(m), ...findings(m) });

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
function buyers(m: Modules) {
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
  return { paying, pay };
}

function files(m: Modules) {
  let lastDay = 1;
  const nextDay = (): Day => `2026-10-${String(lastDay++).padStart(2, '0')}` as Day;
  /** Imports a day whose reports say this; with `fees` the network has a fee file. */
  const importDay = ({
    batches = [],
    fees,
    funding = 'net',
    changes = {},
    day = nextDay(),
    deps = m.reconciliation,
  }: Files) => {
    const reports: readonly ReportName[] = fees === undefined ? ['settlement'] : ['settlement', 'fees'];
    const acquirer: CardAcquirer = {
      ...m.acquirer,
      reports,
      fetchReport: async () => FILE,
      parseSettlement: () => batches,
      parseFees: () => fees ?? [],
      ...changes,
    };
    return importSettlementFile(deps, { ...m.cardAccount, funding, acquirer }, { bytes: FILE.bytes, day });
  };
  return { nextDay, importDay };
}

function bank(m: Modules) {
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
  return { book };
}

function findings(m: Modules) {
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

  const closeAll = async (): Promise<void> => {
    for (const { id } of await listBreaks(m.db, 'open', NEWEST, 50))
      must(await closeBreak(m.reconciliation, undefined, { id, reason: 'test', by: 'test' }));
  };
  return { openBreaks, balance, eventsAbout, closeAll };
}
