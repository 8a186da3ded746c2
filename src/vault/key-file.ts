/**
 * The sealed key file: the key-encryption key and the fingerprint key, 32 bytes each, readable by the vault's user only.
 * Losing it loses every stored card, so it is written whole and synced before it gets its name, and never overwritten.
 * A later provider (KMS, HSM, split custody: PCI DSS 3.6.1) takes this file's place behind `RootKeys`.
 */
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '../base/fault.ts';
import { randomBytes, randomSecret } from '../base/random.ts';
import { KEY_BYTES } from './envelope.ts';

export interface RootKeys {
  /** Wraps data keys. */
  readonly kek: Buffer;
  /** Keys the fingerprints; its own key, so that neither helps against the other. */
  readonly fingerprintKey: Buffer;
}

/** The keys, or null when there is no such file. @throws Fault `key_file` when unreadable, malformed or open to others. */
export async function readKeyFile(path: string): Promise<RootKeys | null> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw new Fault('key_file', `cannot read the key file ${path}: ${cause.code}`, { retryable: false });
  });
  if (text === null) return null;
  await assertPrivate(path);
  return parseKeys(text, path);
}

/** Creates the file with fresh keys (mode 600); if another process was first, the other's keys are the answer. */
export async function createKeyFile(path: string): Promise<RootKeys> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomSecret(6)}`;
  try {
    await writeSynced(draft, freshKeysText());
    // link() fails when the name exists: the first writer wins and a reader never sees half a file.
    await link(draft, path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause;
    });
    await syncDirectory(dirname(path));
  } finally {
    await rm(draft, { force: true });
  }
  const keys = await readKeyFile(path);
  if (keys === null) throw new Fault('key_file', `the key file ${path} vanished`, { retryable: false });
  return keys;
}

function freshKeysText(): string {
  const fresh = (): string => randomBytes(KEY_BYTES).toString('base64');
  return `${JSON.stringify({ version: 1, kek: fresh(), fingerprintKey: fresh() })}\n`;
}

function parseKeys(text: string, path: string): RootKeys {
  const malformed = new Fault('key_file', `the key file ${path} is malformed`, { retryable: false });
  let fields: Readonly<Record<string, unknown>>;
  try {
    fields = JSON.parse(text);
  } catch {
    throw malformed; // without its cause: a JSON error quotes the text it stumbled over
  }
  const keyNamed = (name: string): Buffer => {
    const bytes = Buffer.from(String(fields[name]), 'base64');
    if (bytes.length !== KEY_BYTES) throw malformed;
    return bytes;
  };
  if (fields.version !== 1) throw malformed;
  return { kek: keyNamed('kek'), fingerprintKey: keyNamed('fingerprintKey') };
}

async function assertPrivate(path: string): Promise<void> {
  if (process.platform === 'win32') return; // no such mode bits there
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return;
  throw new Fault('key_file', `the key file ${path} is open to others; run chmod 600 on it`, { retryable: false });
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return; // directories cannot be opened there
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
