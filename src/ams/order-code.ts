/**
 * The code of an order, shown to whoever wants to pay it. Nothing is asked of a wallet before somebody scans it, for only then it is
 * known which wallet that is; where the request names one, what is certain already is said at once.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { UnitPart } from '../journal/index.ts';
import { findWalletByBrand, type Seller } from '../parties/index.ts';
import { offerWallet } from '../payments/index.ts';
import { expiryOf, issueCodeForOrder } from '../wallets/index.ts';
import { METHOD_TYPE, unknownWallet, type WalletWish } from './charge-wallet.ts';
import type { AmsDeps } from './deps.ts';
import type { AmsRefusal } from './errors.ts';
import type { AmsClient, CodePayment } from './rows.ts';

/** What a request to pay says of it. */
interface Asked {
  readonly client: AmsClient;
  readonly amount: Money;
  readonly wallet?: WalletWish;
}

/** Checks in this order: that there are wallets to scan it, the wallet that alone may, and whether it takes the amount now. */
export async function mayBeScanned(
  { payments, journal: { db } }: AmsDeps,
  { client: { marketplace }, amount, wallet }: Asked,
  { country }: Pick<Seller, 'country'>,
): Promise<Result<null, AmsRefusal>> {
  if (wallet?.payer.kind !== 'order_code') return ok(null);
  if (payments.wallets.network === null)
    return refuse('wallet_not_offered', 'this installation speaks with no wallets', { pointer: METHOD_TYPE });
  const { brand } = wallet.payer;
  if (brand === null) return ok(null);
  const named = await findWalletByBrand(db, brand);
  if (named === null) return unknownWallet(METHOD_TYPE);
  const ask = { way: 'order_code', amount, sellerCountry: country, marketplace } as const;
  const offered = await offerWallet(payments, named, ask);
  return offered.ok ? ok(null) : { ok: false, error: { ...offered.error, pointer: METHOD_TYPE } };
}

/** As codes of the hub live: under thirty minutes, or as long as was asked for. */
export const codeExpiry = (asked: Instant | null, at: Instant): Instant => expiryOf('order_code', asked, at);

interface CodeFor {
  readonly id: Id<'amp'>;
  readonly amount: Money;
  readonly expiresAt: Instant;
  readonly createdAt: Instant;
}

/** The code of a request, and the part that issues it with its row. Null of one that is paid otherwise. */
export function codeFor(
  { codeDomain }: Pick<AmsDeps, 'codeDomain'>,
  { wallet }: Pick<Asked, 'wallet'>,
  row: CodeFor,
): { readonly code: CodePayment['code']; readonly part: UnitPart } | null {
  if (wallet?.payer.kind !== 'order_code') return null;
  const { code, part } = issueCodeForOrder(row, codeDomain);
  return { code: { id: code.id, brand: wallet.payer.brand }, part };
}
