/**
 * The user of a home wallet has scanned the code of an order: the payment begins now, for only now it is known which wallet owes it
 * and how much. The wallet is not called: it is the one that asks, and it tells us what became of it; what it does not tell is
 * found out by inquiry, as of every payment by wallet. Nobody is waited for longer than fourteen minutes.
 */
import { addMs, type Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { CommandKey } from '../journal/index.ts';
import { beginSale, ratesNow, WALLET_WAIT_MS } from './begin-sale.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import type { Payment, WalletPayment } from './payment.ts';
import { findPayment } from './store.ts';
import { walletById } from './wallet-access.ts';

export interface PayByScan {
  readonly marketplace: Id<'mkt'>;
  readonly order: Id<'ord'>;
  readonly instalment: number;
  readonly wallet: Id<'ptc'>;
  /** The wallet's name of its user. */
  readonly customerId: string;
  /** Where the wallet sends the buyer back to. */
  readonly returnUrl?: string;
  /** Of the code. The payment waits no longer than that, nor than fourteen minutes from now. */
  readonly expiresAt: Instant;
}

/** The payment that began under this key: now, or with whoever has scanned before. */
export async function payByScan(
  deps: PaymentDeps,
  command: CommandKey,
  { wallet: id, customerId, expiresAt, ...input }: PayByScan,
): Promise<Result<WalletPayment, PaymentRefusal>> {
  const { db } = deps.journal;
  if (deps.wallets.network === null) return refuse('wallet_not_offered', 'this installation speaks with no wallets');
  const [wallet, rates] = await Promise.all([walletById(db, id), ratesNow(deps)]);
  const latest = addMs(deps.clock.now(), WALLET_WAIT_MS);
  const sale = { ...input, wallet, rates, expiresAt: expiresAt < latest ? expiresAt : latest };
  const begun = await deps.journal.run(command, () =>
    beginSale(deps, undefined, { ...sale, payer: { kind: 'order_code', customerId } }),
  );
  if (!begun.ok) return begun;
  const { value } = begun;
  const payment = value.kind === 'committed' ? value.value.payment : (value.answer as Pick<Payment, 'id'>);
  return ok((await findPayment(db, payment.id)) as WalletPayment);
}
