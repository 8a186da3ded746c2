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
const WALLETS = 4;
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
  type Acquirer = { readonly acquirerId: string; readonly country: string };
  const { acquirers } = await world.shops.get<{ acquirers: readonly Acquirer[] }>('/_sandbox/acquirers');
  const shops: Shop[] = [];
  for (const { acquirerId, country } of acquirers.slice(0, ACQUIRERS)) {
    const list = await world.shops.get<{ shops: readonly Omit<Shop, 'acquirerId' | 'country'>[] }>(
      `/_sandbox/shops?acquirerId=${acquirerId}`,
    );
    shops.push(...list.shops.map(({ merchantId, currency }) => ({ acquirerId, country, merchantId, currency })));
  }
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

async function agreeOnFees(operator: World['operator'], wallets: readonly Wallet[]): Promise<void> {
  const { data } = await operator.get<{ data: readonly { id: string; acquirer: object | null }[] }>('/v1/participants');
  const agree = async (id: string, body: object): Promise<void> => {
    const { status } = await operator.send('PATCH', `/v1/participants/${id}`, { body, key: randomUUID() });
    if (status !== 200) throw new Error(`the fees of ${id}: ${status}`);
  };
  for (const { id, acquirer } of data) if (acquirer !== null) await agree(id, { acquirer: { fees: ACQUIRERS_PAY } });
  for (const { id } of wallets) await agree(id, { wallet: { fees: WALLETS_PAY } });
}
