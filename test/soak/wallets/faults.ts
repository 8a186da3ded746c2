/**
 * The faults of the soak: before a life acts, now and then one is ordered for what the hub asks next of the wallets or of the shops, or for
 * what a wallet tells the hub; all kinds in turn from a shuffled deck. How often each really hit is the sandboxes' own count.
 */
import type { SeededRandom } from '../../../src/base/random.ts';
import type { Client } from '../../../stories/client.ts';
import type { World } from '../../../stories/world.ts';

export type Side = 'wallets' | 'shops';

const OF_REQUESTS = ['drop_before', 'drop_after', 'delay', 'http_500', 'http_503', 'malformed'] as const;
const OF_WALLETS = [...OF_REQUESTS, 'unknown_code'] as const;
const OF_NOTIFICATIONS = ['notify_drop', 'notify_duplicate', 'notify_delay'] as const;

interface Fault {
  readonly side: Side;
  readonly kind: string;
}

export const FAULTS: readonly Fault[] = [
  ...[...OF_WALLETS, ...OF_NOTIFICATIONS].map((kind) => ({ side: 'wallets' as const, kind })),
  ...OF_REQUESTS.map((kind) => ({ side: 'shops' as const, kind })),
];

export const nameOf = ({ side, kind }: Fault): string => `${side} ${kind}`;

export interface Faults {
  /** Orders the next of the deck. `operation`: what the hub will ask the wallets. */
  order(operation: 'pay' | 'cancelPayment' | 'refund'): Promise<void>;
  /** Takes back what nobody met. */
  clear(): Promise<void>;
  hits(): Promise<Readonly<Record<string, number>>>;
}

/** Wall milliseconds; less than the hub waits for an answer. */
const DELAY_MS = 400;
/** Business time; later than the first inquiries. */
const NOTIFY_DELAY_MS = 5 * 60_000;

export function makeFaults({ wallets, shops }: Pick<World, 'wallets' | 'shops'>, random: SeededRandom): Faults {
  const clients: Readonly<Record<Side, Client>> = { wallets, shops };
  let deck: Fault[] = [];
  return {
    order: async (operation) => {
      if (deck.length === 0) deck = [...FAULTS];
      const [{ side, kind }] = deck.splice(random.integer(0, deck.length - 1), 1) as [Fault];
      const delayMs = kind === 'delay' ? DELAY_MS : kind === 'notify_delay' ? NOTIFY_DELAY_MS : 0;
      const named = kind.startsWith('notify_') || side === 'shops' ? 'notifyPayment' : operation;
      await clients[side].post('/_sandbox/faults', { kind, operation: named, count: 1, delayMs });
    },
    clear: async () => {
      for (const client of [wallets, shops]) await client.send('DELETE', '/_sandbox/faults');
    },
    hits: async () => {
      type Overview = { readonly kinds: Readonly<Record<string, { readonly hits: number }>> };
      const of = {
        wallets: await wallets.get<Overview>('/_sandbox/faults'),
        shops: await shops.get<Overview>('/_sandbox/faults'),
      };
      return Object.fromEntries(FAULTS.map((fault) => [nameOf(fault), of[fault.side].kinds[fault.kind]?.hits ?? 0]));
    },
  };
}
