/**
 * Paying an instalment with a home wallet that is called: begin (begin-sale.ts: payment, quote and operation recorded, the order
 * knows) → the wallet debits its user, or asks him on its own page → settle. The wallet is called outside any transaction; a crash in
 * between is resumed by inquiry under the same reference, never by a second charge. Nobody is waited for longer than fourteen minutes.
 * Checks in this order: the wallet exists, then those of every beginning.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { WalletPayer } from '../connectors/ports/wallet.ts';
import type { RateTable } from '../fx/index.ts';
import type { CommandKey, Outcome } from '../journal/index.ts';
import { askInTime, askToPay } from './ask-wallet.ts';
import { beginSale, ratesNow } from './begin-sale.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import type { Payment } from './payment.ts';
import { settleOperation } from './settle-operation.ts';
import { findPayment } from './store.ts';
import { walletNamed } from './wallet-access.ts';
import { tokenOf, type WalletAgreement } from './wallet-agreement.ts';

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
      flight.track(await beginSale(deps, command, { ...input, wallet, rates })),
    );
    if (!begun.ok || begun.value.kind === 'repeated') return begun as Result<Outcome<Payment>, PaymentRefusal>;
    const { payment, operation, payable, agreement } = begun.value.value;
    const payer = payerOf(deps, input.payer, agreement);
    const asked = { wallet, payment, operation, facts: payable, payer };
    const word = await askInTime(flight, () => askToPay(deps, asked));
    const started = { operation, payment, owner: payable.asStarted };
    const settled = await settleOperation(deps, { operation: operation.id, begun: started, ...word });
    // The wallet may have notified before it answered, or the payment was given up meanwhile.
    if (!settled.ok && settled.error.code !== 'operation_closed') return settled;
    const value = settled.ok ? settled.value : ((await findPayment(deps.journal.db, payment.id)) as Payment);
    return ok({ kind: 'committed', value, seq: begun.value.seq });
  });
}

function payerOf(deps: PaymentDeps, payer: WalletChoice, agreement: WalletAgreement | null): WalletPayer {
  if (payer.kind !== 'agreement') return payer;
  if (agreement === null) throw new Error('a payment under an agreement without it');
  return { kind: 'agreement', accessToken: tokenOf(deps.wallets, agreement) };
}
