/**
 * Creating marketplaces, keys, sellers and buyers. Fixed order of checks; the first refusal wins. A seller's bank account
 * must be reachable by a rail that exists: today ACH credits to US accounts, so a supplier elsewhere gives a US collection
 * account in its own name; another country is refused with `no_rail`.
 */
import type { Clock, Instant } from '../base/clock.ts';
import { isCountry } from '../base/country.ts';
import { type Id, newId } from '../base/ids.ts';
import { randomSecret } from '../base/random.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import type { BankRail, UsBankAccount } from '../connectors/ports/bank-rail.ts';
import { type FeePlanInput, makeFeePlan } from '../fees/index.ts';
import {
  type CommandKey,
  insert,
  type Journal,
  type JournalRefusal,
  type Outcome,
  part,
  type UnitPart,
  update,
} from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { CardRoute } from './card-routes.ts';
import { type CardRules, DEFAULT_CARD_RULES } from './card-rules.ts';
import {
  type ApiKey,
  apiKeys,
  type Buyer,
  buyers,
  type Marketplace,
  marketplaces,
  type Scope,
  type Seller,
  sellers,
} from './rows.ts';
import { findMarketplace, findSeller, listNetworkAccounts, secretHash } from './store.ts';

export interface PartyDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly rail: Pick<BankRail, 'validateAccount'>;
}

export type PartyRefusal = Refusal<
  | 'not_found'
  | 'no_rail'
  | 'invalid_fee_plan'
  | 'invalid_routing_number'
  | 'invalid_account_number'
  | 'invalid_holder_name'
  | 'unknown_scope'
  | 'invalid_country'
  | 'unknown_account'
>;

export type Done<Value> = Promise<Result<Outcome<Value>, PartyRefusal | JournalRefusal>>;

export interface CreateMarketplace {
  readonly name: string;
  readonly feePlan: FeePlanInput;
  readonly payoutSchedule: 'daily' | 'manual';
  /** What is not said is as in DEFAULT_CARD_RULES. */
  readonly cardRules?: Partial<CardRules>;
  /** None: every account of the operator, in its order. */
  readonly cardRoutes?: readonly CardRoute[];
}

export interface NewKey {
  readonly key: ApiKey;
  /** Shown once; a repeat of the command does not have it. */
  readonly secret?: string;
}

/** A marketplace with its first key, which may do everything but the operator's work. */
export function createMarketplace(
  deps: PartyDeps,
  command: CommandKey | undefined,
  input: CreateMarketplace,
): Done<{ marketplace: Marketplace; apiKey: Required<NewKey> }> {
  return deps.journal.run(command, async () => {
    const plan = makeFeePlan(input.feePlan, { version: 1, at: '/feePlan' });
    if (!plan.ok) return plan;
    const { cardRoutes = [] } = input;
    const known = await checkRoutes(deps, cardRoutes);
    if (!known.ok) return known;
    const at = deps.clock.now();
    const marketplace: Marketplace = {
      id: newId('mkt'),
      version: 0,
      state: 'active',
      ...input,
      feePlan: plan.value,
      cardRules: { ...DEFAULT_CARD_RULES, ...input.cardRules },
      cardRoutes,
      createdAt: at,
    };
    const apiKey = makeKey(deps.clock, {
      name: 'first key',
      marketplace: marketplace.id,
      scopes: ['orders', 'payments', 'payouts', 'parties', 'reports'],
    });
    const unit = {
      at,
      ...part({
        events: [
          event('marketplace.created', marketplace.id, { name: input.name }),
          event('api_key.created', apiKey.key.id, { marketplace: marketplace.id, scopes: apiKey.key.scopes }),
        ],
        writes: [insert(marketplaces, marketplace), insert(apiKeys, apiKey.key)],
      }),
      answer: { marketplace },
    };
    return ok({ unit, value: { marketplace, apiKey } });
  });
}

export interface ChangeMarketplace {
  readonly marketplace: Id<'mkt'>;
  readonly cardRules?: Partial<CardRules>;
  readonly cardRoutes?: readonly CardRoute[];
}

/** Rules and routes of payments that begin from now on; what has begun keeps those it began with. */
export function changeMarketplace(
  deps: PartyDeps,
  command: CommandKey | undefined,
  { marketplace: id, cardRules, cardRoutes }: ChangeMarketplace,
): Done<Marketplace> {
  return deps.journal.run(command, async () => {
    const marketplace = await findMarketplace(deps.journal.db, id);
    if (marketplace === null) return notFound('marketplace');
    const known = await checkRoutes(deps, cardRoutes ?? []);
    if (!known.ok) return known;
    const changes = {
      cardRules: { ...marketplace.cardRules, ...cardRules },
      cardRoutes: cardRoutes ?? marketplace.cardRoutes,
    };
    const changed = event('marketplace.changed', id, changes);
    const unit = {
      at: deps.clock.now(),
      ...part({ events: [changed], writes: [update(marketplaces, marketplace, changes)] }),
    };
    return ok({ unit, value: { ...marketplace, ...changes, version: marketplace.version + 1 } });
  });
}

async function checkRoutes({ journal }: PartyDeps, routes: readonly CardRoute[]): Promise<Result<null, PartyRefusal>> {
  if (routes.length === 0) return ok(null);
  const known = new Set((await listNetworkAccounts(journal.db)).map(({ id }) => id));
  const unknown = routes.findIndex(({ account }) => !known.has(account));
  return unknown < 0
    ? ok(null)
    : refuse('unknown_account', 'no network account of the operator', { pointer: `/cardRoutes/${unknown}/account` });
}

/** A further key of a marketplace, or an operator's key when `marketplace` is null. */
export function createApiKey(
  deps: PartyDeps,
  command: CommandKey | undefined,
  input: { name: string; marketplace: Id<'mkt'> | null; scopes: readonly Scope[] },
): Done<NewKey> {
  return deps.journal.run(command, async () => {
    if (input.marketplace !== null && (await findMarketplace(deps.journal.db, input.marketplace)) === null)
      return notFound('marketplace');
    if (input.marketplace !== null && input.scopes.includes('operator')) {
      return refuse('unknown_scope', 'a marketplace key cannot hold the scope operator', { pointer: '/scopes' });
    }
    const apiKey = makeKey(deps.clock, input);
    const unit = {
      at: deps.clock.now(),
      ...part({
        events: [event('api_key.created', apiKey.key.id, { marketplace: input.marketplace, scopes: input.scopes })],
        writes: [insert(apiKeys, apiKey.key)],
      }),
      answer: { key: apiKey.key },
    };
    return ok({ unit, value: apiKey });
  });
}

/** The operator's first key of an installation, with a secret made by the caller; a repeat changes nothing. */
export function ensureOperatorKey(deps: PartyDeps, command: CommandKey, secret: string): Done<ApiKey> {
  return deps.journal.run(command, async () => {
    const key: ApiKey = {
      id: newId('key'),
      version: 0,
      state: 'active',
      name: 'operator',
      secretHash: secretHash(secret),
      marketplace: null,
      scopes: ['operator', 'reports', 'orders', 'payments', 'payouts', 'parties'],
      createdAt: deps.clock.now(),
    };
    const created = event('api_key.created', key.id, { marketplace: null, scopes: key.scopes });
    return ok({
      unit: { at: key.createdAt, ...part({ events: [created], writes: [insert(apiKeys, key)] }) },
      value: key,
    });
  });
}

export interface CreateSeller {
  readonly marketplace: Id<'mkt'>;
  readonly name: string;
  readonly country: string;
  readonly email: string;
  readonly categoryCode: string;
  readonly bankAccount: BankAccountInput;
}

/** As a client gives it: the country decides which rail must check the rest. */
export type BankAccountInput = Omit<UsBankAccount, 'country'> & { readonly country: string };

export function createSeller(deps: PartyDeps, command: CommandKey | undefined, input: CreateSeller): Done<Seller> {
  return deps.journal.run(command, async () => {
    const at = deps.clock.now();
    const creating = await creatingSeller(deps, input, at);
    if (!creating.ok) return creating;
    const { seller, part: created } = creating.value;
    return ok({ unit: { at, ...created, answer: { seller } }, value: seller });
  });
}

export interface CreatingSeller {
  readonly seller: Seller;
  readonly part: UnitPart;
}

/** The part that creates a seller, for units that do more than that. */
export async function creatingSeller(
  deps: PartyDeps,
  input: CreateSeller,
  at: Instant,
): Promise<Result<CreatingSeller, PartyRefusal>> {
  if ((await findMarketplace(deps.journal.db, input.marketplace)) === null) return notFound('marketplace');
  const country = checkCountry(input.country);
  if (!country.ok) return country;
  const account = checkAccount(deps, input.bankAccount, '/bankAccount');
  if (!account.ok) return account;
  const seller: Seller = {
    id: newId('sel'),
    version: 0,
    state: 'active',
    ...input,
    bankAccount: account.value,
    payoutsBlocked: null,
    createdAt: at,
  };
  const created = event('seller.created', seller.id, { marketplace: input.marketplace, country: input.country });
  return ok({ seller, part: part({ events: [created], writes: [insert(sellers, seller)] }) });
}

/** A corrected account ends the block that a returned payout set. */
export function changeBankAccount(
  deps: PartyDeps,
  command: CommandKey | undefined,
  input: { marketplace: Id<'mkt'>; seller: Id<'sel'>; bankAccount: BankAccountInput },
): Done<Seller> {
  return deps.journal.run(command, async () => {
    const before = await findSeller(deps.journal.db, input.seller);
    if (before === null || before.marketplace !== input.marketplace) return notFound('seller');
    const account = checkAccount(deps, input.bankAccount, '');
    if (!account.ok) return account;
    const after: Seller = { ...before, version: before.version + 1, bankAccount: account.value, payoutsBlocked: null };
    const changed = event('seller.bank_account_changed', before.id, {
      last4: account.value.accountNumber.slice(-4),
      unblocked: before.payoutsBlocked !== null,
    });
    const unit = {
      at: deps.clock.now(),
      ...part({
        events: [changed],
        writes: [update(sellers, before, { bankAccount: account.value, payoutsBlocked: null })],
      }),
      answer: { seller: after },
    };
    return ok({ unit, value: after });
  });
}

export function createBuyer(
  deps: PartyDeps,
  command: CommandKey | undefined,
  input: { marketplace: Id<'mkt'>; name: string; country: string; email: string },
): Done<Buyer> {
  return deps.journal.run(command, async () => {
    if ((await findMarketplace(deps.journal.db, input.marketplace)) === null) return notFound('marketplace');
    const country = checkCountry(input.country);
    if (!country.ok) return country;
    const at = deps.clock.now();
    const buyer: Buyer = { id: newId('buy'), version: 0, state: 'active', ...input, createdAt: at };
    const created = event('buyer.created', buyer.id, { marketplace: input.marketplace, country: input.country });
    return ok({
      unit: { at, ...part({ events: [created], writes: [insert(buyers, buyer)] }), answer: { buyer } },
      value: buyer,
    });
  });
}

/** Whether a rail pays out to it. `at`: where the account stands in the request, as a JSON Pointer. */
export function checkAccount(
  deps: Pick<PartyDeps, 'rail'>,
  input: BankAccountInput,
  at: string,
): Result<UsBankAccount, PartyRefusal> {
  if (input.country !== 'US') {
    return refuse(
      'no_rail',
      `no rail pays out to ${input.country} yet; give a US collection account in the seller's name`,
      {
        pointer: `${at}/country`,
        facts: { country: input.country, rails: ['US'] },
      },
    );
  }
  const checked = deps.rail.validateAccount({ ...input, country: 'US' });
  if (checked.ok) return checked;
  const { pointer } = checked.error;
  return {
    ok: false,
    error: { ...(checked.error as PartyRefusal), ...(pointer === undefined ? {} : { pointer: `${at}${pointer}` }) },
  };
}

function makeKey(
  clock: Clock,
  input: { name: string; marketplace: Id<'mkt'> | null; scopes: readonly Scope[] },
): Required<NewKey> {
  const secret = `sk_${randomSecret(24)}`;
  const key: ApiKey = {
    id: newId('key'),
    version: 0,
    state: 'active',
    ...input,
    secretHash: secretHash(secret),
    createdAt: clock.now(),
  };
  return { key, secret };
}

const checkCountry = (country: string): Result<string, PartyRefusal> =>
  isCountry(country)
    ? ok(country)
    : refuse('invalid_country', 'must be an ISO 3166-1 alpha-2 code', { pointer: '/country' });

const notFound = (what: string): { readonly ok: false; readonly error: PartyRefusal } =>
  refuse('not_found', `no such ${what}`);
