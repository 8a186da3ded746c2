/**
 * A seller who asks to be taken on, through somebody who registers sellers under names of its own (an AMS client): what was
 * said about it (know your business), what the checks found, how it was decided. Success creates the seller.
 *
 * Invariants: one live registration for a name and for a login; a name that failed may be used again; `successful` has a
 * seller. Screening of names against sanctions lists is not done here.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';
import type { BankAccountInput } from '../parties/index.ts';

/** What is known of the business. */
export interface Applicant {
  /** An e-mail address, unique among the live registrations of a marketplace. */
  readonly loginId: string;
  readonly legalEntity: 'company' | 'individual';
  readonly legalName: string;
  readonly doingBusinessAs: string;
  /** ISO 3166-1 alpha-2: where the company is registered, or the nationality of the individual. */
  readonly country: string;
  /** ISO 18245; null when not said. */
  readonly categoryCode: string | null;
  /** Of a company, as the registrar calls it. */
  readonly companyType: string | null;
  readonly certificates: readonly Certificate[];
  readonly people: readonly Person[];
  /** Documents that were handed in for it. */
  readonly attachments: readonly Id<'att'>[];
  /** All of it in the registrar's own words, for whoever decides. */
  readonly said: Readonly<Record<string, unknown>>;
}

export interface Certificate {
  readonly type: string;
  readonly number: string;
}

/** Somebody who stands for the business or owns it. */
export interface Person {
  readonly role: string;
  readonly name: string;
  /** Hundredths of a percent; null when not said. */
  readonly shareBps: number | null;
  readonly certified: boolean;
}

export interface SettlementAccount {
  readonly currency: string;
  readonly account: BankAccountInput;
  /** Kinds of accounts that no rail pays into are kept and found by the check. */
  readonly payable: boolean;
}

export interface Check {
  readonly name: 'representative' | 'owners' | 'certificates' | 'account';
  readonly passed: boolean;
  readonly detail: string;
}

export interface Registration extends StateRow {
  readonly id: Id<'reg'>;
  readonly state: keyof typeof REGISTRATION_MOVES;
  readonly marketplace: Id<'mkt'>;
  /** Who registers, and its own id of the request and name of the seller. */
  readonly registrar: string;
  readonly requestId: string;
  readonly reference: string;
  readonly merchant: Applicant;
  readonly accounts: readonly SettlementAccount[];
  readonly paymentMethods: readonly string[];
  /** Null until they have run. */
  readonly checks: readonly Check[] | null;
  readonly decision: { readonly by: string; readonly reason: string; readonly at: Instant } | null;
  readonly seller: Id<'sel'> | null;
  readonly createdAt: Instant;
}

export const REGISTRATION_MOVES = { processing: ['successful', 'failed'], successful: [], failed: [] } as const;

export const registrations = stateTable<Registration>('registrations', 'reg');

/** The account that payouts would go to: the one in the currency that can be paid out. */
export const payoutAccountOf = ({ accounts }: Pick<Registration, 'accounts'>): SettlementAccount | null =>
  accounts.find(({ currency }) => currency === 'USD') ?? null;
