/**
 * Laws between our tables and the own books of wallets and of shops, read from their admin endpoints: what we call paid a wallet
 * has debited once and to the minor unit, what it has debited is ours or still open, and once nothing is open the sums are one.
 */
import type { Client } from '../../stories/client.ts';
import type { Report } from './finding.ts';
import type { Flow, Replay } from './replay.ts';
import type { StateRows, WalletDeed } from './tables.ts';

/** A payment or a refund in a wallet's books. */
interface WalletRow {
  readonly kind: 'payment' | 'refund';
  readonly walletId: string;
  readonly state?: string;
  readonly paymentRequestId?: string;
  readonly refundRequestId?: string;
  readonly payTo?: string;
  readonly fromAmount?: string;
}

export interface WalletTotal {
  readonly walletId: string;
  readonly pspId: string;
  readonly currency: string;
  readonly waitingCount: string | number;
  readonly owedToHub: string | number;
  readonly balancesRight: boolean;
}

export interface AcquirerTotal {
  readonly acquirerId: string;
  readonly payments: Readonly<Record<string, string | number>>;
  readonly refunds: Readonly<Record<string, string | number>>;
  readonly contradicted: string | number;
  readonly unpriced: string | number;
  readonly owed: readonly { readonly currency: string; readonly owed: string | number }[];
}

export interface WalletBooks {
  /** `payment <reference>` or `refund <reference>` → what was debited or given back under it; null: nothing was. */
  readonly deeds: ReadonlyMap<string, bigint | null>;
  readonly wallets: readonly WalletTotal[];
  readonly acquirers: readonly AcquirerTotal[];
}

export async function readWalletBooks(wallets: Client, shops: Client): Promise<WalletBooks> {
  const deeds = new Map<string, bigint | null>();
  for await (const row of walletRows(wallets))
    if (row.kind === 'refund') deeds.set(`refund ${row.refundRequestId}`, BigInt(row.fromAmount ?? 0));
    else deeds.set(`payment ${row.paymentRequestId}`, row.state === 'paid' ? BigInt(row.payTo ?? 0) : null);
  const totals = await wallets.get<{ wallets: readonly WalletTotal[] }>('/_sandbox/totals');
  const { acquirers } = await shops.get<{ acquirers: readonly AcquirerTotal[] }>('/_sandbox/totals');
  return { deeds, wallets: totals.wallets, acquirers };
}

/** Of one wallet, or of all. */
export async function* walletRows(wallets: Client, walletId?: string): AsyncGenerator<WalletRow> {
  const of = walletId === undefined ? '' : `walletId=${walletId}&`;
  for (let after: string | number | null = 0; after !== null; ) {
    const page: { readonly transactions: readonly WalletRow[]; readonly next: string | number | null } =
      await wallets.get(`/_sandbox/transactions?${of}after=${after}`);
    yield* page.transactions;
    after = page.next;
  }
}

/** `atEnd`: nothing waits any more, on either side. */
export function checkWallets(
  replay: Replay,
  rows: StateRows,
  books: WalletBooks,
  report: Report,
  atEnd: boolean,
): void {
  const known = new Set(rows.walletDeeds.map(({ kind, reference }) => `${kind} ${reference}`));
  for (const deed of rows.walletDeeds) checkDeed(deed, books, report);
  for (const [key, amount] of books.deeds)
    if (amount !== null && !known.has(key)) report('wallets: what they did is ours', [], `${key} of ${amount}`);
  for (const { walletId, balancesRight } of books.wallets)
    if (!balancesRight) report('wallets: balances of people are the sum of their movements', [], walletId);
  for (const { acquirerId, contradicted, unpriced } of books.acquirers)
    if (Number(contradicted) + Number(unpriced) > 0)
      report(
        'shops: nothing is said against an earlier end, or without its amount',
        [],
        `${acquirerId}: ${contradicted}, ${unpriced}`,
      );
  if (rows.walletDeeds.every(({ state }) => state !== 'open')) checkOwedByWallets(replay, rows, books, report);
  if (atEnd) checkRest(replay, rows, books, report);
}

function checkDeed({ id, kind, reference, state, amount }: WalletDeed, { deeds }: WalletBooks, report: Report): void {
  const theirs = deeds.get(`${kind} ${reference}`) ?? null;
  const text = `${kind} ${reference} of ${amount} is ${state}; the wallet has ${theirs ?? 'nothing'}`;
  if (theirs !== null && theirs !== amount) report('wallets: to the minor unit what we say', [id, reference], text);
  if (state === 'done' && theirs === null) report('wallets: what we call done is done there', [id, reference], text);
  if (state === 'none' && theirs !== null)
    report('wallets: what we call undone is undone there', [id, reference], text);
}

const owedOf = (flow: Flow | undefined): bigint => (flow === undefined ? 0n : flow.taken - flow.back);

function checkOwedByWallets(
  { networks }: Replay,
  { participants }: StateRows,
  { wallets }: WalletBooks,
  report: Report,
): void {
  const accounts = accountsByName(participants);
  for (const { walletId, pspId, currency, owedToHub } of wallets) {
    const ours = (accounts.get(pspId) ?? []).reduce(
      (sum, account) => sum + owedOf(networks.get(`${account}:${currency}`)),
      0n,
    );
    if (ours !== BigInt(owedToHub))
      report('wallets: what they owe is one sum in both books', [], `${walletId}: ${ours} here, ${owedToHub} there`);
  }
}

const accountsByName = (participants: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> => {
  const named = Map.groupBy(participants, ([, name]) => name);
  return new Map([...named].map(([name, pairs]) => [name, pairs.map(([account]) => account)]));
};

const OPEN_PAYMENTS = ['shown', 'waiting', 'canceling'];

/** Shops hear of what was paid some time after it was: their sums are held to ours when all is quiet. */
function checkRest({ acquirers: flows }: Replay, rows: StateRows, books: WalletBooks, report: Report): void {
  const accounts = accountsByName(rows.participants);
  for (const { id, reference, kind, state } of rows.walletDeeds)
    if (state === 'open') report('end: every wallet has said its last word', [id, reference], `${kind} ${reference}`);
  for (const { walletId, waitingCount } of books.wallets)
    if (Number(waitingCount) > 0) report('end: no wallet waits for its user', [], `${walletId}: ${waitingCount}`);
  for (const { acquirerId, payments, refunds, owed } of books.acquirers) {
    const open = OPEN_PAYMENTS.reduce((sum, state) => sum + Number(payments[state] ?? 0), Number(refunds.asking ?? 0));
    if (open > 0) report('end: no shop waits', [], `${acquirerId}: ${open}`);
    const theirs = new Map(owed.map((each) => [each.currency, BigInt(each.owed)]));
    const own = accounts.get(acquirerId) ?? [];
    for (const [key, flow] of flows) {
      const [account = '', currency = ''] = key.split(':');
      if (!own.includes(account) || owedOf(flow) === (theirs.get(currency) ?? 0n)) continue;
      report(
        'end: what shops are owed is one sum in both books',
        [],
        `${acquirerId}: ${owedOf(flow)} ${currency} here, ${theirs.get(currency)} there`,
      );
    }
  }
}
