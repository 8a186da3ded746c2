/**
 * What the vault's tests share: a store in memory with the meaning of the real one, a card network that records what it is
 * sent, a database of its own on TEST_DATABASE_URL, and a scanner for card numbers. Not part of the running vault.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { sleep } from '../base/clock.ts';
import { newId, uuidV7Hex } from '../base/ids.ts';
import { randomBytes } from '../base/random.ts';
import { DEFAULT_BRANDS } from './brands.ts';
import { type CardOwner, type CardRow, isKnownTo, whyNot } from './card-rows.ts';
import { type CvvMemory, cvvMemory } from './cvv-memory.ts';
import { fingerprintId, fingerprintOf, unwrapKey, wrapKey } from './envelope.ts';
import type { KeyEncryption, RootKeys } from './key-encryption.ts';
import type { DataKeyRow, KeyRows, RootKeyRow } from './key-rows.ts';
import type { Keyring } from './keyring.ts';
import { buildVaultServer, type VaultDeps } from './server.ts';
import type { VaultStore } from './store.ts';

/** Public test numbers (the networks' and gateways' documentation). */
export const VISA = '4111111111111111';
export const MASTERCARD = '5555555555554444';
export const SECRET = 'test-secret-of-the-vault';
export const SHOP = 'https://shop.example';
export const MARKETPLACE = newId('mkt');
export const BUYER = newId('buy');
/** An agreement's id, in the form that all ids have. */
export const AGREEMENT = `agr_${uuidV7Hex()}`;

/** A year in which every test card is good: the wall's next one. */
export const NEXT_YEAR = Number(new Date().getUTCFullYear()) + 1;

export const cardBody = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  marketplace: MARKETPLACE,
  card: { number: VISA, expiryMonth: 12, expiryYear: NEXT_YEAR, cvv: '123', ...more },
});

export type MemoryStore = VaultStore & { readonly cards: Map<string, CardRow> };

export function memoryStore(): MemoryStore {
  const cards = new Map<string, CardRow>();
  const keys = memoryKeyRows(cards);
  const ofOwner = (card: CardRow, { buyer, marketplace }: CardOwner): boolean =>
    card.buyer === buyer && card.marketplace === marketplace;
  return {
    ...keys,
    cards,
    addCard: async (row) => void cards.set(row.token, row),
    addStoredCard: async (row) => {
      const there = [...cards.values()].find(({ madeFrom }) => madeFrom !== null && madeFrom === row.madeFrom);
      if (there === undefined) cards.set(row.token, row);
      return there ?? row;
    },
    card: async (token) => cards.get(token) ?? null,
    claim: async ({ token, operation, owner, now }) => {
      const card = cards.get(token) ?? null;
      if (card !== null && !isKnownTo(card, owner)) return { outcome: 'unknown_token' };
      const again = card?.singleUse === true && card.usedBy === operation;
      const open = card?.expiresAt === null || (card?.expiresAt ?? '') > now;
      const first = card !== null && (card.usedBy === null || !card.singleUse) && open;
      if (card === null || !(again || first)) return whyNot(card, owner);
      cards.set(token, { ...card, usedBy: card.singleUse ? operation : card.usedBy });
      return { outcome: 'claimed', card };
    },
    storedCards: async (owner) => [...cards.values()].filter((card) => ofOwner(card, owner)).reverse(),
    deleteStoredCard: async (token, owner) => {
      const card = cards.get(token);
      return card !== undefined && ofOwner(card, owner) && cards.delete(token);
    },
    purge: async (before) =>
      [...cards.values()].filter(
        ({ token, singleUse, expiresAt }) =>
          singleUse && expiresAt !== null && expiresAt < before && cards.delete(token),
      ).length,
    exclusively: (change) => change(keys),
    ping: async () => undefined,
    close: async () => undefined,
  };
}

function memoryKeyRows(cards: ReadonlyMap<string, CardRow>): KeyRows {
  const dataKeys: DataKeyRow[] = [];
  const rootKeys: RootKeyRow[] = [];
  return {
    newestDataKey: async (purpose) => dataKeys.findLast((row) => row.purpose === purpose) ?? null,
    dataKey: async (keyId) => dataKeys.find((row) => row.keyId === keyId) ?? null,
    dataKeys: async () => [...dataKeys],
    addDataKey: async (row) => void dataKeys.push(row),
    rewrapDataKey: async (keyId, from, to) => {
      const at = dataKeys.findIndex((row) => row.keyId === keyId && row.rootKeyId === from);
      const row = dataKeys[at];
      if (row !== undefined) dataKeys[at] = { ...row, ...to };
      return row !== undefined;
    },
    rootKeys: async () => [...rootKeys],
    registerRootKey: async (row) => {
      if (!rootKeys.some(({ rootKeyId }) => rootKeyId === row.rootKeyId)) rootKeys.push(row);
    },
    unregisterRootKey: async (rootKeyId) => {
      const at = rootKeys.findIndex((row) => row.rootKeyId === rootKeyId);
      return at !== -1 && rootKeys.splice(at, 1).length === 1;
    },
    cardsByDataKey: async () => {
      const counts = new Map<string, number>();
      for (const { keyId } of cards.values()) counts.set(keyId, (counts.get(keyId) ?? 0) + 1);
      return counts;
    },
  };
}

export function memoryKeyring(): Keyring {
  const current = { keyId: newId('key'), key: randomBytes(32) };
  const fingerprintKey = randomBytes(32);
  return {
    current,
    dataKey: async () => current.key,
    fingerprint: (number) => fingerprintOf(fingerprintKey, number),
    fingerprintId: (marketplace, fingerprint) => fingerprintId(fingerprintKey, marketplace, fingerprint),
    refresh: async () => undefined,
  };
}

/** A KMS in memory that keeps the port: one key, and what it wrapped. */
export function memoryRootKeys(): RootKeys {
  const kek = randomBytes(32);
  const current: KeyEncryption = {
    currentKeyId: async () => 'kms-key-1',
    wrap: async (key, context) => ({ rootKeyId: 'kms-key-1', wrapped: wrapKey(kek, context, key) }),
    unwrap: async ({ wrapped }, context) => unwrapKey(kek, context, wrapped),
  };
  return { provider: 'kms', current, file: null };
}

export interface TestVault {
  readonly app: ReturnType<typeof buildVaultServer>;
  readonly store: MemoryStore;
  readonly cvvs: CvvMemory;
  readonly keyring: Keyring;
  readonly faults: unknown[];
}

export function testVault(options: Partial<VaultDeps> = {}): TestVault {
  const store = memoryStore();
  const cvvs = cvvMemory();
  const faults: unknown[] = [];
  const keys = { keyring: memoryKeyring(), rootKeys: memoryRootKeys() };
  const fixed = {
    store,
    ...keys,
    cvvs,
    secret: SECRET,
    frameAncestors: [SHOP],
    allowedHosts: [],
    brands: DEFAULT_BRANDS,
  };
  const app = buildVaultServer({ ...fixed, onFault: (cause) => void faults.push(cause), ...options });
  return { app, store, cvvs, keyring: options.keyring ?? keys.keyring, faults };
}

export interface TestNetwork {
  readonly origin: string;
  readonly received: { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: string }[];
  close(): Promise<void>;
}

/** A card network on a free port; `answer` decides what it says (default: 200 with the received body). */
export async function testNetwork(
  answer: (response: ServerResponse, body: string) => void = (response, body) => void response.end(body),
): Promise<TestNetwork> {
  const received: TestNetwork['received'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      received.push({ url: request.url ?? '', headers: request.headers, body });
      answer(response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, close };
}

/** The superuser address of a running PostgreSQL, if tests were given one. */
export const testDatabaseUrl = process.env.TEST_DATABASE_URL;
export const needsDatabase = testDatabaseUrl
  ? {}
  : { skip: 'TEST_DATABASE_URL is not set: no PostgreSQL to try against' };

export interface TestDatabase {
  /** As superuser. */
  readonly admin: pg.Pool;
  /** Acts as the role causeway_vault, with its grants only. */
  readonly vaultUrl: string;
  /** What comes after schema.sql, for a database that stopped there. */
  migrate(): Promise<void>;
  drop(): Promise<void>;
}

/** A fresh database with the vault's schema, on the server of TEST_DATABASE_URL. */
export async function testDatabase({ upTo }: { upTo?: 'schema.sql' } = {}): Promise<TestDatabase> {
  const name = `vault_test_${uuidV7Hex()}`;
  const server = new pg.Client(testDatabaseUrl);
  await server.connect();
  await server.query(
    `do $$ begin create role causeway_vault; exception when duplicate_object or unique_violation then null; end $$`,
  );
  await server.query(`create database ${name}`);
  const url = new URL(testDatabaseUrl ?? '');
  url.pathname = `/${name}`;
  const admin = new pg.Pool({ connectionString: url.href, max: 2 });
  const run = async (file: string): Promise<void> =>
    void (await admin.query(await readFile(new URL(file, import.meta.url), 'utf8')));
  const migrate = (): Promise<void> => run('../../migrations/0010_complete_card_vault.sql');
  await run('schema.sql');
  if (upTo === undefined) await migrate();
  url.searchParams.set('options', '-c role=causeway_vault');
  const drop = async (): Promise<void> => {
    await admin.end();
    // A pool's end comes back before the server has seen its sockets close; forcing at once would be an error over there.
    const open = `select 1 from pg_stat_activity where datname = '${name}'`;
    for (let tries = 0; tries < 100 && (await server.query(open)).rowCount !== 0; tries += 1) await sleep(20);
    await server.query(`drop database ${name} with (force)`);
    await server.end();
  };
  return { admin, vaultUrl: url.href, migrate, drop };
}

/** Runs of 13–19 digits that pass the Luhn check, standing by themselves. */
export function cardNumbersIn(text: string): string[] {
  const runs = text.match(/(?<![0-9A-Za-z])(?:\d[ -]?){12,18}\d(?![0-9A-Za-z])/g) ?? [];
  return runs.map((run) => run.replace(/[ -]/g, '')).filter(passesLuhn);
}

function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
