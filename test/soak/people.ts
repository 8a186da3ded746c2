/** The people of the soak: two marketplaces, one paid out daily and one on request, each with sellers and a buyer. */
import { randomUUID } from 'node:crypto';
import type { SeededRandom } from '../../src/base/random.ts';
import { CARDS, usd } from '../../stories/story.ts';
import type { Money, Page, SellerView } from '../../stories/views.ts';
import type { World } from '../../stories/world.ts';
import { createStubbornClient, type Record, type StubbornClient } from './stubborn-client.ts';

export interface Market {
  readonly id: string;
  readonly schedule: 'daily' | 'manual';
  readonly client: StubbornClient;
  readonly sellers: readonly string[];
  readonly buyer: string;
}

/** The sandbox bank returns what is paid to this account with R03 (no such account). */
const RETURNED_ACCOUNT = '990003';
const GOOD_ACCOUNTS = ['4401778812', '4401778813', '4401778814'] as const;
const FLOAT_CENTS = 5_000_000;
const FEE_BPS = 300;

/** Creates both marketplaces; the second seller of the one paid on request has an account the bank returns. */
export async function settleIn(world: World, record: Record): Promise<readonly Market[]> {
  await payInFloat(world);
  return [
    await openMarket(world, record, 'daily', GOOD_ACCOUNTS),
    await openMarket(world, record, 'manual', [...GOOD_ACCOUNTS, RETURNED_ACCOUNT]),
  ];
}

async function openMarket(
  world: World,
  record: Record,
  schedule: Market['schedule'],
  accounts: readonly string[],
): Promise<Market> {
  const { id, apiKey } = await world.operator.post<{ id: string; apiKey: { secret: string } }>('/v1/marketplaces', {
    name: `Soak Market ${schedule}`,
    feePlan: { percentBps: FEE_BPS },
    payoutSchedule: schedule,
  });
  const client = createStubbornClient(world.addresses.api, apiKey.secret, record);
  const sellers: string[] = [];
  for (const accountNumber of accounts) sellers.push(await openSeller(client, accountNumber));
  const buyer = await client.post<{ id: string }>(
    '/v1/buyers',
    { name: 'Windy City Retail', country: 'US', email: 'orders@buyer.example' },
    randomUUID(),
  );
  return { id, schedule, client, sellers, buyer: buyer.body.id };
}

async function openSeller(client: StubbornClient, accountNumber: string): Promise<string> {
  const name = `Pearl River Lighting ${accountNumber}`;
  const bankAccount = { country: 'US', routingNumber: '121042882', accountNumber, accountType: 'checking' };
  const seller = await client.post<SellerView>(
    '/v1/sellers',
    {
      name,
      country: 'CN',
      email: 'accounts@supplier.example',
      categoryCode: '5732',
      bankAccount: { ...bankAccount, holderName: name },
    },
    randomUUID(),
  );
  if (seller.status !== 201) throw new Error(`seller: ${JSON.stringify(seller.body)}`);
  return seller.body.id;
}

/** The operator's own money, so that card fees never keep a payout waiting; its bank line is explained as capital. */
export async function payInFloat(world: World): Promise<void> {
  await world.bank.post('/_sandbox/deposits', {
    account: '000123456789',
    currency: 'USD',
    amount: String(FLOAT_CENTS),
    endToEndId: 'FLOAT-1',
    debtorName: 'OPERATOR TREASURY',
    text: 'own funds for card fees',
  });
  await world.advance(1);
  const path = '/v1/reconciliation/lines?state=unexplained';
  const { data } = await world.operator.get<Page<{ id: string; amount: Money }>>(path);
  const line = data.find(({ amount }) => amount.value === usd(FLOAT_CENTS).value);
  if (line === undefined) throw new Error('the deposit is not on the statement');
  await world.operator.post(`/v1/reconciliation/lines/${line.id}/explain`, {
    as: 'capital',
    reason: 'float of the soak',
  });
}

/** A card token of the vault; asked for until it comes, since the vault may be down. */
export async function tokenFor(world: World, market: Market, random: SeededRandom, pause: () => Promise<void>) {
  const card = random.pick([CARDS.visa, CARDS.mastercard, CARDS.amex, CARDS.discover]);
  for (;;) {
    try {
      return await world.tokenize(market.id, card);
    } catch {
      await pause();
    }
  }
}
