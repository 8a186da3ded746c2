/** Events of promotions: campaigns with their budgets and funds, discounts on orders, vouchers. Part of events.ts. */
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';

type Campaign = Id<'cmp'>;
type Voucher = Id<'vch'>;
type Order = Id<'ord'>;

export interface PromotionEventData {
  'campaign.created': { name: string; fundedBy: string; gives: string };
  'campaign.moved': { state: string; by: string };
  /** A person's uses are counted where the campaign limits them. */
  'campaign.use_counted': { campaign: Campaign; person: string; uses: number };

  // What may be spent: a memo, so that its floor refuses the decision that would overspend.
  'budget.set': { campaign: Campaign; amount: Money };
  /** A sponsor's money that came back to the fund: what went back by a refund may be spent again. */
  'budget.refilled': { campaign: Campaign; amount: Money };
  /** The rest of a fund that goes back to its sponsor is not to be spent any more. */
  'budget.taken_back': { campaign: Campaign; amount: Money };
  /** Kept for a discount whose price is fixed and whose payment is not paid yet. */
  'discount.reserved': { campaign: Campaign; amount: Money };
  /** Not kept any more: it is spent in the same unit, or the payment came to nothing. */
  'discount.let_go': { campaign: Campaign; amount: Money };

  // A sponsor's fund: by his bank's line in, by ours back.
  'campaign.prefunded': { campaign: Campaign; bank: Id<'bnk'>; amount: Money };
  'campaign.rest_returned': { campaign: Campaign; refund: Id<'ref'>; amount: Money };
  'refund.matched': { refund: Id<'ref'>; bank: Id<'bnk'>; amount: Money };

  'order.discount_applied': { campaign: Campaign; voucher?: Voucher; off: Money };
  'order.discount_dropped': { campaign: Campaign; voucher?: Voucher; off: Money };
  // With the first capture of the order; one event for each campaign. `budgetSpent` = `byPlatform` + `bySponsor`.
  'order.discount_funded': {
    order: Order;
    campaign: Campaign;
    byPlatform: Money;
    bySponsor: Money;
    budgetSpent: Money;
  };
  /** Its share of what goes back to the buyer goes back to who funded it. */
  'order.discount_returned': { order: Order; campaign: Campaign; byPlatform: Money; bySponsor: Money };

  'voucher.issued_free': { campaign: Campaign; amount: Money };
  /** Captured for vouchers. */
  'voucher.sold': { programme: Campaign; network: Id<'net'>; amount: Money };
  'voucher.issued': { programme: Campaign; amount: Money };
  'voucher.assigned': { to: string };
  'voucher.applied': { order: Order; amount: Money };
  'voucher.freed': { order: Order };
  /** `reserved` = `discount`; `reserved` + `unspent` = the face. */
  'voucher.redeemed_free': { order: Order; campaign: Campaign; discount: Money; reserved: Money; unspent: Money };
  'voucher.redeemed': { order: Order; programme: Campaign; amount: Money };
  /** What a refund gave back of a sold voucher's payment: the buyer's own money, again on the voucher. */
  'voucher.restored': { order: Order; programme: Campaign; amount: Money };
  'voucher.lapsed_free': { campaign: Campaign; amount: Money };
  /** `kept` + `escheated` = what was left of it; the law of the place decides. */
  'voucher.expired': { programme: Campaign; kept: Money; escheated: Money; authority: string };
}
