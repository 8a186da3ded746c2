/**
 * A treasury deal: currency sold to a bank for another, agreed today and settled by two bank lines later. It takes the position
 * over when it is struck. Recorded by the operator; nothing is sent to the bank.
 *
 * Invariant: the account `fx_deal` of a deal is what of its two sides no bank line has settled yet.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { equals, type Money } from '../base/money.ts';
import { assertMove } from '../base/moves.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';
import { part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { DealLineRefusal } from './errors.ts';
import { inMinorUnits, toRate } from './rate.ts';

export interface Deal extends StateRow {
  readonly id: Id<'fxd'>;
  readonly state: keyof typeof DEAL_MOVES;
  readonly counterparty: string;
  /** The bank's name for the deal; its lines carry it. */
  readonly reference: string;
  readonly sold: Money;
  readonly bought: Money;
  /** Day on which the bank books both sides, as agreed. */
  readonly settlesOn: string;
  /** The bank lines that settled each side. */
  readonly paidBy: Id<'ln'> | null;
  readonly receivedBy: Id<'ln'> | null;
  readonly struckAt: Instant;
}

export const DEAL_MOVES = { struck: ['part_settled'], part_settled: ['settled'], settled: [] } as const;

export const fxDeals = stateTable<Deal>('fx_deals', 'fxd');

/** Major units bought for one sold; ten significant digits. */
export const dealRate = ({ sold, bought }: Pick<Deal, 'sold' | 'bought'>): string =>
  toRate(inMinorUnits({ numerator: bought.amount, denominator: sold.amount }, bought.currency, sold.currency));

export interface DealLine {
  readonly id: Id<'ln'>;
  readonly bank: Id<'bnk'>;
  readonly direction: 'credit' | 'debit';
  readonly amount: Money;
}

/** The part that settles one side by a bank line: a debit pays what was sold, a credit brings what was bought, to the cent. */
export function settlingDeal(deal: Deal, line: DealLine): Result<UnitPart, DealLineRefusal> {
  const paying = line.direction === 'debit';
  const side = paying ? deal.sold : deal.bought;
  if ((paying ? deal.paidBy : deal.receivedBy) !== null)
    return refuse('illegal_move', 'this side of the deal is settled already', { facts: { state: deal.state } });
  if (!equals(line.amount, side))
    return refuse('amount_differs', 'the line is not the amount of the deal', { facts: { agreed: side } });
  const state = deal.state === 'struck' ? 'part_settled' : 'settled';
  assertMove(DEAL_MOVES, `deal ${deal.id}`, deal.state, state);
  const { bank, amount } = line;
  const facts = { deal: deal.id, bank, ...(paying ? { paid: amount } : { received: amount }) };
  const by = paying ? { paidBy: line.id } : { receivedBy: line.id };
  return ok(
    part({
      events: [event('fx.deal_settled', deal.id, facts)],
      writes: [update(fxDeals, deal, { state, ...by })],
    }),
  );
}
