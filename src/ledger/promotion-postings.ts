/** What events of promotions move. Part of postings.ts; read from top to bottom. */
import type { Id } from '../base/ids.ts';
import { type AccountRef, account, move, type Transfer } from './account.ts';
import type { PromotionEventData } from './promotion-events.ts';

const suspenseIn = (id: Id<'bnk'>): AccountRef => account('suspense_in', id);
const suspenseOut = (id: Id<'bnk'>): AccountRef => account('suspense_out', id);
const receivable = (id: Id<'net'>): AccountRef => account('receivable', id);
const held = (id: Id<'ord'>): AccountRef => account('held', id);
const refund = (id: Id<'ref'>): AccountRef => account('refund', id);
const promotionCost = (): AccountRef => account('promotion_cost');
const promotionFund = (id: Id<'cmp'>): AccountRef => account('promotion_fund', id);
const voucher = (id: Id<'cmp'>): AccountRef => account('voucher', id);
const budget = (id: Id<'cmp'>): AccountRef => account('budget', id);
const budgetReserved = (id: Id<'cmp'>): AccountRef => account('budget_reserved', id);
const memoContra = (): AccountRef => account('memo_contra');

const nothing = (): readonly Transfer[] => [];

export const PROMOTION_POSTINGS = {
  'campaign.created': nothing,
  'campaign.moved': nothing,
  'campaign.use_counted': nothing,

  // What may still be spent stands on `budget`; a price that is fixed keeps its part of it on `budget_reserved`, so that
  // what is promised can be paid when the wallet or the card network says that the rest was.
  'budget.set': (e) => move(e.amount, { debit: budget(e.campaign), credit: memoContra() }),
  'budget.refilled': (e) => move(e.amount, { debit: budget(e.campaign), credit: memoContra() }),
  'budget.taken_back': (e) => move(e.amount, { debit: memoContra(), credit: budget(e.campaign) }),
  'discount.reserved': (e) => move(e.amount, { debit: budgetReserved(e.campaign), credit: budget(e.campaign) }),
  'discount.let_go': (e) => move(e.amount, { debit: budget(e.campaign), credit: budgetReserved(e.campaign) }),

  // A sponsor pays first. What is left at the end goes back to him over our bank: locked, then matched by its line.
  'campaign.prefunded': (e) => move(e.amount, { debit: suspenseIn(e.bank), credit: promotionFund(e.campaign) }),
  'campaign.rest_returned': (e) => move(e.amount, { debit: promotionFund(e.campaign), credit: refund(e.refund) }),
  'refund.matched': (e) => move(e.amount, { debit: refund(e.refund), credit: suspenseOut(e.bank) }),

  'order.discount_applied': nothing,
  'order.discount_dropped': nothing,
  // The seller is held the whole price; who gives the discount pays the part that the buyer does not.
  'order.discount_funded': (e) => [
    ...move(e.byPlatform, { debit: promotionCost(), credit: held(e.order) }),
    ...move(e.bySponsor, { debit: promotionFund(e.campaign), credit: held(e.order) }),
    ...move(e.budgetSpent, { debit: memoContra(), credit: budget(e.campaign) }),
  ],
  'order.discount_returned': (e) => [
    ...move(e.byPlatform, { debit: held(e.order), credit: promotionCost() }),
    ...move(e.bySponsor, { debit: held(e.order), credit: promotionFund(e.campaign) }),
  ],

  // A free voucher is a promise, not a debt: memo only, until it pays.
  'voucher.issued_free': (e) => move(e.amount, { debit: budgetReserved(e.campaign), credit: budget(e.campaign) }),
  'voucher.redeemed_free': (e) => [
    ...move(e.discount, { debit: promotionCost(), credit: held(e.order) }),
    ...move(e.reserved, { debit: memoContra(), credit: budgetReserved(e.campaign) }),
    ...move(e.unspent, { debit: budget(e.campaign), credit: budgetReserved(e.campaign) }),
  ],
  'voucher.lapsed_free': (e) => move(e.amount, { debit: budget(e.campaign), credit: budgetReserved(e.campaign) }),
  // A sold voucher is the buyer's money until it pays or expires.
  'voucher.sold': (e) => move(e.amount, { debit: receivable(e.network), credit: voucher(e.programme) }),
  'voucher.issued': nothing,
  'voucher.assigned': nothing,
  'voucher.applied': nothing,
  'voucher.freed': nothing,
  'voucher.redeemed': (e) => move(e.amount, { debit: voucher(e.programme), credit: held(e.order) }),
  'voucher.restored': (e) => move(e.amount, { debit: held(e.order), credit: voucher(e.programme) }),
  'voucher.expired': (e) => [
    ...move(e.kept, { debit: voucher(e.programme), credit: account('breakage_income') }),
    ...move(e.escheated, { debit: voucher(e.programme), credit: account('unclaimed', e.authority) }),
  ],
} satisfies { [Type in keyof PromotionEventData]: (e: PromotionEventData[Type]) => readonly Transfer[] };
