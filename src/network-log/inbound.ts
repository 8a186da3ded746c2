/**
 * Everything that comes in is stored raw with its hash, deduplicated by (network, message id), and acknowledged; only then
 * is it processed, as a job. A repeat is acknowledged and does nothing.
 */
import { createHash } from 'node:crypto';
import type { Instant } from '../base/clock.ts';
import { type Id, idFromUuid, newId, uuidOf } from '../base/ids.ts';
import { type Pool, transaction } from '../db/pool.ts';
import { enqueueJob } from '../jobs/index.ts';

export interface InboundMessage {
  readonly network: string;
  /** The network's id of the message, or what makes a file unique (`statement:2026-11-22`). */
  readonly messageId: string;
  readonly kind: string;
  readonly bytes: Uint8Array;
}

export interface StoredMessage extends InboundMessage {
  readonly id: Id<'inb'>;
}

/**
 * Stores a message and the job that processes it, in one transaction; null when it was there already. A message without a
 * job is read together with another one.
 */
export async function storeInbound(
  db: Pool,
  message: InboundMessage,
  job: { kind: string; due: Instant } | null,
): Promise<Id<'inb'> | null> {
  const id = newId('inb');
  const sha256 = createHash('sha256').update(message.bytes).digest();
  return transaction(db, async (tx) => {
    const { rowCount } = await tx.query(
      `insert into inbound (id, network, message_id, kind, sha256, bytes) values ($1, $2, $3, $4, $5, $6)
       on conflict on constraint inbound_once do nothing`,
      [uuidOf(id), message.network, message.messageId, message.kind, sha256, Buffer.from(message.bytes)],
    );
    if (rowCount === 0) return null;
    if (job !== null) await enqueueJob(tx, { kind: job.kind, subject: id, due: job.due, payload: {} });
    return id;
  });
}

export async function loadInbound(db: Pool, id: Id<'inb'>): Promise<StoredMessage | null> {
  const { rows } = await db.query<{ id: string; network: string; message_id: string; kind: string; bytes: Buffer }>(
    'select id, network, message_id, kind, bytes from inbound where id = $1',
    [uuidOf(id)],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    id: idFromUuid('inb', row.id),
    network: row.network,
    messageId: row.message_id,
    kind: row.kind,
    bytes: row.bytes,
  };
}

/** The bytes of a message by its network's id for it; null when it is not there. */
export async function findInbound(db: Pool, network: string, messageId: string): Promise<Uint8Array | null> {
  const { rows } = await db.query<{ bytes: Buffer }>(
    'select bytes from inbound where network = $1 and message_id = $2',
    [network, messageId],
  );
  return rows[0]?.bytes ?? null;
}

/** Message ids of a kind that are stored already, out of those asked for. */
export async function knownMessages(
  db: Pool,
  network: string,
  messageIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ message_id: string }>(
    'select message_id from inbound where network = $1 and message_id = any ($2)',
    [network, messageIds],
  );
  return new Set(rows.map((row) => row.message_id));
}

/** Keeps a file as it goes out; the same name always holds the same bytes. */
export async function keepOutboundFile(db: Pool, file: { name: string; bytes: Uint8Array }): Promise<void> {
  const sha256 = createHash('sha256').update(file.bytes).digest();
  await db.query('insert into outbound_files (name, sha256, bytes) values ($1, $2, $3) on conflict (name) do nothing', [
    file.name,
    sha256,
    Buffer.from(file.bytes),
  ]);
}

export async function loadOutboundFile(db: Pool, name: string): Promise<{ name: string; bytes: Uint8Array } | null> {
  const { rows } = await db.query<{ bytes: Buffer }>('select bytes from outbound_files where name = $1', [name]);
  return rows[0] === undefined ? null : { name, bytes: rows[0].bytes };
}
