/**
 * A campaign gives discounts or vouchers: who pays for them, what they are worth, where, when, and to whom how often.
 *
 * Invariants: its terms never change once it exists; it gives nothing unless it is live and within its period; what it may
 * still give is the account `budget`, whose floor refuses more; a sponsor pays before anything is given of his money, so his
 * fund is `budget` + `budget_reserved`, always. What a wallet or a merchant gives is not on our books.
 */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import { isLegalMove } from '../base/moves.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';

/** Who pays for what a campaign gives. */
export type Funder =
  /** Its person pays it less, it owes us all. */
  | { readonly by: 'wallet'; readonly wallet: Id<'ptc'> }
  /** The shop gets less. */
  | { readonly by: 'merchant'; readonly acquirer: Id<'ptc'>; readonly merchantId: string }
  | { readonly by: 'hub' }
  | { readonly by: 'sponsor'; readonly name: string };

/** What is off an order in one currency, and from how much on. */
export interface DiscountTerms {
  /** The order must come to at least this. */
  readonly threshold: Money;
  readonly off:
    | { readonly kind: 'amount'; readonly amount: Money }
    /** Hundredths of a percent of the order, 1 to 10,000; never more than `cap`. */
    | { readonly kind: 'percent'; readonly bps: number; readonly cap: Money };
}

/** Vouchers of a programme: free ones reserve the budget of the campaign, sold ones are paid by who buys them. */
export type VoucherTerms = {
  /** What each is worth. */
  readonly face: Money;
  readonly validDays: number;
} & (
  | { readonly sale: 'free' }
  /** `policy`: which rule says what becomes of what is left of an expired one (policies.ts). */
  | { readonly sale: 'sold'; readonly policy: string }
);

export type Gives =
  | { readonly kind: 'discount'; readonly terms: readonly DiscountTerms[] }
  | { readonly kind: 'voucher'; readonly voucher: VoucherTerms };

/** Of each list, null is any. */
export interface ShopPlaces {
  /** ISO 3166-1 alpha-2, of the shop. */
  readonly countries: readonly string[] | null;
  readonly wallets: readonly Id<'ptc'>[] | null;
  readonly acquirers: readonly Id<'ptc'>[] | null;
  readonly shops: readonly { readonly acquirer: Id<'ptc'>; readonly merchantId: string }[] | null;
}

export interface OrderPlaces {
  readonly marketplaces: readonly Id<'mkt'>[] | null;
}

export interface Campaign extends StateRow {
  readonly id: Id<'cmp'>;
  readonly state: keyof typeof CAMPAIGN_MOVES;
  /** What the person who saves is told. */
  readonly name: string;
  readonly funder: Funder;
  readonly gives: Gives;
  /** Payments by home wallets in shops; null: not there. */
  readonly inShops: ShopPlaces | null;
  /** Orders of marketplaces; null: not there. */
  readonly onOrders: OrderPlaces | null;
  /** From the first instant to before the last; business time. */
  readonly from: Instant;
  readonly to: Instant;
  /** How often one person may have it; null: as often as he likes. */
  readonly perPerson: number | null;
  /** Goes together with others that are. */
  readonly stackable: boolean;
  /** The higher goes first. */
  readonly priority: number;
  /** What was ever set or prefunded, a sum for each currency. */
  readonly budgets: readonly Money[];
  readonly endJob: string | null;
  readonly createdAt: Instant;
  readonly endedAt: Instant | null;
}

export const CAMPAIGN_MOVES = {
  draft: ['live', 'ended'],
  live: ['paused', 'ended'],
  paused: ['live', 'ended'],
  ended: [],
} as const;

export const campaigns = stateTable<Campaign>('campaigns', 'cmp');

export const canMoveCampaign = ({ state }: Campaign, to: Campaign['state']): boolean =>
  isLegalMove(CAMPAIGN_MOVES, state, to);

/** Gives something now. */
export const isRunning = ({ state, from, to }: Campaign, now: Instant): boolean =>
  state === 'live' && from <= now && now < to;

/** What is spent of it is on our books: as our cost, or out of a fund. */
export const isOnOurBooks = ({ funder }: Campaign): boolean => funder.by === 'hub' || funder.by === 'sponsor';

/** The budgets with one more amount in them, one sum for each currency. */
export function withBudget(budgets: readonly Money[], more: Money): readonly Money[] {
  const others = budgets.filter(({ currency }) => currency !== more.currency);
  return [...others, { ...more, amount: more.amount + budgetIn(budgets, more.currency) }];
}

const budgetIn = (budgets: readonly Money[], currency: Currency): bigint =>
  budgets.find((each) => each.currency === currency)?.amount ?? 0n;

/** What went back to a sponsor, or is on its way: locked in `refund`, until the line of our bank is matched. */
export interface FundReturn extends StateRow {
  readonly id: Id<'ref'>;
  readonly state: keyof typeof FUND_RETURN_MOVES;
  readonly campaign: Id<'cmp'>;
  readonly amount: Money;
  readonly paidBy: Id<'ln'> | null;
  readonly createdAt: Instant;
}

export const FUND_RETURN_MOVES = { due: ['paid'], paid: [] } as const;

export const fundReturns = stateTable<FundReturn>('fund_returns', 'ref');
