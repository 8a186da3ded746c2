/**
 * Discounts of campaigns on payments through the hub: the campaigns say what is off the order, in its currency; here it is put
 * into the wallet's, for the person, and into the settlement's, for whoever funds it, both at mid. A discount that has no rate, or
 * that its budget or fund does not cover any more, is not given.
 */
import type { Currency } from '../base/currency.ts';
import { compare, isPositive, type Money, zero } from '../base/money.ts';
import type { Queryable } from '../db/pool.ts';
import { payableAtMid, type RateTable } from '../fx/index.ts';
import { EMPTY_PART } from '../journal/index.ts';
import {
  type Campaign,
  cancelingPart,
  type Discount,
  discountOf,
  discountsFor,
  type Granted,
  leftOf,
  lettingGoPart,
  type Person,
  readPerson,
  reservingPart,
  returningPart,
  runningDiscounts,
  spendingPart,
  usesOf,
  walletPerson,
} from '../promotions/index.ts';
import type { Discounts, Sale } from './deps.ts';
import type { HubPayment } from './hub-payment.ts';

export const campaignDiscounts = (db: Queryable): Discounts => ({
  granting: (sale) => granting(db, sale),
  spending: async (payment) => spendingPart(payment.discounts, sidesOf(payment)),
  lettingGo: async (payment) => lettingGoPart(payment.id, payment.discounts, await personOf(db, payment)),
  canceling: async (payment) =>
    cancelingPart(payment.discounts, { ...sidesOf(payment), person: await personOf(db, payment) }),
  returning: async (payment, shares) => returningPart(shares, sidesOf(payment)),
});

const sidesOf = ({ id, acquirer }: HubPayment) => ({ payment: id, acquirer });

/** Who had the discounts; nobody's uses are counted where none are limited, or nobody was known. */
async function personOf(
  db: Queryable,
  { wallet, customerId, discounts }: Pick<HubPayment, 'wallet' | 'customerId' | 'discounts'>,
): Promise<Person | null> {
  const limited = discounts.some(({ counted }) => counted === true);
  return wallet === null || customerId === null || !limited ? null : readPerson(db, walletPerson(wallet, customerId));
}

async function granting(db: Queryable, sale: Sale): ReturnType<Discounts['granting']> {
  const { payment, wallet, customerId, rates, at } = sale;
  const campaigns = await runningDiscounts(db, 'inShops', at);
  if (campaigns.length === 0) return { discounts: [], part: EMPTY_PART };
  const { amount, acquirer, shop, settlementCurrency } = payment;
  const ours = campaigns.filter(isOurs).map(({ id }) => id);
  const [left, person] = await Promise.all([
    leftOf(db, ours, settlementCurrency),
    customerId === null ? null : readPerson(db, walletPerson(wallet.id, customerId)),
  ]);
  const shown = (off: Money): Money | null => inCurrency(rates, off, wallet.wallet?.currency ?? off.currency);
  const funded = (off: Money): Money | null => inCurrency(rates, off, settlementCurrency);
  const covers = (campaign: Campaign, off: Money): boolean => {
    const [saved, cost] = [shown(off), funded(off)];
    if (saved === null || cost === null || !isPositive(saved)) return false;
    const rest = left.get(campaign.id);
    return !isOurs(campaign) || (rest !== undefined && isPositive(cost) && compare(cost, rest) <= 0);
  };
  const place = { country: shop.country, wallet: wallet.id, acquirer, merchantId: shop.merchantId };
  const facts = { amount, place: { kind: 'shop' as const, ...place }, uses: person && usesOf(person), covers };
  const discounts = discountsFor(facts, campaigns, at).flatMap((granted) =>
    keptAs(granted, { savings: shown(granted.off), cost: funded(granted.off), none: zero(settlementCurrency) }),
  );
  return { discounts, part: reservingPart(payment.id, discounts, { campaigns, person }) };
}

/** Funded by us or through us: the acquirer gets it all the same. */
const isOurs = ({ funder }: Pick<Campaign, 'funder'>): boolean => funder.by === 'hub' || funder.by === 'sponsor';

function keptAs(
  granted: Granted,
  { savings, cost, none }: { readonly savings: Money | null; readonly cost: Money | null; readonly none: Money },
): readonly Discount[] {
  if (savings === null || cost === null || !isPositive(savings)) return [];
  return [discountOf(granted, { savings, funded: isOurs(granted.campaign) ? cost : none })];
}

const inCurrency = (rates: RateTable | null, amount: Money, to: Currency): Money | null =>
  amount.currency === to ? amount : rates === null ? null : payableAtMid(rates, amount, to);
