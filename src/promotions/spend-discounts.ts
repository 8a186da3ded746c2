/**
 * What discounts of a payment through the hub do, as parts of the units of that payment:
 *
 *   price fixed    reservingPart   budget → reserved, a use of the person counted; the floor refuses what is not there
 *   paid           spendingPart    reserved → spent, and the funder pays the acquirer
 *   came to naught lettingGoPart   reserved → budget, the use given back
 *   canceled       cancelingPart   all of it back, with budget and use
 *   refunded       returningPart   its share back to who funded it; our own budget stays spent
 *
 * The floor must refuse a decision and never a fact: that a wallet has paid is a fact. So the budget is taken when the price is
 * fixed, and what is reserved can always be spent. A unit that the floor refused is decided again without discounts (`orWithout`).
 */
import type { Id } from '../base/ids.ts';
import { isPositive, type Money, sum, zero } from '../base/money.ts';
import type { Refusal, Result } from '../base/result.ts';
import { shareOf } from '../fx/index.ts';
import { merge, part, type UnitPart, unchanged } from '../journal/index.ts';
import { event, type NewEvent } from '../ledger/index.ts';
import { type Campaign, campaigns as campaignRows, type Funder } from './campaign.ts';
import type { Granted } from './discounts-for.ts';
import { countingUses, type Person } from './person-uses.ts';

/** A discount as a payment through the hub keeps it. */
export interface Discount {
  /** Null for one of the wallet's own that it told us of. */
  readonly campaign: Id<'cmp'> | null;
  readonly name: string;
  readonly fundedBy: Funder['by'];
  /** A use of the person was counted. */
  readonly counted?: boolean;
  /** Off what the person pays, in the wallet's currency. */
  readonly savings: Money;
  /** Off what the order comes to, in its currency. */
  readonly off: Money;
  /** What its funder pays to the acquirer for it, in the settlement currency; zero for wallet and merchant. */
  readonly funded: Money;
}

/** A discount as it was granted, with what it is in the other two currencies of the payment. */
export const discountOf = (
  { campaign, fundedBy, off }: Granted,
  { savings, funded }: Pick<Discount, 'savings' | 'funded'>,
): Discount => ({
  campaign: campaign.id,
  name: campaign.name,
  fundedBy,
  counted: campaign.perPerson !== null,
  ...{ savings, off, funded },
});

type Funded = Pick<Discount, 'campaign' | 'fundedBy' | 'funded' | 'counted'>;
type Ours = Funded & { readonly campaign: Id<'cmp'> };

interface Sides {
  readonly payment: Id<'hpy'>;
  readonly acquirer: Id<'ptc'>;
}

const ours = (discounts: readonly Funded[]): readonly Ours[] =>
  discounts.filter((each): each is Ours => each.campaign !== null && isPositive(each.funded));

const counted = (discounts: readonly Funded[]): readonly { readonly id: Id<'cmp'> }[] =>
  discounts.flatMap(({ campaign, counted: isCounted }) =>
    campaign !== null && isCounted === true ? [{ id: campaign }] : [],
  );

/** With the unit that fixes the price. Held to the campaigns as they were read: one that was paused meanwhile gives nothing. */
export function reservingPart(
  subject: string,
  discounts: readonly Funded[],
  { campaigns, person }: { readonly campaigns: readonly Campaign[]; readonly person: Person | null },
): UnitPart {
  const named = new Set(discounts.map(({ campaign }) => campaign));
  return merge(
    part({
      events: ours(discounts).map(({ campaign, funded }) =>
        event('discount.reserved', subject, { campaign, amount: funded }),
      ),
      guards: campaigns.filter(({ id }) => named.has(id)).map((campaign) => unchanged(campaignRows, campaign)),
    }),
    countingUses(person, counted(discounts), 1),
  );
}

/** With the word of the wallet that it is paid. */
export function spendingPart(discounts: readonly Funded[], { payment, acquirer }: Sides): UnitPart {
  const events = ours(discounts).flatMap((each) => [
    letGo(payment, each),
    event('hub.discount_funded', payment, {
      ...{ payment, acquirer, campaign: each.campaign },
      ...byFunder(each, each.funded),
      budgetSpent: each.funded,
    }),
  ]);
  return part({ events });
}

/** With the end of a payment that was never paid. `person` as read now; null where nobody was known. */
export const lettingGoPart = (subject: string, discounts: readonly Funded[], person: Person | null): UnitPart =>
  merge(
    part({ events: ours(discounts).map((each) => letGo(subject, each)) }),
    countingUses(person, counted(discounts), -1),
  );

/** With the cancel of a paid payment. */
export function cancelingPart(
  discounts: readonly Funded[],
  { payment, acquirer, person }: Sides & { readonly person: Person | null },
): UnitPart {
  const events = ours(discounts).map((each) =>
    event('hub.discount_returned', payment, {
      ...{ payment, acquirer, campaign: each.campaign },
      ...byFunder(each, each.funded),
      budgetSpent: each.funded,
    }),
  );
  return merge(part({ events }), countingUses(person, counted(discounts), -1));
}

/** What of a payment goes back, in the order's currency: `before` + `part` ≤ `whole`. */
export interface GoingBack {
  readonly whole: Money;
  readonly before: Money;
  readonly part: Money;
}

/** What each discount's funder gets back; over all refunds of the whole they come to what he paid. */
export const sharesOf = (discounts: readonly Funded[], back: GoingBack): readonly Funded[] =>
  discounts.map((each) => ({ ...each, funded: shareOf(each.funded, back) }));

/** With a refund. `shares`: by sharesOf. A use that was counted stays counted, and our own budget stays spent. */
export function returningPart(shares: readonly Funded[], { payment, acquirer }: Sides): UnitPart {
  const events = ours(shares).map((each) =>
    event('hub.discount_returned', payment, {
      ...{ payment, acquirer, campaign: each.campaign },
      ...byFunder(each, each.funded),
      budgetSpent: each.fundedBy === 'sponsor' ? each.funded : zero(each.funded.currency),
    }),
  );
  return part({ events });
}

/** What all discounts of one funder pay to the acquirer: `hubDiscount` and `sponsorDiscount` of a price or a refund. */
export const fundedIn = (discounts: readonly Funded[], by: 'hub' | 'sponsor', none: Money): Money =>
  sum(
    discounts.filter(({ fundedBy }) => fundedBy === by).map(({ funded }) => funded),
    none.currency,
  );

/**
 * Runs a decision with discounts; where a floor refuses its unit, once more without. A budget that somebody else has just used
 * up takes the discount away, never the payment.
 */
export async function orWithout<Value, R extends Refusal>(
  attempt: (withDiscounts: boolean) => Promise<Result<Value, R>>,
): Promise<Result<Value, R>> {
  const first = await attempt(true);
  return !first.ok && first.error.code === 'insufficient_balance' ? attempt(false) : first;
}

const letGo = (subject: string, { campaign, funded }: Ours): NewEvent =>
  event('discount.let_go', subject, { campaign, amount: funded });

const byFunder = ({ fundedBy }: Funded, amount: Money) => ({
  hubDiscount: fundedBy === 'hub' ? amount : zero(amount.currency),
  sponsorDiscount: fundedBy === 'sponsor' ? amount : zero(amount.currency),
});
