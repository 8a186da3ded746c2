/**
 * The soak `wallets`: thirty days of sixteen wallets and a thousand shops. Every way to pay, cancels inside and after the window, refunds in
 * part and whole, codes used twice and too late, a discount whose budget runs out, orders of a marketplace; faults on both sides, one kill.
 * Each day is cleared, and settled two working days later at the bank. In the end the files of every participant are its own
 * books, line by line, and nobody owes anybody anything.
 */
import { monotonicMs } from '../../src/base/clock.ts';
import { seededRandom } from '../../src/base/random.ts';
import { startWorld } from '../../stories/world.ts';
import { makeLane } from './cards/client.ts';
import { proveRest } from './proofs.ts';
import { untilHealthy } from './recovery.ts';
import type { Soak, SoakContext, SoakResult } from './soak.ts';
import { discountsOf, endsOf, missing } from './wallets/count-ends.ts';
import { type Faults, makeFaults } from './wallets/faults.ts';
import { returnLater, returnToday } from './wallets/give-back.ts';
import { type Life, pay, type Scene, sceneOf } from './wallets/life.ts';
import { daysOf, drawLives, KINDS } from './wallets/plan.ts';
import { proveWallets } from './wallets/prove-wallets.ts';
import { settleDue } from './wallets/settle.ts';
import { settleIn, type Town } from './wallets/town.ts';

export const wallets: Soak = {
  name: 'wallets',
  title: 'Thirty days of wallets and shops, with faults; every participant’s files are its own books',
  count: 4_000,
  run: runWallets,
};

/** In flight at once. */
const WIDTH = 8;
/** After the last day: a weekend, two working days, a holiday, and the statement of the day after. */
const REST_DAYS = 8;
const SHOWN_MAX = 30;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** 10:05 in UTC+8, when shops are open and what is due was instructed. */
const OPENING_MS = 2 * HOUR_MS + 5 * 60_000;
/** Between paying and giving back; a payment waits ten minutes at most. */
const LATER_HOURS = 0.75;

interface Run {
  readonly context: SoakContext;
  readonly town: Town;
  readonly scenes: readonly Scene[];
  readonly faults: Faults;
  readonly failures: string[];
  readonly counts: { kills: number; bankTransfers: number };
}

async function runWallets(context: SoakContext): Promise<SoakResult> {
  const { seed, count } = context;
  const began = monotonicMs();
  const world = await startWorld({ env: { LOG_LEVEL: 'error' }, verbose: context.verbose });
  context.onInterrupt(() => world.end());
  try {
    const town = await settleIn(world, count);
    const faults = makeFaults(world, seededRandom(seed ^ 0x5eed));
    const lives = drawLives(seededRandom(seed), count).map(
      (plan): Life => ({ plan, payment: null, code: null, outcomes: [] }),
    );
    const scenes = lives.map((life) => sceneOf(town, life, faults));
    const run: Run = { context, town, scenes, faults, failures: [], counts: { kills: 0, bankTransfers: 0 } };
    await liveAll(run);
    const livedMs = monotonicMs() - began;
    await faults.clear();
    for (let day = 0; day < REST_DAYS; day += 1) await untilOpening(run);
    const [rest, books] = [await proveRest(world), await proveWallets(town)];
    const counts = { ...(await countsOf(run)), ...rest.counts, ...books.counts };
    const violations = [...rest.violations, ...books.violations];
    const failures = [...run.failures, ...violations, ...missing({ ...counts, ownLines: books.counts.ownLines })];
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

/** Day after day; what is given back the next day comes before what is sold then. */
async function liveAll(run: Run): Promise<void> {
  const { context, scenes } = run;
  const days = daysOf(context.count);
  const killOn = Math.floor(days / 2);
  for (let day = 0; day <= days; day += 1) {
    const began = monotonicMs();
    await untilOpening(run);
    const advanced = monotonicMs() - began;
    const of = (which: number): readonly Scene[] => scenes.filter(({ life }) => life.plan.day === which);
    await all(run, of(day - 1), returnLater);
    const paying = all(run, of(day), pay);
    if (day === killOn) await kill(run);
    await paying;
    await advance(run, LATER_HOURS);
    await all(run, of(day), returnToday);
    await advance(run, LATER_HOURS);
    context.say(
      `day ${day}: ${of(day).length} lives; ${Math.round(advanced)} ms for the night, ${Math.round(monotonicMs() - began - advanced)} ms for the day`,
    );
  }
}

async function all(
  { failures, context }: Run,
  scenes: readonly Scene[],
  act: (scene: Scene) => Promise<void>,
): Promise<void> {
  const lane = makeLane(WIDTH);
  const one = async (scene: Scene): Promise<void> => {
    const { number, kind, after } = scene.life.plan;
    try {
      await lane.run(() => act(scene));
    } catch (error) {
      const failure = `life ${number} (${kind}, ${after}, ${scene.wallet.slug} at ${scene.shop}): ${(error as Error).message}`;
      failures.push(failure);
      context.say(`! ${failure}`);
    }
  };
  await Promise.all(scenes.map(one));
}

/** In the middle of a morning. Its sandboxes go down with the program, and all of them come back on the same data. */
async function kill({ town: { world }, counts, context }: Run): Promise<void> {
  await world.kill();
  counts.kills += 1;
  await world.restart();
  await untilHealthy(world);
  context.say('killed, and back');
}

/** To the next opening; what was instructed in the morning is paid at the bank. */
async function untilOpening(run: Run): Promise<void> {
  const { world } = run.town;
  const now = Date.parse(await world.now());
  const today = Math.floor(now / DAY_MS) * DAY_MS + OPENING_MS;
  await advance(run, ((today > now ? today : today + DAY_MS) - now) / HOUR_MS);
  run.counts.bankTransfers += await settleDue(world);
}

async function advance({ town: { world } }: Run, hours: number): Promise<void> {
  const { skipped } = await world.advance(0, hours);
  if (skipped.length > 0) throw new Error(`the clock went on without ${skipped.join(', ')}`);
}

async function countsOf({ town, scenes, faults, counts }: Run) {
  const outcomes = Map.groupBy(
    scenes.flatMap(({ life }) => life.outcomes),
    (said) => said,
  );
  return {
    lives: scenes.length,
    livesByKind: Object.fromEntries(
      KINDS.map((kind) => [kind, scenes.filter(({ life }) => life.plan.kind === kind).length]),
    ),
    endedAs: await endsOf(town.world, scenes),
    outcomes: Object.fromEntries([...outcomes].map(([said, each]) => [said, each.length]).sort()),
    faultHits: await faults.hits(),
    discounts: await discountsOf(town),
    ...counts,
  };
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;
