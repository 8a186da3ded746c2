/** Wallets and shops of the world: who of the sandbox's takes part, and what fees they agree to before the first day. */
import { randomUUID } from 'node:crypto';
import type { World } from '../../stories/world.ts';

export interface Wallet {
  readonly id: string;
  readonly participantId: string;
  readonly slug: string;
  readonly brandCode: string;
  readonly currency: string;
  readonly modes: readonly string[];
  readonly markets: Readonly<Record<string, string>>;
  /** Of what it owes us. */
  readonly account: string;
}

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
export const RICH = '99999999999999';

/** Hundredths of a percent. */
const ACQUIRERS_PAY = { interchangeBps: 80, serviceBps: 15 };
const WALLETS_PAY = { interchangeBps: 0, serviceBps: 20 };

/** The first wallets, one of each currency, that pay in every way, our sellers and the shops of the first acquirers. */
export async function settleIn(world: World): Promise<WalletTown> {
  const { operator } = world;
  const shops = await shopsOf(world);
  type Listed = { readonly id: string; readonly participantId: string; readonly wallet: Omit<Wallet, 'id'> | null };
  const { data } = await operator.get<{ data: readonly Listed[] }>('/v1/wallets');
  const places = [SELLERS_IN, ...shops.map(({ country }) => country)];
  const able = data
    .flatMap(({ id, participantId, wallet }) => (wallet === null ? [] : [{ ...wallet, id, participantId }]))
    .filter(
      ({ modes, markets }) =>
        MODES.every((mode) => modes.includes(mode)) && places.every((place) => markets[place] === 'live'),
    )
    .sort((left, right) => (left.participantId < right.participantId ? -1 : 1));
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

async function agreeOnFees(operator: World['operator'], wallets: readonly Wallet[]): Promise<void> {
  const { data } = await operator.get<{ data: readonly { id: string; acquirer: object | null }[] }>('/v1/participants');
  const agree = async (id: string, body: object): Promise<void> => {
    const { status } = await operator.send('PATCH', `/v1/participants/${id}`, { body, key: randomUUID() });
    if (status !== 200) throw new Error(`the fees of ${id}: ${status}`);
  };
  for (const { id, acquirer } of data) if (acquirer !== null) await agree(id, { acquirer: { fees: ACQUIRERS_PAY } });
  for (const { id } of wallets) await agree(id, { wallet: { fees: WALLETS_PAY } });
}
