/**
 * The faults of the soak: before a request reaches the acquirer, now and then one is ordered for the next request of its
 * operation, in turn from a shuffled deck, so that every kind comes as often as the others. How often each really hit is
 * the acquirer's own count.
 */
import type { SeededRandom } from '../../../src/base/random.ts';
import type { World } from '../../../stories/world.ts';

/** What a life asks of the acquirer, as faults are ordered under. */
export type Operation =
  | 'payments'
  | 'captures'
  | 'refunds'
  | 'void'
  | 'increment'
  | 'reverse'
  | 'reauthorize'
  | 'authentications'
  | 'disputes'
  | 'reports';

const OF_REQUESTS = [
  'drop_before',
  'drop_after',
  'http_429',
  'http_500',
  'http_503',
  'malformed',
  'unknown_code',
  'delay',
] as const;
const OF_NOTIFICATIONS = ['notify_drop', 'notify_duplicate', 'notify_delay', 'notify_reorder'] as const;
/** Those of whom nobody tells the merchant. */
const SILENT: readonly Operation[] = ['authentications', 'reports'];

type Kind = (typeof OF_REQUESTS)[number] | (typeof OF_NOTIFICATIONS)[number] | 'late_settlement';
export const FAULT_KINDS: readonly Kind[] = [...OF_REQUESTS, ...OF_NOTIFICATIONS, 'late_settlement'];

export interface Faults {
  /** Whether one was ordered for this request. */
  maybe(operation: Operation): Promise<void>;
  /** The next file that is fetched meets one; all kinds in turn. */
  files(): Promise<void>;
  /** The files of the next close come a day late. */
  lateFiles(): Promise<void>;
  /** Takes back what nobody met. */
  clear(): Promise<void>;
  hits(): Promise<Readonly<Record<string, number>>>;
  readonly chances: () => number;
}

export interface FaultSettings {
  readonly acquirer: World['acquirer'];
  readonly random: SeededRandom;
  /** Of a request, 0..1. */
  readonly rate: number;
  /** Longer than the program waits for the acquirer. Wall milliseconds. */
  readonly delayMs: number;
}

/** Business time: later than the answer, and than the first inquiry. */
const NOTIFY_DELAY_MS = 40 * 60_000;

export function makeFaults({ acquirer, random, rate, delayMs }: FaultSettings): Faults {
  const deck: Kind[] = [];
  let chances = 0;
  let fetches = random.integer(0, OF_REQUESTS.length - 1);
  const draw = (operation: Operation): Kind => {
    if (deck.length === 0) deck.push(...OF_REQUESTS, ...OF_NOTIFICATIONS);
    const fits = deck.filter((kind) => !(SILENT.includes(operation) && kind.startsWith('notify_')));
    const kind = random.pick(fits.length === 0 ? OF_REQUESTS : fits);
    if (fits.length > 0) deck.splice(deck.indexOf(kind), 1);
    return kind;
  };
  const order = async (kind: Kind, operation: Operation): Promise<void> => {
    const wait = kind === 'delay' ? delayMs : kind === 'notify_delay' ? NOTIFY_DELAY_MS : 0;
    await acquirer.post('/_sandbox/faults', { kind, operation, count: 1, delayMs: wait });
  };
  return {
    maybe: async (operation) => {
      chances += 1;
      if (random.chance(rate)) await order(draw(operation), operation);
    },
    files: () => {
      chances += 1;
      fetches += 1;
      return order(OF_REQUESTS[fetches % OF_REQUESTS.length] as Kind, 'reports');
    },
    lateFiles: () => order('late_settlement', 'reports'),
    clear: async () => void (await acquirer.send('DELETE', '/_sandbox/faults')),
    hits: async () => {
      const { kinds } = await acquirer.get<{ kinds: Record<string, { hits: number }> }>('/_sandbox/faults');
      return Object.fromEntries(FAULT_KINDS.map((kind) => [kind, kinds[kind]?.hits ?? 0]));
    },
    chances: () => chances,
  };
}
