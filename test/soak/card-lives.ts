/**
 * The soak `card-lives`: thousands of card payments, each from its first request to the day it is settled, refunded or
 * disputed, while one request in twenty meets a fault and the program is killed now and then. When all has come to rest the
 * acquirer's own books and ours agree to the cent, for each payment and in total, and nobody was charged twice.
 *
 * Lives act in half-days of business time; when all of them wait, the clock goes to the next half-day that one waits for.
 */
import { monotonicMs, sleep } from '../../src/base/clock.ts';
import { seededRandom } from '../../src/base/random.ts';
import { startWorld, type World } from '../../stories/world.ts';
import { type Calendar, makeCalendar } from './cards/calendar.ts';
import { type Lane, makeLane } from './cards/client.ts';
import { FAULT_KINDS, type Faults, makeFaults } from './cards/faults.ts';
import { LIVES } from './cards/kinds.ts';
import type { Life } from './cards/life.ts';
import { drawLives, KINDS, spanOf } from './cards/plan.ts';
import { proveCards } from './cards/prove-cards.ts';
import { settleIn, type Town } from './cards/town.ts';
import { proveRest, proveSides } from './proofs.ts';
import { untilHealthy } from './recovery.ts';
import type { Soak, SoakContext, SoakResult } from './soak.ts';

export const cardLives: Soak = {
  name: 'card-lives',
  title: 'Card lives from authorization to dispute, with faults; the acquirer’s books and ours agree to the cent',
  count: 10_000,
  run: runCardLives,
};

/** Of requests to the acquirer. */
const FAULT_RATE = 0.05;
/** In flight at once, over all lives. */
const WIDTH = 24;
/** Short, so that a silent acquirer holds nobody up for long; longer than any answer takes on a loaded machine. */
const PATIENCE_MS = 2_000;
const DELAY_MS = 2_600;
const ENVIRONMENT = { ACQUIRER_TIMEOUT_MS: String(PATIENCE_MS), BANK_TIMEOUT_MS: '3000', LOG_LEVEL: 'error' };
const LIVES_A_KILL = 2_500;
/** After the last life: the last batches are closed, reported, paid and on the statement. */
const REST_DAYS = 8;
const SHOWN_MAX = 30;

interface Run {
  readonly context: SoakContext;
  readonly town: Town;
  readonly calendar: Calendar;
  readonly lane: Lane;
  readonly faults: Faults;
  readonly failures: string[];
  readonly killed: number[];
}

async function runCardLives(context: SoakContext): Promise<SoakResult> {
  const { seed, count } = context;
  const began = monotonicMs();
  const world = await startWorld({ env: ENVIRONMENT, verbose: context.verbose });
  context.onInterrupt(() => world.end());
  try {
    const calendar = makeCalendar();
    const lane = makeLane(WIDTH);
    const random = seededRandom(seed ^ 0x5eed);
    const faults = makeFaults({ acquirer: world.acquirer, random, rate: FAULT_RATE, delayMs: DELAY_MS });
    const plans = drawLives(seededRandom(seed), count);
    const town = await settleIn({ world, plans, lane, calendar, faults, seed });
    const run: Run = { context, town, calendar, lane, faults, failures: [], killed: [] };
    await liveAll(run);
    const livedMs = monotonicMs() - began;
    await faults.clear();
    await world.advance(REST_DAYS);
    const parts = [await proveRest(world), await proveCards(world, town.lives), await proveSides(world)];
    const counts = { ...(await countsOf(run)), ...Object.assign({}, ...parts.map((part) => part.counts)) };
    const failures = [...run.failures, ...parts.flatMap(({ violations }) => violations), ...missing(counts, run)];
    return {
      failures: failures.slice(0, SHOWN_MAX),
      counts: {
        ...counts,
        failures: failures.length,
        livedSeconds: seconds(livedMs),
        seconds: seconds(monotonicMs() - began),
      },
    };
  } finally {
    await context.keep(world);
    await world.end();
  }
}

/** Half-day after half-day until the last life has ended. */
async function liveAll(run: Run): Promise<void> {
  const { town, calendar, context, faults } = run;
  const { world, lives } = town;
  const kills = Math.max(1, Math.round(context.count / LIVES_A_KILL));
  const span = spanOf(context.count);
  const killAt = new Set(Array.from({ length: kills }, (_, kill) => Math.floor(((kill + 0.5) * span) / kills)));
  for (const life of lives) calendar.begin(() => liveOne(run, life));
  for (let next = await calendar.untilAllWait(); next !== null; next = await calendar.untilAllWait()) {
    if (next % 4 === 3) await faults.files();
    if (next % 20 === 2) await faults.lateFiles();
    if (next === span) await world.acquirer.post('/_sandbox/account', { provisionalCredit: true });
    const began = monotonicMs();
    const halfDays = next - calendar.now();
    await advance(world, halfDays * 12);
    const advanced = monotonicMs() - began;
    const requests = run.lane.counts.requests;
    calendar.reach(next);
    if (killAt.has(next)) await kill(run);
    await calendar.untilAllWait();
    const ended = lives.filter((life) => life.ended).length;
    const acted = monotonicMs() - began - advanced;
    const rate = Math.round((run.lane.counts.requests - requests) / (acted / 1000));
    context.say(
      `half-day ${next}: ${ended} of ${lives.length} ended; ${Math.round(advanced)} ms for ${halfDays} half-days, ${Math.round(acted)} ms of acting, ${rate} requests a second`,
    );
  }
}

async function liveOne({ town, calendar, failures, context }: Run, life: Life): Promise<void> {
  const scene = town.sceneOf(life);
  try {
    await calendar.wait(life.plan.start + 1);
    await LIVES[life.plan.kind](scene);
    life.ended = true;
  } catch (error) {
    const failure = `life ${life.plan.number} (${life.plan.kind}, ${life.order}): ${(error as Error).message}`;
    failures.push(failure);
    context.say(`! ${failure}`);
  }
}

/** In the middle of the requests of a half-day. */
async function kill({ town: { world }, lane, killed, failures, context }: Run): Promise<void> {
  const before = lane.counts.requests;
  const busyFor = monotonicMs();
  while (lane.counts.requests < before + WIDTH && monotonicMs() - busyFor < 3_000) await sleep(5);
  const inFlight = lane.inFlight();
  await world.kill();
  killed.push(inFlight);
  if (inFlight === 0) failures.push('the program was killed while nothing was in flight');
  await world.restart();
  await untilHealthy(world);
  context.say(`killed with ${inFlight} requests in flight`);
}

async function advance(world: World, hours: number): Promise<void> {
  const { skipped } = await world.advance(0, hours);
  if (skipped.length > 0) throw new Error(`the clock went on without ${skipped.join(', ')}`);
}

async function countsOf({ town, lane, faults, killed }: Run) {
  const hits = await faults.hits();
  const total = Object.values(hits).reduce((sum, count) => sum + count, 0);
  const ended = Map.groupBy(
    town.lives.filter((life) => life.ended),
    ({ plan }) => plan.kind,
  );
  return {
    lives: town.lives.length,
    livesByKind: Object.fromEntries(KINDS.map((kind) => [kind, ended.get(kind)?.length ?? 0])),
    attemptsAgain: town.lives.reduce((sum, { again }) => sum + again, 0),
    faultHits: hits,
    faultShare: `${((total / faults.chances()) * 100).toFixed(1)} % of ${faults.chances()} requests`,
    kills: killed.length,
    inFlightAtKills: killed,
    ...lane.counts,
  };
}

/** A kind of life or of fault that never came proves nothing. */
const missing = (
  { livesByKind, faultHits }: Awaited<ReturnType<typeof countsOf>>,
  { context }: Run,
): readonly string[] => [
  ...KINDS.filter((kind) => livesByKind[kind] === 0 && context.count >= 100).map((kind) => `no life was ${kind}`),
  ...FAULT_KINDS.filter((kind) => faultHits[kind] === 0 && context.count >= 300).map((kind) => `no fault was ${kind}`),
];

const seconds = (ms: number): number => Math.round(ms / 100) / 10;
