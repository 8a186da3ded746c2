/** Who takes part: marketplaces with their keys, sellers and buyers, set up over the API before the first day. */
import type { Client } from '../stories/client.ts';
import type { World } from '../stories/world.ts';
import type { MarketPlan } from './plan.ts';

export interface Market {
  readonly id: string;
  readonly api: Client;
  readonly plan: MarketPlan;
  readonly sellers: readonly string[];
  readonly buyers: readonly string[];
}

const ROUTING = '121042882';

/** The body of a US bank account, as the API takes it. */
export const bankAccount = (holderName: string, accountNumber: string) => ({
  country: 'US',
  routingNumber: ROUTING,
  accountNumber,
  accountType: 'checking',
  holderName,
});

export async function castMarkets(world: World, plans: readonly MarketPlan[]): Promise<readonly Market[]> {
  const markets: Market[] = [];
  for (const plan of plans) {
    const { name, feeBps, schedule } = plan;
    const created = await world.operator.post<{ id: string; apiKey: { secret: string } }>('/v1/marketplaces', {
      name,
      feePlan: { percentBps: feeBps },
      payoutSchedule: schedule,
    });
    const api = world.as(created.apiKey.secret);
    const sellers: string[] = [];
    for (const seller of plan.sellers) {
      const body = { name: seller.name, country: 'CN', email: 'accounts@supplier.example', categoryCode: '5732' };
      const made = { ...body, bankAccount: bankAccount(seller.name, seller.account) };
      sellers.push((await api.post<{ id: string }>('/v1/sellers', made)).id);
    }
    const buyers: string[] = [];
    for (const buyer of plan.buyers)
      buyers.push(
        (await api.post<{ id: string }>('/v1/buyers', { name: buyer, country: 'US', email: 'orders@buyer.example' }))
          .id,
      );
    markets.push({ id: created.id, api, plan, sellers, buyers });
  }
  return markets;
}
