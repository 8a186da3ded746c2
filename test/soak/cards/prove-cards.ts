/**
 * The acquirer's books against ours, to the cent: reference by reference, payment by payment, dispute by dispute, in total,
 * and what each client was told against both. Every proof answers with what breaks it.
 */
import type { Money, Page } from '../../../stories/views.ts';
import type { World } from '../../../stories/world.ts';
import { centsOf, type Feed, type FeedOperation, readFeed } from '../feed.ts';
import type { Proof } from '../proofs.ts';
import { type Books, type Entry, readBooks } from './books.ts';
import type { CardPayment, Life } from './life.ts';

interface DisputeView {
  readonly networkId: string;
  readonly order: string;
  readonly state: string;
  readonly amount: Money;
  readonly money: { readonly debited: Money; readonly credited: Money; readonly taken: Money; readonly fees: Money };
}

interface Both {
  readonly feed: Feed;
  readonly books: Books;
  readonly payments: readonly CardPayment[];
  readonly disputes: readonly DisputeView[];
}

export async function proveCards(world: World, lives: readonly Life[]): Promise<Proof> {
  const both: Both = {
    feed: await readFeed(world),
    books: await readBooks(world),
    payments: await readAll<CardPayment>(world, '/v1/payments'),
    disputes: await readAll<DisputeView>(world, '/v1/disputes'),
  };
  const { feed, books, payments, disputes } = both;
  const unknown = feed.operations.filter(({ outcomes }) => outcomes[0] === 'unknown').length;
  return {
    violations: [
      ...proveOperations(both),
      ...provePayments(both),
      ...proveDisputes(both),
      ...proveTotals(both),
      ...proveDeposits(both),
      ...proveLives(both, lives),
    ],
    counts: {
      events: feed.events.length,
      operations: feed.operations.length,
      unknownResolved: unknown,
      payments: payments.length,
      disputes: disputes.length,
      acquirerEntries: books.entries.length,
      depositLines: books.deposits.length,
    },
  };
}

async function readAll<Row>(world: World, path: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let cursor = ''; ; ) {
    const page = await world.operator.get<Page<Row>>(`${path}?limit=100${cursor}`);
    rows.push(...page.data);
    if (page.next === null) return rows;
    cursor = `&cursor=${page.next}`;
  }
}

/** What moved money at the acquirer, or changed an authorization. */
const happened = ({ kind, state }: Entry): boolean =>
  kind === 'payment' ? state !== 'DECLINED' : state === 'CLOSED' || state === 'APPROVED';
const FINAL = ['approved', 'declined'];
/** Our word for an operation → the acquirer's. */
const THEIRS: Readonly<Record<string, string>> = { authorize: 'payment' };

/** Every operation of ours has one outcome, and happened there exactly once, with that amount, if it is "approved". */
function proveOperations({ feed, books }: Both): readonly string[] {
  const theirs = Map.groupBy(books.entries.filter(happened), ({ reference }) => reference);
  const ours = new Set(feed.operations.map(({ reference }) => reference));
  const moving = feed.operations.filter(({ kind }) => kind !== 'authenticate');
  return [
    ...feed.operations.flatMap(outcomeOnce),
    ...moving.flatMap((operation) => compared(operation, theirs.get(operation.reference) ?? [])),
    ...[...theirs.keys()]
      .filter((reference) => !ours.has(reference))
      .map((reference) => `the acquirer did something under ${reference} that we never asked for`),
  ];
}

function outcomeOnce({ id, kind, outcomes }: FeedOperation): readonly string[] {
  const final = outcomes.filter((outcome) => FINAL.includes(outcome));
  return final.length === 1 && FINAL.includes(outcomes.at(-1) ?? '')
    ? []
    : [`operation ${id} (${kind}): ${outcomes.join(', ')}`];
}

/** A sale is a payment and its sale there. The new authorization of a renewal is a payment of its own there. */
function compared({ kind, reference, cents, outcomes }: FeedOperation, found: readonly Entry[]): readonly string[] {
  const wanted = THEIRS[kind] ?? kind;
  const done = found.filter((entry) => entry.kind === wanted);
  const isApproved = outcomes.at(-1) === 'approved';
  const right = isApproved ? done.length === 1 && BigInt(done[0]?.amount ?? -1) === cents : found.length === 0;
  return right
    ? []
    : [`${kind} ${reference} of ${cents} is ${outcomes.join(', ')} here; there ${JSON.stringify(found)}`];
}

/** Authorized, captured and refunded of each payment, and none beside ours. */
function provePayments({ feed, books, payments }: Both): readonly string[] {
  const paymentOf = new Map(feed.operations.map(({ reference, payment }) => [reference, payment]));
  const theirs = Map.groupBy(
    books.entries.filter(({ kind }) => kind === 'payment'),
    ({ reference }) => paymentOf.get(reference) ?? 'nobody',
  );
  const strangers = (theirs.get('nobody') ?? []).filter(happened).map(({ id }) => `payment ${id} is not ours`);
  return strangers.concat(
    payments.flatMap(({ id, state, authorized, captured, refunded }) => {
      const entries = (theirs.get(id) ?? []).filter(happened);
      const sum = (field: 'captured' | 'refunded' | 'authorizedOpen'): bigint =>
        entries.reduce((total, entry) => total + BigInt(entry[field] ?? 0), 0n);
      const open = state === 'authorized' ? BigInt(authorized.value) - BigInt(captured.value) : 0n;
      const ours = [BigInt(captured.value), BigInt(refunded.value), open];
      const others = [sum('captured'), sum('refunded'), sum('authorizedOpen')];
      const same = ours.every((amount, index) => amount === others[index]);
      return same ? [] : [`payment ${id} (${state}): captured, refunded, open are ${ours} here, ${others} there`];
    }),
  );
}

const OUTCOMES: Readonly<Record<string, 'WON' | 'LOST'>> = { won: 'WON', lost: 'LOST', accepted: 'LOST' };

function proveDisputes({ books, disputes }: Both): readonly string[] {
  const ours = new Map(disputes.map((dispute) => [dispute.networkId, dispute]));
  return books.disputes.flatMap((theirs) => {
    const dispute = ours.get(theirs.id);
    if (dispute === undefined) return [`dispute ${theirs.id} is not known here`];
    const sum = (kind: string): string =>
      theirs.movements
        .filter((movement) => movement.kind === kind)
        .reduce((total, { amount }) => total + BigInt(amount), 0n)
        .toString();
    const { debited, credited, taken, fees } = dispute.money;
    const here = [OUTCOMES[dispute.state], debited.value, credited.value, taken.value, fees.value].join();
    const there = [theirs.outcome, sum('DEBIT'), sum('CREDIT'), theirs.debited, sum('FEE')].join();
    return here === there ? [] : [`dispute ${theirs.id}: ${dispute.state}: ${here} here, ${there} there`];
  });
}

const sumOf = ({ events }: Feed, type: string, field: string): bigint =>
  events.reduce((sum, event) => (event.type === type ? sum + centsOf(event.data[field]) : sum), 0n);

function proveTotals({ feed, books: { totals } }: Both): readonly string[] {
  const sum = (type: string, field: string): bigint => sumOf(feed, type, field);
  const pairs: readonly (readonly [string, bigint, string])[] = [
    ['captured', sum('payment.captured', 'captured'), totals.sales],
    ['refunded', sum('refund.confirmed', 'amount'), totals.refunds],
    ['interchange', sum('network_fee.assessed', 'interchange'), totals.interchange],
    ['scheme fees', sum('network_fee.assessed', 'schemeFee'), totals.schemeFees],
    ['processing fees', sum('network_fee.assessed', 'processingFee'), totals.processingFees],
    ['dispute fees', sum('chargeback.fee_charged', 'amount'), totals.disputeFees],
    ['disputed', sum('chargeback.debited', 'amount') + sum('chargeback.debited_again', 'amount'), totals.disputeDebits],
    [
      'given back',
      sum('chargeback.credited_back', 'amount') + sum('chargeback.won', 'credited'),
      totals.disputeCredits,
    ],
    ['settled', sum('settlement.reported', 'dueToUs') - sum('settlement.reported', 'dueFromUs'), totals.settledNet],
    [
      'paid by the bank',
      BigInt(totals.settledNet),
      totals.batches.reduce((all, { paid }) => all + BigInt(paid), 0n).toString(),
    ],
    ['not settled', 0n, totals.unsettledGross],
    ['disputes not settled', 0n, totals.unsettledDisputes],
    ['authorized and open', 0n, totals.authorizedOpen],
  ];
  return pairs
    .filter(([, ours, theirs]) => ours !== BigInt(theirs))
    .map(([what, ours, theirs]) => `in total ${what}: ${ours} here, ${theirs} at the acquirer`);
}

/** The files name each charge and refund of ours once with its amount, and add up to the same totals. */
function proveDeposits({ feed, books: { deposits, totals } }: Both): readonly string[] {
  const inFile = (categories: readonly string[]): bigint =>
    deposits.filter(({ category }) => categories.includes(category)).reduce((sum, { cents }) => sum + cents, 0n);
  const fees = BigInt(totals.interchange) + BigInt(totals.schemeFees) + BigInt(totals.processingFees);
  const pairs: readonly (readonly [string, bigint, bigint])[] = [
    ['sales', inFile(['SALE']), BigInt(totals.sales)],
    ['refunds', inFile(['REF']), -BigInt(totals.refunds)],
    ['fees', inFile(['IA', 'PFEE']), -fees],
    ['disputes', inFile(['CHBK']), BigInt(totals.disputeCredits) - BigInt(totals.disputeDebits)],
    ['dispute fees', inFile(['CFEE']), -BigInt(totals.disputeFees)],
  ];
  const money = deposits.filter(({ category }) => category === 'SALE' || category === 'REF');
  const lines = Map.groupBy(money, ({ trace }) => trace);
  const moved = feed.operations.filter(
    ({ kind, outcomes }) => ['sale', 'capture', 'refund'].includes(kind) && outcomes.at(-1) === 'approved',
  );
  const missing = moved.flatMap(({ kind, reference, cents }) => {
    const found = lines.get(reference) ?? [];
    const right = found.length === 1 && found[0]?.cents === (kind === 'refund' ? -cents : cents);
    return right
      ? []
      : [`${kind} ${reference} of ${cents} is in the deposit files as ${found.map((line) => line.cents)}`];
  });
  const extra =
    lines.size === moved.length ? [] : [`${lines.size} charges and refunds in the files, ${moved.length} here`];
  return pairs
    .filter(([, ours, theirs]) => ours !== theirs)
    .map(([what, ours, theirs]) => `${what} of all deposit files: ${ours} instead of ${theirs}`)
    .concat(missing, extra);
}

/** Each client's own record: no attempt more, no second charge, and the amounts it was told. */
function proveLives({ payments, disputes }: Both, lives: readonly Life[]): readonly string[] {
  const byOrder = Map.groupBy(payments, ({ order }) => order);
  const disputed = Map.groupBy(disputes, ({ order }) => order);
  return lives
    .filter(({ ended }) => ended)
    .flatMap((life) => {
      const found = byOrder.get(life.order ?? '') ?? [];
      const known = (disputed.get(life.order ?? '') ?? []).map(({ networkId: network, state, money }) => ({
        network,
        lost: Number(money.taken.value),
        state,
      }));
      const told = life.payments.map(({ payment, state, captured, refunded }) =>
        [payment, state, captured, refunded].join(' '),
      );
      const here = found.map(({ id, state, captured, refunded }) =>
        [id, state, captured.value, refunded.value].join(' '),
      );
      const name = `life ${life.plan.number} (${life.plan.kind}, ${life.order})`;
      return [
        ...different(`${name}: payments`, told, here),
        ...different(`${name}: disputes`, life.disputes.map(disputeText), known.map(disputeText)),
        ...(found.filter(({ captured }) => captured.value !== '0').length > 1 ? [`${name}: charged twice`] : []),
      ];
    });
}

const disputeText = ({ network, lost, state }: { network: string; lost: number; state: string }): string =>
  `${network} ${state} ${lost}`;

function different(what: string, told: readonly string[], found: readonly string[]): readonly string[] {
  const [left, right] = [[...told].sort().join('; '), [...found].sort().join('; ')];
  return left === right ? [] : [`${what}: the client was told ${left}; here ${right}`];
}
