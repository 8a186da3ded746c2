/** The event feed of a world, read whole, and the network operations it tells of. */
import type { Money, Page } from '../../stories/views.ts';
import type { World } from '../../stories/world.ts';

export interface FeedEvent {
  readonly seq: string;
  readonly type: string;
  readonly subject: string;
  readonly at: string;
  readonly data: { readonly [field: string]: unknown };
}

export interface Feed {
  readonly events: readonly FeedEvent[];
  readonly operations: readonly FeedOperation[];
}

export interface FeedOperation {
  readonly id: string;
  readonly kind: string;
  readonly reference: string;
  readonly payment: string;
  readonly cents: bigint;
  /** In order: unknown, pending, approved, declined. */
  readonly outcomes: readonly string[];
}

const PAGE = 1000;

export async function readFeed(world: World, from = '0'): Promise<Feed> {
  const events: FeedEvent[] = [];
  for (let after = from; ; ) {
    const { data, next } = await world.operator.get<Page<FeedEvent>>(`/v1/events?after=${after}&limit=${PAGE}`);
    events.push(...data);
    if (next === null) return { events, operations: operationsOf(events) };
    after = next;
  }
}

function operationsOf(events: readonly FeedEvent[]): readonly FeedOperation[] {
  const outcomes = new Map<string, string[]>();
  for (const { type, subject, data } of events) {
    if (type !== 'operation.answered') continue;
    outcomes.set(subject, [...(outcomes.get(subject) ?? []), String(data.outcome)]);
  }
  return events
    .filter(({ type }) => type === 'operation.sent')
    .map(({ subject, data }) => ({
      id: subject,
      kind: String(data.kind),
      reference: String(data.reference),
      payment: String(data.payment),
      cents: centsOf(data.amount),
      outcomes: outcomes.get(subject) ?? [],
    }));
}

/** Minor units of a money field of an event. */
export const centsOf = (money: unknown): bigint => BigInt((money as Money | undefined)?.value ?? 0);

/** Runs `work` over all items, a few at a time, and gathers what they answer. */
export async function inParallel<Item, Found>(
  items: readonly Item[],
  work: (item: Item) => Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  const waiting = [...items];
  const found: Found[] = [];
  const next = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) found.push(...(await work(item)));
  };
  await Promise.all(Array.from({ length: 8 }, next));
  return found;
}
