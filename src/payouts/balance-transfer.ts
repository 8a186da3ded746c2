/**
 * A transfer between two balances of one marketplace: its sellers' and its own. In one currency, or at a quote. It is done when
 * it is decided; it has one state.
 */
import type { Instant } from '../base/clock.ts';
import { type Id, parseId } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';
import { account } from '../ledger/index.ts';

/** A seller, or the marketplace itself. */
export type BalanceOwner = Id<'sel'> | Id<'mkt'>;

export interface BalanceTransfer extends StateRow {
  readonly id: Id<'trf'>;
  readonly state: keyof typeof BALANCE_TRANSFER_MOVES;
  readonly marketplace: Id<'mkt'>;
  readonly from: BalanceOwner;
  readonly to: BalanceOwner;
  readonly given: Money;
  readonly got: Money;
  /** Our part of an exchange, in the currency of what was got; zero without one. */
  readonly margin: Money;
  /** Null in one currency. */
  readonly quote: Id<'qte'> | null;
  /** All in: major units got for one given; null in one currency. */
  readonly rate: string | null;
  readonly transferredAt: Instant;
}

export const BALANCE_TRANSFER_MOVES = { transferred: [] } as const;

export const balanceTransfers = stateTable<BalanceTransfer>('balance_transfers', 'trf');

/** The account that an owner's balance is kept on. */
export const balanceOwner = (owner: BalanceOwner) =>
  parseId('sel', owner) === null ? account('marketplace', owner) : account('seller', owner);
