/**
 * What an order's amount comes to in a wallet's currency, and whether the wallet takes it. Pure. The quote is from the wallet's
 * currency into the order's and is taken by the payment when it is locked.
 * Checks in this order: the wallet is active, its way to pay, the seller's country, a rate, the limits of one payment. What a
 * person may pay in a year only the wallet knows; it refuses by itself.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { add, compare, type Money, multiplyRatio, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { dealRate, lockingQuote, quotePolicyOf, type RateTable } from '../fx/index.ts';
import { EMPTY_PART, type UnitPart } from '../journal/index.ts';
import type { WalletLimit, WalletMode, WalletParticipant } from '../parties/index.ts';
import type { PaymentRefusal } from './errors.ts';
import type { WalletRate, WalletWay } from './method.ts';

const MODES: { readonly [Way in WalletWay]: WalletMode } = {
  cashier: 'cashier',
  agreement: 'autoDebit',
  payment_code: 'userPresented',
  order_code: 'merchantPresented',
};

export interface WalletAsk {
  readonly way: WalletWay;
  /** What is to be paid, in the order's currency. */
  readonly amount: Money;
  /** Of the seller, ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly marketplace: Id<'mkt'>;
  /** Who takes the quote; null for a price that is only shown. */
  readonly takenBy: Id<'pay'> | null;
  /** Null where no rate is needed, or none is to be had. */
  readonly rates: RateTable | null;
  readonly at: Instant;
}

export interface WalletPrice {
  readonly payTo: Money;
  readonly rate: WalletRate | null;
  /** The quote, locked and taken. */
  readonly part: UnitPart;
}

export function priceForWallet(wallet: WalletParticipant, ask: WalletAsk): Result<WalletPrice, PaymentRefusal> {
  const taken = takesPayments(wallet, ask);
  if (!taken.ok) return taken;
  const price = wallet.wallet.currency === ask.amount.currency ? atPar(ask.amount) : converted(wallet, ask);
  if (!price.ok) return price;
  const broken = wallet.wallet.limits.find((limit) => isBroken(limit, price.value.payTo));
  return broken === undefined ? price : limitRefusal(broken);
}

function takesPayments(wallet: WalletParticipant, { way, country }: WalletAsk): Result<null, PaymentRefusal> {
  const no = (because: string): Result<never, PaymentRefusal> =>
    refuse('wallet_not_offered', because, { pointer: '/method/wallet', facts: { wallet: wallet.wallet.slug } });
  if (wallet.state !== 'active') return no(`${wallet.name} is suspended`);
  if (!wallet.wallet.modes.includes(MODES[way])) return no(`${wallet.name} does not pay by ${MODES[way]}`);
  const coverage = wallet.wallet.markets[country];
  return coverage === 'live' || coverage === 'pilot'
    ? ok(null)
    : no(`${wallet.name} does not pay sellers in ${country}${coverage === 'paused' ? ' at the moment' : ''}`);
}

const atPar = (amount: Money): Result<WalletPrice, PaymentRefusal> =>
  ok({ payTo: amount, rate: null, part: EMPTY_PART });

function converted(wallet: WalletParticipant, ask: WalletAsk): Result<WalletPrice, PaymentRefusal> {
  const { amount, rates, at, marketplace, takenBy } = ask;
  const from = wallet.wallet.currency;
  if (rates === null) return refuse('rate_unavailable', 'there is no rate young enough; try again in a while');
  const { markupBps, validMs, version } = quotePolicyOf('wallet_order');
  const locked = lockingQuote(
    rates,
    {
      ...{ from, to: amount.currency, amount, markupBps, validMs, marketplace },
      policy: `wallet_order@${version}`,
      ...(takenBy === null ? {} : { takenBy }),
    },
    at,
  );
  if (!locked.ok) return locked;
  const { quote, part } = locked.value;
  const { given: payTo, got, margin } = quote;
  const atMid = add(got, margin).amount;
  const rate: WalletRate = {
    quote: quote.id,
    allIn: dealRate({ sold: amount, bought: payTo }),
    fee: multiplyRatio(payTo, margin.amount, atMid, 'half-even'),
    margin,
    marginBack: zero(margin.currency),
    lockedAt: at,
  };
  return ok({ payTo, rate, part });
}

const isBroken = ({ per, kind, amount }: WalletLimit, payTo: Money): boolean =>
  per === 'payment' && (kind === 'max' ? compare(payTo, amount) > 0 : compare(payTo, amount) < 0);

const limitRefusal = ({ setBy, kind, amount }: WalletLimit): Result<never, PaymentRefusal> =>
  refuse('wallet_limit', `${kind === 'max' ? 'more' : 'less'} than ${setBy} lets one payment be`, {
    facts: { setBy, kind, limit: amount },
  });
