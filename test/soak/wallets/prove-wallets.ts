/**
 * What must hold when all wallet lives have come to rest. Each proof reads its own side: the wallets' books, the shops' books, the files that
 * both were given, our accounts. A proof answers with what breaks it.
 */

import { type Cycle, cyclesOf, type ItemsFile, itemsOf } from '../../../sim/audit/clearing-files.ts';
import { linesInBooks, shopDifferences, unequalLines } from '../../../sim/audit/clearing-laws.ts';
import type { Report } from '../../../sim/audit/finding.ts';
import { checkHub } from '../../../sim/audit/hub-laws.ts';
import { checkAccounts } from '../../../sim/audit/money-laws.ts';
import { startReplay } from '../../../sim/audit/replay.ts';
import { connectDirectly, readSnapshot } from '../../../sim/audit/tables.ts';
import type { AcquirerTotal, WalletTotal } from '../../../sim/audit/wallet-laws.ts';
import type { AccountView, CheckView, Page } from '../../../stories/views.ts';
import type { World } from '../../../stories/world.ts';
import type { Proof } from '../proofs.ts';
import { settlementsOf } from './settle.ts';
import type { Town } from './town.ts';

export interface WalletProof extends Proof {
  readonly counts: Proof['counts'] & { readonly ownLines: number };
}

export async function proveWallets(town: Town): Promise<WalletProof> {
  const { world } = town;
  const cycles = await cyclesOf(world);
  const laws = await proveLaws(world);
  const replayed = await proveReplay(world);
  const shops = await proveShops(town, cycles);
  const books = await proveWalletBooks(town, cycles);
  const open = await proveNothingOpen(town, cycles);
  return {
    violations: [laws, replayed, shops, books, open].flatMap(({ violations }) => violations),
    counts: {
      cycles: cycles.length,
      ...laws.counts,
      ...replayed.counts,
      ...shops.counts,
      ...books.counts,
      ...open.counts,
    },
  };
}

/** Alarms too: after the last day nobody has to be called. */
async function proveLaws({ operator }: World): Promise<Proof> {
  const { laws } = await operator.get<CheckView>('/v1/ledger/check');
  const broken = laws.filter(({ ok }) => !ok);
  return {
    counts: { laws: laws.length },
    violations: broken.map((law) => `law broken: ${JSON.stringify(law).slice(0, 600)}`),
  };
}

/** The journal from its beginning, replayed by the auditor of the simulation, who shares no code with the product. */
async function proveReplay({ dataDir }: World): Promise<Proof> {
  const db = await connectDirectly(dataDir);
  try {
    const [replay, violations] = [startReplay(), [] as string[]];
    const report: Report = (law, subjects, detail) => void violations.push(`auditor: ${law}: ${subjects} ${detail}`);
    const snapshot = await readSnapshot(db, 0n, null);
    replay.apply(snapshot, report);
    checkAccounts(replay, snapshot, report);
    checkHub(replay, snapshot, report);
    return { counts: { events: snapshot.events.length, transfers: snapshot.transfers.length }, violations };
  } finally {
    await db.end();
  }
}

const OPEN_PAYMENTS = ['shown', 'waiting', 'canceling'];

async function proveShops({ world, acquirers }: Town, cycles: readonly Cycle[]): Promise<Proof> {
  const { acquirers: totals } = await world.shops.get<{ acquirers: readonly AcquirerTotal[] }>('/_sandbox/totals');
  const violations: string[] = [];
  const counts = { shopLines: 0, learnedLater: 0 };
  for (const { acquirerId } of acquirers) {
    const files = await itemsOf(world, acquirerId, cycles);
    const { left, shifted } = await shopDifferences(world, files);
    counts.shopLines += files.reduce((sum, { lines }) => sum + lines.length, 0);
    counts.learnedLater += shifted;
    violations.push(...left.map((each) => `${acquirerId}: file and books: ${JSON.stringify(each)}`));
    const total = totals.find((each) => each.acquirerId === acquirerId) as AcquirerTotal;
    violations.push(...stillOpen(total), ...unequalSums(total, files));
  }
  return { counts, violations };
}

const stillOpen = ({ acquirerId, payments, refunds, contradicted, unpriced }: AcquirerTotal): readonly string[] => [
  ...OPEN_PAYMENTS.filter((state) => Number(payments[state] ?? 0) > 0).map(
    (state) => `${acquirerId}: ${payments[state]} payments are still ${state}`,
  ),
  ...(Number(refunds.asking ?? 0) > 0 ? [`${acquirerId}: ${refunds.asking} refunds have no answer`] : []),
  ...(Number(contradicted) > 0 ? [`${acquirerId}: ${contradicted} words of the hub against an earlier end`] : []),
  ...(Number(unpriced) > 0 ? [`${acquirerId}: ${unpriced} were paid without their amount`] : []),
];

function unequalSums({ acquirerId, owed }: AcquirerTotal, files: readonly ItemsFile[]): readonly string[] {
  const sums = new Map<string, bigint>();
  for (const { name, lines } of files) {
    const currency = name.split('_')[2] as string;
    sums.set(
      currency,
      lines.reduce((sum, { amount }) => sum + amount, sums.get(currency) ?? 0n),
    );
  }
  const theirs = new Map(owed.map((each) => [each.currency, BigInt(each.owed)]));
  return [...new Set([...sums.keys(), ...theirs.keys()])]
    .filter((currency) => (sums.get(currency) ?? 0n) !== (theirs.get(currency) ?? 0n))
    .map(
      (currency) =>
        `${acquirerId}: files come to ${sums.get(currency)} ${currency}, its books to ${theirs.get(currency)}`,
    );
}

type SoakWalletTotal = WalletTotal & { readonly canceledCount: string | number };

/** Of the wallet's own books: what it was paid through, and what went back, each under the hub's reference. */
async function proveWalletBooks({ world, wallets }: Town, cycles: readonly Cycle[]): Promise<WalletProof> {
  const { wallets: totals } = await world.wallets.get<{ wallets: readonly SoakWalletTotal[] }>('/_sandbox/totals');
  const violations: string[] = [];
  const counts = { walletLines: 0, ownLines: 0, canceledAtWallets: 0 };
  for (const { slug, participantId } of wallets) {
    const lines = (await itemsOf(world, participantId, cycles)).flatMap((file) => file.lines);
    const books = await linesInBooks(world, slug);
    counts.walletLines += lines.length;
    counts.ownLines += lines.filter(({ counterpart }) => counterpart === 'CAUSEWAY').length;
    violations.push(...unequalLines(slug, lines, books));
    const total = totals.find(({ walletId }) => walletId === slug);
    if (total === undefined) continue;
    counts.canceledAtWallets += Number(total.canceledCount);
    const sum = lines.reduce((all, { amount }) => all + amount, 0n);
    if (sum !== BigInt(total.owedToHub))
      violations.push(`${slug}: files come to ${sum}, its books to ${total.owedToHub}`);
    if (!total.balancesRight) violations.push(`${slug}: balances of people are not the sum of their movements`);
    if (Number(total.waitingCount) > 0)
      violations.push(`${slug}: ${total.waitingCount} payments wait for their person`);
  }
  return { counts, violations };
}

/** Every cycle is closed, every settlement was booked, and nobody owes anybody anything. */
async function proveNothingOpen({ world, wallets }: Town, cycles: readonly Cycle[]): Promise<Proof> {
  const settlements = await settlementsOf(world);
  const open = settlements.filter(({ state }) => state !== 'matched' && state !== 'closed');
  const accounts = await accountsOf(world);
  const known = new Set(wallets.map(({ account }) => account));
  const owing = accounts.filter(
    ({ name, owner }) => name === 'acquirer' || name === 'settlement' || (name === 'receivable' && known.has(owner)),
  );
  const breaks = await world.operator.get<Page<{ reason: string }>>('/v1/reconciliation/breaks?state=open&limit=100');
  return {
    counts: { settlements: settlements.length },
    violations: [
      ...cycles.filter(({ state }) => state !== 'closed').map(({ day, state }) => `the cycle of ${day} is ${state}`),
      ...open.map(({ reference, participantId, state }) => `settlement ${reference} of ${participantId} is ${state}`),
      ...owing.map(({ name, owner, balance }) => `${name} of ${owner} is ${JSON.stringify(balance)}`),
      ...breaks.data.map(({ reason }) => `open break: ${reason}`),
      ...(accounts.some(({ name }) => name === 'service_fee_income') ? [] : ['no fee was earned']),
    ],
  };
}

async function accountsOf({ operator }: World): Promise<readonly AccountView[]> {
  const found: AccountView[] = [];
  for (let after = ''; ; ) {
    const page = await operator.get<Page<AccountView>>(`/v1/ledger/accounts?nonZero=true${after}`);
    found.push(...page.data);
    if (page.next === null) return found;
    after = `&after=${page.next}`;
  }
}
