import type { Clock, Day, Instant } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import type { Money } from '../../base/money.ts';
import type { FxDeps } from '../../fx/index.ts';
import type { Journal, UnitPart } from '../../journal/index.ts';

/** What clearing works with. */
export interface ClearingDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly fx: FxDeps;
  /** By this name wallets know the shops of our own marketplaces. */
  readonly ownAcquirer: string;
  /** Reconciliation's row of it, which a bank line with its reference closes; commits with the instruction. */
  readonly expectMoney: (settlement: HubSettlement) => UnitPart;
}

/** What a participant pays us, or we pay it, on one day in one currency. */
export interface HubSettlement {
  readonly id: Id<'stl'>;
  /** The bank line carries it as its end-to-end id. */
  readonly reference: string;
  readonly participant: Id<'ptc'>;
  readonly agreementId: string;
  readonly dueOn: Day;
  /** Of all its batches. In absolute terms: what wallets owe and acquirers get are added apart. */
  readonly paid: Money;
  readonly refunded: Money;
  readonly fees: Money;
  /** Signed: what the bank will credit, or debit where it is below zero. */
  readonly net: Money;
  readonly at: Instant;
}
