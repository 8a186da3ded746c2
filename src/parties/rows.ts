/** Who takes part: marketplaces, their sellers and buyers, and the accounts the operator keeps with networks and banks. */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import type { UsBankAccount } from '../connectors/ports/bank-rail.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';
import type { FeePlan } from '../fees/index.ts';
import type { CardRoute } from './card-routes.ts';
import type { CardRules } from './card-rules.ts';

export interface Marketplace extends StateRow {
  readonly id: Id<'mkt'>;
  readonly state: 'active';
  readonly name: string;
  readonly feePlan: FeePlan;
  readonly payoutSchedule: 'daily' | 'manual';
  readonly cardRules: CardRules;
  readonly cardRoutes: readonly CardRoute[];
  readonly createdAt: Instant;
}

export interface Seller extends StateRow {
  readonly id: Id<'sel'>;
  readonly state: 'active';
  readonly marketplace: Id<'mkt'>;
  readonly name: string;
  readonly country: string;
  readonly email: string;
  /** ISO 18245 merchant category code. */
  readonly categoryCode: string;
  readonly bankAccount: UsBankAccount;
  /** Set when the bank returned a payout: nothing is paid out until the account is corrected. */
  readonly payoutsBlocked: { readonly since: Instant; readonly reason: string } | null;
  readonly createdAt: Instant;
}

export interface Buyer extends StateRow {
  readonly id: Id<'buy'>;
  readonly state: 'active';
  readonly marketplace: Id<'mkt'>;
  readonly name: string;
  readonly country: string;
  readonly email: string;
  readonly createdAt: Instant;
}

export const SCOPES = ['orders', 'payments', 'payouts', 'parties', 'reports', 'operator'] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApiKey extends StateRow {
  readonly id: Id<'key'>;
  readonly state: 'active' | 'revoked';
  readonly name: string;
  /** SHA-256 of the secret, hex. The secret itself is shown once and kept nowhere. */
  readonly secretHash: string;
  /** Null for the operator's own keys. */
  readonly marketplace: Id<'mkt'> | null;
  readonly scopes: readonly Scope[];
  readonly createdAt: Instant;
}

/** Our account with a card network or wallet. */
export interface NetworkAccount extends StateRow {
  readonly id: Id<'net'>;
  readonly state: 'active';
  readonly network: string;
  /** Net: the network keeps its fees out of each settlement. Gross: it bills them apart. */
  readonly funding: 'net' | 'gross';
  readonly merchantId: string;
}

/** One of the operator's own bank accounts. */
export interface BankAccount extends StateRow {
  readonly id: Id<'bnk'>;
  readonly state: 'active';
  readonly account: string;
  readonly routingNumber: string;
  readonly currency: Currency;
  /** Numbers the entries of files handed to this bank; the bank's trace numbers are made from it. */
  readonly nextEntry: number;
  /** Counts the files handed to this bank. */
  readonly nextFile: number;
}

export const marketplaces = stateTable<Marketplace>('marketplaces', 'mkt');
export const sellers = stateTable<Seller>('sellers', 'sel');
export const buyers = stateTable<Buyer>('buyers', 'buy');
export const apiKeys = stateTable<ApiKey>('api_keys', 'key');
export const networkAccounts = stateTable<NetworkAccount>('network_accounts', 'net');
export const bankAccounts = stateTable<BankAccount>('bank_accounts', 'bnk');
