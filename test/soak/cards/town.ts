/** Where card lives happen: two marketplaces with sellers and a buyer, and the ways of a life to the world around it. */
import { sleep } from '../../../src/base/clock.ts';
import { type SeededRandom, seededRandom } from '../../../src/base/random.ts';
import { Refused } from '../../../stories/client.ts';
import type { World } from '../../../stories/world.ts';
import { payInFloat } from '../people.ts';
import type { Calendar } from './calendar.ts';
import { type CardClient, createCardClient, type Lane } from './client.ts';
import type { Faults } from './faults.ts';
import type { Life, Scene } from './life.ts';
import type { LifePlan } from './plan.ts';

export interface Market {
  readonly id: string;
  readonly api: CardClient;
  readonly sellers: readonly string[];
  readonly buyer: string;
}

export interface Town {
  readonly world: World;
  readonly markets: readonly Market[];
  readonly lives: readonly Life[];
  sceneOf(life: Life): Scene;
}

export interface TownSettings {
  readonly world: World;
  readonly plans: readonly LifePlan[];
  readonly lane: Lane;
  readonly calendar: Calendar;
  readonly faults: Faults;
  readonly seed: number;
}

const TRIES_MAX = 300;
const PAUSE_MS = 200;

export async function settleIn({ world, plans, lane, calendar, faults, seed }: TownSettings): Promise<Town> {
  await payInFloat(world);
  const markets: Market[] = [];
  for (const schedule of ['daily', 'manual'] as const)
    markets.push(
      await openMarket(world, schedule, (key) => createCardClient(world.addresses.api, key, lane, calendar)),
    );
  const lives = plans.map((plan): Life => {
    const market = markets[plan.market] as Market;
    const seller = market.sellers[plan.seller] as string;
    return { plan, seller, order: null, payments: [], disputes: [], again: 0, ended: false };
  });
  const sceneOf = (life: Life): Scene => {
    const { api, buyer, id } = markets[life.plan.market] as Market;
    const random: SeededRandom = seededRandom(seed * 1_000_003 + life.plan.number);
    return {
      ...{ life, plan: life.plan, random, calendar, api, buyer, faults },
      network: (path, body) => lane.run(() => patiently(() => world.acquirer.post(path, body))),
      page: (url, fields) => lane.run(() => patiently(() => submit(url, fields))),
      token: (number, expiry) => lane.run(() => patiently(() => world.tokenize(id, number, expiry))),
    };
  };
  return { world, markets, lives, sceneOf };
}

/** Paid out every day: what a cardholder takes back then may be gone already. The other keeps the money here. */
async function openMarket(
  world: World,
  schedule: 'daily' | 'manual',
  open: (key: string) => CardClient,
): Promise<Market> {
  const created = await world.operator.post<{ id: string; apiKey: { secret: string } }>('/v1/marketplaces', {
    name: `Card Market ${schedule}`,
    feePlan: { percentBps: 300 },
    payoutSchedule: schedule,
  });
  const key = world.as(created.apiKey.secret);
  const sellers: string[] = [];
  for (let number = 1; number <= 4; number += 1) {
    const name = `Bao An Toys ${number}`;
    const account = { country: 'US', routingNumber: '121042882', accountNumber: `440177880${number}` };
    const bankAccount = { ...account, accountType: 'checking', holderName: name };
    const seller = { name, country: 'CN', email: 'accounts@supplier.example', categoryCode: '5945', bankAccount };
    sellers.push((await key.post<{ id: string }>('/v1/sellers', seller)).id);
  }
  const buyer = { name: 'Lakeshore Outfitters', country: 'US', email: 'orders@buyer.example' };
  const { id } = await key.post<{ id: string }>('/v1/buyers', buyer);
  return { id: created.id, api: open(created.apiKey.secret), sellers, buyer: id };
}

/** Asks again while nobody is there: the program was killed, and its companions with it. A refusal is an answer. */
async function patiently<Value>(ask: () => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if ((error instanceof Refused && error.status < 500) || tries === TRIES_MAX) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

async function submit(url: string, fields: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
  return answer.text();
}
