/**
 * Whether a wallet may pay this payment, and for how much: the checks of every way in which payer and payment come together. In
 * this order, the first wins: the wallet, its mode, coverage of the shop's country, limits, a rate. Limits are of what the
 * wallet owes, so the price is made before them; that there is no rate for it is said after those that need none.
 */
import type { Instant } from '../base/clock.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { RateRefusal, RateTable } from '../fx/index.ts';
import { EMPTY_PART, merge } from '../journal/index.ts';
import { isWallet, type Participant, type WalletMode, type WalletParticipant } from '../parties/index.ts';
import type { HubDeps } from './deps.ts';
import type { HubRefusal, RouteRefusal } from './errors.ts';
import type { Discount, HubPayment, Scenario } from './hub-payment.ts';
import { type PricedPayment, pricePayment } from './price-payment.ts';
import { spentSince } from './store.ts';
import { checkLimits, yearStart } from './wallet-limits.ts';

/** What a wallet must offer for a scenario: who opens a shop's page from a printed code pays on the wallet's page. */
export const MODES: { readonly [Each in Scenario]: WalletMode } = {
  payment_code: 'userPresented',
  order_code: 'merchantPresented',
  private_code: 'merchantPresented',
  store_code: 'merchantPresented',
  push_code: 'merchantPresented',
  entry_code: 'cashier',
  cashier: 'cashier',
  agreement: 'autoDebit',
};

export interface RouteWish {
  readonly payment: HubPayment;
  readonly wallet: Participant | null;
  readonly customerId: string | null;
  readonly rates: Result<RateTable, RateRefusal>;
  readonly at: Instant;
  readonly withDiscounts: boolean;
}

export interface Route extends PricedPayment {
  readonly wallet: WalletParticipant;
  readonly discounts: readonly Discount[];
}

export async function routePayment(deps: HubDeps, wish: RouteWish): Promise<Result<Route, HubRefusal>> {
  const { payment, customerId, rates, at, withDiscounts } = wish;
  const offered = offeredBy(wish.wallet, payment);
  if (!offered.ok) return offered;
  const wallet = offered.value;
  const { amount, settlementCurrency } = payment;
  const sale = { payment, wallet, customerId, rates: rates.ok ? rates.value : null, at };
  const granted = withDiscounts ? await deps.discounts.granting(sale) : NO_GRANT;
  const { currency, limits } = wallet.wallet;
  const price = (discounts: readonly Discount[]) =>
    pricePayment(rates, { amount, walletCurrency: currency, settlementCurrency, discounts }, at);
  // In yen something is left of it, in dollars it may come to nothing: a discount never stops a payment.
  const discounted = price(granted.discounts);
  const isTooMuch = !discounted.ok && discounted.error.code === 'invalid_amount' && granted.discounts.length > 0;
  const [priced, { discounts, part: reserved }] = isTooMuch ? [price([]), NO_GRANT] : [discounted, granted];
  if (!priced.ok) return priced;
  const person = customerId === null ? null : { wallet: wallet.id, customerId };
  const spent = person === null ? null : await spentSince(deps.journal.db, person, yearStart(at), currency);
  const within = checkLimits(limits, priced.value.price.payTo, spent);
  if (!within.ok) return within;
  return ok({ price: priced.value.price, part: merge(priced.value.part, reserved), wallet, discounts });
}

const NO_GRANT = { discounts: [], part: EMPTY_PART };

/** The checks that need no amount: for consulting as well. */
export function offeredBy(
  wallet: Participant | null,
  { scenario, shop }: Pick<HubPayment, 'scenario' | 'shop'>,
): Result<WalletParticipant, RouteRefusal> {
  if (wallet === null || !isWallet(wallet) || wallet.state !== 'active')
    return refuse('wallet_unavailable', 'no such wallet, or it does not take part now');
  const mode = MODES[scenario];
  if (!wallet.wallet.modes.includes(mode)) return refuse('mode_not_offered', `the wallet does not offer ${mode}`);
  const coverage = wallet.wallet.markets[shop.country];
  if (coverage !== 'live' && coverage !== 'pilot')
    return refuse('market_not_covered', `the wallet cannot be used in ${shop.country}`);
  return ok(wallet);
}
