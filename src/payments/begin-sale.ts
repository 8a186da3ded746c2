/**
 * The beginning of a payment with a home wallet that is known: the payment with its price, the quote and the sale, in one unit with the
 * order's own change. Whether the wallet is then called, or has called us, is the caller's.
 * Checks in this order: the expiry, what the order says, the agreement, then what the wallet takes (wallet-price.ts).
 */
import { addMs, type Instant } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { currentRates, quotePolicyOf, type RateTable } from '../fx/index.ts';
import {
  type CommandKey,
  type Decision,
  deadline,
  EMPTY_PART,
  insert,
  merge,
  part,
  type UnitPart,
} from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { WalletParticipant } from '../parties/index.ts';
import { EXPIRY_JOB } from './authorization-watch.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import type { WalletTerms } from './method.ts';
import { newPayment } from './new-payment.ts';
import type { Operation } from './operation.ts';
import { payments, type WalletPayment } from './payment.ts';
import type { Payable } from './ports.ts';
import { startOperation } from './start-operation.ts';
import { chargeUnder, type WalletAgreement } from './wallet-agreement.ts';
import { priceForWallet, type WalletPrice } from './wallet-price.ts';

/** Business time. What payments by wallet wait at most, as merchants' APIs have it. */
export const WALLET_WAIT_MS = 14 * 60_000;

export interface WalletSale {
  readonly marketplace: Id<'mkt'>;
  readonly order: Id<'ord'>;
  readonly instalment: number;
  readonly wallet: WalletParticipant;
  readonly payer: SalePayer;
  readonly returnUrl?: string;
  readonly expiresAt?: Instant;
  /** Null where there are none young enough. */
  readonly rates: RateTable | null;
}

/** How the wallet's user is found; the one who has scanned is known by name. */
type SalePayer =
  | { readonly kind: 'cashier' }
  | { readonly kind: 'payment_code' }
  | { readonly kind: 'agreement'; readonly agreement: Id<'wag'> }
  | { readonly kind: 'order_code'; readonly customerId: string };

export interface BegunSale {
  readonly payment: WalletPayment;
  readonly operation: Operation;
  readonly payable: Payable;
  readonly agreement: WalletAgreement | null;
}

/** Rates to price it at; null where there are none young enough. */
export async function ratesNow({ wallets }: PaymentDeps): Promise<RateTable | null> {
  const found = await currentRates(wallets.fx, quotePolicyOf('wallet_order').maxAgeMs);
  return found.ok ? found.value : null;
}

/** `waits`: the command that is answered by the wallet's word; undefined when its answer is that the payment has begun. */
export async function beginSale(
  deps: PaymentDeps,
  waits: CommandKey | undefined,
  input: WalletSale,
): Promise<Result<Decision<BegunSale>, PaymentRefusal>> {
  const { marketplace, order, instalment, wallet, rates, payer } = input;
  const [id, at] = [newId('pay'), deps.clock.now()];
  const expiresAt = input.expiresAt ?? addMs(at, WALLET_WAIT_MS);
  if (expiresAt <= at || expiresAt > addMs(at, WALLET_WAIT_MS))
    return refuse('invalid_expiry', 'must be ahead, by fourteen minutes at most', { pointer: '/method/expiresAt' });
  const start = await deps.owner.startPayment({ marketplace, order, instalment, payment: id });
  if (!start.ok) return start;
  const payable = start.value;
  const under =
    payer.kind === 'agreement' ? await chargeUnder(deps, payer.agreement, { marketplace, payable, wallet }) : null;
  if (under !== null && !under.ok) return under;
  const ask = { way: payer.kind, amount: payable.amount, country: payable.softMerchant.country } as const;
  const price = priceForWallet(wallet, { ...ask, marketplace, takenBy: id, rates, at });
  if (!price.ok) return price;
  const expiry = deadline(EXPIRY_JOB, id, expiresAt);
  const draft: WalletPayment = {
    ...newPayment({ id, at, input, payable, routes: [wallet.wallet.account] }),
    wallet: termsOf(input, price.value, under?.value.agreement.id ?? null),
    expiresAt,
    expiryJob: expiry.id,
  };
  const { operation, part: sent } = startOperation({
    payment: draft,
    kind: 'sale',
    amount: payable.amount,
    moved: price.value.payTo,
    command: waits,
    at,
    timeoutMs: deps.acquirerTimeoutMs,
  });
  const payment: WalletPayment = { ...draft, version: 1, openOperation: operation.id };
  const created: UnitPart = part({
    events: [event('payment.created', id, { order, instalment, amount: payable.amount })],
    writes: [insert(payments, payment)],
    jobs: [expiry],
  });
  const held = under?.value.part ?? EMPTY_PART;
  const all = merge(created, price.value.part, held, sent, payable.part);
  const unit = { at, ...all, answer: payment, ...(waits === undefined ? {} : { open: true }) };
  return ok({ unit, value: { payment, operation, payable, agreement: under?.value.agreement ?? null } });
}

function termsOf(
  { wallet: { id, name, wallet }, payer, returnUrl }: WalletSale,
  { payTo, rate }: WalletPrice,
  agreement: Id<'wag'> | null,
): WalletTerms {
  return {
    participant: id,
    slug: wallet.slug,
    brandCode: wallet.brandCode,
    name,
    way: payer.kind,
    agreement,
    payTo,
    rate,
    paidBack: zero(payTo.currency),
    payUrl: null,
    returnUrl: returnUrl ?? null,
    customerId: payer.kind === 'order_code' ? payer.customerId : null,
    paidAt: null,
    cutOffMinutes: wallet.cutOffMinutes,
    cancelableUntil: null,
    canceling: null,
  };
}
