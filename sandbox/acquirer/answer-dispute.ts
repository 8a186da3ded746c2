/**
 * What the merchant says: POST /disputes/:id/accept, /challenge and /fulfill. Only while an answer is asked for and not later than
 * it is due; evidence once a stage. A chargeback is challenged, a retrieval request is fulfilled, and not the other way round.
 * Accepting loses at once. Evidence is kept; an account with provisional credit gets the amount back until the issuer has
 * decided.
 */
import { bodyObject, json, type Reply, type Request } from '../base/http-server.ts';
import { accountOf } from './account.ts';
import type { Acquirer } from './acquirer.ts';
import type { DisputeRow } from './dispute.ts';
import { changeDispute, creditDebited, disputeById } from './dispute-rows.ts';
import { type FieldReader, readFields } from './fields.ts';
import { invalid, notAllowed, notFound } from './messages.ts';
import { uuid } from './notifications.ts';
import { once } from './once.ts';
import * as rows from './payment-rows.ts';

export function acceptDispute(acquirer: Acquirer, request: Request, requestId: string): Reply {
  return once(acquirer, 'dispute_accept', requestId, () => {
    const dispute = disputeById(acquirer.store, request.params.id ?? '');
    if (dispute === null) return notFound('dispute');
    const refused = whyNot(acquirer, dispute);
    if (refused !== null) return refused;
    changeDispute(acquirer, dispute, { status: 'ACCEPTED', outcome: 'LOST', due_ms: null });
    return taken();
  });
}

export function challengeDispute(acquirer: Acquirer, request: Request, requestId: string): Reply {
  return once(acquirer, 'dispute_challenge', requestId, () => {
    const reply = takeDocuments(acquirer, request, ({ type }) => type !== 'RETRIEVAL_REQUEST');
    if ('refused' in reply) return reply.refused;
    const after = changeDispute(acquirer, reply.dispute, { status: 'CHALLENGED_MERCHANT', due_ms: null });
    if (accountOf(acquirer.store).provisionalCredit) creditDebited(acquirer, after);
    return taken();
  });
}

export function fulfillDispute(acquirer: Acquirer, request: Request, requestId: string): Reply {
  return once(acquirer, 'dispute_fulfill', requestId, () => {
    const reply = takeDocuments(acquirer, request, ({ type }) => type === 'RETRIEVAL_REQUEST');
    if ('refused' in reply) return reply.refused;
    changeDispute(acquirer, reply.dispute, { status: 'UNDER_ISSUER_REVIEW', due_ms: null });
    return taken();
  });
}

type Documented = { readonly dispute: DisputeRow } | { readonly refused: Reply };

/** Keeps the documents of a dispute that may be answered in this way now. */
function takeDocuments(acquirer: Acquirer, request: Request, fits: (dispute: DisputeRow) => boolean): Documented {
  const { store } = acquirer;
  const dispute = disputeById(store, request.params.id ?? '');
  if (dispute === null) return { refused: notFound('dispute') };
  const fields = readFields(bodyObject(request) ?? {});
  const last4 = fields.text('last4CardNumber', { required: true, pattern: /^\d{4}$/ });
  const documents = readDocuments(fields);
  const payment = rows.mustFind(store, dispute.payment_id);
  if (last4 !== null && !payment.masked.endsWith(last4))
    fields.fail('last4CardNumber', 'is not the card of the payment');
  if (fields.errors.length > 0) return { refused: invalid(fields.errors) };
  const refused = whyNot(acquirer, dispute);
  if (refused !== null) return { refused };
  if (!fits(dispute)) return { refused: notAllowed('ACTION_NOT_ALLOWED', `Not an answer to a ${dispute.type}`) };
  const insert = 'insert into dispute_document (dispute_id, stage, name, content) values (?, ?, ?, ?)';
  for (const { name, content } of documents) store.run(insert, dispute.id, dispute.type, name, content);
  return { dispute };
}

/** Why no answer is taken, or null. The due instant itself is too late: the dispute lapses then. */
function whyNot({ time }: Acquirer, dispute: DisputeRow): Reply | null {
  const inTime = dispute.due_ms !== null && time.nowMs() < Number(dispute.due_ms);
  if (dispute.status === 'NEEDS_RESPONSE' && inTime) return null;
  if (dispute.status === 'CHALLENGED_MERCHANT' || dispute.status === 'UNDER_ISSUER_REVIEW') {
    return notAllowed('EVIDENCE_ALREADY_SUBMITTED', 'Evidence was taken at this stage');
  }
  if (dispute.status === 'NEEDS_RESPONSE' || dispute.status === 'EXPIRED') {
    return notAllowed('RESPONSE_OVERDUE', 'The time for an answer is over');
  }
  return notAllowed('DISPUTE_CLOSED', 'The dispute has its outcome');
}

interface SupportingDocument {
  readonly name: string;
  readonly content: Buffer;
}

const MAX_DOCUMENTS = 20;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function readDocuments(fields: FieldReader): readonly SupportingDocument[] {
  const path = 'supportingDocuments';
  const given = fields.at(path);
  if (!Array.isArray(given) || given.length === 0 || given.length > MAX_DOCUMENTS) {
    fields.fail(path, `must be a list of 1 to ${MAX_DOCUMENTS}`);
    return [];
  }
  return given.map((_, index) => {
    const name = fields.text(`${path}.${index}.documentName`, { required: true, min: 1, max: 255 });
    const content = fields.text(`${path}.${index}.documentContent`, { required: true, min: 4, max: MAX_CONTENT });
    if (content !== null && !BASE64.test(content)) fields.fail(`${path}.${index}.documentContent`, 'must be base64');
    return { name: name ?? '', content: Buffer.from(content ?? '', 'base64') };
  });
}

/** Ten million bytes, in base64. */
const MAX_CONTENT = 13_333_336;

const taken = (): Reply => json(202, { actionProcessingStatus: 'IN_PROGRESS', traceId: uuid() });
