/**
 * Laws between our tables and the networks' own books, read from their admin endpoints: nothing is charged twice, nothing
 * they did is missing here, nothing here is missing there, the bank account is the bank's.
 */
import type { Client } from '../../stories/client.ts';
import type { Report } from './finding.ts';
import { creditOf } from './money-laws.ts';
import type { Replay } from './replay.ts';
import type { OperationRow, StateRows } from './tables.ts';

interface Transaction {
  readonly kind: 'payment' | 'sale' | 'capture' | 'refund';
  readonly id: string;
  readonly reference: string;
  readonly amount: string;
  readonly state: string;
}

interface Batch {
  readonly id: string;
  readonly net: string;
}

interface Line {
  readonly direction: 'credit' | 'debit';
  readonly amount: string;
  readonly kind: string;
  readonly day: string;
}

export interface Books {
  readonly transactions: ReadonlyMap<string, readonly Transaction[]>;
  readonly batches: readonly Batch[];
  readonly unsettled: bigint;
  /** What the acquirer took of operations that are in a batch. */
  readonly settledFees: bigint;
  readonly lines: readonly Line[];
}

const FEE_FIELDS = ['interchange', 'schemeFees', 'processingFees'] as const;

/** Remembers transactions, because the acquirer shows only its latest. */
export function openBooks(acquirer: Client, bank: Client): () => Promise<Books> {
  const known = new Map<string, Transaction>();
  return async () => {
    const { transactions } = await acquirer.get<{ transactions: readonly Transaction[] }>('/_sandbox/transactions');
    for (const each of transactions) known.set(`${each.kind} ${each.id}`, each);
    const totals = await acquirer.get<{
      currencies: readonly (Record<(typeof FEE_FIELDS)[number] | 'unsettledGross' | 'unsettledNet', string> & {
        currency: string;
        batches: readonly Batch[];
      })[];
    }>('/_sandbox/totals');
    const dollars = totals.currencies.find(({ currency }) => currency === 'USD');
    const { lines } = await bank.get<{ lines: readonly Line[] }>('/_sandbox/lines?account=000123456789');
    return {
      transactions: Map.groupBy(known.values(), ({ reference }) => reference),
      batches: dollars?.batches ?? [],
      unsettled: BigInt(dollars?.unsettledGross ?? '0'),
      settledFees:
        FEE_FIELDS.reduce((sum, field) => sum + BigInt(dollars?.[field] ?? '0'), 0n) -
        (BigInt(dollars?.unsettledGross ?? '0') - BigInt(dollars?.unsettledNet ?? '0')),
      lines,
    };
  };
}

const OPEN = ['sent', 'pending', 'unknown'];
const isMoney = ({ kind, state }: Transaction): boolean => kind !== 'payment' && state === 'CLOSED';

export function checkNetworks(replay: Replay, rows: StateRows, books: Books, report: Report): void {
  const ours = new Map(rows.operations.map((row) => [row.reference, row]));
  for (const operation of rows.operations) checkOurs(operation, books, report);
  for (const theirs of [...books.transactions.values()].flat())
    if (isMoney(theirs)) checkTheirs(theirs, ours.get(theirs.reference), report);
  checkCharges(rows, books, report);
  checkTotals(replay, rows, books, report);
  checkBank(replay, rows, books, report);
}

/** What we call approved exists once at the acquirer, with the same amount; what we call declined moved no money there. */
function checkOurs(
  { id, kind, state, reference, amount }: OperationRow,
  { transactions }: Books,
  report: Report,
): void {
  const theirs = transactions.get(reference) ?? [];
  const money = theirs.filter(isMoney);
  const text = `${kind} ${reference} of ${amount} is ${state}; the acquirer has ${JSON.stringify(theirs)}`;
  if (money.length > 1) report('acquirer: one operation, one effect', [id, reference], text);
  if (
    state === 'approved' &&
    kind === 'authorize' &&
    !theirs.some((each) => each.kind === 'payment' && each.state !== 'DECLINED' && BigInt(each.amount) === amount)
  )
    report('acquirer: what we call approved exists there', [id, reference], text);
  if (
    state === 'approved' &&
    ['sale', 'capture', 'refund'].includes(kind) &&
    !money.some((each) => each.kind === kind && BigInt(each.amount) === amount)
  )
    report('acquirer: what we call approved exists there', [id, reference], text);
  if (
    state === 'declined' &&
    (money.length > 0 ||
      (kind === 'authorize' && theirs.some((each) => each.kind === 'payment' && each.state !== 'DECLINED')))
  )
    report('acquirer: what we call declined did not happen there', [id, reference], text);
}

function checkTheirs(theirs: Transaction, own: OperationRow | undefined, report: Report): void {
  const law = 'acquirer: what it did is approved here or still open';
  const text = `${theirs.kind} ${theirs.reference} of ${theirs.amount}; ours: ${own === undefined ? 'none' : `${own.kind} ${own.state} of ${own.amount}`}`;
  if (own === undefined) report(law, [theirs.reference], text);
  else if (own.state !== 'approved' && !OPEN.includes(own.state)) report(law, [own.id, theirs.reference], text);
}

/** Nobody is charged twice: per instalment of an order at most one sale or capture at the acquirer. */
function checkCharges({ operations, payments }: StateRows, { transactions }: Books, report: Report): void {
  const paymentOf = new Map(payments.map((row) => [row.id, row]));
  const charges = new Map<string, string[]>();
  for (const { reference, payment } of operations) {
    const row = paymentOf.get(payment);
    const charged = (transactions.get(reference) ?? []).filter((each) => isMoney(each) && each.kind !== 'refund');
    if (row === undefined || charged.length === 0) continue;
    const key = `${row.order} instalment ${row.instalment}`;
    charges.set(key, [...(charges.get(key) ?? []), ...charged.map(() => reference)]);
  }
  for (const [instalment, references] of charges) {
    if (references.length > 1)
      report(
        'acquirer: nobody is charged twice',
        [instalment.split(' ')[0] ?? '', ...references],
        `${instalment}: ${references.join(', ')}`,
      );
  }
}

/** Once nothing is open, both sides' sums are one. */
function checkTotals(
  replay: Replay,
  { operations, settlements, fees }: StateRows,
  { transactions, batches, unsettled, settledFees }: Books,
  report: Report,
): void {
  const reported = new Map(settlements.map((row) => [row.batch, row]));
  for (const { id, net } of batches) {
    const row = reported.get(id);
    if (row !== undefined && row.amount !== BigInt(net))
      report('settlement: a batch is what the acquirer says', [row.id], `${row.amount} and ${net}`);
  }
  if (operations.some(({ state }) => OPEN.includes(state))) return;
  const sum = (kinds: readonly string[]): bigint =>
    [...transactions.values()]
      .flat()
      .reduce((total, each) => (isMoney(each) && kinds.includes(each.kind) ? total + BigInt(each.amount) : total), 0n);
  const same = (what: string, ledger: bigint, network: bigint): void => {
    if (ledger !== network)
      report(
        'acquirer: captures, refunds and what is unsettled are the ledger’s',
        [],
        `${what}: ledger ${ledger}, acquirer ${network}`,
      );
  };
  same('captures', replay.totals.get('payment.captured captured') ?? 0n, sum(['sale', 'capture']));
  same('refunds', replay.totals.get('refund.confirmed amount') ?? 0n, sum(['refund']));
  if (batches.every(({ id }) => reported.get(id)?.whole === true)) {
    let receivable = 0n;
    for (const account of replay.balances.keys())
      if (account.startsWith('receivable:')) receivable -= creditOf(replay, account);
    same('receivable', receivable, unsettled);
    const posted = fees.reduce((sum, { amount }) => sum + amount, 0n);
    same('fees of what is settled', posted, settledFees);
  }
}

/** The bank's own lines up to the last imported statement are the ledger's bank account, and paid payouts are its debits. */
function checkBank(
  replay: Replay,
  { lastStatementDay, payouts, files }: StateRows,
  { lines }: Books,
  report: Report,
): void {
  const imported = lines.filter(({ day }) => lastStatementDay !== null && day <= lastStatementDay);
  const sum = (wanted: (line: Line) => boolean): bigint =>
    imported.filter(wanted).reduce((total, { amount }) => total + BigInt(amount), 0n);
  let bank = 0n;
  for (const account of replay.balances.keys()) if (account.startsWith('bank:')) bank -= creditOf(replay, account);
  const booked = sum(({ direction }) => direction === 'credit') - sum(({ direction }) => direction === 'debit');
  if (bank !== booked)
    report(
      'bank: the ledger equals the bank’s own lines',
      [],
      `ledger ${bank}, bank ${booked} through ${lastStatementDay}`,
    );
  const inState = (states: readonly string[]): bigint =>
    payouts.reduce((total, { state, amount }) => (states.includes(state) ? total + amount : total), 0n);
  const [debits, returns] = [sum(({ kind }) => kind === 'file'), sum(({ kind }) => kind === 'return')];
  const matched = files.reduce((total, { state, amount }) => (state === 'matched' ? total + amount : total), 0n);
  if (matched !== debits || inState(['paid', 'returned']) !== debits)
    report(
      'payouts: paid is what the bank debited',
      [],
      `payouts paid or returned ${inState(['paid', 'returned'])}, files ${matched}, bank debits ${debits}`,
    );
  if (inState(['returned']) !== returns)
    report('payouts: returned is what the bank credited back', [], `${inState(['returned'])} and ${returns}`);
}
