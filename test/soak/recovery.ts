/**
 * After a kill: nothing of a killed program is left behind, it starts again on the same data, and everything that listens
 * answers. Then somebody gets served again. How long each takes is measured; taking too long is a failure.
 */
import { monotonicMs, sleep } from '../../src/base/clock.ts';
import type { World } from '../../stories/world.ts';
import type { Kill } from './kill-plan.ts';
import { killRoles, processesOf, type Role, untilNothingRuns, type Victim } from './processes.ts';
import type { Record } from './stubborn-client.ts';
import type { Traffic } from './traffic.ts';

export interface Recovery {
  readonly killed: readonly Role[];
  /** From the kill to the last listener's answer. Wall milliseconds. */
  readonly healthyMs: number;
  /** From the program's death to its last child's; null when the program lived. */
  readonly leftoversMs: number | null;
  /** The program ended although it was not killed: a failure, after which it is started again as a supervisor would. */
  readonly endedByItself: boolean;
}

const LEFTOVERS_LIMIT_MS = 15_000;
const HEALTHY_LIMIT_MS = 60_000;
const SERVED_LIMIT_MS = 60_000;

export async function killAndRecover(world: World, kill: Kill): Promise<Recovery> {
  const began = monotonicMs();
  const victims = killRoles(world.dataDir, kill.roles);
  const killed = victims.map(({ role }) => role);
  if (killed.length === 0) throw new Error(`nothing to kill: no ${kill.roles.join(', ')} runs`);
  let leftoversMs: number | null = null;
  if (killed.includes('program')) {
    await world.kill();
    // With its keeper killed too, nobody is there to stop PostgreSQL: the next start does.
    if (!killed.includes('keeper')) leftoversMs = await untilNothingRuns(world.dataDir, LEFTOVERS_LIMIT_MS);
    else await untilOnlyPostgres(world.dataDir);
    await world.restart();
  }
  await untilReplaced(world, victims);
  const endedByItself = await untilHealthyOrEnded(world);
  if (endedByItself) {
    await untilNothingRuns(world.dataDir, LEFTOVERS_LIMIT_MS);
    await world.restart();
    await untilHealthy(world);
  }
  return { killed, healthyMs: monotonicMs() - began, leftoversMs, endedByItself };
}

/** Every killed process has a successor; what has only been missed for a moment is not back. */
async function untilReplaced(world: World, victims: readonly Victim[]): Promise<void> {
  const began = monotonicMs();
  const missing = (): readonly Victim[] => {
    const alive = processesOf(world.dataDir);
    return victims.filter(({ role, pid }) => !alive.some((found) => found.role === role && found.pid !== pid));
  };
  while (missing().length > 0 && !hasEnded(world)) {
    if (monotonicMs() - began > HEALTHY_LIMIT_MS)
      throw new Error(
        `not started again: ${missing()
          .map(({ role }) => role)
          .join(', ')}`,
      );
    await sleep(20);
  }
}

const hasEnded = (world: World): boolean => world.process.exitCode !== null || world.process.signalCode !== null;

/** True when the program ended before everything answered. */
async function untilHealthyOrEnded(world: World): Promise<boolean> {
  await untilHealthy(world, () => hasEnded(world));
  return hasEnded(world);
}

async function untilOnlyPostgres(dataDir: string): Promise<void> {
  const began = monotonicMs();
  const others = () =>
    processesOf(dataDir).filter(({ role, command }) => role !== 'postgres' && !/^postgres:/.test(command));
  while (others().length > 0) {
    if (monotonicMs() - began > LEFTOVERS_LIMIT_MS)
      throw new Error(
        `left running: ${others()
          .map(({ command }) => command.slice(0, 120))
          .join('; ')}`,
      );
    await sleep(20);
  }
}

/** Everything answers: the API with its database, the vault with its own, the three networks. */
export async function untilHealthy(world: World, givenUp: () => boolean = () => false): Promise<void> {
  const { api, vault, clock, acquirer, bank } = world.addresses;
  const pages = [`${vault}/health`, `${clock}/now`, `${acquirer}/_sandbox/totals`, `${bank}/_sandbox/totals`];
  const began = monotonicMs();
  for (;;) {
    const key = { authorization: `Bearer ${world.operatorKey}` };
    const answers = await Promise.all([answersWell(`${api}/v1/system`, key), ...pages.map((url) => answersWell(url))]);
    if (answers.every((well) => well) || givenUp()) return;
    if (monotonicMs() - began > HEALTHY_LIMIT_MS) {
      const silent = ['API', 'vault', 'clock', 'acquirer', 'bank'].filter((_, index) => answers[index] !== true);
      throw new Error(`not healthy ${HEALTHY_LIMIT_MS / 1000} s after a kill: ${silent.join(', ')}`);
    }
    await sleep(25);
  }
}

/** Some client has a definite answer again. Outcomes that wait for the acquirer's deadline get a little business time. */
export async function untilServed(world: World, record: Record, traffic: Traffic): Promise<void> {
  const began = monotonicMs();
  const before = record.acknowledged.length;
  for (let round = 1; record.acknowledged.length < before + 2; round += 1) {
    if (monotonicMs() - began > SERVED_LIMIT_MS)
      throw new Error(`nobody has been served for ${SERVED_LIMIT_MS / 1000} s after everything was back`);
    if (round % 40 === 0) await traffic.calmly(() => world.advance(0, 0.01).catch(() => undefined));
    await sleep(50);
  }
}

async function answersWell(url: string, headers: { readonly [name: string]: string } = {}): Promise<boolean> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(3_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
