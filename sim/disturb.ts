/**
 * What goes wrong on purpose, and how often it really did: faults ordered at the networks for exactly the requests of the
 * plan, the program killed -9 while payments are in flight, the database's connections cut while requests run.
 */
import { monotonicMs, sleep } from '../src/base/clock.ts';
import type { World } from '../stories/world.ts';
import type { Auditor } from './auditor.ts';
import type { History } from './history.ts';
import type { FaultPlan, NetworkOperation, RequestFault } from './moves.ts';
import type { Watch } from './watch.ts';

/** Business time by which a delayed notification comes later than its answer. */
const NOTIFY_DELAY_MS = 40 * 60_000;
/** How long the program waits for the acquirer. Wall milliseconds, as the next three. */
export const PATIENCE_MS = 6_000;
/** An answer that is delayed comes after that. */
const DELAYED_MS = PATIENCE_MS + 500;
/** How long the acquirer keeps its answer back while the program is killed. */
const KEPT_BACK_MS = PATIENCE_MS - 500;
const IN_FLIGHT_LIMIT_MS = KEPT_BACK_MS - 500;

export interface Disturbance {
  /** Orders a fault for the next `count` requests of an operation. */
  order(operation: NetworkOperation, fault: FaultPlan, count: number): Promise<void>;
  orderAtBank(kind: RequestFault): Promise<void>;
  /** The files of the acquirer's next close come a day late. */
  orderLateFiles(): Promise<void>;
  /** Runs `send` and kills the program once every payment of it is in flight; starts it again. */
  killDuring<Value>(count: number, send: () => Promise<Value>): Promise<Value>;
  /** Runs `send` and cuts all of the program's database connections `afterMs` later, if it still runs. */
  cutDuring<Value>(afterMs: number, send: () => Promise<Value>): Promise<Value>;
  /** How often each kind hit, and faults that nobody took. */
  count(): Promise<Counted>;
}

export interface Counted {
  readonly hits: Readonly<Record<string, number>>;
  readonly untaken: number;
}

interface FaultCounts {
  readonly kinds: Readonly<Record<string, { readonly hits: number; readonly remaining: number }>>;
}

export interface DisturbanceDeps {
  readonly world: World;
  readonly auditor: Auditor;
  readonly history: History;
  readonly watch: Watch;
}

interface Tally {
  /** Kills that found payments in flight kept them there with delays of their own. */
  keptBack: number;
  caught: number;
  kills: number;
  cuts: number;
  backends: number;
}

export function makeDisturbance(deps: DisturbanceDeps): Disturbance {
  const { world } = deps;
  const tally: Tally = { keptBack: 0, caught: 0, kills: 0, cuts: 0, backends: 0 };
  return {
    order: async (operation, { request, notify }, count) => {
      if (request !== null)
        await orderFault(world, {
          kind: request,
          operation,
          count,
          ...(request === 'delay' ? { delayMs: DELAYED_MS } : {}),
        });
      if (notify === null) return;
      await orderFault(world, {
        kind: notify,
        operation,
        count,
        delayMs: notify === 'notify_delay' ? NOTIFY_DELAY_MS : 0,
      });
    },
    orderAtBank: async (kind) =>
      void (await world.bank.post('/_sandbox/faults', { kind, operation: 'files', count: 1 })),
    orderLateFiles: async () =>
      void (await world.acquirer.post('/_sandbox/faults', { kind: 'late_settlement', operation: 'reports', count: 1 })),
    killDuring: (count, send) => killDuring(deps, tally, count, send),
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

const orderFault = (world: World, order: FaultOrder): Promise<unknown> =>
  world.acquirer.post('/_sandbox/faults', order);

/** Operations that were decided and have no answer yet. */
async function sentOperations(auditor: Auditor): Promise<ReadonlySet<string>> {
  const db = await auditor.db();
  const { rows } = await db.query<{ id: string }>(`select id::text from operations where state = 'sent'`);
  return new Set(rows.map(({ id }) => id));
}

/** A hit is a payment that the acquirer had taken, that was `sent` when the program died and still is when it is back. */
async function killDuring<Value>(
  deps: DisturbanceDeps,
  tally: Tally,
  count: number,
  send: () => Promise<Value>,
): Promise<Value> {
  const { world, auditor, watch, history } = deps;
  const before = await sentOperations(auditor);
  const untaken = await delaysLeft(world);
  await orderFault(world, { kind: 'delay', operation: 'payments', count, delayMs: KEPT_BACK_MS });
  await orderFault(world, { kind: 'notify_delay', operation: 'payments', count, delayMs: NOTIFY_DELAY_MS });
  const sending = send();
  const began = monotonicMs();
  while ((await delaysLeft(world)) > untaken && monotonicMs() - began < IN_FLIGHT_LIMIT_MS) await sleep(15);
  tally.keptBack += count + untaken - (await delaysLeft(world));
  const inFlight = [...(await sentOperations(auditor))].filter((id) => !before.has(id));
  await world.kill();
  const answers = await sending;
  await world.restart();
  watch.follow();
  const after = await sentOperations(auditor);
  const hit = inFlight.filter((id) => after.has(id)).length;
  tally.kills += 1;
  tally.caught += hit;
  history.add({ what: 'kill', asked: count, inFlight: inFlight.length, stillOpenAfterRestart: hit });
  return answers;
}

const delaysLeft = async (world: World): Promise<number> =>
  (await world.acquirer.get<FaultCounts>('/_sandbox/faults')).kinds.delay?.remaining ?? 0;

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

async function countHits(world: World, { keptBack, caught, kills, cuts, backends }: Tally): Promise<Counted> {
  const acquirer = (await world.acquirer.get<FaultCounts>('/_sandbox/faults')).kinds;
  const bank = (await world.bank.get<FaultCounts>('/_sandbox/faults')).kinds;
  const of = (kind: string): number => acquirer[kind]?.hits ?? 0;
  const untaken = [...Object.values(acquirer), ...Object.values(bank)].reduce(
    (sum, { remaining }) => sum + remaining,
    0,
  );
  return {
    untaken,
    hits: {
      'answer lost after effect': of('drop_after'),
      'request lost before effect': of('drop_before'),
      'network answers 503': of('http_503'),
      'network answers 429': of('http_429'),
      'network answers 500': of('http_500'),
      'answer malformed': of('malformed'),
      'answer with an unknown code': of('unknown_code'),
      'answer after the program stopped waiting': of('delay') - keptBack,
      'notification duplicated': of('notify_duplicate'),
      'notification delayed': of('notify_delay'),
      'notification never delivered': of('notify_drop'),
      'notification overtaken': of('notify_reorder'),
      'files a day late': of('late_settlement'),
      'killed between decide and settle': caught,
      'database connections cut': cuts,
      'bank file answer lost': bank.drop_after?.hits ?? 0,
      'bank file request lost': bank.drop_before?.hits ?? 0,
      'bank file answered 503': bank.http_503?.hits ?? 0,
      'program kills': kills,
      'backends terminated': backends,
    },
  };
}
