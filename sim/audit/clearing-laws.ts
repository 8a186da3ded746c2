/**
 * Laws between the clearing files that participants are given and their own books: every line is in them with the same amount, and what is
 * in them is a line of one file. So what a clearing leaves out, or counts twice, is seen by whom it concerns.
 */
import type { World } from '../../stories/world.ts';
import { cyclesOf, type ItemsFile, itemsOf } from './clearing-files.ts';
import type { Report } from './finding.ts';
import { creditOf, type Replay } from './replay.ts';
import type { StateRows } from './tables.ts';
import { walletRows } from './wallet-laws.ts';

export interface Difference {
  readonly kind: string;
  readonly type: string | null;
  readonly requestId: string | null;
  readonly file: string | null;
  readonly books: string | null;
}

export interface Participants {
  readonly wallets: readonly { readonly slug: string; readonly participantId: string }[];
  readonly acquirers: readonly string[];
}

/** When everything has been cleared and settled. */
export async function checkClearingFiles(
  world: World,
  { wallets, acquirers }: Participants,
  report: Report,
): Promise<void> {
  const cycles = await cyclesOf(world);
  for (const { day, state } of cycles)
    if (state !== 'closed') report('end: every cycle is closed', [], `${day} is ${state}`);
  for (const { slug, participantId } of wallets) {
    const lines = (await itemsOf(world, participantId, cycles)).flatMap((file) => file.lines);
    for (const text of unequalLines(slug, lines, await linesInBooks(world, slug)))
      report('clearing: a wallet’s files are its own books', [], text);
  }
  for (const acquirerId of acquirers) {
    const { left } = await shopDifferences(world, await itemsOf(world, acquirerId, cycles));
    for (const each of left)
      report('clearing: an acquirer’s files are its own books', [], `${acquirerId}: ${JSON.stringify(each)}`);
  }
}

/** Of the hub: what wallets owe, acquirers are owed and settlements have on their way is settled. */
export function checkNobodyOwes(replay: Replay, { participants }: StateRows, report: Report): void {
  for (const account of replay.balances.keys()) {
    const [name = '', owner = ''] = account.split(':');
    if (name !== 'acquirer' && name !== 'settlement' && !(name === 'receivable' && participants.has(owner))) continue;
    const balance = creditOf(replay, account);
    if (balance !== 0n) report('end: nobody of the hub owes anybody', [owner], `${account} is ${balance}`);
  }
}

/** What a wallet was paid through and what went back, by kind and the hub's reference; signed minor units. */
export async function linesInBooks({ wallets }: World, walletId: string): Promise<ReadonlyMap<string, bigint>> {
  const books = new Map<string, bigint>();
  for await (const row of walletRows(wallets, walletId))
    if (row.kind === 'refund') books.set(`REFUND ${row.refundRequestId}`, -BigInt(row.fromAmount ?? 0));
    else if (row.state === 'paid') books.set(`PAYMENT ${row.paymentRequestId}`, BigInt(row.payTo ?? 0));
  return books;
}

export function unequalLines(
  slug: string,
  lines: ItemsFile['lines'],
  books: ReadonlyMap<string, bigint>,
): readonly string[] {
  const seen = new Map(lines.map(({ type, requestId, amount }) => [`${type} ${requestId}`, amount]));
  return [
    ...(seen.size === lines.length ? [] : [`${slug}: ${lines.length - seen.size} lines are there twice`]),
    ...[...seen]
      .filter(([key, amount]) => books.get(key) !== amount)
      .map(([key, amount]) => `${slug}: ${key}: file ${amount}, books ${books.get(key)}`),
    ...[...books]
      .filter(([key]) => !seen.has(key))
      .map(([key, amount]) => `${slug}: ${key}: in the books with ${amount}, in no file`),
  ];
}

/** What an acquirer finds in its files and not in its books, or the other way round. */
export async function shopDifferences(world: World, files: readonly ItemsFile[]) {
  return withoutShifted((await Promise.all(files.map((file) => compare(world, file)))).flat());
}

async function compare(
  { shops }: World,
  { participantId, name, parts, day }: ItemsFile,
): Promise<readonly Difference[]> {
  const body = { acquirerId: participantId, name, content: parts, day };
  return (await shops.post<{ differences: readonly Difference[] }>('/_sandbox/clearing-file', body)).differences;
}

/** What was learned after its day is in a later file: missing in one, too much in another, and the same. */
function withoutShifted(differences: readonly Difference[]) {
  const missing = new Map(
    differences
      .filter(({ kind }) => kind === 'not_in_file')
      .map((each) => [`${each.type} ${each.requestId} ${each.books}`, each]),
  );
  const found = differences.filter(
    ({ kind, type, requestId, file }) => kind === 'not_in_books' && missing.has(`${type} ${requestId} ${file}`),
  );
  const gone = new Set<Difference>(
    found.flatMap((each) => [each, missing.get(`${each.type} ${each.requestId} ${each.file}`) as Difference]),
  );
  return { left: differences.filter((each) => !gone.has(each)), shifted: found.length };
}
