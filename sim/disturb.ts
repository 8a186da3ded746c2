/**
 * What goes wrong on purpose, and how often it really did: faults ordered at the networks, wallets and shops for exactly the requests
 * of the plan, the program killed -9 while payments are in flight, the database's connections cut while requests run.
 */
import { monotonicMs, sleep } from '../src/base/clock.ts';
import type { World } from '../stories/world.ts';
import type { Auditor } from './auditor.ts';
import { type Counted, countHits, delaysLeft, type InFlight, type Tally } from './count-hits.ts';
import type { History } from './history.ts';
import type { FaultPlan, NetworkOperation, RequestFault } from './moves.ts';
import type { Watch } from './watch.ts';

/** Business time by which a delayed notification comes later than its answer. */
const NOTIFY_DELAY_MS = 40 * 60_000;
/** The same of a wallet, which its hub asks every few minutes. */
const WALLET_NOTIFY_DELAY_MS = 5 * 60_000;
/** How long the program waits for the acquirer. Wall milliseconds, as the next three. */
export const PATIENCE_MS = 6_000;
/** An answer that is delayed comes after that. */
const DELAYED_MS = PATIENCE_MS + 500;
/** How long the acquirer keeps its answer back while the program is killed. */
const KEPT_BACK_MS = PATIENCE_MS - 500;
const IN_FLIGHT_LIMIT_MS = KEPT_BACK_MS - 500;
/** A wallet's or a shop's answer that others overtake; the program waits longer. */
const OVERTAKEN_MS = 400;

export interface Disturbance {
  /** Orders a fault for the next `count` requests of an operation. */
  order(operation: NetworkOperation, fault: FaultPlan, count: number): Promise<void>;
  orderAtBank(kind: RequestFault): Promise<void>;
  /** The files of the acquirer's next close come a day late. */
  orderLateFiles(): Promise<void>;
  /** Runs `send` and kills the program once every payment of it is in flight, at the acquirer and at wallets; starts it again. */
  killDuring<Value>(counts: InFlight, send: () => Promise<Value>): Promise<Value>;
  /** Runs `send` and cuts all of the program's database connections `afterMs` later, if it still runs. */
  cutDuring<Value>(afterMs: number, send: () => Promise<Value>): Promise<Value>;
  /** How often each kind hit, and faults that nobody took. */
  count(): Promise<Counted>;
}

export interface DisturbanceDeps {
  readonly world: World;
  readonly auditor: Auditor;
  readonly history: History;
  readonly watch: Watch;
}

export function makeDisturbance(deps: DisturbanceDeps): Disturbance {
  const { world } = deps;
  const tally: Tally = { keptBack: { payments: 0, 'wallets pay': 0 }, caught: 0, kills: 0, cuts: 0, backends: 0 };
  return {
    order: async (operation, { request, notify }, count) => {
      const isCard = !operation.includes(' ');
      const [answerMs, wordMs] = isCard ? [DELAYED_MS, NOTIFY_DELAY_MS] : [OVERTAKEN_MS, WALLET_NOTIFY_DELAY_MS];
      if (request !== null)
        await orderFault(world, { kind: request, operation, count, delayMs: request === 'delay' ? answerMs : 0 });
      if (notify !== null)
        await orderFault(world, { kind: notify, operation, count, delayMs: notify === 'notify_delay' ? wordMs : 0 });
    },
    orderAtBank: async (kind) =>
      void (await world.bank.post('/_sandbox/faults', { kind, operation: 'files', count: 1 })),
    orderLateFiles: async () =>
      void (await world.acquirer.post('/_sandbox/faults', { kind: 'late_settlement', operation: 'reports', count: 1 })),
    killDuring: (counts, send) => killDuring(deps, tally, counts, send),
    cutDuring: (afterMs, send) => cutDuring(deps, tally, afterMs, send),
    count: () => countHits(world, tally),
  };
}

interface FaultOrder {
  readonly kind: string;
  readonly operation: NetworkOperation;
  readonly count: number;
  readonly delayMs?: number;
}

/** At the acquirer, or at whom the operation names first. */
function orderFault(world: World, { operation: named, ...order }: FaultOrder): Promise<unknown> {
  const [first, operation = first] = named.split(' ');
  const side = first === 'wallets' ? world.wallets : first === 'shops' ? world.shops : world.acquirer;
  return side.post('/_sandbox/faults', { ...order, operation });
}

/** Operations that were decided and have no answer yet; with a time also those that were answered later than that. */
async function sentOperations(auditor: Auditor, answeredAfter: string | null = null): Promise<ReadonlySet<string>> {
  const db = await auditor.db();
  const { rows } = await db.query<{ id: string }>(
    `select id::text from operations where state = 'sent' or data ->> 'answeredAt' > $1`,
    [answeredAfter],
  );
  return new Set(rows.map(({ id }) => id));
}

/** A hit is a payment that the network had taken, that was `sent` when the program died and not answered before it was back. */
async function killDuring<Value>(
  deps: DisturbanceDeps,
  tally: Tally,
  counts: InFlight,
  send: () => Promise<Value>,
): Promise<Value> {
  const { world, auditor, watch, history } = deps;
  const before = await sentOperations(auditor);
  const untaken = await delaysLeft(world);
  for (const operation of KEPT_BACK)
    if (counts[operation] > 0)
      await orderFault(world, { kind: 'delay', operation, count: counts[operation], delayMs: KEPT_BACK_MS });
  if (counts.payments > 0)
    await orderFault(world, {
      ...{ kind: 'notify_delay', operation: 'payments', count: counts.payments, delayMs: NOTIFY_DELAY_MS },
    });
  const sending = send();
  const began = monotonicMs();
  const left = async (): Promise<number> => sumOf(await delaysLeft(world));
  while ((await left()) > sumOf(untaken) && monotonicMs() - began < IN_FLIGHT_LIMIT_MS) await sleep(15);
  const still = await delaysLeft(world);
  for (const operation of KEPT_BACK)
    tally.keptBack[operation] += counts[operation] + untaken[operation] - still[operation];
  const inFlight = [...(await sentOperations(auditor))].filter((id) => !before.has(id));
  const killedAt = await world.now();
  await world.kill();
  const answers = await sending;
  await world.restart();
  watch.follow();
  const after = await sentOperations(auditor, killedAt);
  const hit = inFlight.filter((id) => after.has(id)).length;
  tally.kills += 1;
  tally.caught += hit;
  history.add({ what: 'kill', asked: sumOf(counts), inFlight: inFlight.length, caught: hit });
  return answers;
}

const KEPT_BACK = ['payments', 'wallets pay'] as const;
const sumOf = (counts: InFlight): number => counts.payments + counts['wallets pay'];

/** A hit is a cut that ended at least one connection while a request was running. */
async function cutDuring<Value>(
  deps: DisturbanceDeps,
  tally: Tally,
  afterMs: number,
  send: () => Promise<Value>,
): Promise<Value> {
  let running = true;
  const db = await deps.auditor.db();
  const sending = send().finally(() => {
    running = false;
  });
  await sleep(afterMs);
  const stillRunning = running;
  const { rows } = await db.query<{ cut: number }>(
    `select count(*) filter (where pg_terminate_backend(pid))::int as cut from pg_stat_activity
      where application_name like 'causeway%' and datname = 'causeway'`,
  );
  const cut = rows[0]?.cut ?? 0;
  if (stillRunning && cut > 0) tally.cuts += 1;
  tally.backends += cut;
  deps.history.add({ what: 'cut', afterMs, backends: cut, requestsInFlight: stillRunning });
  return sending;
}
