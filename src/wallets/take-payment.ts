/**
 * A payment that an acquirer asks for: who pays is in a code that the wallet showed, in an agreement, named by the shop, or
 * whoever scans the code that is answered. One unit opens it, fixes its price where the wallet is known, and keeps the job that
 * goes on with it; then the wallet is asked. Refused before that unit, the request id stays free.
 *
 * Checks, the first wins: known request, acquirer, settlement currency, expiry, the code; then those of the wallet
 * (route-payment.ts); then the wallet's own word.
 */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import type { WalletPayer } from '../connectors/ports/wallet.ts';
import { currentRates, quotePolicyOf, type RateRefusal, type RateTable } from '../fx/index.ts';
import { commandKey, type Decision, EMPTY_PART, merge, type UnitPart } from '../journal/index.ts';
import {
  type AcquirerRole,
  findParticipant,
  findWalletByBrand,
  listWallets,
  type Participant,
  type WalletParticipant,
} from '../parties/index.ts';
import { orWithout } from '../promotions/index.ts';
import { askWallet } from './ask-wallet.ts';
import type { HubDeps } from './deps.ts';
import type { HubRefusal } from './errors.ts';
import { ensureShop, findCode, issueOrderCode, resolvePaymentCode, usingCode } from './hub-codes/index.ts';
import type { HubCode, HubPayment } from './hub-payment.ts';
import { type Opening, offeredPayment, openedPayment, opening } from './open-payment.ts';
import { type RouteWish, routePayment } from './route-payment.ts';
import { findHubPayment } from './store.ts';

/** How the payer is known. */
export type Payer =
  | { readonly scenario: 'payment_code'; readonly code: string }
  /** Whoever scans the code that is answered. */
  | { readonly scenario: 'order_code' }
  /** Whose wallet has opened the shop's page: it says so in its user agent. */
  | { readonly scenario: 'entry_code'; readonly userAgent: string }
  | { readonly scenario: 'cashier'; readonly brandCode: string }
  | { readonly scenario: 'agreement'; readonly brandCode: string; readonly accessToken: string };

export interface TakePayment extends Omit<Opening, 'acquirer' | 'scenario' | 'settlementCurrency'> {
  readonly acquirer: Participant;
  readonly payer: Payer;
  /** The acquirer's first one when it does not say. */
  readonly settlementCurrency: Currency | null;
  /** What a repeat must not change, as documented. */
  readonly keyFields: Readonly<Record<string, unknown>>;
}

/** The payment as it stands once the wallet has answered, or has not; a repeat finds what it has become. */
export async function takePayment(deps: HubDeps, input: TakePayment): Promise<Result<HubPayment, HubRefusal>> {
  const name = { acquirer: input.acquirer.id, requestId: input.requestId };
  const { db } = deps.journal;
  const known = await findHubPayment(db, name);
  const rates = known === null ? await ratesNow(deps) : null;
  const command = commandKey(name.acquirer, `pay ${name.requestId}`, 'hub_pay', input.keyFields);
  const opened = await orWithout((withDiscounts) =>
    deps.journal.run(command, async () =>
      rates === null || (await findHubPayment(db, name)) !== null
        ? TAKEN
        : decide(deps, input, { rates, withDiscounts }),
    ),
  );
  if (!opened.ok) return opened;
  const payment = (await findHubPayment(db, name)) as HubPayment;
  const payer = await payerOf(deps, input.payer, payment);
  return opened.value.kind === 'committed' && payer !== null ? askWallet(deps, payment, payer) : ok(payment);
}

/** A repeat is answered from under its key; without one, somebody else's payment has this id. */
const TAKEN = refuse('request_id_taken', 'another payment has this paymentRequestId', { pointer: '/paymentRequestId' });

/** Asked for before anything is decided; whether one is needed is said later. */
export const ratesNow = (deps: HubDeps): Promise<Result<RateTable, RateRefusal>> =>
  currentRates(deps.fx, quotePolicyOf('wallet_payment').maxAgeMs);

async function decide(
  deps: HubDeps,
  input: TakePayment,
  terms: Pick<RouteWish, 'rates' | 'withDiscounts'>,
): Promise<Result<Decision<null>, HubRefusal>> {
  const { payer, requestId, shop, orderReference, description, amount, redirectUrl, notifyUrl, expiresAt } = input;
  const at = deps.clock.now();
  const { db } = deps.journal;
  const role = acquirerOf(await findParticipant(db, input.acquirer.id));
  if (!role.ok) return role;
  const settlementCurrency = settlementCurrencyOf(role.value, input.settlementCurrency);
  if (!settlementCurrency.ok) return settlementCurrency;
  if (expiresAt !== null && expiresAt <= at)
    return refuse('payment_expired', 'its time has passed', { pointer: '/paymentExpiryTime' });
  const facts = { requestId, shop, orderReference, description, amount, redirectUrl, notifyUrl, expiresAt };
  const wanted = { ...facts, acquirer: input.acquirer.id, scenario: payer.scenario };
  const open = openedPayment({ ...wanted, settlementCurrency: settlementCurrency.value }, at);
  const begun = await begin(deps, open, { payer, ...terms, at });
  if (!begun.ok) return begun;
  const { payment, part } = begun.value;
  const known = await ensureShop(db, { acquirer: input.acquirer, facts: shop }, at);
  return ok({
    unit: { at, ...merge(opening(payment, at), part, known.part), answer: { id: payment.id } },
    value: null,
  });
}

/** The role of a participant that may ask for payments now. */
export function acquirerOf(participant: Participant | null): Result<AcquirerRole, Refusal<'access_denied'>> {
  return participant?.acquirer != null && participant.state === 'active'
    ? ok(participant.acquirer)
    : refuse('access_denied', 'not an acquirer of this hub, or suspended');
}

export function settlementCurrencyOf(
  { settlementCurrencies }: AcquirerRole,
  asked: Currency | null,
): Result<Currency, Refusal<'settlement_currency'>> {
  const currency = asked ?? settlementCurrencies[0];
  return currency !== undefined && settlementCurrencies.includes(currency)
    ? ok(currency)
    : refuse('settlement_currency', `the acquirer is settled in ${settlementCurrencies.join(', ')}`, {
        pointer: '/settlementStrategy/settlementCurrency',
      });
}

interface Terms extends Pick<RouteWish, 'rates' | 'withDiscounts' | 'at'> {
  readonly payer: Payer;
}

interface Begun {
  readonly payment: HubPayment;
  readonly part: UnitPart;
}

/** The payment with what its scenario brings: a code to scan, or a wallet with a price. */
async function begin(deps: HubDeps, open: HubPayment, { payer, ...terms }: Terms): Promise<Result<Begun, HubRefusal>> {
  if (payer.scenario === 'order_code') {
    const { code, part } = issueOrderCode(open, deps.codeDomain);
    return ok({ payment: { ...open, code: code.id, payUrl: code.value }, part });
  }
  const who = await whoPays(deps, payer, terms.at);
  if (!who.ok) return who;
  const { wallet, customerId, code } = who.value;
  const route = await routePayment(deps, { payment: open, wallet, customerId, ...terms });
  if (!route.ok) return route;
  const payment = { ...offeredPayment(open, route.value, customerId), code: code?.id ?? null };
  return ok({ payment, part: merge(route.value.part, code === null ? EMPTY_PART : usingCode(code, open.id)) });
}

interface Who {
  /** Null when nobody is called so. */
  readonly wallet: Participant | null;
  readonly customerId: string | null;
  /** Used up by the payment. */
  readonly code: HubCode | null;
}

async function whoPays(
  { journal: { db } }: HubDeps,
  payer: Exclude<Payer, { readonly scenario: 'order_code' }>,
  at: Instant,
): Promise<Result<Who, HubRefusal>> {
  if (payer.scenario === 'payment_code') return resolvePaymentCode(db, payer.code, at);
  const wallet =
    payer.scenario === 'entry_code'
      ? walletOfAgent(await listWallets(db), payer.userAgent)
      : await findWalletByBrand(db, payer.brandCode);
  return ok({ wallet, customerId: null, code: null });
}

/** The wallet whose brand code is a word of the user agent. */
export function walletOfAgent(wallets: readonly WalletParticipant[], userAgent: string): WalletParticipant | null {
  const words = new Set(userAgent.toUpperCase().split(/[^A-Z0-9_]+/));
  return wallets.find(({ wallet }) => words.has(wallet.brandCode.toUpperCase())) ?? null;
}

/** The wallet knows its codes by their digits, also where they were inside another code. */
async function payerOf({ journal: { db } }: HubDeps, payer: Payer, { code }: HubPayment): Promise<WalletPayer | null> {
  switch (payer.scenario) {
    case 'payment_code': {
      const shown = code === null ? null : await findCode(db, code);
      return { kind: 'payment_code', code: shown?.value ?? payer.code };
    }
    case 'agreement':
      return { kind: 'agreement', accessToken: payer.accessToken };
    case 'order_code':
      return null;
    default:
      return { kind: 'cashier' };
  }
}
