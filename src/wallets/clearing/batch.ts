/**
 * What a cycle comes to. A pair is a wallet and an acquirer in two currencies, with its fees: fees are posted by pair. Our own
 * marketplaces are the other side of a pair without an acquirer, which settles nothing and has the wallet's service fee only. A batch is one
 * participant in one role and one currency: what was cleared, what fees take off it, what is left.
 *
 * Invariants: net = detail − fees, for each batch and so for each settlement; what the pairs of a batch come to is the batch.
 */
import type { Day, Instant } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import type { Money } from '../../base/money.ts';
import { type StateRow, stateTable } from '../../db/state-table.ts';

export interface ClearingPair extends StateRow, PairFees {
  readonly id: Id<'clp'>;
  readonly state: 'assessed';
  readonly cycle: Id<'cyc'>;
  readonly wallet: Id<'net'>;
  /** Null: shops of our own marketplaces. */
  readonly acquirer: Id<'ptc'> | null;
  readonly payments: number;
  readonly refunds: number;
  /** In the wallet's currency. */
  readonly paid: Money;
  readonly paidBack: Money;
  /** In the currency of settlement; without an acquirer zero, in the wallet's. */
  readonly settled: Money;
  readonly settledBack: Money;
  readonly rules: FeeRules;
  /** Major units of the wallet's currency for one of the settlement's, at mid; null where they are one. */
  readonly rate: string | null;
}

/** Hundredths of a percent, as the participants' data had them at closing. */
export interface FeeRules {
  readonly interchangeBps: number;
  readonly acquirerServiceBps: number;
  readonly walletServiceBps: number;
}

export interface PairFees {
  /** From the acquirer, in the currency of settlement, and the same in the wallet's. */
  readonly interchange: Money;
  readonly interchangePaid: Money;
  /** Of refunds: from the wallet, and the same to the acquirer. */
  readonly interchangeBack: Money;
  readonly interchangeReturned: Money;
  readonly acquirerFee: Money;
  readonly walletFee: Money;
}

export type Role = 'wallet' | 'acquirer';

export interface ClearingBatch extends StateRow {
  readonly id: Id<'clb'>;
  readonly state: keyof typeof CLEARING_BATCH_MOVES;
  readonly cycle: Id<'cyc'>;
  readonly day: Day;
  readonly participant: Id<'ptc'>;
  /** As its messages and files name it. */
  readonly participantId: string;
  readonly role: Role;
  /** Whose account in the ledger: the wallet's network account, or the acquirer itself. */
  readonly owner: Id<'net'> | Id<'ptc'>;
  readonly agreementId: string;
  /** As the files name it: the day, and the role's letter. */
  readonly batchId: string;
  readonly payments: number;
  readonly refunds: number;
  readonly paid: Money;
  readonly refunded: Money;
  /** What comes off the detail: of an acquirer what it is charged, of a wallet what it earns less what it is charged. Signed. */
  readonly fees: Money;
  /** paid − refunded − fees: what a wallet owes us, or what we owe an acquirer. Signed. */
  readonly net: Money;
  readonly dueOn: Day;
  /** False: the calendar knows nothing of that year's holidays, and only weekends were left out. */
  readonly calendarKnown: boolean;
  readonly settlement: Id<'stl'> | null;
}

/** `filed`: its files are made. `instructed`: a settlement has it. */
export const CLEARING_BATCH_MOVES = { cleared: ['filed'], filed: ['instructed'], instructed: [] } as const;

export interface ClearingFile extends StateRow {
  readonly id: Id<'clf'>;
  readonly state: 'made';
  readonly area: 'clearing' | 'settlement';
  readonly participantId: string;
  /** When it was made, in UTC+8, as the path has it: `20261128`. */
  readonly day: string;
  readonly name: string;
  readonly batch: Id<'clb'> | Id<'stl'>;
  readonly lines: number;
  /** What its summary says. */
  readonly total: Money;
  readonly sha256: string;
  /** Bytes of the CSV. */
  readonly size: number;
  readonly madeAt: Instant;
}

export const clearingPairs = stateTable<ClearingPair>('clearing_pairs', 'clp');
export const clearingBatches = stateTable<ClearingBatch>('clearing_batches', 'clb');
export const clearingFiles = stateTable<ClearingFile>('clearing_files', 'clf');
