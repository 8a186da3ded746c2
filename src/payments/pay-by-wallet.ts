/**
 * Paying an instalment with a home wallet: decide (payment, quote and operation recorded, the order knows) → the wallet debits
 * its user, or asks him on its own page → settle. The wallet is called outside any transaction; a crash in between is resumed
 * by inquiry under the same reference, never by a second charge. Nobody is waited for longer than fourteen minutes.
 * Checks in this order: the wallet exists, the expiry, what the order says, the agreement, then what the wallet takes
 * (wallet-price.ts).
 */
import { addMs, type Instant } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { WalletPayer } from '../connectors/ports/wallet.ts';
import { currentRates, quotePolicyOf, type RateTable } from '../fx/index.ts';
import {
  type CommandKey,
  type Decision,
  deadline,
  EMPTY_PART,
  insert,
  merge,
  type Outcome,
  part,
  type UnitPart,
} from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { WalletParticipant } from '../parties/index.ts';
import { askInTime, askToPay } from './ask-wallet.ts';
import { EXPIRY_JOB } from './authorization-watch.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import type { WalletTerms } from './method.ts';
import { newPayment } from './new-payment.ts';
import type { Operation } from './operation.ts';
import { type Payment, payments, type WalletPayment } from './payment.ts';
import type { Payable } from './ports.ts';
import { settleOperation } from './settle-operation.ts';
import { startOperation } from './start-operation.ts';
import { findPayment } from './store.ts';
import { walletNamed } from './wallet-access.ts';
import { chargeUnder, tokenOf, type WalletAgreement } from './wallet-agreement.ts';
import { priceForWallet, type WalletPrice } from './wallet-price.ts';

export type WalletChoice =
  | { readonly kind: 'cashier' }
  | { readonly kind: 'payment_code'; readonly code: string }
  | { readonly kind: 'agreement'; readonly agreement: Id<'wag'> };

export interface PayByWallet {
  readonly marketplace: Id<'mkt'>;
  readonly order: Id<'ord'>;
  readonly instalment: number;
  /** Short name or brand code. */
  readonly wallet: string;
  readonly payer: WalletChoice;
  /** Where the wallet sends the buyer back to. */
  readonly returnUrl?: string;
  /** Sooner than fourteen minutes from now. */
  readonly expiresAt?: Instant;
  /** Of a rate that was promised before; without them it is priced at those of now. */
  readonly rates?: RateTable;
}

/** Business time. What payments by wallet wait at most, as merchants' APIs have it. */
export const WALLET_WAIT_MS = 14 * 60_000;

/** The payment as far as it is known: captured, declined, or pending with the page where the buyer goes on. */
export async function payByWallet(
  deps: PaymentDeps,
  command: CommandKey,
  input: PayByWallet,
): Promise<Result<Outcome<Payment>, PaymentRefusal>> {
  const wallet = await walletNamed(deps.journal.db, input.wallet);
  if (wallet === null) return refuse('unknown_wallet', 'no such wallet', { pointer: '/method/wallet' });
  if (deps.wallets.network === null)
    return refuse('wallet_not_offered', 'this installation speaks with no wallets', { pointer: '/method/wallet' });
  const rates = input.rates ?? (await ratesNow(deps));
  return deps.inFlight.during(async (flight) => {
    const begun = await deps.journal.run(command, async () =>
      flight.track(await decide(deps, command, { ...input, wallet, rates })),
    );
    if (!begun.ok || begun.value.kind === 'repeated') return begun as Result<Outcome<Payment>, PaymentRefusal>;
    const { payment, operation, payable, agreement } = begun.value.value;
    const payer = payerOf(deps, input.payer, agreement);
    const asked = { wallet, payment, operation, facts: payable, payer };
    const word = await askInTime(flight, () => askToPay(deps, asked));
    const settled = await settleOperation(deps, { operation: operation.id, ...word });
    // The wallet may have notified before it answered, or the payment was given up meanwhile.
    if (!settled.ok && settled.error.code !== 'operation_closed') return settled;
    const value = settled.ok ? settled.value : ((await findPayment(deps.journal.db, payment.id)) as Payment);
    return ok({ kind: 'committed', value, seq: begun.value.seq });
  });
}

async function ratesNow({ wallets }: PaymentDeps): Promise<RateTable | null> {
  const found = await currentRates(wallets.fx, quotePolicyOf('wallet_order').maxAgeMs);
  return found.ok ? found.value : null;
}

function payerOf(deps: PaymentDeps, payer: WalletChoice, agreement: WalletAgreement | null): WalletPayer {
  if (payer.kind !== 'agreement') return payer;
  if (agreement === null) throw new Error('a payment under an agreement without it');
  return { kind: 'agreement', accessToken: tokenOf(deps.wallets, agreement) };
}

interface Begun {
  readonly payment: WalletPayment;
  readonly operation: Operation;
  readonly payable: Payable;
  readonly agreement: WalletAgreement | null;
}

type Asking = Omit<PayByWallet, 'wallet' | 'rates'> & {
  readonly wallet: WalletParticipant;
  readonly rates: RateTable | null;
};

async function decide(
  deps: PaymentDeps,
  command: CommandKey,
  input: Asking,
): Promise<Result<Decision<Begun>, PaymentRefusal>> {
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
    ...({ payment: draft, kind: 'sale', amount: payable.amount, moved: price.value.payTo, command, at } as const),
    timeoutMs: deps.acquirerTimeoutMs,
  });
  const payment: WalletPayment = { ...draft, version: 1, openOperation: operation.id };
  const created: UnitPart = part({
    events: [event('payment.created', id, { order, instalment, amount: payable.amount })],
    writes: [insert(payments, payment)],
    jobs: [expiry],
  });
  const held = under?.value.part ?? EMPTY_PART;
  const unit = { at, ...merge(created, price.value.part, held, sent, payable.part), open: true, answer: payment };
  return ok({ unit, value: { payment, operation, payable, agreement: under?.value.agreement ?? null } });
}

function termsOf(
  { wallet: { id, name, wallet }, payer, returnUrl }: Asking,
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
    customerId: null,
    paidAt: null,
    cutOffMinutes: wallet.cutOffMinutes,
    cancelableUntil: null,
    canceling: null,
  };
}
