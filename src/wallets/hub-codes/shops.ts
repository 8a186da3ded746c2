/**
 * Shops, as their acquirers register them. A registration said again changes nothing; one with other facts changes the shop. A
 * shop that pays without being registered is registered by that, from what the payment says: without a city, so nothing can be
 * printed for it until its acquirer has registered it.
 *
 * Invariant: `referenceMerchantId` names one shop of an acquirer for ever.
 */
import type { Instant } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { ShopFacts } from '../../connectors/ports/wallet.ts';
import type { Queryable } from '../../db/pool.ts';
import { absent, type Decision, EMPTY_PART, insert, part, type UnitPart, update } from '../../journal/index.ts';
import { event } from '../../ledger/index.ts';
import type { Participant } from '../../parties/index.ts';
import { type Shop, shops } from '../hub-payment.ts';
import { type CodeDeps, committedOr, NOTHING_NEW, type NothingNew } from './deps.ts';
import type { IssueRefusal } from './errors.ts';
import { findShop, shopKey } from './store.ts';

/** What a registration says. */
export type ShopRegistration = Pick<Shop, 'merchantId' | 'name' | 'localName' | 'country' | 'categoryCode' | 'city'>;

/** Refused where the acquirer has no shops: a code there would be routed to someone who cannot pay out. */
export async function registerShop(
  { journal, clock }: CodeDeps,
  { acquirer, registration }: { readonly acquirer: Participant; readonly registration: ShopRegistration },
): Promise<Result<Shop, IssueRefusal>> {
  const { countries = [] } = acquirer.acquirer ?? {};
  if (!countries.includes(registration.country))
    return refuse('country_not_served', `${acquirer.name} has no shops in ${registration.country}`);
  const { db } = journal;
  const known = await findShop(db, acquirer.id, registration.merchantId);
  if (known !== null && differing(known, registration).length === 0) return ok(known);
  const done = await journal.run(undefined, async (): Promise<Result<Decision<Shop>, IssueRefusal | NothingNew>> => {
    const before = await findShop(db, acquirer.id, registration.merchantId);
    if (before !== null && differing(before, registration).length === 0) return NOTHING_NEW;
    const at = clock.now();
    const registered = before === null ? newShop(acquirer, registration, at) : changedShop(before, registration);
    return ok({ unit: { at, ...registered.part }, value: registered.shop });
  });
  return committedOr(done, async () => (await findShop(db, acquirer.id, registration.merchantId)) as Shop);
}

export interface RegisteredShop {
  readonly shop: Shop;
  /** Empty when nothing is new. */
  readonly part: UnitPart;
}

/** The shop of a payment: as it is registered, or registered by the unit that opens the payment. */
export async function ensureShop(
  db: Queryable,
  { acquirer, facts }: { readonly acquirer: Participant; readonly facts: ShopFacts },
  at: Instant,
): Promise<RegisteredShop> {
  const known = await findShop(db, acquirer.id, facts.merchantId);
  if (known !== null) return { shop: known, part: EMPTY_PART };
  const { merchantId, name, latinName, country, categoryCode } = facts;
  const names = latinName === undefined ? { name, localName: null } : { name: latinName, localName: name };
  return newShop(acquirer, { merchantId, ...names, country, categoryCode, city: null }, at);
}

function newShop(acquirer: Participant, registration: ShopRegistration, at: Instant): RegisteredShop {
  const { merchantId } = registration;
  const shop: Shop = {
    id: newId('shp'),
    version: 1,
    state: 'active',
    acquirer: acquirer.id,
    ...registration,
    createdAt: at,
  };
  const registered = event('shop.registered', shop.id, { acquirer: acquirer.id, merchantId });
  const guards = [absent(shops, 'shop_key', shopKey(acquirer.id, merchantId))];
  return { shop, part: part({ events: [registered], writes: [insert(shops, shop)], guards }) };
}

function changedShop(known: Shop, registration: ShopRegistration): RegisteredShop {
  const what = differing(known, registration);
  const changed = part({
    events: [event('shop.changed', known.id, { what })],
    writes: [update(shops, known, registration)],
  });
  return { shop: { ...known, ...registration, version: known.version + 1 }, part: changed };
}

const FACTS = ['name', 'localName', 'country', 'categoryCode', 'city'] as const;

const differing = (known: Shop, registration: ShopRegistration): readonly string[] =>
  FACTS.filter((fact) => known[fact] !== registration[fact]);
