/**
 * Laws between our tables and the networks' own books, read from their admin endpoints: nothing is charged twice, nothing
 * they did is missing here, nothing here is missing there, the bank account is the bank's.
 */
import type { Client } from '../../stories/client.ts';
import type { Report } from './finding.ts';
import { creditOf, type Replay } from './replay.ts';
import type { OperationRow, PaymentRow, StateRows } from './tables.ts';

interface Transaction {
  readonly kind: string;
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
  readonly currency: string;
  readonly amount: string;
  readonly kind: string;
  readonly day: string;
}

export interface Movement {
  readonly kind: 'DEBIT' | 'CREDIT' | 'FEE';
  readonly amount: string;
}

export interface Books {
  readonly disputes: readonly { readonly id: string; readonly movements: readonly Movement[] }[];
  readonly transactions: ReadonlyMap<string, readonly Transaction[]>;
  readonly batches: readonly Batch[];
  /** Of charges and refunds, and of dispute movements. */
  readonly unsettled: bigint;
  /** What the acquirer took of operations that are in a batch. */
  readonly settledFees: bigint;
  readonly unsettledDisputes: bigint;
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
      currencies: readonly (Record<
        (typeof FEE_FIELDS)[number] | 'unsettledGross' | 'unsettledNet' | 'unsettledDisputes',
        string
      > & {
        currency: string;
        batches: readonly Batch[];
      })[];
    }>('/_sandbox/totals');
    const { disputes } = await acquirer.get<Pick<Books, 'disputes'>>('/_sandbox/disputes');
    const dollars = totals.currencies.find(({ currency }) => currency === 'USD');
    const { lines } = await bank.get<{ lines: readonly Line[] }>('/_sandbox/lines?account=000123456789');
    return {
      transactions: Map.groupBy(known.values(), ({ reference }) => reference),
      disputes,
      batches: dollars?.batches ?? [],
      unsettled: BigInt(dollars?.unsettledGross ?? '0'),
      settledFees:
        FEE_FIELDS.reduce((sum, field) => sum + BigInt(dollars?.[field] ?? '0'), 0n) -
        (BigInt(dollars?.unsettledGross ?? '0') - BigInt(dollars?.unsettledNet ?? '0')),
      unsettledDisputes: BigInt(dollars?.unsettledDisputes ?? '0'),
      lines,
    };
  };
}

const OPEN = ['sent', 'pending', 'unknown'];
const MONEY = ['sale', 'capture', 'refund'];
const CHANGES = ['void', 'increment', 'reverse', 'reauthorize'];
const isMoney = ({ kind, state }: Transaction): boolean => MONEY.includes(kind) && state === 'CLOSED';

export function checkNetworks(replay: Replay, all: StateRows, books: Books, report: Report): void {
  // Wallets have books of their own (wallet-laws.ts).
  const rows = { ...all, operations: all.operations.filter(({ byWallet }) => !byWallet) };
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
    MONEY.includes(kind) &&
    !money.some((each) => each.kind === kind && BigInt(each.amount) === amount)
  )
    report('acquirer: what we call approved exists there', [id, reference], text);
  const changed = theirs.some(
    (each) => each.kind === kind && each.state === 'APPROVED' && BigInt(each.amount) === amount,
  );
  if (state === 'approved' && CHANGES.includes(kind) && !changed)
    report('acquirer: what we call approved exists there', [id, reference], text);
  if (
    state === 'declined' &&
    (theirs.some((each) => CHANGES.includes(each.kind) && each.state === 'APPROVED') ||
      money.length > 0 ||
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

/** Nobody is charged twice: what was charged for an instalment was charged of one payment, and no more than it is of. */
function checkCharges({ operations, payments }: StateRows, { transactions }: Books, report: Report): void {
  const paymentOf = new Map(payments.map((row) => [row.id, row]));
  const charges = new Map<string, Map<PaymentRow, bigint>>();
  for (const { reference, payment } of operations) {
    const row = paymentOf.get(payment);
    const charged = (transactions.get(reference) ?? []).filter((each) => isMoney(each) && each.kind !== 'refund');
    if (row === undefined || charged.length === 0) continue;
    const key = `${row.order} instalment ${row.instalment}`;
    const known = charges.get(key) ?? new Map<PaymentRow, bigint>();
    const sum = charged.reduce((total, { amount }) => total + BigInt(amount), known.get(row) ?? 0n);
    charges.set(key, known.set(row, sum));
  }
  for (const [instalment, payments] of charges) {
    const tooMuch = [...payments].some(([{ amount }, sum]) => sum > amount);
    if (payments.size === 1 && !tooMuch) continue;
    const text = [...payments].map(([{ id, amount }, sum]) => `${sum} of ${amount} by ${id}`).join(', ');
    report('acquirer: nobody is charged twice', [instalment.split(' ')[0] ?? ''], `${instalment}: ${text}`);
  }
}

/** Once nothing is open, both sides' sums are one. */
function checkTotals(
  replay: Replay,
  { operations, settlements, fees, disputes, participants }: StateRows,
  { transactions, batches, unsettled, unsettledDisputes, settledFees, disputes: moved }: Books,
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
  const flows = [...replay.networks]
    .filter(([key]) => !participants.has(key.split(':')[0] ?? ''))
    .map(([, flow]) => flow);
  same(
    'captures',
    flows.reduce((total, { taken }) => total + taken, 0n),
    sum(['sale', 'capture']),
  );
  same(
    'refunds',
    flows.reduce((total, { back }) => total + back, 0n),
    sum(['refund']),
  );
  if (batches.every(({ id }) => reported.get(id)?.whole === true)) {
    let receivable = 0n;
    for (const account of replay.balances.keys())
      if (account.startsWith('receivable:') && !participants.has(account.split(':')[1] ?? ''))
        receivable -= creditOf(replay, account);
    // What the network moved and has not told yet, fees above all, is in its books before it is in ours.
    const theirs = moved.flatMap(({ movements }) => movements).reduce((sum, each) => sum + signed(each), 0n);
    const ours = disputes.reduce((sum, row) => sum + row.credited - row.debited - row.fees, 0n);
    same('receivable', receivable, unsettled + unsettledDisputes - theirs + ours);
    const posted = fees.reduce((sum, { amount }) => sum + amount, 0n);
    same('fees of what is settled', posted, settledFees);
  }
}

/** As money to us. */
const signed = ({ kind, amount }: Movement): bigint => (kind === 'CREDIT' ? BigInt(amount) : -BigInt(amount));

/** The bank's own lines up to the last imported statement are the ledger's bank account, currency by currency, and paid payouts are its debits. */
function checkBank(replay: Replay, rows: StateRows, { lines }: Books, report: Report): void {
  const imported = lines.filter(({ day, currency }) => day <= (rows.lastStatementDays.get(currency) ?? ''));
  const sum = (wanted: (line: Line) => boolean): bigint =>
    imported.filter(wanted).reduce((total, { amount }) => total + BigInt(amount), 0n);
  const ledger = new Map<string, bigint>(imported.map(({ currency }) => [currency, 0n]));
  for (const account of replay.balances.keys()) {
    const [name, , currency = ''] = account.split(':');
    if (name === 'bank') ledger.set(currency, (ledger.get(currency) ?? 0n) - creditOf(replay, account));
  }
  for (const [currency, bank] of ledger) {
    const inIt = (direction: Line['direction']): bigint =>
      sum((line) => line.currency === currency && line.direction === direction);
    const booked = inIt('credit') - inIt('debit');
    if (bank !== booked)
      report(
        'bank: the ledger equals the bank’s own lines',
        [],
        `${currency}: ledger ${bank}, bank ${booked} through ${rows.lastStatementDays.get(currency)}`,
      );
  }
  checkPayouts(
    rows,
    { debits: sum(({ kind }) => kind === 'file'), returns: sum(({ kind }) => kind === 'return') },
    report,
  );
}

function checkPayouts(
  { payouts, files }: StateRows,
  { debits, returns }: { readonly debits: bigint; readonly returns: bigint },
  report: Report,
): void {
  const inState = (states: readonly string[]): bigint =>
    payouts.reduce((total, { state, amount }) => (states.includes(state) ? total + amount : total), 0n);
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
