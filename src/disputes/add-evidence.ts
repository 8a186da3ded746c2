/**
 * Handing in documents for the stage that waits for our answer. They are kept with their SHA-256 and sent with the challenge
 * of that stage, all together and once. Checks in this order: the case, whose turn it is, the time, how much there is, each
 * document. What a document says it is must be what it begins with.
 */
import { createHash } from 'node:crypto';
import { type Id, newId } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { EvidenceDocument } from '../connectors/ports/card-disputes.ts';
import { type CommandKey, type Decision, type Outcome, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type Case, disputes, type EvidenceRecord } from './case.ts';
import type { DisputeDeps } from './deps.ts';
import type { DisputeRefusal } from './errors.ts';
import { mayAnswer } from './may-answer.ts';
import { findDispute, keepDocument } from './store.ts';

/** What one stage carries. Bytes before base64. */
export const MAX_DOCUMENTS = 10;
export const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;
export const MAX_STAGE_BYTES = 6 * 1024 * 1024;

export interface AddEvidence {
  /** Null: the operator acts for whoever's it is. */
  readonly marketplace: Id<'mkt'> | null;
  readonly dispute: Id<'dsp'>;
  readonly documents: readonly EvidenceDocument[];
}

export async function addEvidence(
  deps: DisputeDeps,
  command: CommandKey | undefined,
  input: AddEvidence,
): Promise<Result<Outcome<Case>, DisputeRefusal>> {
  const checked = checkDocuments(input.documents);
  if (!checked.ok) return checked;
  let kept: readonly Kept[] | null = null;
  return deps.journal.run(command, async (): Promise<Result<Decision<Case>, DisputeRefusal>> => {
    const row = await findDispute(deps.journal.db, input.dispute);
    if (row === null || (input.marketplace !== null && row.marketplace !== input.marketplace))
      return refuse('not_found', 'no such dispute');
    const at = deps.clock.now();
    const allowed = mayAnswer(row, at);
    if (!allowed.ok) return allowed;
    const room = checkRoom(row, input.documents);
    if (!room.ok) return room;
    // Kept once, however often this is decided.
    kept ??= await keepAll(deps, input.documents);
    const fresh = kept.map((document): EvidenceRecord => ({ ...document, stage: row.stage, addedAt: at }));
    const documents = [...row.documents, ...fresh];
    const events = fresh.map(({ name, mediaType, bytes, sha256, stage }) =>
      event('dispute.evidence_added', row.id, { name, mediaType, bytes, sha256, stage }),
    );
    const after: Case = { ...row, documents, version: row.version + events.length };
    const unit = { at, ...part({ events, writes: [update(disputes, row, { documents })] }), answer: after };
    return ok({ unit, value: after });
  });
}

type Kept = Omit<EvidenceRecord, 'stage' | 'addedAt'>;

async function keepAll(deps: DisputeDeps, documents: readonly EvidenceDocument[]): Promise<readonly Kept[]> {
  const kept: Kept[] = [];
  for (const { name, mediaType, content } of documents) {
    const id = newId('doc');
    await keepDocument(deps.journal.db, id, { sha256: hashOf(content), content });
    kept.push({ id, name, mediaType, bytes: content.length, sha256: hashOf(content) });
  }
  return kept;
}

const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

function checkRoom(row: Case, documents: readonly EvidenceDocument[]): Result<null, DisputeRefusal> {
  const there = row.documents.filter(({ stage }) => stage === row.stage);
  const repeat = documents.findIndex(({ content }) => there.some(({ sha256 }) => sha256 === hashOf(content)));
  if (repeat !== -1)
    return refuse('invalid_document', 'is handed in already', { pointer: `/documents/${repeat}/content` });
  const count = there.length + documents.length;
  const bytes =
    there.reduce((sum, each) => sum + each.bytes, 0) + documents.reduce((sum, { content }) => sum + content.length, 0);
  if (count <= MAX_DOCUMENTS && bytes <= MAX_STAGE_BYTES) return ok(null);
  return refuse('too_much_evidence', 'one stage carries ten documents and six mebibytes', {
    pointer: '/documents',
    facts: { maxDocuments: MAX_DOCUMENTS, maxBytes: MAX_STAGE_BYTES, documents: count, bytes },
  });
}

function checkDocuments(documents: readonly EvidenceDocument[]): Result<null, DisputeRefusal> {
  const hashes = new Set<string>();
  for (const [index, { mediaType, content }] of documents.entries()) {
    const wrong = (detail: string): Result<null, DisputeRefusal> =>
      refuse('invalid_document', detail, { pointer: `/documents/${index}/content` });
    if (content.length === 0) return wrong('must not be empty');
    if (content.length > MAX_DOCUMENT_BYTES) return wrong(`must not be more than ${MAX_DOCUMENT_BYTES} bytes`);
    if (!BEGINNINGS[mediaType](content)) return wrong(`is not ${mediaType}`);
    const hash = hashOf(content);
    if (hashes.has(hash)) return wrong('is the same document as another one of this request');
    hashes.add(hash);
  }
  return ok(null);
}

const beginsWith =
  (bytes: readonly number[]) =>
  (content: Uint8Array): boolean =>
    bytes.every((byte, index) => content[index] === byte);

/** By the formats' own signatures: ISO 32000-1 §7.5.2, PNG §5.2, JPEG's start of image; text is UTF-8 without NUL. */
const BEGINNINGS: Readonly<Record<EvidenceDocument['mediaType'], (content: Uint8Array) => boolean>> = {
  'application/pdf': beginsWith([0x25, 0x50, 0x44, 0x46, 0x2d]),
  'image/png': beginsWith([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  'image/jpeg': beginsWith([0xff, 0xd8, 0xff]),
  'text/plain': (content) => {
    try {
      return !new TextDecoder('utf-8', { fatal: true }).decode(content).includes('\0');
    } catch {
      return false;
    }
  },
};
