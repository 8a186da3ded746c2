/**
 * A payout: a seller's released balance on its way to a bank account. Taken from the balance when decided, handed to the
 * bank in a file, paid when the bank books the file, returned when the receiving bank sends it back.
 *
 * Invariant: the account paid to is the one the seller had when the payout was decided; it is part of the payout.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import { assertMove } from '../base/moves.ts';
import type { UsBankAccount } from '../connectors/ports/bank-rail.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';

export interface Payout extends StateRow {
  readonly id: Id<'po'>;
  readonly state: keyof typeof PAYOUT_MOVES;
  readonly marketplace: Id<'mkt'>;
  readonly seller: Id<'sel'>;
  readonly amount: Money;
  readonly account: UsBankAccount;
  readonly reference: string;
  readonly file: Id<'pof'> | null;
  readonly trace: string | null;
  readonly returnReason: { readonly code: string; readonly text: string } | null;
  readonly expectedOn: string | null;
  /** The command that asked for it; null for those of a run. */
  readonly command: { readonly client: string; readonly key: string } | null;
  readonly createdAt: Instant;
}

export const PAYOUT_MOVES = {
  initiated: ['awaiting_funds', 'filed', 'canceled'],
  awaiting_funds: ['filed', 'canceled'],
  filed: ['paid', 'rejected', 'returned'],
  paid: ['returned'],
  returned: [],
  rejected: [],
  canceled: [],
} as const;

/** The most one payout carries: ten digits of cents, as wide as the amount of an ACH entry (NACHA entry detail record). */
export const PAYOUT_MAX: Money = money(9_999_999_999n, 'USD');

export const payouts = stateTable<Payout>('payouts', 'po');

/** A file of payouts, as one bank takes and books it. */
export interface PayoutFile extends StateRow {
  readonly id: Id<'pof'>;
  readonly state: keyof typeof PAYOUT_FILE_MOVES;
  readonly bank: Id<'bnk'>;
  /** 8 of A–Z 0–9: comes back on the bank's debit line. */
  readonly reference: string;
  readonly name: string;
  readonly total: Money;
  readonly entries: number;
  readonly sha256: string;
  readonly receipt: string | null;
  readonly createdAt: Instant;
}

export const PAYOUT_FILE_MOVES = {
  sent: ['accepted', 'rejected', 'unknown', 'matched'],
  unknown: ['accepted', 'rejected', 'matched'],
  accepted: ['matched'],
  rejected: [],
  matched: [],
} as const;

export const payoutFiles = stateTable<PayoutFile>('payout_files', 'pof');

/** Asserts the move and returns the changes with the new state. */
export function movePayout(payout: Payout, state: Payout['state'], changes: Partial<Payout> = {}): Partial<Payout> {
  assertMove(PAYOUT_MOVES, `payout ${payout.id}`, payout.state, state);
  return { ...changes, state };
}

export function movePayoutFile(
  file: PayoutFile,
  state: PayoutFile['state'],
  changes: Partial<PayoutFile> = {},
): Partial<PayoutFile> {
  assertMove(PAYOUT_FILE_MOVES, `payout file ${file.id}`, file.state, state);
  return { ...changes, state };
}
