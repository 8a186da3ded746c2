/** Which wallets can pay an amount in a shop now, and why the others cannot: the checks of a payment that a person names a wallet for. */
import type { Currency } from '../base/currency.ts';
import type { Money } from '../base/money.ts';
import { ok, type Result } from '../base/result.ts';
import { findParticipant, listWallets, type Participant, type WalletRole } from '../parties/index.ts';
import type { HubDeps } from './deps.ts';
import type { HubRefusal } from './errors.ts';
import type { HubPayment } from './hub-payment.ts';
import { pricePayment } from './price-payment.ts';
import { offeredBy } from './route-payment.ts';
import { acquirerOf, ratesNow, settlementCurrencyOf } from './take-payment.ts';
import { checkLimits } from './wallet-limits.ts';

export interface Consult {
  readonly acquirer: Participant;
  readonly amount: Money;
  readonly shop: HubPayment['shop'];
  readonly settlementCurrency: Currency | null;
}

export interface WalletOption {
  readonly wallet: WalletRole;
  readonly name: string;
  /** Null when it can pay. */
  readonly because: HubRefusal | null;
}

/** Suspended wallets are left out. Discounts are not taken into account: who pays is not known. */
export async function consultWallets(
  deps: HubDeps,
  input: Consult,
): Promise<Result<readonly WalletOption[], HubRefusal>> {
  const { db } = deps.journal;
  const role = acquirerOf(await findParticipant(db, input.acquirer.id));
  if (!role.ok) return role;
  const settlement = settlementCurrencyOf(role.value, input.settlementCurrency);
  if (!settlement.ok) return settlement;
  const [rates, wallets] = [await ratesNow(deps), await listWallets(db)];
  const check = (participant: Participant): HubRefusal | null => {
    const offered = offeredBy(participant, { scenario: 'cashier', shop: input.shop });
    if (!offered.ok) return offered.error;
    const { currency: walletCurrency, limits } = offered.value.wallet;
    const wish = { amount: input.amount, walletCurrency, settlementCurrency: settlement.value, discounts: [] };
    const priced = pricePayment(rates, wish, deps.clock.now());
    if (!priced.ok) return priced.error;
    const within = checkLimits(limits, priced.value.price.payTo, null);
    return within.ok ? null : within.error;
  };
  return ok(
    wallets
      .filter(({ state }) => state === 'active')
      .map((each) => ({ wallet: each.wallet, name: each.name, because: check(each) })),
  );
}
