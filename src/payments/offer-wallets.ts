/**
 * The wallets that people of a country can pay an amount with, and what it comes to in each, everything in it. Nothing is locked:
 * the price is fixed with the payment. A wallet that does not take the amount is named with why, and with who set the limit.
 */
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import type { Refusal, Result } from '../base/result.ts';
import type { WalletParticipant } from '../parties/index.ts';
import { ratesNow } from './begin-sale.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import type { WalletRate, WalletWay } from './method.ts';
import { walletsOfCountry } from './wallet-access.ts';
import { priceForWallet } from './wallet-price.ts';

export interface WalletOffer {
  readonly wallet: WalletParticipant;
  readonly payTo: Money;
  readonly rate: WalletRate | null;
}

export interface WalletOffers {
  readonly offered: readonly WalletOffer[];
  readonly refused: readonly { readonly wallet: WalletParticipant; readonly because: Refusal }[];
}

export interface OfferFor {
  readonly marketplace: Id<'mkt'>;
  readonly amount: Money;
  /** Of the buyer, and of the seller; ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly sellerCountry: string;
}

/** What one wallet would take, whichever country it is of; refused as its payment would be. */
export async function offerWallet(
  deps: PaymentDeps,
  wallet: WalletParticipant,
  { way, amount, sellerCountry, marketplace }: Omit<OfferFor, 'country'> & { readonly way: WalletWay },
): Promise<Result<Pick<WalletOffer, 'payTo' | 'rate'>, PaymentRefusal>> {
  const rates = await ratesNow(deps);
  const ask = { way, amount, country: sellerCountry, marketplace, takenBy: null, rates };
  return priceForWallet(wallet, { ...ask, at: deps.clock.now() });
}

/** No rate is asked for where there is no wallet, and none is looked for where none can be spoken with. */
export async function offerWallets(deps: PaymentDeps, asked: OfferFor): Promise<WalletOffers> {
  const { marketplace, amount, country, sellerCountry } = asked;
  if (deps.wallets.network === null) return { offered: [], refused: [] };
  const wallets = (await walletsOfCountry(deps.journal.db, country)).filter(({ wallet }) =>
    wallet.modes.includes('cashier'),
  );
  if (wallets.length === 0) return { offered: [], refused: [] };
  const rates = await ratesNow(deps);
  const ask = { way: 'cashier', amount, country: sellerCountry, marketplace, takenBy: null, rates } as const;
  const priced = wallets.map((wallet) => ({ wallet, price: priceForWallet(wallet, { ...ask, at: deps.clock.now() }) }));
  return {
    offered: priced.flatMap(({ wallet, price }) =>
      price.ok ? [{ wallet, payTo: price.value.payTo, rate: price.value.rate }] : [],
    ),
    refused: priced.flatMap(({ wallet, price }) => (price.ok ? [] : [{ wallet, because: price.error }])),
  };
}
