/**
 * The journal, replayed by the auditor in order: gapless, numbered per subject, posting what the reference says, no floor
 * broken at the end of any unit. The balances that come out are the auditor's own; everything else is held against them.
 */
import { AUDIT_CHART } from './chart.ts';
import { expectedTransfers, transferText } from './expected-postings.ts';
import type { Report } from './finding.ts';
import type { EventRow, Snapshot, TransferRow } from './tables.ts';

export interface Balance {
  debits: bigint;
  credits: bigint;
}

export interface OrderTally {
  captured: bigint;
  refundsInitiated: bigint;
  refundsRejected: bigint;
  refundsConfirmed: bigint;
  /** Out of what had been released, done or on their way. */
  refundsLater: bigint;
  released: bigint;
  net: bigint;
  fee: bigint;
  /** The marketplace's own part of a settlement; null where the plan decided. */
  share: bigint | null;
  marketplace: string;
  /** Taken out of what is held for disputes, and put back. */
  frozen: bigint;
  thawed: bigint;
  /** What discounts and vouchers paid in, less what went back to who gave it. */
  discounted: bigint;
}

/** What the events of one dispute say of its money. */
export interface DisputeTally {
  debited: bigint;
  credited: bigint;
  fees: bigint;
  /** Frozen of the seller side and not yet given back or used up. */
  cover: bigint;
  /** Owed by the seller for it. */
  seller: string;
  owed: bigint;
}

/** What went one way and what came back. */
export interface Flow {
  taken: bigint;
  back: bigint;
}

export interface Replay {
  readonly last: () => bigint;
  /** The checksums last taken cover the journal to here. */
  readonly summedTo: () => bigint;
  /** `name:owner:CCY` → sums. */
  readonly balances: ReadonlyMap<string, Balance>;
  readonly orders: ReadonlyMap<string, OrderTally>;
  readonly disputes: ReadonlyMap<string, DisputeTally>;
  /** What networks and wallets took of payers and gave back, before fees and settlement: `network:CCY`. */
  readonly networks: ReadonlyMap<string, Flow>;
  /** What acquirers abroad are owed for sales, and not any more for what went back: `acquirer:CCY`. */
  readonly acquirers: ReadonlyMap<string, Flow>;
  /** Event type → how many. */
  readonly seen: ReadonlyMap<string, number>;
  /** Σ of one amount field of one event type. */
  readonly totals: ReadonlyMap<string, bigint>;
  apply(snapshot: Snapshot, report: Report): void;
}

/** Net on the credit side. */
export function creditOf(replay: Replay, account: string): bigint {
  const { debits, credits } = replay.balances.get(account) ?? { debits: 0n, credits: 0n };
  return credits - debits;
}

export function startReplay(): Replay {
  let last = 0n;
  let summedTo = 0n;
  const sums = rememberSums();
  const balances = new Map<string, Balance>();
  const versions = new Map<string, number>();
  const orders = new Map<string, OrderTally>();
  const disputes = new Map<string, DisputeTally>();
  const refundOrders = new Map<string, string>();
  const networks = new Map<string, Flow>();
  const acquirers = new Map<string, Flow>();
  const seen = new Map<string, number>();
  const totals = new Map<string, bigint>();

  const post = (account: string, side: keyof Balance, amount: bigint): void => {
    const balance = balances.get(account) ?? { debits: 0n, credits: 0n };
    balance[side] += amount;
    balances.set(account, balance);
  };

  const applyEvent = (event: EventRow, transfers: readonly TransferRow[], report: Report): void => {
    if (event.seq !== last + 1n) report('journal: seq has no gap', [event.subject], `seq ${event.seq} follows ${last}`);
    last = event.seq;
    checkVersion(event, versions, report);
    seen.set(event.type, (seen.get(event.type) ?? 0) + 1);
    checkPostings(event, transfers, report);
    for (const transfer of transfers) {
      checkLeg(event, transfer, report);
      post(`${transfer.debit}:${transfer.debitCurrency}`, 'debits', transfer.amount);
      post(`${transfer.credit}:${transfer.creditCurrency}`, 'credits', transfer.amount);
    }
    for (const [field, amount] of moneyOf(event.data)) {
      const key = `${event.type} ${field}`;
      totals.set(key, (totals.get(key) ?? 0n) + amount);
    }
    tally(event, orders, refundOrders);
    tallyDispute(event, disputes);
    tallyFlows(event, NETWORK_FLOWS, networks);
    tallyFlows(event, ACQUIRER_FLOWS, acquirers);
  };

  return {
    last: () => last,
    summedTo: () => summedTo,
    balances,
    orders,
    disputes,
    networks,
    acquirers,
    seen,
    totals,
    apply: (snapshot, report) => {
      if (sums.check(snapshot, report)) summedTo = snapshot.head;
      const bySeq = Map.groupBy(snapshot.transfers, ({ seq }) => seq);
      checkOwners(bySeq, snapshot.events, report);
      for (const [index, event] of snapshot.events.entries()) {
        const transfers = bySeq.get(event.seq) ?? [];
        applyEvent(event, transfers, report);
        if (snapshot.events[index + 1]?.unit !== event.unit)
          checkFloors(unitTransfers(snapshot.events, index, bySeq), event, balances, report);
      }
      if (snapshot.head !== last)
        report('journal: the head is the last event', [], `head ${snapshot.head}, last event ${last}`);
    },
  };
}

/** Count and hash of each table when they were last taken; true when they were taken again and compared. */
function rememberSums(): { check(snapshot: Snapshot, report: Report): boolean } {
  const remembered = new Map<string, string>();
  return {
    check: ({ sums }, report) => {
      if (sums === null) return false;
      for (const table of ['transfers', 'events'] as const) {
        const then = remembered.get(table);
        if (then !== undefined && then !== sums[table].past)
          report(`append only: no row of ${table} changes or disappears`, [], `${then} became ${sums[table].past}`);
        remembered.set(table, sums[table].present);
      }
      return true;
    },
  };
}

function checkOwners(bySeq: ReadonlyMap<bigint, unknown>, events: readonly EventRow[], report: Report): void {
  const known = new Set(events.map(({ seq }) => seq));
  for (const seq of bySeq.keys())
    if (!known.has(seq))
      report('transfers: every one belongs to an event', [], `seq ${seq} has transfers and no event`);
}

function checkVersion({ seq, subject, version }: EventRow, versions: Map<string, number>, report: Report): void {
  const law = 'journal: the events of a subject are numbered without a gap';
  const expected = (versions.get(subject) ?? 0) + 1;
  if (version !== expected) report(law, [subject], `seq ${seq}: version ${version} instead of ${expected}`);
  versions.set(subject, version);
}

function unitTransfers(
  events: readonly EventRow[],
  end: number,
  bySeq: ReadonlyMap<bigint, readonly TransferRow[]>,
): readonly TransferRow[] {
  const found: TransferRow[] = [];
  for (let index = end; index >= 0 && events[index]?.unit === events[end]?.unit; index -= 1)
    found.push(...(bySeq.get(events[index]?.seq as bigint) ?? []));
  return found;
}

function checkPostings(
  { seq, type, subject, data }: EventRow,
  transfers: readonly TransferRow[],
  report: Report,
): void {
  const expected = expectedTransfers(type, data).map(transferText).sort();
  const found = transfers.map((row) => transferText({ ...row, currency: row.debitCurrency })).sort();
  if (expected.join('\n') !== found.join('\n'))
    report(
      'postings: every event posts what the reference says',
      [subject],
      `seq ${seq} ${type}: expected [${expected.join('; ')}], found [${found.join('; ')}]`,
    );
}

function checkLeg({ seq, subject }: EventRow, leg: TransferRow, report: Report): void {
  const [debit, credit] = [leg.debit, leg.credit].map((account) =>
    AUDIT_CHART.get((account ?? '').split(':')[0] ?? ''),
  );
  const text = `seq ${seq}.${leg.leg} ${leg.debit} > ${leg.credit}`;
  if (debit === undefined || credit === undefined) report('chart: every account is on the chart', [subject], text);
  else if (debit.memo !== credit.memo) report('memo never meets money', [subject], text);
  if (leg.debitCurrency !== leg.creditCurrency)
    report('legs balance per currency', [subject], `${text}: ${leg.debitCurrency} and ${leg.creditCurrency}`);
  if (leg.amount <= 0n) report('amounts are above zero', [subject], `${text}: ${leg.amount}`);
}

function checkFloors(
  touched: readonly TransferRow[],
  event: EventRow,
  balances: ReadonlyMap<string, Balance>,
  report: Report,
): void {
  for (const { debit, credit, debitCurrency, creditCurrency } of touched) {
    for (const account of [`${debit}:${debitCurrency}`, `${credit}:${creditCurrency}`]) {
      const entry = AUDIT_CHART.get(account.split(':')[0] ?? '');
      const { debits, credits } = balances.get(account) as Balance;
      const balance = entry?.normal === 'debit' ? debits - credits : credits - debits;
      if (entry?.floor === true && balance < 0n)
        report(
          'floors hold at every point of the journal',
          [account.split(':')[1] ?? '', event.subject],
          `after seq ${event.seq} ${event.type}: ${account} is ${balance}`,
        );
    }
  }
}

function* moneyOf(data: EventRow['data']): Generator<readonly [string, bigint]> {
  for (const [field, value] of Object.entries(data)) {
    if (typeof value === 'object' && value !== null && 'value' in value && 'currency' in value)
      yield [field, BigInt(String(value.value))];
  }
}

const EMPTY: OrderTally = {
  captured: 0n,
  refundsInitiated: 0n,
  refundsRejected: 0n,
  refundsConfirmed: 0n,
  refundsLater: 0n,
  released: 0n,
  net: 0n,
  fee: 0n,
  share: null,
  marketplace: '',
  frozen: 0n,
  thawed: 0n,
  discounted: 0n,
};

function tally({ type, data }: EventRow, orders: Map<string, OrderTally>, refundOrders: Map<string, string>): void {
  const money = (field: string): bigint => amountOf(data, field);
  const refund = String(data.refund ?? '');
  if (type === 'refund.initiated') refundOrders.set(refund, String(data.order));
  const id = type.startsWith('refund.') ? refundOrders.get(refund) : String(data.order ?? '');
  if (id === undefined) return;
  const order = orders.get(id) ?? { ...EMPTY };
  if (type === 'payment.captured') order.captured += money('captured');
  else if (type === 'payment.captured_converted') order.captured += money('heldAmount');
  else if (type.startsWith('payment.capture_reversed')) order.captured -= money('reversed');
  else if (type === 'refund.initiated') {
    order.refundsInitiated += money('fromHeld');
    order.refundsLater += money('fromSeller') + money('fromMarketplace');
  } else if (type === 'refund.rejected') {
    order.refundsRejected += money('fromHeld');
    order.refundsLater -= money('fromSeller') + money('fromMarketplace');
  } else if (type === 'refund.confirmed' || type === 'refund.confirmed_converted')
    order.refundsConfirmed += money('amount');
  else if (type === 'order.released') {
    order.released += money('net') + money('fee') + money('share') + money('reserve') + money('tax');
    if (data.by === 'settlement') order.share = money('share');
    order.net += money('net');
    order.fee += money('fee');
    order.marketplace = String(data.marketplace);
  } else if (type === 'chargeback.debited') order.frozen += money('fromHeld');
  else if (type === 'chargeback.won') order.thawed += money('toHeld');
  else if (type === 'order.discount_funded') order.discounted += money('byPlatform') + money('bySponsor');
  else if (type === 'order.discount_returned') order.discounted -= money('byPlatform') + money('bySponsor');
  else if (type === 'voucher.redeemed_free') order.discounted += money('discount');
  else if (type === 'voucher.redeemed') order.discounted += money('amount');
  else if (type === 'voucher.restored') order.discounted -= money('amount');
  else return;
  orders.set(id, order);
}

function tallyDispute({ type, data }: EventRow, disputes: Map<string, DisputeTally>): void {
  const step = DISPUTE_STEPS[type];
  if (step === undefined) return;
  const id = String(data.dispute);
  const before = disputes.get(id) ?? { debited: 0n, credited: 0n, fees: 0n, cover: 0n, seller: '', owed: 0n };
  const after = { ...before, seller: String(data.seller ?? before.seller) };
  step(after, (field) => amountOf(data, field));
  disputes.set(id, after);
}

const DISPUTE_STEPS: Readonly<Record<string, (tally: DisputeTally, money: (field: string) => bigint) => void>> = {
  'chargeback.debited': (tally, money) => {
    tally.debited += money('amount');
    tally.cover += money('fromHeld') + money('fromReserve') + money('fromSeller') + money('fromDebt');
    tally.owed += money('fromDebt');
  },
  'chargeback.debited_again': (tally, money) => {
    tally.debited += money('amount');
  },
  'chargeback.credited_back': (tally, money) => {
    tally.credited += money('amount');
  },
  'chargeback.fee_charged': (tally, money) => {
    tally.fees += money('amount');
  },
  'chargeback.won': (tally, money) => {
    tally.credited += money('credited');
    tally.cover -= money('toHeld') + money('toReserve') + money('toSeller') + money('toDebt');
    tally.owed -= money('toDebt');
  },
  'chargeback.lost': (tally, money) => {
    tally.cover += money('feeReturned') - money('covered') - money('toSeller') - money('toDebt');
    tally.owed -= money('toDebt');
  },
};

/** Event, whose (its field), and which of its amounts goes which way. */
type FlowRule = readonly [type: string, owner: string, way: keyof Flow, fields: readonly string[]];

const NETWORK_FLOWS: readonly FlowRule[] = [
  ['payment.captured', 'network', 'taken', ['captured']],
  ['payment.captured_converted', 'network', 'taken', ['received']],
  ['payment.capture_reversed', 'network', 'back', ['reversed']],
  ['payment.capture_reversed_converted', 'network', 'back', ['paidBack']],
  ['refund.confirmed', 'network', 'back', ['amount']],
  ['refund.confirmed_converted', 'network', 'back', ['paidBack']],
  ['hub.paid', 'wallet', 'taken', ['payTo']],
  ['hub.paid_same_currency', 'wallet', 'taken', ['payTo']],
  ['hub.canceled', 'wallet', 'back', ['payTo']],
  ['hub.refunded', 'wallet', 'back', ['payBack']],
];
const ACQUIRER_FLOWS: readonly FlowRule[] = [
  ['hub.paid', 'acquirer', 'taken', ['settled']],
  ['hub.paid_same_currency', 'acquirer', 'taken', ['payTo']],
  ['hub.discount_funded', 'acquirer', 'taken', ['hubDiscount', 'sponsorDiscount']],
  ['hub.canceled', 'acquirer', 'back', ['settled']],
  ['hub.refunded', 'acquirer', 'back', ['settled']],
  ['hub.discount_returned', 'acquirer', 'back', ['hubDiscount', 'sponsorDiscount']],
];

function tallyFlows({ type, data }: EventRow, rules: readonly FlowRule[], flows: Map<string, Flow>): void {
  for (const [, owner, way, fields] of rules.filter(([of]) => of === type))
    for (const field of fields) {
      const { value, currency } = data[field] as { readonly value: string; readonly currency: string };
      const key = `${data[owner]}:${currency}`;
      const flow = flows.get(key) ?? { taken: 0n, back: 0n };
      flow[way] += BigInt(value);
      flows.set(key, flow);
    }
}

const amountOf = (data: EventRow['data'], field: string): bigint =>
  BigInt((data[field] as { value: string } | undefined)?.value ?? '0');
