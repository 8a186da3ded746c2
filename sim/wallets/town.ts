/** Wallets and shops of the world: who of the sandbox's takes part, and what fees they agree to before the first day. */
import { agreeOnFees, RICH, type Wallet, walletsThatPay } from '../../stories/hub-parties.ts';
import type { World } from '../../stories/world.ts';

export interface Shop {
  readonly acquirerId: string;
  readonly country: string;
  readonly currency: string;
  readonly merchantId: string;
}

export interface WalletTown {
  readonly wallets: readonly Wallet[];
  readonly shops: readonly Shop[];
}

/** Of the sandbox's wallets; each has a key of its own to be made, and statements in its own currency. */
const WALLETS = 3;
/** Of the sandbox's acquirers. */
const ACQUIRERS = 2;
const MODES = ['cashier', 'userPresented', 'merchantPresented'];
/** Where the sellers of the marketplaces are. */
export const SELLERS_IN = 'CN';

/** Somebody with an account in each of the wallets who is never asked for a PIN, and has enough. */
export const PERSON = 'somebody';

/** The first wallets, one of each currency, that pay in every way, our sellers and the shops of the first acquirers. */
export async function settleIn(world: World): Promise<WalletTown> {
  const { operator } = world;
  const shops = await shopsOf(world);
  const able = await walletsThatPay(operator, MODES, [SELLERS_IN, ...shops.map(({ country }) => country)]);
  const wallets = [...Map.groupBy(able, ({ currency }) => currency).values()]
    .map(([first]) => first as Wallet)
    .slice(0, WALLETS);
  await agreeOnFees(operator, wallets);
  for (const { slug } of wallets)
    await world.wallets.post('/_sandbox/users', { walletId: slug, account: PERSON, balance: RICH });
  return { wallets, shops };
}

/** Of the first acquirers only: whoever else were asked would make a key, and be cleared and settled every day. */
async function shopsOf({ operator, shops: sandbox }: World): Promise<readonly Shop[]> {
  type Listed = { readonly participantId: string; readonly acquirer: { readonly countries: readonly string[] } | null };
  const { data } = await operator.get<{ data: readonly Listed[] }>('/v1/participants');
  const acquirers = data.filter(({ acquirer }) => acquirer !== null).slice(0, ACQUIRERS);
  const shops: Shop[] = [];
  for (const { participantId: acquirerId, acquirer } of acquirers) {
    const country = acquirer?.countries[0] as string;
    type Sold = { readonly shops: readonly { readonly merchantId: string; readonly currency: string }[] };
    const sold = await sandbox.get<Sold>(`/_sandbox/shops?acquirerId=${acquirerId}`);
    shops.push(...sold.shops.map(({ merchantId, currency }) => ({ acquirerId, country, merchantId, currency })));
  }
  return shops;
}
