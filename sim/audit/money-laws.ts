/** Laws between the replayed balances and the state rows: orders, clearing accounts, sellers, fees (DESIGN §4). */
import { checkDisputeMoney } from './dispute-laws.ts';
import type { Report } from './finding.ts';
import { creditOf, type OrderTally, type Replay } from './replay.ts';
import type { Snapshot, StateRows } from './tables.ts';

const CLOSED = ['released', 'canceled', 'refunded'];

export function checkMoney(replay: Replay, snapshot: Snapshot, report: Report): void {
  checkAccounts(replay, snapshot, report);
  checkOrders(replay, snapshot.rows, report);
  checkPayments(snapshot.rows, report);
  checkClearing(replay, snapshot.rows, report);
  checkFees(replay, snapshot.rows, report);
  checkNetworkFees(replay, snapshot.rows, report);
  checkSellers(replay, snapshot.rows, report);
  checkDisputeMoney(replay, snapshot.rows, report);
}

/** The table of balances against the replayed ones, account by account. */
export function checkAccounts(replay: Replay, { accounts }: Snapshot, report: Report): void {
  const law = 'balances: every account equals the replay of its transfers';
  let assets = 0n;
  for (const { account, debits, credits } of accounts) {
    const own = replay.balances.get(account) ?? { debits: 0n, credits: 0n };
    if (own.debits !== debits || own.credits !== credits)
      report(
        law,
        [account.split(':')[1] ?? ''],
        `${account}: table ${debits}/${credits}, replay ${own.debits}/${own.credits}`,
      );
    assets += own.debits - own.credits;
  }
  if (accounts.length < replay.balances.size)
    report(law, [], `${accounts.length} accounts in the table, ${replay.balances.size} in the replay`);
  if (assets !== 0n) report('legs balance per currency', [], `all accounts together are ${assets} instead of 0`);
}

const NOTHING: OrderTally = {
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

function checkOrders(replay: Replay, { orders }: StateRows, report: Report): void {
  for (const order of orders) {
    const tally = replay.orders.get(order.id) ?? NOTHING;
    const held = creditOf(replay, `held:${order.id}:USD`);
    const refunds = tally.refundsInitiated - tally.refundsRejected;
    const inFlight = refunds + tally.refundsLater - tally.refundsConfirmed;
    const disputed = tally.frozen - tally.thawed;
    const facts = `${order.state}: captured ${tally.captured}, refunds ${refunds} (${inFlight} in flight), disputed ${disputed}, discounts ${tally.discounted}, released ${tally.released}, held ${held}`;
    if (refunds + tally.refundsLater + disputed > tally.captured)
      report('orders: refunds and disputes never exceed what was captured', [order.id], facts);
    if (held !== tally.captured + tally.discounted - refunds - disputed - tally.released)
      report(
        'orders: held = captured + discounts − refunded − in flight − disputed, until released',
        [order.id],
        facts,
      );
    if (CLOSED.includes(order.state) && held !== 0n) report('orders: held is zero when closed', [order.id], facts);
    if (order.state === 'released' && tally.released === 0n && tally.captured > refunds + disputed)
      report('orders: a released order has its posting', [order.id], facts);
    const row = [order.captured, order.refunded, order.refunding, order.disputed].join('/');
    if (row !== [tally.captured, tally.refundsConfirmed, inFlight, disputed].join('/'))
      report('rows: an order says what its events say', [order.id], `row ${row}; ${facts}`);
  }
}

function checkPayments({ payments, refunds, orders }: StateRows, report: Report): void {
  const captured = Map.groupBy(
    payments.filter(({ state }) => state === 'captured'),
    (row) => `${row.order} ${row.instalment}`,
  );
  for (const [instalment, rows] of captured) {
    if (rows.length > 1)
      report(
        'payments: an instalment is captured at most once',
        rows.map(({ id }) => id),
        `${instalment}: ${rows.length} captured payments`,
      );
  }
  const known = new Set(orders.map(({ id }) => id));
  const confirmed = Map.groupBy(
    refunds.filter(({ state }) => state === 'confirmed'),
    ({ payment }) => payment,
  );
  for (const payment of payments) {
    const back = (confirmed.get(payment.id) ?? []).reduce((sum, { amount }) => sum + amount, 0n);
    if (back !== payment.refunded || back > payment.captured)
      report(
        'payments: refunded is the sum of its confirmed refunds, and no more than captured',
        [payment.id],
        `${back}, row says ${payment.refunded} of ${payment.captured}`,
      );
    if (!known.has(payment.order)) report('payments: every one has its order', [payment.id], payment.order);
  }
}

/** Zero, or an open item: the state row says that it is still on its way. */
function checkClearing(replay: Replay, rows: StateRows, report: Report): void {
  const law = 'clearing: zero, or an open item';
  const open = (account: string, expected: bigint, id: string, currency = 'USD'): void => {
    const balance = creditOf(replay, `${account}:${id}:${currency}`);
    if (balance !== expected) report(law, [id], `${account}:${id} is ${balance} instead of ${expected}`);
  };
  for (const { id, state, amount } of rows.refunds) open('refund', state === 'initiated' ? amount : 0n, id);
  for (const { id, state, amount } of rows.payouts)
    open('payout', ['initiated', 'awaiting_funds'].includes(state) ? amount : 0n, id);
  for (const { id, state, amount } of rows.files)
    open('payout_file', ['sent', 'accepted', 'unknown'].includes(state) ? amount : 0n, id);
  for (const { id, state, kind, amount, currency } of rows.settlements)
    if (state !== 'short' && kind !== 'fees') open('settlement', state === 'reported' ? -amount : 0n, id, currency);
}

/**
 * What a network charges is posted once, to payments that exist: for each batch what was taken off it, billed apart what
 * the bank has not debited yet.
 */
function checkNetworkFees(replay: Replay, { fees, settlements, payments }: StateRows, report: Report): void {
  const law = 'network fees: posted by payment, once, as the batch says';
  const known = new Set(payments.map(({ id }) => id));
  const posted = new Map<string, bigint>();
  for (const { id, settlement, payment, amount } of fees) {
    posted.set(settlement, (posted.get(settlement) ?? 0n) + amount);
    if (payment === null || !known.has(payment)) report(law, [id], `it belongs to ${payment ?? 'no payment'}`);
  }
  let owed = 0n;
  // Of the hub's settlements the fees are posted by pair of wallet and acquirer.
  const batches = settlements.filter(({ kind }) => kind !== 'hub');
  for (const row of batches) {
    const sum = posted.get(row.id) ?? 0n;
    if (row.whole && sum !== row.fees) report(law, [row.id], `${sum} posted, ${row.fees} taken off`);
    if (row.kind === 'fees' && row.state === 'reported') owed += row.fees;
  }
  let billed = 0n;
  for (const account of replay.balances.keys())
    if (account.startsWith('network_fees:')) billed += creditOf(replay, account);
  if (batches.every(({ whole }) => whole) && billed !== owed)
    report(law, [], `${billed} on network_fees, ${owed} on bills that are not paid`);
}

/** Fee by the plan of the marketplace: percent of what is released, half-up. A settlement says its split itself. */
function checkFees(replay: Replay, { markets }: StateRows, report: Report): void {
  for (const [id, { released, fee, share, marketplace }] of replay.orders) {
    if (released === 0n || share !== null) continue;
    const expected = (released * BigInt(markets.get(marketplace) ?? 0) + 5_000n) / 10_000n;
    if (fee !== expected)
      report('fees: by the plan of the marketplace', [id], `fee ${fee} of ${released}, expected ${expected}`);
  }
}

/** seller + payout + payout_file of a seller = released net − what the bank has paid − what disputes took or froze of it. */
function checkSellers(replay: Replay, { payouts }: StateRows, report: Report): void {
  const taken = new Map<string, bigint>();
  for (const { seller, state, amount } of payouts) {
    if (!['canceled', 'returned', 'rejected'].includes(state)) taken.set(seller, (taken.get(seller) ?? 0n) + amount);
  }
  let balance = 0n;
  for (const account of replay.balances.keys()) if (account.startsWith('seller:')) balance += creditOf(replay, account);
  const paid = [...taken.values()].reduce((sum, amount) => sum + amount, 0n);
  const net = [...replay.orders.values()].reduce((sum, order) => sum + order.net, 0n);
  const total = (name: string): bigint => replay.totals.get(name) ?? 0n;
  const disputed =
    total('chargeback.debited fromSeller') - total('chargeback.won toSeller') - total('chargeback.lost toSeller');
  const repaid = total('debt.recovered fromSeller');
  const givenBack = total('refund.initiated fromSeller') - total('refund.rejected fromSeller');
  if (balance !== net - paid - disputed - repaid - givenBack)
    report(
      'sellers: balances = released net − payouts underway and paid − disputed − debt repaid − given back',
      [],
      `${balance} instead of ${net} − ${paid} − ${disputed} − ${repaid} − ${givenBack}`,
    );
}
