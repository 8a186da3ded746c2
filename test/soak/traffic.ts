/** Many clients at once, each living one order after another until they are told to stop. */
import { monotonicMs, sleep } from '../../src/base/clock.ts';
import { uuidV7Hex } from '../../src/base/ids.ts';
import { type SeededRandom, seededRandom } from '../../src/base/random.ts';
import type { World } from '../../stories/world.ts';
import { type ExpectedPayout, type Life, liveOrder } from './order-life.ts';
import { planOrder } from './order-plan.ts';
import { type Market, tokenFor } from './people.ts';
import { type Record, unlessAbandoned } from './stubborn-client.ts';

export interface Traffic {
  readonly lives: readonly Life[];
  readonly payouts: readonly ExpectedPayout[];
  /** What went otherwise than a client may expect. */
  readonly failures: readonly string[];
  /** How many clients still live an order. */
  busy(): number;
  /** Runs `work` with clients that take their time, as the clock only steps when everybody is idle for a moment. */
  calmly<Value>(work: () => Promise<Value>): Promise<Value>;
  /** No new lives; those begun go on to their end. */
  stop(): void;
}

export interface TrafficSettings {
  readonly world: World;
  readonly markets: readonly Market[];
  readonly record: Record;
  readonly clients: number;
  readonly seed: number;
}

/** Milliseconds between two requests of one client. */
const PAUSE_MS = { low: 10, high: 150 } as const;
const CALM_PAUSE_MS = { low: 2_000, high: 8_000 } as const;

export function startTraffic({ world, markets, record, clients, seed }: TrafficSettings): Traffic {
  const lives: Life[] = [];
  const payouts: ExpectedPayout[] = [];
  const failures: string[] = [];
  let stopping = false;
  let busy = 0;
  let calm = 0;
  const whileCalm = async (random: SeededRandom): Promise<void> => {
    const until = monotonicMs() + random.integer(CALM_PAUSE_MS.low, CALM_PAUSE_MS.high);
    while (calm > 0 && monotonicMs() < until) await sleep(50);
  };
  const liveOne = async (random: SeededRandom): Promise<void> => {
    const market = random.pick(markets);
    const plan = planOrder(random);
    const life: Life = {
      number: lives.length + 1,
      market,
      seller: random.pick(market.sellers),
      plan,
      order: null,
      payments: [],
      ended: null,
      notReceived: 0,
    };
    lives.push(life);
    const pause = async () => {
      unlessAbandoned(record);
      await whileCalm(random);
      return sleep(random.integer(PAUSE_MS.low, PAUSE_MS.high));
    };
    const token = () => tokenFor(world, market, random, pause);
    await liveOrder({ random, pause, token, payouts, newKey: uuidV7Hex }, life).catch((error: unknown) => {
      failures.push(`life ${life.number} (${life.order}): ${(error as Error).message}`);
    });
  };
  const client = async (number: number): Promise<void> => {
    const random = seededRandom(seed * 1_000 + number);
    busy += 1;
    while (!stopping && !record.abandoned) await liveOne(random);
    busy -= 1;
  };
  for (let number = 1; number <= clients; number += 1) void client(number);
  return {
    lives,
    payouts,
    failures,
    busy: () => busy,
    calmly: async (work) => {
      calm += 1;
      return work().finally(() => {
        calm -= 1;
      });
    },
    stop: () => {
      stopping = true;
    },
  };
}
