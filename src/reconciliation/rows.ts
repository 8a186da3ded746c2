/** What reconciliation keeps: batches of the networks' files, statements and lines of the banks, and breaks. */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';

/** One batch of a settlement file, one bill of fees, or one settlement of the hub: one currency, one transfer of funds. */
export interface Settlement extends StateRow {
  readonly id: Id<'stl'>;
  readonly state: keyof typeof SETTLEMENT_MOVES;
  /** Whose: our account with a network, or a participant of the hub. */
  readonly network: Id<'net'> | Id<'ptc'>;
  /** `fees`: billed apart from what is settled, debited by the bank later. `hub`: we say what is settled (src/wallets/clearing). */
  readonly kind: 'deposit' | 'fees' | 'hub';
  /** Of the hub: under what name a participant is settled. */
  readonly agreementId?: string;
  /** How its fees were posted: `batch` in one sum, before fees were posted for each operation. */
  readonly feesBy: 'operation' | 'batch';
  /** The network's fund transfer identifier, of the hub's ours; the bank line carries it. */
  readonly batch: string;
  readonly day: string;
  readonly sales: Money;
  readonly refunds: Money;
  readonly fees: Money;
  /** Signed: what disputes took from the batch, less what they gave back. */
  readonly disputes: Money;
  /** What of it was presented in other currencies, one element each; signed as money to us. */
  readonly converted: readonly { readonly presented: Money; readonly settled: Money }[];
  /** Signed: what the bank will credit (or debit, when negative). */
  readonly net: Money;
  /** Signed: what the bank has booked so far. */
  readonly booked: Money;
  readonly reportedAt: Instant;
}

/**
 * `differs`: booked, but not the reported sum; closed by a signed reason. A bill of fees is closed at once, when a person
 * signs that a line of another amount pays it.
 */
export const SETTLEMENT_MOVES = {
  reported: ['matched', 'differs', 'closed'],
  differs: ['matched', 'closed'],
  matched: [],
  closed: [],
} as const;

export const settlements = stateTable<Settlement>('settlements', 'stl');

/** What one operation cost by a day's file, in one transfer of funds. */
export interface NetworkFee extends StateRow {
  readonly id: Id<'fee'>;
  readonly state: 'assessed';
  readonly network: Id<'net'>;
  readonly day: string;
  readonly batch: string;
  readonly settlement: Id<'stl'>;
  readonly networkId: string;
  /** As the file gives it; empty where it does not. */
  readonly reference: string;
  /** Null where nothing of ours has the network's id: the break of the batch says so. */
  readonly payment: Id<'pay'> | null;
  readonly order: Id<'ord'> | null;
  readonly interchange: Money;
  readonly schemeFee: Money;
  readonly processingFee: Money;
  readonly returned: Money;
  /** Billed apart (gross funding). */
  readonly apart: boolean;
}

export const networkFees = stateTable<NetworkFee>('network_fees', 'fee');

/** A day's file of a network, once every line and fee of it is posted. */
export interface SettlementFile extends StateRow {
  readonly id: Id<'stf'>;
  readonly state: 'imported';
  readonly network: Id<'net'>;
  readonly day: string;
  readonly batches: number;
  readonly lines: number;
}

export const settlementFiles = stateTable<SettlementFile>('settlement_files', 'stf');

export interface Statement extends StateRow {
  readonly id: Id<'stm'>;
  readonly state: 'imported';
  readonly bank: Id<'bnk'>;
  readonly day: string;
  readonly statementId: string;
  readonly opening: Money;
  readonly closing: Money;
  readonly lines: number;
}

export const statements = stateTable<Statement>('statements', 'stm');

export interface BankLine extends StateRow {
  readonly id: Id<'ln'>;
  readonly state: keyof typeof BANK_LINE_MOVES;
  readonly bank: Id<'bnk'>;
  readonly statement: string;
  readonly bankReference: string;
  readonly direction: 'credit' | 'debit';
  readonly amount: Money;
  readonly bookedOn: string;
  readonly endToEndId: string | null;
  readonly clearingReference: string | null;
  readonly instructionId: string | null;
  readonly paymentInformationId: string | null;
  readonly returnReason: string | null;
  readonly counterparty: string | null;
  readonly text: string;
  /** What explained it and why, once explained. */
  readonly explainedAs: string | null;
  readonly subject: string | null;
  readonly importedAt: Instant;
}

export const BANK_LINE_MOVES = { unexplained: ['explained'], explained: [] } as const;

export const bankLines = stateTable<BankLine>('bank_lines', 'ln');

export type BreakKind =
  | 'bank_line_unexplained'
  | 'settlement_short'
  | 'settlement_over'
  | 'settlement_overdue'
  | 'missing_in_ledger'
  | 'missing_in_file'
  | 'amount_differs'
  | 'fees_differ'
  | 'fee_unattributed'
  | 'report_identity'
  | 'report_missing'
  | 'statement_gap';

export interface Break extends StateRow {
  readonly id: Id<'brk'>;
  readonly state: keyof typeof BREAK_MOVES;
  readonly kind: BreakKind;
  /** The id or reference of what does not agree. */
  readonly subject: string;
  readonly amount: Money | null;
  readonly reason: string;
  readonly owner: string;
  readonly openedAt: Instant;
  readonly closedAt: Instant | null;
  readonly closedBy: string | null;
  readonly closeReason: string | null;
}

export const BREAK_MOVES = { open: ['closed'], closed: [] } as const;

export const breaks = stateTable<Break>('breaks', 'brk');
