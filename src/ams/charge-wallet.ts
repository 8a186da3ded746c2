/**
 * Paying with a home wallet what a client has asked for: which wallet it is, who pays, and what is used up by it. The wallet's page
 * and a shop's entry page name the wallet, a code is whose it is, and a token stands for an agreement.
 *
 * Invariants: a payment code and a locked rate are used in the unit that begins the payment, and by nothing else; a payment at a locked
 * rate is priced by the table of rates that the client was quoted from.
 */
import type { Currency } from '../base/currency.ts';
import { type Id, parseId } from '../base/ids.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import { findQuote, findRates, type Quote, quotePolicyOf, type RateTable, usingQuote } from '../fx/index.ts';
import { EMPTY_PART, merge, type UnitPart } from '../journal/index.ts';
import { findWalletByBrand, isWallet, listWallets, type Participant, type WalletRole } from '../parties/index.ts';
import { findWalletAgreement, type WalletChoice } from '../payments/index.ts';
import { resolvePaymentCode, usingCodeForOrder, walletOfAgent } from '../wallets/index.ts';
import type { AmsDeps } from './deps.ts';
import type { AmsRefusal } from './errors.ts';
import type { AmsClient } from './rows.ts';

/** How a wallet pays, as the request says it. */
export type WalletPayer =
  | ChargedPayer
  /** Whoever scans a code; with a brand code, users of that wallet only. */
  | { readonly kind: 'order_code'; readonly brand: string | null };

/** Of a wallet that is known, and asked at once. */
type ChargedPayer =
  /** `paymentMethodType`: a brand code. */
  | { readonly kind: 'page'; readonly brand: string }
  /** Whose app has opened the shop's page: the brand code is a word of `order.env.userAgent`. */
  | { readonly kind: 'entry_page'; readonly userAgent: string }
  | { readonly kind: 'payment_code'; readonly code: string }
  /** `accessToken`, as it was given to the client. */
  | { readonly kind: 'token'; readonly brand: string; readonly token: string };

export interface WalletWish {
  readonly payer: WalletPayer;
  /** `paymentQuote.quoteId`: a rate that was locked before. */
  readonly quote: string | null;
}

/** Everything of a charge that is known before the order is. */
export interface WalletCharge {
  /** Brand code. */
  readonly wallet: string;
  readonly payer: WalletChoice;
  /** Of an agreement: who agreed. New orders are theirs. */
  readonly buyer: Id<'buy'> | null;
  /** As it was scanned. */
  readonly code: string | null;
  readonly quote: Id<'qte'> | null;
  readonly rates: RateTable | null;
}

/** Checks in this order: the wallet, or the code, or the token; then the locked rate. `currency`: the order's. */
export async function prepareCharge(
  deps: AmsDeps,
  client: AmsClient,
  { payer, quote, currency }: Pick<WalletWish, 'quote'> & { readonly payer: ChargedPayer; readonly currency: Currency },
): Promise<Result<WalletCharge, AmsRefusal>> {
  const found = await payerOf(deps, client, payer);
  if (!found.ok) return found;
  const { wallet, ...who } = found.value;
  const charge = { ...who, wallet: wallet.brandCode };
  if (quote === null) return ok({ ...charge, quote: null, rates: null });
  const locked = await lockedRate(deps, client, quote);
  if (!locked.ok) return locked;
  const { id, rates, from, to } = locked.value;
  if (from !== wallet.currency || to !== currency)
    return refuse('quote_differs', `the wallet pays ${wallet.currency} for ${currency}`, { pointer: QUOTE });
  return ok({ ...charge, quote: id, rates: await findRates(deps.journal.db, rates) });
}

interface Found extends Pick<WalletCharge, 'payer' | 'buyer' | 'code'> {
  readonly wallet: WalletRole;
}

async function payerOf(deps: AmsDeps, client: AmsClient, payer: ChargedPayer): Promise<Result<Found, AmsRefusal>> {
  const { db } = deps.journal;
  const nobody = { buyer: null, code: null };
  switch (payer.kind) {
    case 'page': {
      const found = await findWalletByBrand(db, payer.brand);
      return found === null
        ? unknownWallet(METHOD_TYPE)
        : ok({ ...nobody, wallet: found.wallet, payer: { kind: 'cashier' } });
    }
    case 'entry_page': {
      const found = walletOfAgent(await listWallets(db), payer.userAgent);
      return found === null
        ? unknownWallet('/order/env/userAgent')
        : ok({ ...nobody, wallet: found.wallet, payer: { kind: 'cashier' } });
    }
    case 'payment_code': {
      const shown = await resolvePaymentCode(db, payer.code, deps.clock.now());
      if (!shown.ok) return { ok: false, error: { ...shown.error, pointer: METHOD_ID } };
      const { code, wallet } = shown.value;
      return ok({
        ...nobody,
        wallet: roleOf(wallet),
        payer: { kind: 'payment_code', code: code.value },
        code: payer.code,
      });
    }
    case 'token':
      return underAgreement(deps, client, payer);
  }
}

async function underAgreement(
  { journal: { db } }: AmsDeps,
  client: AmsClient,
  { brand, token }: Extract<ChargedPayer, { kind: 'token' }>,
): Promise<Result<Found, AmsRefusal>> {
  const found = await findWalletByBrand(db, brand);
  if (found === null) return unknownWallet(METHOD_TYPE);
  const id = parseId('wag', token);
  const agreement = id === null ? null : await findWalletAgreement(db, id);
  if (agreement === null || agreement.marketplace !== client.marketplace)
    return refuse('unknown_agreement', 'no such access token', { pointer: METHOD_ID });
  const payer = { kind: 'agreement', agreement: agreement.id } as const;
  return ok({ wallet: found.wallet, payer, buyer: agreement.buyer, code: null });
}

export const METHOD_TYPE = '/paymentMethod/paymentMethodType';
const METHOD_ID = '/paymentMethod/paymentMethodId';
const QUOTE = '/paymentQuote/quoteId';
export const unknownWallet = (pointer: string): Result<never, Refusal<'unknown_wallet'>> =>
  refuse('unknown_wallet', 'no such wallet', { pointer });

function roleOf(participant: Participant): WalletRole {
  if (!isWallet(participant)) throw new Error(`a code of ${participant.id}, which is no wallet`);
  return participant.wallet;
}

/** A quote of the client's marketplace on the terms that hold now. */
async function lockedRate(deps: AmsDeps, client: AmsClient, name: string): Promise<Result<Quote, AmsRefusal>> {
  const pointer = QUOTE;
  const id = parseId('qte', name);
  const quote = id === null ? null : await findQuote(deps.journal.db, id);
  if (quote === null || quote.marketplace !== client.marketplace)
    return refuse('unknown_quote', 'no such quote', { pointer });
  if (quote.policy !== walletTerms())
    return refuse('quote_differs', 'the quote is not one for payments by wallet', { pointer });
  const usable = usingQuote(quote, client.id, deps.clock.now());
  return usable.ok ? ok(quote) : { ok: false, error: { ...usable.error, pointer } };
}

/** What the quotes of payments by wallet are from. */
const walletTerms = (): string => `wallet_order@${quotePolicyOf('wallet_order').version}`;

export interface Beginning {
  /** The request that begins it, and the payment. */
  readonly by: Id<'amp'>;
  readonly payment: Id<'pay'>;
}

/** The part that uses up the code and the rate; read again, for somebody else may have been faster. */
export async function usedUp(
  deps: AmsDeps,
  client: AmsClient,
  { code, quote }: WalletCharge,
  { by, payment }: Beginning,
): Promise<Result<UnitPart, AmsRefusal>> {
  const now = deps.clock.now();
  const shown = code === null ? null : await resolvePaymentCode(deps.journal.db, code, now);
  if (shown !== null && !shown.ok) return { ok: false, error: { ...shown.error, pointer: METHOD_ID } };
  const locked = quote === null ? null : await lockedRate(deps, client, quote);
  if (locked !== null && !locked.ok) return locked;
  const rate = locked === null ? ok(EMPTY_PART) : usingQuote(locked.value, by, now);
  if (!rate.ok) return rate;
  return ok(merge(shown === null ? EMPTY_PART : usingCodeForOrder(shown.value.code, payment), rate.value));
}
