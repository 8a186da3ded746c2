/**
 * The acquirer's day: its settlement file with the reports beside it, in five steps, each of which can be repeated. What is
 * still open is resolved by what the file shows; each batch becomes a row and moves from "owed by the network" to "on its way";
 * what each operation cost is posted to its payment (post-fees.ts); every line is held against our operations; at last the
 * day is marked as imported.
 *
 * What does not agree is a break, never a reason to refuse the file: it happened outside. What disputes moved is part of a
 * batch's net; that money is posted by its case (src/disputes), not here.
 */
import type { Day } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { equals, type Money, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { SettlementBatch } from '../connectors/ports/card-acquirer.ts';
import { absent, type Decision, insert, part } from '../journal/index.ts';
import { event, type NewEvent } from '../ledger/index.ts';
import type { CardAccount } from '../parties/index.ts';
import { resolveByFile } from '../payments/index.ts';
import { type BatchFigures, bothWays, feeColumnsOf, figuresOf } from './batch-figures.ts';
import { openBreaks } from './breaks.ts';
import { contentOf, type DayContent, feesOfBatch, movementsOf } from './day-content.ts';
import { checkDay, closeMissing, readDay } from './day-reports.ts';
import type { ReconciliationDeps } from './deps.ts';
import { type ReconciliationRefusal, retryOnConflict } from './errors.ts';
import { feesByOperation } from './operation-fees.ts';
import { feesDiffer, postFees } from './post-fees.ts';
import { type Settlement, type SettlementFile, settlementFiles, settlements } from './rows.ts';
import {
  fileKey,
  findSettlement,
  importedFiles,
  keepSettlementLines,
  mismatchedLines,
  openReferences,
} from './store.ts';

/** References looked for in one query. */
const LINES_A_QUERY = 5_000;

/** Imports a day; what is there already is left alone. `waiting`: a report of the day is not issued yet. */
export async function importSettlementFile(
  deps: ReconciliationDeps,
  account: CardAccount,
  file: { readonly bytes: Uint8Array; readonly day: Day },
): Promise<'imported' | 'waiting'> {
  const { day } = file;
  if ((await importedFiles(deps.journal.db, account.id, [day])) > 0) return 'imported';
  const reports = await readDay(deps, account, file);
  if (reports === null) return 'waiting';
  await checkDay(deps, account, day, reports);
  const content = contentOf(account, reports, day);
  for (const batch of content.batches) await resolveOpen(deps, account, batch);
  for (const batch of content.batches) await importBatch(deps, account, content, batch);
  await postFees(deps, { account, day, batches: content.batches, fees: feesByOperation(content.fees) });
  await closeMissing(deps, account, day);
  retryOnConflict(await deps.journal.run(undefined, () => markImported(deps, account, content)));
  return 'imported';
}

/** The file has the last word about what nobody answered: what it settles was done. */
async function resolveOpen(
  deps: ReconciliationDeps,
  { id: network }: CardAccount,
  { batch, lines }: SettlementBatch,
): Promise<void> {
  for (let start = 0; start < lines.length; start += LINES_A_QUERY) {
    const some = lines.slice(start, start + LINES_A_QUERY);
    const open = await openReferences(
      deps.journal.db,
      some.map(({ reference }) => reference),
    );
    for (const { kind, reference, networkId, amount, presentment } of some.filter((line) => open.has(line.reference)))
      await resolveByFile(deps.payments, {
        network,
        kind,
        reference,
        networkId,
        amount: presentment ?? amount,
        evidence: `batch ${batch}`,
      });
  }
}

async function importBatch(
  deps: ReconciliationDeps,
  account: CardAccount,
  content: DayContent,
  batch: SettlementBatch,
): Promise<void> {
  await keepSettlementLines(deps.journal.db, batch);
  const figures = figuresOf(batch, feesOfBatch(content, batch), movementsOf(content, batch));
  const isBill = content.bills.has(batch.batch);
  retryOnConflict(await deps.journal.run(undefined, () => decide(deps, account, batch, { figures, isBill })));
  const columns = feeColumnsOf(batch);
  const found = await mismatchedLines(deps.journal.db, batch.batch);
  await openBreaks(deps, [
    ...(batch.lines.length > 0 && !equals(columns, figures.fees)
      ? [feesDiffer(batch.batch, ['in the fee file', figures.fees], ['in the settlement file', columns])]
      : []),
    ...found.map(({ kind, reference, amount, ours }) => ({
      kind,
      subject: reference,
      amount,
      reason: `batch ${batch.batch} shows it; ours: ${ours}`,
    })),
  ]);
}

async function decide(
  deps: ReconciliationDeps,
  { id: network }: CardAccount,
  { batch, day }: SettlementBatch,
  { figures: { own, ...figures }, isBill }: { readonly figures: BatchFigures; readonly isBill: boolean },
): Promise<Result<Decision<Settlement>, ReconciliationRefusal>> {
  if ((await findSettlement(deps.journal.db, batch)) !== null)
    return refuse('already_imported', `batch ${batch} is imported`);
  const at = deps.clock.now();
  const row: Settlement & { readonly network: Id<'net'> } = {
    id: newId('stl'),
    version: 0,
    // Nothing will be booked for a batch that comes to nothing.
    state: figures.net.amount === 0n ? 'matched' : 'reported',
    network,
    kind: isBill ? 'fees' : 'deposit',
    feesBy: 'operation',
    batch,
    day,
    ...figures,
    booked: zero(figures.net.currency),
    reportedAt: at,
  };
  const events = isBill
    ? [event('network_fees.billed', row.id, { network, batch, amount: row.fees })]
    : reported(row, own);
  const guards = [absent(settlements, 'batch', batch)];
  return ok({ unit: { at, ...part({ events, writes: [insert(settlements, row)], guards }) }, value: row });
}

/** One event for what was not converted, fees and disputes included, and one for each currency that was. */
function reported(
  { id, network, converted }: Settlement & { readonly network: Id<'net'> },
  own: Money,
): readonly NewEvent[] {
  const [dueToUs, dueFromUs] = bothWays(own);
  return [
    event('settlement.reported', id, { network, batch: id, dueToUs, dueFromUs }),
    ...converted.map((each) => {
      const [presented, presentedBack] = bothWays(each.presented);
      const [settled, settledBack] = bothWays(each.settled);
      const amounts = { presented, presentedBack, settled, settledBack };
      return event('settlement.reported_converted', id, { network, batch: id, ...amounts });
    }),
  ];
}

async function markImported(
  deps: ReconciliationDeps,
  { id: network }: CardAccount,
  { day, batches }: DayContent,
): Promise<Result<Decision<null>, ReconciliationRefusal>> {
  if ((await importedFiles(deps.journal.db, network, [day])) > 0)
    return refuse('already_imported', `the file of ${day} is imported`);
  const lines = batches.reduce((sum, batch) => sum + batch.lines.length, 0);
  const row: SettlementFile = {
    id: newId('stf'),
    version: 0,
    state: 'imported',
    network,
    day,
    batches: batches.length,
    lines,
  };
  const own = part({
    events: [event('settlement.file_imported', row.id, { network, day, batches: batches.length, lines })],
    writes: [insert(settlementFiles, row)],
    guards: [absent(settlementFiles, 'file_key', fileKey(network, day))],
  });
  return ok({ unit: { at: deps.clock.now(), ...own }, value: null });
}
