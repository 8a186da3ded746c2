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
/** Wall-clock time the acquirer keeps its answer back while the program is killed. */
const KEPT_BACK_MS = 9_000;
const IN_FLIGHT_LIMIT_MS = 8_000;

export interface Disturbance {
  /** Orders a fault for the next `count` requests of an operation. */
  order(operation: NetworkOperation, fault: FaultPlan, count: number): Promise<void>;
  orderAtBank(kind: RequestFault): Promise<void>;
  /** Runs `send` and kills the program once every payment of it is in flight; starts it again. */
  killDuring<Value>(count: number, send: () => Promise<Value>): Promise<Value>;
  /** Runs `send` and cuts all of the program's database connections `afterMs` later, if it still runs. */
  cutDuring<Value>(afterMs: number, send: () => Promise<Value>): Promise<Value>;
  /** How often each kind hit, and faults that nobody took. */
  count(): Promise<{ readonly hits: Readonly<Record<string, number>>; readonly untaken: number }>;
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

export function makeDisturbance({ world, auditor, history, watch }: DisturbanceDeps): Disturbance {
  let caught = 0;
  let kills = 0;
  let cuts = 0;
  let backends = 0;
  const delayed = async (): Promise<number> =>
    (await world.acquirer.get<FaultCounts>('/_sandbox/faults')).kinds.delay?.remaining ?? 0;
  const atAcquirer = (kind: string, operation: NetworkOperation, count: number, delayMs = 0): Promise<unknown> =>
    world.acquirer.post('/_sandbox/faults', { kind, operation, count, delayMs });
  const sentOperations = async (): Promise<ReadonlySet<string>> => {
    const { rows } = await (await auditor.db()).query<{ id: string }>(
      `select id::text from operations where state = 'sent'`,
    );
    return new Set(rows.map(({ id }) => id));
  };

  return {
    order: async (operation, { request, notify }, count) => {
      if (request !== null) await atAcquirer(request, operation, count);
      if (notify !== null) await atAcquirer(notify, operation, count, notify === 'notify_delay' ? NOTIFY_DELAY_MS : 0);
    },
    orderAtBank: async (kind) =>
      void (await world.bank.post('/_sandbox/faults', { kind, operation: 'files', count: 1 })),
    killDuring: async (count, send) => {
      const before = await sentOperations();
      await atAcquirer('delay', 'payments', count, KEPT_BACK_MS);
      await atAcquirer('notify_delay', 'payments', count, NOTIFY_DELAY_MS);
      const sending = send();
      const began = monotonicMs();
      while ((await delayed()) > 0 && monotonicMs() - began < IN_FLIGHT_LIMIT_MS) await sleep(15);
      const inFlight = [...(await sentOperations())].filter((id) => !before.has(id));
      await world.kill();
      const answers = await sending;
      await world.restart();
      watch.follow();
      const after = await sentOperations();
      const hit = inFlight.filter((id) => after.has(id)).length;
      kills += 1;
      caught += hit;
      history.add({ what: 'kill', asked: count, inFlight: inFlight.length, stillOpenAfterRestart: hit });
      return answers;
    },
    cutDuring: async (afterMs, send) => {
      let running = true;
      const db = await auditor.db();
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
      if (stillRunning && cut > 0) cuts += 1;
      backends += cut;
      history.add({ what: 'cut', afterMs, backends: cut, requestsInFlight: stillRunning });
      return sending;
    },
    count: async () => {
      const acquirer = (await world.acquirer.get<FaultCounts>('/_sandbox/faults')).kinds;
      const bank = (await world.bank.get<FaultCounts>('/_sandbox/faults')).kinds;
      const of = (kind: string): number => acquirer[kind]?.hits ?? 0;
      return {
        untaken: [...Object.values(acquirer), ...Object.values(bank)].reduce(
          (sum, { remaining }) => sum + remaining,
          0,
        ),
        hits: {
          'answer lost after effect': of('drop_after'),
          'request lost before effect': of('drop_before'),
          'network answers 503': of('http_503'),
          'answer malformed': of('malformed'),
          'notification duplicated': of('notify_duplicate'),
          'notification delayed': of('notify_delay'),
          'notification never delivered': of('notify_drop'),
          'killed between decide and settle': caught,
          'database connections cut': cuts,
          'bank file answer lost': bank.drop_after?.hits ?? 0,
          'bank file request lost': bank.drop_before?.hits ?? 0,
          'bank file answered 503': bank.http_503?.hits ?? 0,
          'program kills': kills,
          'backends terminated': backends,
        },
      };
    },
  };
}
