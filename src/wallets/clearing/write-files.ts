/**
 * The files of a cycle, batch by batch: the items in parts of a bounded length, the fees and the summary; also where nothing happened.
 * Contents are kept by their hash before the rows that name them commit with the batch, so that a row always has its
 * content; a batch that is written again, after a crash, comes to the same bytes.
 */
import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { assert } from '../../base/assert.ts';
import { Fault } from '../../base/fault.ts';
import { newId } from '../../base/ids.ts';
import { ok, type Refusal, type Result } from '../../base/result.ts';
import { type Decision, insert, merge, part, type UnitPart, update } from '../../journal/index.ts';
import { event } from '../../ledger/index.ts';
import type { Participant } from '../../parties/index.ts';
import { type ClearingBatch, type ClearingFile, type ClearingPair, clearingBatches, clearingFiles } from './batch.ts';
import { csvOf, type Section } from './csv.ts';
import { type ClearingCycle, dayEast8 } from './cycle.ts';
import type { ClearingDeps } from './deps.ts';
import { feeSection, itemSection, type NameOf, summarySection } from './file-content.ts';
import { allParticipants, itemsOf, keepContent, pairsOf, unfiledBatches } from './store.ts';

/** A part is built in memory: three and a half megabytes. A thousand parts can be named, so a batch may have twenty million lines. */
export const LINES_A_FILE = 20_000;

const MOST_PARTS = 1000;
const BATCHES_A_JOB = 20;
/** Lines after which a job ends and another goes on: some seconds. */
const LINES_A_JOB = 200_000;

/** Writes files until a good part of a job's time is gone; `done` when the cycle has none left to write. */
export async function fileBatches(
  deps: ClearingDeps,
  cycle: ClearingCycle,
  linesAFile: number,
): Promise<'done' | 'more'> {
  const { db } = deps.journal;
  const batches = await unfiledBatches(db, cycle.id, BATCHES_A_JOB);
  if (batches.length === 0) return 'done';
  const [participants, pairs] = [await allParticipants(db), await pairsOf(db, cycle.id)];
  let lines = 0;
  for (const batch of batches) {
    if (lines >= LINES_A_JOB) break;
    lines += await fileBatch(deps, batch, { name: namesOf(participants, deps.ownAcquirer), pairs, linesAFile });
  }
  return 'more';
}

export function namesOf(participants: readonly Participant[], ownAcquirer: string): NameOf {
  const names = new Map<string, string>();
  for (const { id, participantId, wallet } of participants) {
    names.set(id, participantId);
    if (wallet !== null) names.set(wallet.account, participantId);
  }
  return (side) => (side === null ? ownAcquirer : (names.get(side) ?? side));
}

interface Surroundings {
  readonly name: NameOf;
  readonly pairs: readonly ClearingPair[];
  readonly linesAFile: number;
}

/** How many items it has. */
async function fileBatch(deps: ClearingDeps, batch: ClearingBatch, around: Surroundings): Promise<number> {
  const own = around.pairs.filter((pair) => (batch.role === 'wallet' ? pair.wallet : pair.acquirer) === batch.owner);
  const files = await writeItems(deps, batch, around);
  files.push(await writeFile(deps, nameOf('fees', batch, 0), batch, feeSection(batch, own, around.name)));
  files.push(await writeFile(deps, nameOf('summary', batch, 0), batch, summarySection(batch)));
  const result = await deps.journal.run(undefined, async (): Promise<Result<Decision<null>, Refusal>> => {
    const filed = part({
      events: [event('clearing.batch_filed', batch.id, { files: files.length })],
      writes: [update(clearingBatches, batch, { state: 'filed' })],
    });
    return ok({ unit: { at: deps.clock.now(), ...merge(...files.map(filePart), filed) }, value: null });
  });
  if (!result.ok) throw new Fault(result.error.code, result.error.detail, { retryable: true });
  return batch.payments + batch.refunds;
}

/** The last part may be empty only where there is no other. */
async function writeItems(
  deps: ClearingDeps,
  batch: ClearingBatch,
  { name, linesAFile }: Surroundings,
): Promise<ClearingFile[]> {
  const files: ClearingFile[] = [];
  let after = { at: '', item: '00000000-0000-0000-0000-000000000000' };
  for (;;) {
    const items = await itemsOf(deps.journal.db, batch, after, linesAFile);
    const last = items.at(-1);
    if (last === undefined && files.length > 0) return files;
    assert(files.length < MOST_PARTS, 'a batch has more items than a thousand files hold');
    files.push(
      await writeFile(deps, nameOf('transactionItems', batch, files.length), batch, itemSection(batch, items, name)),
    );
    if (last === undefined || items.length < linesAFile) return files;
    after = { at: last.at, item: last.item };
  }
}

type Named = Pick<ClearingBatch, 'participantId' | 'net' | 'batchId' | 'agreementId'>;

const nameOf = (kind: string, { participantId, net, batchId, agreementId }: Named, part: number): string =>
  `${kind}_${participantId}_${net.currency}_${batchId}_${agreementId}_${part.toString().padStart(3, '0')}.csv`;

/** Of a settlement: its reference is its batch id. */
export const settlementName = (settlement: Named): string => nameOf('settlement', settlement, 0);

type Owner = Pick<ClearingFile, 'participantId'> & { readonly id: ClearingFile['batch'] };

/** Keeps the content; the row is for the unit that the file belongs to. */
export async function writeFile(
  deps: ClearingDeps,
  name: string,
  { id: batch, participantId }: Owner,
  section: Section,
): Promise<ClearingFile> {
  const bytes = Buffer.from(csvOf(section), 'utf8');
  const sha256 = hash('sha256', bytes, 'hex');
  await keepContent(deps.journal.db, sha256, await compress(bytes));
  const madeAt = deps.clock.now();
  return {
    id: newId('clf'),
    version: 0,
    state: 'made',
    area: batch.startsWith('stl_') ? 'settlement' : 'clearing',
    participantId,
    day: dayEast8(madeAt).replaceAll('-', ''),
    name,
    batch,
    lines: section.lines.length,
    total: section.total,
    sha256,
    size: bytes.length,
    madeAt,
  };
}

const compress = promisify(gzip) as (bytes: Buffer) => Promise<Buffer>;

export const filePart = (file: ClearingFile): UnitPart => {
  const { name, sha256, lines } = file;
  return part({
    events: [event('clearing.file_made', file.id, { name, sha256, lines })],
    writes: [insert(clearingFiles, file)],
  });
};
