/**
 * The soak `kills`: whole order lives over HTTP while the program, PostgreSQL, the networks and the vault are killed at
 * random moments, alone and together. Clients repeat with the same key until they know. At the end nothing that was
 * acknowledged is lost, nothing is doubled, and ledger, acquirer and bank agree to the cent.
 */
import { monotonicMs, sleep } from '../../src/base/clock.ts';
import { seededRandom } from '../../src/base/random.ts';
import { startWorld, type World } from '../../stories/world.ts';
import { type Kill, planKills } from './kill-plan.ts';
import { settleIn } from './people.ts';
import { proveEverything } from './proofs.ts';
import { killAndRecover, type Recovery, untilServed } from './recovery.ts';
import type { Soak, SoakContext, SoakResult } from './soak.ts';
import { newRecord, type Record } from './stubborn-client.ts';
import { startTraffic, type Traffic } from './traffic.ts';

export const kills: Soak = {
  name: 'kills',
  title: 'Kills the program, PostgreSQL, the networks and the vault under traffic; nothing is lost, nothing doubled',
  count: 100,
  run: runKills,
};

const CLIENTS = 12;
/** The acquirer's deadline, short, so that an unknown outcome is asked about soon. */
const ENVIRONMENT = { ACQUIRER_TIMEOUT_MS: '3000', BANK_TIMEOUT_MS: '3000' };
const LAST_LIVES_LIMIT_MS = 120_000;
const ADVANCE_LIMIT_MS = 60_000;

async function runKills(context: SoakContext): Promise<SoakResult> {
  const began = monotonicMs();
  const world = await startWorld({ env: ENVIRONMENT, verbose: context.verbose });
  context.onInterrupt(() => world.end());
  const record = newRecord(context.seed);
  try {
    const markets = await settleIn(world, record);
    const traffic = startTraffic({ world, markets, record, clients: CLIENTS, seed: context.seed });
    const done = await killAgainAndAgain(world, context, record, traffic);
    const failures = [...endings(done), ...(await comeToRest(world, traffic))];
    const proof = await proveEverything({ world, markets, record, traffic });
    const counts = { ...countsOf(done, record, traffic), ...proof.counts, seconds: seconds(monotonicMs() - began) };
    return { failures: [...traffic.failures, ...failures, ...proof.violations], counts };
  } finally {
    record.abandoned = true;
    await context.keep(world);
    await world.end();
  }
}

/** The death of a part must not take the program with it. */
const endings = (done: readonly Done[]): readonly string[] =>
  done
    .filter(({ recovery }) => recovery.endedByItself)
    .map(({ kill }) => `the program ended by itself after the kill of ${kill.roles.join(' and ')}`);

interface Done {
  readonly kill: Kill;
  readonly recovery: Recovery;
}

async function killAgainAndAgain(
  world: World,
  { seed, count, say }: SoakContext,
  record: Record,
  traffic: Traffic,
): Promise<readonly Done[]> {
  const done: Done[] = [];
  let told = 0;
  await untilServed(world, record, traffic);
  for (const kill of planKills(seededRandom(seed), count)) {
    const advancing = kill.whileAdvancing ? traffic.calmly(() => world.advance(1).catch(() => undefined)) : undefined;
    await sleep(kill.afterMs);
    const recovery = await killAndRecover(world, kill).catch((error: unknown) => {
      throw new Error(`kill ${done.length + 1} of ${kill.roles.join(' and ')}: ${(error as Error).message}`);
    });
    const recoveredAt = monotonicMs();
    await advancing;
    await untilServed(world, record, traffic);
    const servedMs = monotonicMs() - recoveredAt;
    if (kill.thenAdvanceHours > 0) await traffic.calmly(() => advance(world, kill.thenAdvanceHours));
    const advancedMs = monotonicMs() - recoveredAt - servedMs;
    done.push({ kill, recovery });
    const where = kill.whileAdvancing ? ' while advancing' : '';
    const lives = traffic.lives.filter(({ ended }) => ended !== null).length;
    const [back, served, advanced] = [recovery.healthyMs, servedMs, advancedMs].map(Math.round);
    const times = `back after ${back} ms, served after ${served} more, advanced in ${advanced}; ${lives} lives`;
    const ended = recovery.endedByItself ? ' (the program had ended by itself)' : '';
    say(`${done.length}. ${recovery.killed.join(' and ')}${where}: ${times}${ended}`);
    for (const failure of traffic.failures.slice(told)) say(`! ${failure}`);
    told = traffic.failures.length;
  }
  return done;
}

/** Advances; a clock that is still busy with an advance that a kill cut short is asked again. */
async function advance(world: World, hours: number): Promise<void> {
  const began = monotonicMs();
  for (;;) {
    try {
      const { skipped } = await world.advance(0, hours);
      if (skipped.length > 0) throw new Error(`the clock went on without ${skipped.join(', ')}`);
      return;
    } catch (error) {
      if (monotonicMs() - began > ADVANCE_LIMIT_MS)
        throw new Error(`advancing ${hours} h: ${(error as Error).message}`);
      await sleep(250);
    }
  }
}

/** The lives begun go on to their end, then enough days pass that everything is settled, booked, paid and returned. */
async function comeToRest(world: World, traffic: Traffic): Promise<readonly string[]> {
  traffic.stop();
  const began = monotonicMs();
  while (traffic.busy() > 0) {
    if (monotonicMs() - began > LAST_LIVES_LIMIT_MS)
      return [`${traffic.busy()} clients still wait for a definite answer`];
    await sleep(250);
    await advance(world, 0.02);
  }
  // Receipt by deadline ten days after dispatch, release two after receipt.
  await advance(world, 12 * 24);
  for (const market of new Set(traffic.lives.map((life) => life.market)))
    await world.operator.post('/v1/payout-runs', { marketplace: market.id });
  // Filed at once, booked on the next working day, returned two working days later.
  await advance(world, 8 * 24);
  return [];
}

function countsOf(done: readonly Done[], record: Record, traffic: Traffic): { readonly [name: string]: unknown } {
  const killed = done.flatMap(({ recovery }) => recovery.killed);
  const leftovers = done.map(({ recovery }) => recovery.leftoversMs ?? 0);
  return {
    kills: done.length,
    killsByKind: tally(done.map(({ kill }) => kill.kind)),
    processesKilled: tally(killed),
    killsWhileAdvancing: done.filter(({ kill }) => kill.whileAdvancing).length,
    longestRecoveryMs: Math.round(Math.max(0, ...done.map(({ recovery }) => recovery.healthyMs))),
    longestLeftoverMs: Math.round(Math.max(0, ...leftovers)),
    requests: record.counts.requests,
    repeats: record.counts.repeats,
    lostAnswers: record.counts.lost,
    hungUp: record.counts.hungUp,
    unknownOutcomes: record.counts.unknown,
    troubles: Object.fromEntries([...record.troubles].sort()),
    lives: traffic.lives.length,
    livesCompleted: tally(traffic.lives.map(({ ended }) => ended ?? 'unfinished')),
    notReceived: traffic.lives.reduce((sum, { notReceived }) => sum + notReceived, 0),
    payoutsByRequest: traffic.payouts.length,
  };
}

function tally(names: readonly string[]): { readonly [name: string]: number } {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort());
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;
