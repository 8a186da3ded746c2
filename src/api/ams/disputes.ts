/**
 * acceptDispute, supplyDefenseDocument and downloadDisputeEvidence, over the cases of the core: disputes about orders that this
 * client was paid for. Handing in a document is the answer of the stage, so the stage takes one; documents of several pages are
 * one file.
 */
import { createHash } from 'node:crypto';
import { amsPaymentsOf } from '../../ams/index.ts';
import { parseId } from '../../base/ids.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import type { EvidenceDocument } from '../../connectors/ports/card-disputes.ts';
import { addEvidence, answerDispute, type Case, evidenceBytes, findDispute, openAnswer } from '../../disputes/index.ts';
import { commandKey } from '../../journal/index.ts';
import { type Answer, type Call, refused } from './call.ts';
import { evidenceTemplate } from './evidence-template.ts';
import { resultOf, resultOfRefusal, SUCCESS } from './results.ts';
import { timeOf } from './views.ts';
import { inTime } from './within-time.ts';

const MOST_BASE64 = 1_000_000;

const IN_PROCESS = resultOf(
  'PROCESSING',
  'the network has not said yet whether it took the answer; repeat the request',
);

export async function acceptDispute(call: Call): Promise<Answer> {
  const found = await disputeNamed(call);
  return found.ok ? answer(call, found.value, 'accept') : refused(found.error);
}

export async function supplyDefenseDocument(call: Call): Promise<Answer> {
  const { fields } = call;
  const text = fields.needText('disputeEvidence', MOST_BASE64);
  const found = await disputeNamed(call);
  if (!found.ok) return refused(found.error);
  const document = readDocument(text);
  if (!document.ok) return refused(document.error);
  const { value: row } = found;
  const handedIn = await handIn(call, row, document.value);
  return handedIn === null ? answer(call, row, 'challenge') : refused(handedIn);
}

async function disputeNamed({ app, client, fields }: Call): Promise<Result<Case, Refusal>> {
  const name = fields.needText('disputeId', 64);
  if (fields.wrong !== null) return { ok: false, error: fields.wrong };
  const { db } = app.journal;
  const id = parseId('dsp', name);
  const row = id === null ? null : await findDispute(db, id);
  const own = row !== null && (await amsPaymentsOf(db, row.order)).some((each) => each.client === client.id);
  return own ? ok(row) : refuse('unknown_dispute', 'no such dispute', { pointer: '/disputeId' });
}

/** Null when it is there; also when an earlier request, whose answer was lost, handed it in. */
async function handIn({ app, client }: Call, row: Case, document: EvidenceDocument): Promise<Refusal | null> {
  const sha256 = createHash('sha256').update(document.content).digest('hex');
  if (row.documents.some((each) => each.stage === row.stage && each.sha256 === sha256)) return null;
  const command = commandKey(client.id, `evidence ${row.id} ${row.stage} ${sha256}`, 'ams_evidence', {});
  const { marketplace, id: dispute } = row;
  const added = await addEvidence(app.disputes.ofCase(row), command, {
    ...{ marketplace, dispute, documents: [document] },
  });
  return added.ok ? null : added.error;
}

/** One answer a stage: the same again is answered by how it stands. */
async function answer(call: Call, row: Case, kind: 'accept' | 'challenge'): Promise<Answer> {
  const { app, client } = call;
  const { marketplace, id: dispute, stage, openedAt } = row;
  const command = commandKey(client.id, `${kind} ${dispute} ${stage} ${openedAt}`, `ams_${kind}_dispute`, {});
  const deps = app.disputes.ofCase(row);
  const done = await inTime(call, answerDispute(deps, command, { marketplace, dispute, kind }));
  if (done === null) return { result: IN_PROCESS, disputeId: dispute };
  if (!done.ok) return refused(done.error);
  const current = (await findDispute(app.journal.db, dispute)) as Case;
  const given = current.answers.findLast((each) => each.stage === stage && each.kind === kind);
  if (openAnswer(current) !== null || given === undefined) return { result: IN_PROCESS, disputeId: dispute };
  if (given.refusal !== null)
    return { result: resultOf('PROCESS_FAIL', given.refusal.message || 'the network refused it'), disputeId: dispute };
  const { answeredAt } = given;
  return {
    result: SUCCESS,
    disputeId: dispute,
    ...(answeredAt === null ? {} : { disputeResolutionTime: timeOf(answeredAt) }),
  };
}

/** What it is it says itself, by its first bytes. */
function readDocument(text: string): Result<EvidenceDocument, Refusal> {
  const content = Buffer.from(text, 'base64');
  const wrong = (detail: string): Result<never, Refusal> =>
    refuse('invalid_document', detail, { pointer: '/disputeEvidence' });
  if (content.toString('base64') !== text) return wrong('is not base64 with its padding');
  const kind = KINDS.find(({ begins }) => content.subarray(0, begins.length).equals(begins));
  if (kind === undefined && !isText(content)) return wrong('must be PDF, PNG, JPEG or plain text');
  const { mediaType, name } = kind ?? { mediaType: 'text/plain' as const, name: 'defense.txt' };
  return ok({ name, mediaType, content });
}

const KINDS = [
  { begins: Buffer.from('%PDF-'), mediaType: 'application/pdf', name: 'defense.pdf' },
  { begins: Buffer.from([0x89, 0x50, 0x4e, 0x47]), mediaType: 'image/png', name: 'defense.png' },
  { begins: Buffer.from([0xff, 0xd8, 0xff]), mediaType: 'image/jpeg', name: 'defense.jpg' },
] as const;

function isText(content: Uint8Array): boolean {
  try {
    return !new TextDecoder('utf-8', { fatal: true }).decode(content).includes('\0');
  } catch {
    return false;
  }
}

/** The documented formats are PDF and WORD; what was handed in as something else is given back as that. */
const FORMATS = {
  'application/pdf': 'PDF',
  'image/png': 'PNG',
  'image/jpeg': 'JPEG',
  'text/plain': 'TEXT',
} as const satisfies Record<EvidenceDocument['mediaType'], string>;

export async function downloadDisputeEvidence(call: Call): Promise<Answer> {
  const { app, fields } = call;
  const type = fields.word('disputeEvidenceType', ['DISPUTE_EVIDENCE_TEMPLATE', 'DISPUTE_EVIDENCE_FILE'] as const);
  if (type === null) fields.reject('disputeEvidenceType', 'is needed');
  const found = await disputeNamed(call);
  if (!found.ok) return refused(found.error);
  const { value: row } = found;
  if (type === 'DISPUTE_EVIDENCE_TEMPLATE') {
    const template = Buffer.from(evidenceTemplate(row)).toString('base64');
    return { result: SUCCESS, disputeEvidence: template, disputeEvidenceFormat: 'PDF' };
  }
  const last = row.documents.at(-1);
  if (last === undefined)
    return { result: resultOfRefusal({ code: 'no_evidence', detail: 'no document was handed in' }) };
  const bytes = await evidenceBytes(app.journal.db, last);
  return {
    result: SUCCESS,
    disputeEvidence: Buffer.from(bytes).toString('base64'),
    disputeEvidenceFormat: FORMATS[last.mediaType],
  };
}
