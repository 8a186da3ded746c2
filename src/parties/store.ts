/** All SQL of the parties. */
import { hash } from 'node:crypto';
import { type Id, idFromUuid } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow } from '../db/state-table.ts';
import {
  type AcquirerParticipant,
  isAcquirer,
  isWallet,
  type Participant,
  participants,
  type WalletParticipant,
} from './participant.ts';
import {
  type ApiKey,
  apiKeys,
  type BankAccount,
  type Buyer,
  bankAccounts,
  buyers,
  type Marketplace,
  marketplaces,
  type NetworkAccount,
  networkAccounts,
  type Seller,
  sellers,
} from './rows.ts';

/** What a list call may ask for: rows after a cursor, newest first. */
export interface Page {
  readonly limit: number;
  /** 32 hex digits of the last id of the page before. */
  readonly before: string | null;
}

const NEWEST = 'f'.repeat(32);

export const findMarketplace = (db: Queryable, id: Id<'mkt'>): Promise<Marketplace | null> =>
  loadRow(db, marketplaces, id);
export const findSeller = (db: Queryable, id: Id<'sel'>): Promise<Seller | null> => loadRow(db, sellers, id);
export const findBuyer = (db: Queryable, id: Id<'buy'>): Promise<Buyer | null> => loadRow(db, buyers, id);

export const secretHash = (secret: string): string => hash('sha256', secret, 'hex');

/** The active key with this secret, or null. */
export async function findApiKey(db: Queryable, secret: string): Promise<ApiKey | null> {
  const rows = await findRows(db, apiKeys, "secret_hash = $1 and state = 'active'", [secretHash(secret)]);
  return rows[0] ?? null;
}

export const listMarketplaces = (db: Queryable, page: Page): Promise<readonly Marketplace[]> =>
  findRows(db, marketplaces, 'id < $1::uuid order by id desc limit $2', [page.before ?? NEWEST, page.limit]);

/** Sellers of a marketplace (all when null), by part of the name or id. */
export const listSellers = (
  db: Queryable,
  marketplace: Id<'mkt'> | null,
  query: string,
  page: Page,
): Promise<readonly Seller[]> =>
  findRows(db, sellers, `${PARTY_FILTER} order by id desc limit $2`, [
    page.before ?? NEWEST,
    page.limit,
    marketplace,
    query,
  ]);

export const listBuyers = (
  db: Queryable,
  marketplace: Id<'mkt'> | null,
  query: string,
  page: Page,
): Promise<readonly Buyer[]> =>
  findRows(db, buyers, `${PARTY_FILTER} order by id desc limit $2`, [
    page.before ?? NEWEST,
    page.limit,
    marketplace,
    query,
  ]);

const PARTY_FILTER = `id < $1::uuid and ($3::text is null or marketplace = $3)
  and ($4 = '' or position(lower($4) in lower(data ->> 'name')) > 0 or replace(id::text, '-', '') = split_part($4, '_', 2))`;

/** Names of parties by id, for lists. */
export async function partyNames(db: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.query<{ prefix: 'sel' | 'buy'; id: string; name: string }>(
    `select 'sel' as prefix, id, data ->> 'name' as name from sellers where id = any ($1::uuid[])
     union all select 'buy', id, data ->> 'name' from buyers where id = any ($1::uuid[])`,
    [ids.map((id) => id.slice(4))],
  );
  return new Map(rows.map((row) => [idFromUuid(row.prefix, row.id), row.name]));
}

type AccountName = Pick<NetworkAccount, 'network' | 'merchantId'>;

export const accountKey = ({ network, merchantId }: AccountName): string => `${network}:${merchantId}`;

export async function findNetworkAccount(db: Queryable, name: AccountName): Promise<NetworkAccount | null> {
  return (await findRows(db, networkAccounts, 'account_key = $1', [accountKey(name)]))[0] ?? null;
}

/** Accounts with card networks, oldest first. The account of a wallet is the wallet's (WalletRole.account). */
export const listNetworkAccounts = (db: Queryable): Promise<readonly NetworkAccount[]> =>
  findRows(db, networkAccounts, "not starts_with(data ->> 'network', $1) order by id", [WALLET_NETWORK]);

/** The network of a wallet's account is this and its slug. */
export const WALLET_NETWORK = 'wallet:';

export async function findBankAccount(db: Queryable, account: string): Promise<BankAccount | null> {
  return (await findRows(db, bankAccounts, 'account = $1', [account]))[0] ?? null;
}

export const loadBankAccount = (db: Queryable, id: Id<'bnk'>): Promise<BankAccount | null> =>
  loadRow(db, bankAccounts, id);

/** Marketplaces whose sellers are paid every day. */
export const marketplacesPaidDaily = (db: Queryable): Promise<readonly Marketplace[]> =>
  findRows(db, marketplaces, "data ->> 'payoutSchedule' = 'daily' order by id", []);

// Participants are read anew each time: one that was added or suspended is so in every process at once, without a restart.

export const findParticipant = (db: Queryable, id: Id<'ptc'>): Promise<Participant | null> =>
  loadRow(db, participants, id);

/** By the name its messages carry: pspId, acquirerId, Client-Id. */
export async function findParticipantByName(db: Queryable, participantId: string): Promise<Participant | null> {
  return (await findRows(db, participants, 'participant_id = $1', [participantId]))[0] ?? null;
}

/** By our own short name of it. */
export const findWallet = (db: Queryable, slug: string): Promise<WalletParticipant | null> =>
  oneWallet(db, 'wallet = $1', slug);

/** By the name of its payment method (`walletBrandName`). */
export const findWalletByBrand = (db: Queryable, brandCode: string): Promise<WalletParticipant | null> =>
  oneWallet(db, 'brand = $1', brandCode);

/** By the account that it owes us on. */
export const findWalletByAccount = (db: Queryable, account: Id<'net'>): Promise<WalletParticipant | null> =>
  oneWallet(db, 'account = $1', account);

async function oneWallet(db: Queryable, condition: string, value: string): Promise<WalletParticipant | null> {
  return (await findRows(db, participants, condition, [value])).find(isWallet) ?? null;
}

/** All of them, oldest first. */
export const listParticipants = (db: Queryable): Promise<readonly Participant[]> =>
  findRows(db, participants, 'true order by id', []);

/** All wallets by name, suspended ones too. */
export async function listWallets(db: Queryable): Promise<readonly WalletParticipant[]> {
  return (await findRows(db, participants, "wallet is not null order by data ->> 'name', id", [])).filter(isWallet);
}

/** All acquirers, oldest first, suspended ones too. */
export async function listAcquirers(db: Queryable): Promise<readonly AcquirerParticipant[]> {
  return (await listParticipants(db)).filter(isAcquirer);
}
