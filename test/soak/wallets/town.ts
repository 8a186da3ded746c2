/** Where wallet lives happen: sixteen wallets with people, five acquirers with a thousand shops, a marketplace and two campaigns. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { sleep } from '../../../src/base/clock.ts';
import { type Client, Refused } from '../../../stories/client.ts';
import { agreeOnFees, RICH, type Wallet, walletsThatPay } from '../../../stories/hub-parties.ts';
import type { Page } from '../../../stories/views.ts';
import type { World } from '../../../stories/world.ts';
import { type AmsClientOfTest, createAmsClient } from '../../e2e/ams-client.ts';
import { untilHealthy } from '../recovery.ts';

/** Of the operator at the sandbox bank. */
export const BANK_ACCOUNT = '000123456789';
export const WALLETS = 16;
export const SHOPS = 1_000;
export const PEOPLE = 20;

export interface Acquirer {
  readonly acquirerId: string;
  readonly slug: string;
  readonly country: string;
  readonly currency: string;
  readonly pushSchemes: readonly string[];
  readonly shops: readonly string[];
}

export interface Town {
  readonly world: World;
  readonly wallets: readonly Wallet[];
  readonly acquirers: readonly Acquirer[];
  readonly market: {
    readonly api: Client;
    /** The same marketplace as a client of AMS. */
    readonly ams: AmsClientOfTest;
    readonly seller: string;
    readonly buyer: string;
  };
  /** The hub's own campaign, whose budget is smaller than what could be given. */
  readonly campaign: string;
  /** In yen. */
  readonly budget: number;
  /** Asks again while somebody is down; a refusal is an answer. */
  stubborn<Answer>(ask: () => Promise<Answer>): Promise<Answer>;
}

/** What every discount of the hub takes off, in yen; from twice as much on. */
export const OFF = 100;

export async function settleIn(world: World, count: number): Promise<Town> {
  const wallets = await peopleOf(world);
  const acquirers = await shopsOf(world);
  const stubborn: Town['stubborn'] = stubbornly(world);
  const market = await openMarket(world);
  await agreeOnFees(world.operator, wallets);
  await payInCapital(world);
  // A fifth of the lives are in Japan: most of those that pay find nothing left.
  const budget = OFF * Math.ceil(count / 20);
  const campaign = await openCampaigns(world, wallets, budget);
  return { world, wallets, acquirers, market, campaign, budget, stubborn };
}

const REPEATS_MAX = 40;

/** Whoever finds somebody down waits with the others: many that look at once would keep it from coming back. */
function stubbornly(world: World): Town['stubborn'] {
  let waiting: Promise<void> | null = null;
  const untilBack = (): Promise<void> => {
    waiting ??= untilHealthy(world).finally(() => {
      waiting = null;
    });
    return waiting;
  };
  return async (ask) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask();
      } catch (error) {
        const isDown = !(error instanceof Refused) || error.status === 503;
        if (!isDown || tries === REPEATS_MAX) throw error;
        await untilBack();
        await sleep(100);
      }
    }
  };
}

/** The first wallets that can be used both ways in Japan. */
async function peopleOf(world: World): Promise<readonly Wallet[]> {
  const able = await walletsThatPay(world.operator, ['userPresented', 'merchantPresented'], ['JP']);
  const wallets = able.slice(0, WALLETS);
  for (const { slug } of wallets)
    for (let person = 0; person < PEOPLE; person += 1)
      await world.wallets.post('/_sandbox/users', { walletId: slug, account: `person-${person}`, balance: RICH });
  return wallets;
}

export const enroll = (world: World, { slug }: Wallet, account: string, pinAbove: string): Promise<unknown> =>
  world.wallets.post('/_sandbox/users', { walletId: slug, account, balance: RICH, pinAbove });

const TRADES = ['5411', '5812', '5944', '7011', '5651'];

async function shopsOf(world: World): Promise<readonly Acquirer[]> {
  type Listed = Omit<Acquirer, 'shops' | 'currency'> & { readonly currencies: readonly string[] };
  const { acquirers } = await world.shops.get<{ acquirers: readonly Listed[] }>('/_sandbox/acquirers');
  const each = SHOPS / acquirers.length;
  return Promise.all(
    acquirers.map(async ({ acquirerId, slug, country, currencies, pushSchemes }) => {
      const shops = Array.from({ length: each }, (_, nth) => ({
        ...{ merchantId: `${slug}-${nth}`, name: `Shop ${nth} of ${slug}`, city: 'Centre' },
        mcc: TRADES[nth % TRADES.length],
      }));
      await world.shops.post('/_sandbox/shops', { acquirerId, shops });
      const currency = currencies[0] as string;
      return { acquirerId, slug, country, currency, pushSchemes, shops: shops.map(({ merchantId }) => merchantId) };
    }),
  );
}

/** The operator's own money in the currency it reports in: what the market does to open positions is its risk, not its clients'. */
async function payInCapital(world: World): Promise<void> {
  const text = 'own funds of the operator';
  const line = { account: BANK_ACCOUNT, currency: 'USD', amount: '10000000', endToEndId: 'CAPITAL-1' };
  await world.bank.post('/_sandbox/deposits', { ...line, debtorName: 'OPERATOR', text });
  await world.advance(1);
  const { data } = await world.operator.get<Page<{ id: string; text: string }>>(
    '/v1/reconciliation/lines?state=unexplained',
  );
  const found = data.find((each) => each.text.includes(text));
  if (found === undefined) throw new Error('the deposit is not on the statement');
  const why = { as: 'capital', reason: 'float of the soak' };
  await world.operator.post(`/v1/reconciliation/lines/${found.id}/explain`, why);
}

async function openMarket(world: World): Promise<Town['market']> {
  const { id, apiKey } = await world.operator.post<{ id: string; apiKey: { secret: string } }>('/v1/marketplaces', {
    name: 'Harbor Market',
    feePlan: { percentBps: 250 },
    payoutSchedule: 'manual',
  });
  const api = world.as(apiKey.secret);
  const seller = await api.post<{ id: string }>('/v1/sellers', {
    ...{ name: 'Shenzhen Lamps', country: 'CN', email: 'a@seller.example', categoryCode: '5732' },
    bankAccount: {
      ...{ country: 'US', routingNumber: '021000021', accountNumber: '4401778812' },
      ...{ accountType: 'checking', holderName: 'Shenzhen Lamps' },
    },
  });
  const buyer = await api.post<{ id: string }>('/v1/buyers', { name: 'Nur', country: 'MY', email: 'n@buyer.example' });
  return { api, ams: await amsClientOf(world, id, seller.id), seller: seller.id, buyer: buyer.id };
}

async function amsClientOf(
  { operator, addresses }: World,
  marketplace: string,
  seller: string,
): Promise<AmsClientOfTest> {
  const { privateKey: merchantKey, publicKey: own } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const clientId = 'SOAK_CLIENT';
  const publicKey = own.export({ type: 'spki', format: 'der' }).toString('base64');
  await operator.post('/v1/ams-clients', { clientId, marketplace, publicKey, defaults: { seller } });
  const gateway = await operator.get<{ publicKey: string }>('/v1/ams-gateway');
  const gatewayKey = createPublicKey({ key: Buffer.from(gateway.publicKey, 'base64'), format: 'der', type: 'spki' });
  return createAmsClient({ origin: addresses.api, clientId, merchantKey, gatewayKey });
}

/** Discounts that the hub pays in Japan while there is a budget, and some of a wallet's own in Korea. */
async function openCampaigns(world: World, wallets: readonly Wallet[], budget: number): Promise<string> {
  const now = Date.parse(await world.now());
  const period = { from: new Date(now).toISOString(), to: new Date(now + 90 * 86_400_000).toISOString() };
  const off = (currency: string, amount: number) => ({
    kind: 'discount',
    terms: [
      {
        threshold: { currency, value: String(2 * amount) },
        off: { kind: 'amount', amount: { currency, value: String(amount) } },
      },
    ],
  });
  const ours = await world.operator.post<{ id: string }>('/v1/campaigns', {
    ...{
      name: 'Tokyo spring',
      funder: { by: 'hub' },
      gives: off('JPY', OFF),
      inShops: { countries: ['JP'] },
      ...period,
    },
  });
  await world.operator.post(`/v1/campaigns/${ours.id}/budget`, { amount: { currency: 'JPY', value: String(budget) } });
  const theirs = await world.operator.post<{ id: string }>('/v1/campaigns', {
    ...{ name: 'Seoul week', funder: { by: 'wallet', wallet: wallets[0]?.id }, gives: off('KRW', 1_000) },
    ...{ inShops: { countries: ['KR'], wallets: [wallets[0]?.id] }, ...period },
  });
  for (const { id } of [ours, theirs]) await world.operator.post(`/v1/campaigns/${id}/launch`);
  return ours.id;
}
