/**
 * Which discounts a payment gets. The campaigns that apply are put in order, the higher priority first and then the older; the
 * first of them that stands alone goes alone, otherwise all that stack go together, each on the whole order. Off is never so
 * much that nothing is left to pay: a payment of nothing is none. The same facts give the same discounts, in the same order.
 */
import { unreachable } from '../base/assert.ts';
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { compare, isPositive, type Money, min, money, subtract } from '../base/money.ts';
import { type Campaign, type DiscountTerms, type Funder, isRunning, type ShopPlaces } from './campaign.ts';
import { downToStep, percentOf, stepOf } from './smallest-step.ts';

/** What a payment is known by. */
export interface DiscountFacts {
  /** What the order comes to, in its currency. */
  readonly amount: Money;
  readonly place:
    | {
        readonly kind: 'shop';
        readonly country: string;
        readonly wallet: Id<'ptc'>;
        readonly acquirer: Id<'ptc'>;
        /** The acquirer's name of the shop. */
        readonly merchantId: string;
      }
    | { readonly kind: 'order'; readonly marketplace: Id<'mkt'> };
  /** How often the person had each campaign; null when it is not known who pays: then no limited campaign applies. */
  readonly uses: ReadonlyMap<Id<'cmp'>, number> | null;
  /** What must be left to pay at least; a step of the currency where nothing is said. */
  readonly least?: Money;
  /** Whether the campaign's budget has that much left, as far as is known; the floor of the account has the last word. */
  readonly covers?: (campaign: Campaign, off: Money) => boolean;
}

/** A discount in the order's currency; the hub's pricing says what it is in those of wallet and settlement. */
export interface Granted {
  readonly campaign: Campaign;
  readonly fundedBy: Funder['by'];
  /** Off what the order comes to, in its currency; above zero. */
  readonly off: Money;
}

export function discountsFor(facts: DiscountFacts, campaigns: readonly Campaign[], now: Instant): readonly Granted[] {
  const candidates = campaigns
    .filter((campaign) => isRunning(campaign, now) && appliesTo(campaign, facts))
    .flatMap((campaign) => {
      const terms = termsFor(campaign, facts.amount);
      if (terms === null) return [];
      const off = offOf(terms, facts.amount);
      return facts.covers?.(campaign, off) === false ? [] : [{ campaign, off }];
    })
    .sort((left, right) => byRank(left.campaign, right.campaign));
  const chosen = candidates[0]?.campaign.stackable === false ? candidates.slice(0, 1) : candidates.filter(isStackable);
  let room = downToStep(subtract(facts.amount, leastOf(facts)));
  const granted: Granted[] = [];
  for (const { campaign, off: most } of chosen) {
    const off = min(most, room);
    if (!isPositive(off)) continue;
    granted.push({ campaign, fundedBy: campaign.funder.by, off });
    room = subtract(room, off);
  }
  return granted;
}

const isStackable = ({ campaign }: { readonly campaign: Campaign }): boolean => campaign.stackable;

/** Ids are in order of time. */
const byRank = (left: Campaign, right: Campaign): number =>
  right.priority - left.priority || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);

const leastOf = ({ amount, least }: DiscountFacts): Money => least ?? money(stepOf(amount.currency), amount.currency);

function appliesTo(campaign: Campaign, { place, uses }: DiscountFacts): boolean {
  if (campaign.perPerson !== null && (uses === null || (uses.get(campaign.id) ?? 0) >= campaign.perPerson))
    return false;
  return place.kind === 'shop' ? inShop(campaign, place) : onOrder(campaign, place.marketplace);
}

type Shop = Extract<DiscountFacts['place'], { readonly kind: 'shop' }>;

const isAmong = <Item>(places: readonly Item[] | null, place: Item): boolean =>
  places === null || places.includes(place);

function inShop({ inShops, funder }: Campaign, shop: Shop): boolean {
  if (inShops === null || !paysThere(funder, shop)) return false;
  return (
    isAmong(inShops.countries, shop.country) &&
    isAmong(inShops.wallets, shop.wallet) &&
    isAmong(inShops.acquirers, shop.acquirer) &&
    isNamed(inShops.shops, shop)
  );
}

const isNamed = (shops: ShopPlaces['shops'], shop: Shop): boolean =>
  shops === null || shops.some((each) => each.acquirer === shop.acquirer && each.merchantId === shop.merchantId);

/** A wallet pays for its own people, a merchant for his own shop. */
function paysThere(funder: Funder, shop: Shop): boolean {
  switch (funder.by) {
    case 'wallet':
      return funder.wallet === shop.wallet;
    case 'merchant':
      return funder.acquirer === shop.acquirer && funder.merchantId === shop.merchantId;
    case 'hub':
    case 'sponsor':
      return true;
    default:
      return unreachable(funder);
  }
}

const onOrder = ({ onOrders }: Campaign, marketplace: Id<'mkt'>): boolean =>
  onOrders !== null && isAmong(onOrders.marketplaces, marketplace);

/** The terms for the order's currency, when the order comes to enough. */
function termsFor({ gives }: Campaign, amount: Money): DiscountTerms | null {
  if (gives.kind !== 'discount') return null;
  const terms = gives.terms.find(({ threshold }) => threshold.currency === amount.currency);
  return terms === undefined || compare(amount, terms.threshold) < 0 ? null : terms;
}

/** In whole steps of the currency: amount and cap are by the campaign's terms, a percentage is rounded half to even. */
const offOf = ({ off }: DiscountTerms, amount: Money): Money =>
  off.kind === 'amount' ? off.amount : min(percentOf(amount, off.bps), off.cap);
