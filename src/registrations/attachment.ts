/**
 * Documents that sellers hand in to be taken on. The bytes are kept with their SHA-256, which must be what was said; whoever
 * sends no bytes announces a document by its hash.
 */
import { createHash } from 'node:crypto';
import type { Instant } from '../base/clock.ts';
import { type Id, newId, uuidOf } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow, type StateRow, stateTable } from '../db/state-table.ts';
import { commandKey, type Decision, insert, part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { RegistrationDeps } from './deps.ts';
import type { AttachmentRefusal } from './errors.ts';

export const MAX_ATTACHMENT_BYTES = 32 * 1024 * 1024;

export interface Attachment extends StateRow {
  readonly id: Id<'att'>;
  readonly state: keyof typeof ATTACHMENT_MOVES;
  /** Who handed it in, and its own id for that. */
  readonly owner: string;
  readonly requestId: string;
  readonly type: string;
  /** Hex. */
  readonly sha256: string;
  /** Null when only its hash came. */
  readonly bytes: number | null;
  readonly createdAt: Instant;
}

export const ATTACHMENT_MOVES = { submitted: [] } as const;

export const attachments = stateTable<Attachment>('attachments', 'att');

export interface SubmitAttachment {
  readonly owner: string;
  readonly requestId: string;
  readonly type: string;
  readonly sha256: string;
  readonly content: Uint8Array | null;
}

/** The same request again is the same attachment. Checks in this order: the size, the hash, the request id. */
export async function submitAttachment(
  { journal, clock }: Pick<RegistrationDeps, 'journal' | 'clock'>,
  { owner, requestId, type, sha256, content }: SubmitAttachment,
): Promise<Result<Attachment, AttachmentRefusal>> {
  if (content !== null && (content.length === 0 || content.length > MAX_ATTACHMENT_BYTES))
    return refuse('invalid_attachment', `must have 1 to ${MAX_ATTACHMENT_BYTES} bytes`, { pointer: '/file' });
  if (content !== null && createHash('sha256').update(content).digest('hex') !== sha256)
    return refuse('invalid_attachment', 'is not the hash of the bytes that came', { pointer: '/fileSha256' });
  const bytes = content?.length ?? null;
  const command = commandKey(owner, `attachment ${requestId}`, 'submit_attachment', { type, sha256, bytes });
  let kept: Id<'att'> | null = null;
  const submitted = await journal.run(command, async (): Promise<Result<Decision<null>, AttachmentRefusal>> => {
    if ((await findAttachmentByRequest(journal.db, owner, requestId)) !== null)
      return refuse('conflict', 'this request has been done');
    // Kept once, however often this is decided.
    kept ??= await keep(journal.db, { sha256, content });
    const at = clock.now();
    const row: Attachment = {
      ...{ id: kept, version: 0, state: 'submitted', owner, requestId, type, sha256, bytes, createdAt: at },
    };
    const events = [event('attachment.submitted', row.id, { owner, type, sha256, bytes })];
    return ok({ unit: { at, ...part({ events, writes: [insert(attachments, row)] }), answer: null }, value: null });
  });
  return submitted.ok ? ok((await findAttachmentByRequest(journal.db, owner, requestId)) as Attachment) : submitted;
}

/** What no row names is nobody's and harms nobody. */
async function keep(
  db: Queryable,
  { sha256, content }: Pick<SubmitAttachment, 'sha256' | 'content'>,
): Promise<Id<'att'>> {
  const id = newId('att');
  if (content !== null)
    await db.query('insert into attachment_files (id, sha256, bytes) values ($1, $2, $3)', [
      uuidOf(id),
      Buffer.from(sha256, 'hex'),
      Buffer.from(content),
    ]);
  return id;
}

export const findAttachment = (db: Queryable, id: Id<'att'>): Promise<Attachment | null> =>
  loadRow(db, attachments, id);

async function findAttachmentByRequest(db: Queryable, owner: string, requestId: string): Promise<Attachment | null> {
  return (await findRows(db, attachments, 'request_key = $1', [`${owner}:${requestId}`]))[0] ?? null;
}

/** Those of the owner, in no order; ids of nobody or of others are left out. */
export const attachmentsOf = (
  db: Queryable,
  owner: string,
  ids: readonly Id<'att'>[],
): Promise<readonly Attachment[]> =>
  findRows(db, attachments, "id = any ($1::uuid[]) and data ->> 'owner' = $2", [ids.map(uuidOf), owner]);

/** The bytes as they came; null when only the hash did. */
export async function attachmentBytes(db: Queryable, id: Id<'att'>): Promise<Uint8Array | null> {
  const { rows } = await db.query<{ bytes: Buffer }>('select bytes from attachment_files where id = $1', [uuidOf(id)]);
  return rows[0]?.bytes ?? null;
}
