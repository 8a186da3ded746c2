/**
 * The sealed key file: key-encryption keys by id, one of them current, 32 bytes each, readable by the vault's user only
 * (PCI DSS 3.6.1.2). Losing it loses every stored card: it is written whole and synced before it gets its name, and a key
 * leaves it only when nothing is wrapped by it any more (key-rotation.ts).
 *
 * It is read anew for every use, which is rare: unwrapped data keys stay in memory. So no process works with an old copy.
 * Who changes it holds the lock of `VaultStore.exclusively`, as two changes at once would lose one.
 */
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { assert } from '../base/assert.ts';
import { Fault } from '../base/fault.ts';
import { uuidV7Hex } from '../base/ids.ts';
import { randomBytes, randomSecret } from '../base/random.ts';
import { KEY_BYTES, unwrapKey, wrapKey } from './envelope.ts';
import type { OwnKeys } from './key-encryption.ts';

/** The name of the one key that files of version 1 held. The database's migration gives it the same. */
const FIRST_KEK = 'kek_1';

interface KeyFileContent {
  readonly current: string;
  readonly keks: ReadonlyMap<string, Buffer>;
  readonly fingerprintKey: Buffer | null;
}

/** The keys of the file at `path`, or null when there is no such file. @throws Fault `key_file` when it is not in order. */
export async function openKeyFile(path: string): Promise<OwnKeys | null> {
  return (await readContent(path)) === null ? null : keysAt(path);
}

/** Creates the file with one fresh key (mode 600); if another process was first, the other's key is the answer. */
export async function createKeyFile(path: string): Promise<OwnKeys> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const current = freshId();
  const text = textOf({ current, keks: new Map([[current, randomBytes(KEY_BYTES)]]), fingerprintKey: null });
  // link() fails when the name exists: the first writer wins and a reader never sees half a file.
  await writeDraft(path, text, (draft) =>
    link(draft, path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause;
    }),
  );
  await content(path);
  return keysAt(path);
}

function keysAt(path: string): OwnKeys {
  const kekOf = async (id: string): Promise<Buffer> => {
    const kek = (await content(path)).keks.get(id);
    if (kek !== undefined) return kek;
    throw new Fault('unknown_root_key', `the key file ${path} has no key ${id}`, { retryable: false });
  };
  const replace = (next: KeyFileContent): Promise<void> =>
    writeDraft(path, textOf(next), (draft) => rename(draft, path));
  return {
    currentKeyId: async () => (await content(path)).current,
    keyIds: async () => [...(await content(path)).keks.keys()],
    inheritedFingerprintKey: async () => (await content(path)).fingerprintKey,
    wrap: async (key, context) => {
      const { current } = await content(path);
      return { rootKeyId: current, wrapped: wrapKey(await kekOf(current), context, key) };
    },
    unwrap: async ({ rootKeyId, wrapped }, context) => unwrapKey(await kekOf(rootKeyId), context, wrapped),
    addKey: async () => {
      const before = await content(path);
      const current = freshId();
      await replace({ ...before, current, keks: new Map([...before.keks, [current, randomBytes(KEY_BYTES)]]) });
      return current;
    },
    removeKey: async (rootKeyId) => {
      const before = await content(path);
      assert(rootKeyId !== before.current, 'the current key-encryption key stays');
      // What version 1 held goes together: whoever no longer needs the first key needs no backup from its time.
      const fingerprintKey = rootKeyId === FIRST_KEK ? null : before.fingerprintKey;
      const keks = new Map([...before.keks].filter(([id]) => id !== rootKeyId));
      await replace({ ...before, keks, fingerprintKey });
    },
  };
}

const freshId = (): string => `kek_${uuidV7Hex()}`;

function textOf({ current, keks, fingerprintKey }: KeyFileContent): string {
  const named = Object.fromEntries([...keks].map(([id, kek]) => [id, kek.toString('base64')]));
  const inherited = fingerprintKey === null ? {} : { fingerprintKey: fingerprintKey.toString('base64') };
  return `${JSON.stringify({ version: 2, current, keks: named, ...inherited })}\n`;
}

async function content(path: string): Promise<KeyFileContent> {
  const read = await readContent(path);
  if (read === null) throw new Fault('key_file', `the key file ${path} vanished`, { retryable: false });
  return read;
}

async function readContent(path: string): Promise<KeyFileContent | null> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw new Fault('key_file', `cannot read the key file ${path}: ${cause.code}`, { retryable: false });
  });
  if (text === null) return null;
  await assertPrivate(path);
  const parsed = parseContent(text);
  if (parsed === null) throw new Fault('key_file', `the key file ${path} is malformed`, { retryable: false });
  return parsed;
}

/** Null when malformed; the cause is dropped, because a JSON error quotes the text it stumbled over. */
function parseContent(text: string): KeyFileContent | null {
  let fields: Readonly<Record<string, unknown>>;
  try {
    fields = JSON.parse(text);
  } catch {
    return null;
  }
  if (fields.version === 1 && fields.fingerprintKey !== undefined)
    fields = { current: FIRST_KEK, keks: { [FIRST_KEK]: fields.kek }, ...fields, version: 2 };
  const { version, current, keks: named, fingerprintKey } = fields;
  if (version !== 2 || typeof current !== 'string' || typeof named !== 'object' || named === null) return null;
  const keyOf = (value: unknown): Buffer => Buffer.from(String(value), 'base64');
  const keks = new Map(Object.entries(named).map(([id, value]) => [id, keyOf(value)]));
  const inherited = fingerprintKey === undefined ? null : keyOf(fingerprintKey);
  const all = [...keks.values(), ...(inherited === null ? [] : [inherited])];
  const sound = keks.has(current) && all.every((key) => key.length === KEY_BYTES);
  return sound ? { current, keks, fingerprintKey: inherited } : null;
}

async function assertPrivate(path: string): Promise<void> {
  if (process.platform === 'win32') return; // no such mode bits there
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return;
  throw new Fault('key_file', `the key file ${path} is open to others; run chmod 600 on it`, { retryable: false });
}

/** Writes and syncs a draft beside the file, lets `publish` give it the file's name, and syncs the folder. */
async function writeDraft(path: string, text: string, publish: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${path}.${randomSecret(6)}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await publish(draft);
    await syncDirectory(dirname(path));
  } finally {
    await rm(draft, { force: true });
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
