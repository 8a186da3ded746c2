/**
 * One simulated world: the plan is drawn from the seed, the program and its networks run for real, lives act over HTTP half
 * a day at a time, and the auditor holds the laws after every batch of actions and after every move of the clock. The first
 * finding ends it, unless the whole is wanted.
 */
import { monotonicMs, sleep } from '../src/base/clock.ts';
import { seededRandom } from '../src/base/random.ts';
import type { Wallet } from '../stories/hub-parties.ts';
import type { CheckView, Page } from '../stories/views.ts';
import { startWorld, type World } from '../stories/world.ts';
import type { Participants } from './audit/clearing-laws.ts';
import type { Finding } from './audit/finding.ts';
import { type Auditor, startAuditor } from './auditor.ts';
import { castMarkets, type Market } from './cast.ts';
import { makeDisturbance, PATIENCE_MS } from './disturb.ts';
import { explain } from './explain.ts';
import { keepFacts } from './facts.ts';
import { type History, openHistory } from './history.ts';
import { happenings, judgeCounts } from './judge-counts.ts';
import { liveOrder } from './life.ts';
import { liveCorrection, livePayoutDesk, liveTreasury } from './office.ts';
import { drawPlan, type WorldPlan } from './plan.ts';
import { makeRunner, type Runner } from './runner.ts';
import { liveWalletOrder } from './wallets/order-life.ts';
import { liveShopping } from './wallets/shop-life.ts';
import { type Shop, settleIn, type WalletTown } from './wallets/town.ts';
import { type Watch, watchProgram } from './watch.ts';

export interface SimOptions {
  readonly seed: number;
  readonly days: number;
  readonly faults: boolean;
  /** Goes on after a finding, to the last day on which lives act. */
  readonly whole?: boolean;
  readonly say: (line: string) => void;
}

export interface SimResult {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  readonly orders: number;
  readonly requests: number;
  readonly audits: number;
  readonly events: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** What payers went through, by the events that say so. */
  readonly happened: Readonly<Record<string, number>>;
  readonly hits: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Kept when something was found. */
  readonly history: string | null;
}

const HALF_DAY_HOURS = 12;
/** After the last action: settlements, payouts, returns and resumed operations come to rest. */
const REST_DAYS = 9;
export async function simulate(options: SimOptions): Promise<SimResult> {
  const began = monotonicMs();
  const plan = drawPlan(options.seed, options.days, options.faults);
  const history = openHistory(options.seed);
  const world = await startWorld({
    env: { ACQUIRER_TIMEOUT_MS: String(PATIENCE_MS), BANK_TIMEOUT_MS: '3000', LOG_LEVEL: 'error' },
  });
  const facts = keepFacts();
  const auditor = startAuditor(world, facts);
  const watch = watchProgram(world);
  const interrupted = (): void => void world.end().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const disturbance = makeDisturbance({ world, auditor, history, watch });
    const cast = await prepare(world, plan);
    const runner = makeRunner({ world, markets: cast.markets, plan, disturbance, facts, history });
    bringToLife(runner, plan, cast, options.seed);
    const living = { world, plan, town: cast.town, auditor, runner, history, disturbance, options };
    const findings = [...(await watched(watch, live(living)))];
    const { hits, untaken } = watch.finding() === null ? await disturbance.count() : { hits: {}, untaken: 0 };
    if (findings.length === 0)
      findings.push(...judgeCounts(options, plan, { hits, untaken, happened: auditor.replay.seen }));
    for (const finding of findings.slice(0, 3))
      options.say(await explain(finding, { seed: options.seed, auditor, history }));
    history.flush();
    if (findings.length === 0) history.remove();
    return {
      ok: findings.length === 0,
      findings,
      orders: plan.lives.length + plan.walletLives.length,
      requests: runner.requests(),
      audits: auditor.audits(),
      events: [...auditor.replay.seen.values()].reduce((sum, count) => sum + count, 0),
      outcomes: Object.fromEntries([...runner.outcomes()].sort()),
      happened: happenings(auditor.replay.seen),
      hits,
      seconds: Math.round((monotonicMs() - began) / 100) / 10,
      history: findings.length === 0 ? null : history.file,
    };
  } catch (error) {
    options.say(`it stopped at an error; the history is in ${history.file}`);
    throw error;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    history.flush();
    await auditor.close();
    await world.end();
  }
}

/** Parties and capital; then the clock goes to the next Monday 06:00 UTC, so that every run meets the same weekdays. */
async function prepare(world: World, plan: WorldPlan): Promise<Cast> {
  const markets = await castMarkets(world, plan.markets);
  await deposit(world, 1);
  const now = Date.parse(await world.now());
  const monday = Date.UTC(1970, 0, 5, 6);
  const week = 7 * 86_400_000;
  const wait = week - ((now - monday) % week);
  await world.advance(0, wait / 3_600_000);
  // Last: who is known to the hub is cleared every day.
  return { markets, town: await settleIn(world) };
}

/** From now on a challenged dispute is credited until the issuer has decided. */
async function halfway(world: World): Promise<void> {
  await deposit(world, 2);
  await world.acquirer.post('/_sandbox/account', { provisionalCredit: true });
}

async function deposit(world: World, nth: number): Promise<void> {
  await world.bank.post('/_sandbox/deposits', {
    account: '000123456789',
    currency: 'USD',
    amount: String(nth === 1 ? 2_000_000 : 750_000),
    endToEndId: `FLOAT-${nth}`,
    debtorName: 'OPERATOR TREASURY',
    text: `own funds ${nth}`,
  });
}

interface Cast {
  readonly markets: readonly Market[];
  readonly town: WalletTown;
}

function bringToLife(runner: Runner, plan: WorldPlan, { markets, town }: Cast, seed: number): void {
  for (const life of plan.lives) {
    const market = markets[life.market] as Market;
    const parties = { seller: market.sellers[life.seller] as string, buyer: market.buyers[life.buyer] as string };
    runner.add(`order ${life.number}`, liveOrder(life, parties));
  }
  for (const life of plan.walletLives) {
    const market = markets[life.market] as Market;
    const parties = { seller: market.sellers[life.seller] as string, buyer: market.buyers[life.buyer] as string };
    const wallet = town.wallets[life.wallet % town.wallets.length] as Wallet;
    const shop = town.shops[life.shop % town.shops.length] as Shop;
    const living =
      life.where === 'order' ? liveWalletOrder(life, parties, wallet) : liveShopping(life, { wallet, shop });
    runner.add(`order ${life.number}`, living);
  }
  for (const [index, market] of markets.entries()) {
    if (market.plan.schedule === 'manual') {
      const desk = { market: index, marketId: market.id, sellers: market.sellers, steps: plan.steps };
      runner.add(`desk ${index}`, livePayoutDesk(desk, seededRandom(seed * 31 + index)));
    }
    for (const [nth, { name, account }] of market.plan.sellers.entries()) {
      const seller = market.sellers[nth] as string;
      const correction = { market: index, seller, name, account: `45${index}${nth}998877`, steps: plan.steps };
      if (account.startsWith('9900')) runner.add(`seller ${seller}`, liveCorrection(correction));
    }
  }
  runner.add('treasury', liveTreasury(plan.steps));
}

interface Living {
  readonly world: World;
  readonly plan: WorldPlan;
  readonly town: WalletTown;
  readonly auditor: Auditor;
  readonly runner: Runner;
  readonly history: History;
  readonly disturbance: ReturnType<typeof makeDisturbance>;
  readonly options: SimOptions;
}

const participantsOf = ({ wallets, shops }: WalletTown): Participants => ({
  wallets,
  acquirers: [...new Set(shops.map(({ acquirerId }) => acquirerId))],
});

/** Half-day after half-day; the findings of the first audit that has any. */
async function live(living: Living): Promise<readonly Finding[]> {
  const { world, plan, auditor, runner, history, options } = living;
  const found: Finding[] = [];
  for (let step = 0; step < plan.steps; step += 1) {
    if (step === Math.floor(plan.steps / 2)) await halfway(world);
    found.push(...(await runner.step(step)));
    await untilIdle(world);
    found.push(...(await auditor.audit()));
    if (found.length > 0 && options.whole !== true) return found;
    await disturbNetworks(living, step);
    await advance(living, 0, HALF_DAY_HOURS);
    found.push(...(await auditor.audit()));
    if (found.length > 0 && options.whole !== true) return found;
    history.flush();
    if (step % 20 === 19)
      options.say(
        `day ${(step + 1) / 2}: ${auditor.audits()} audits, seq ${auditor.replay.last()}, ${runner.requests()} requests`,
      );
  }
  // A world that is broken does not come to rest.
  if (found.length > 0) return found;
  await advance(living, REST_DAYS, 0);
  await explainLeft(world);
  return [...(await auditor.auditEnd(participantsOf(living.town))), ...(await ownCheck(world))];
}

async function advance({ world, history }: Living, days: number, hours: number): Promise<void> {
  const { now, steps, skipped } = await world.advance(days, hours);
  history.add({ what: 'advance', now, steps, skipped });
}

async function disturbNetworks({ plan, disturbance }: Living, step: number): Promise<void> {
  const fault = plan.bankFaults.get(step);
  if (fault !== undefined) await disturbance.orderAtBank(fault);
  if (plan.lateFiles.has(step)) await disturbance.orderLateFiles();
}

/** A deposit of the last days: the treasury's life may have ended, or been held up by a fault, before it was on a statement. */
async function explainLeft({ operator }: World): Promise<void> {
  const { data } = await operator.get<Page<{ id: string; text: string }>>(
    '/v1/reconciliation/lines?state=unexplained&limit=100',
  );
  for (const { id } of data.filter(({ text }) => text.includes('own funds')))
    await operator.post(`/v1/reconciliation/lines/${id}/explain`, { as: 'capital', reason: 'operating float' });
}

/** Not independent, but the product's own check must come to the same end. */
async function ownCheck(world: World): Promise<readonly Finding[]> {
  const { laws } = await world.operator.get<CheckView>('/v1/ledger/check');
  return laws
    .filter(({ ok, alarm }) => !ok && !alarm)
    .map(({ law, findings }) => ({ law: `the product’s own check: ${law}`, subjects: [], detail: findings[0] ?? '' }));
}

/** A program that died under us explains every error that follows. */
async function watched(watch: Watch, living: Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await living;
  } catch (error) {
    const finding = watch.finding();
    if (finding === null) throw error;
    return [finding];
  }
}

/** Notifications and their jobs come right after the answers: an audit waits until nothing is being done. */
async function untilIdle(world: World): Promise<void> {
  const isIdle = async (url: string): Promise<boolean> => {
    const response = await fetch(`${url}/_sandbox/clock`).catch(() => null);
    return response?.ok === true && ((await response.json()) as { idle: boolean }).idle;
  };
  for (let idle = 0, rounds = 0; idle < 2 && rounds < 2_000; rounds += 1) {
    const { api, acquirer, bank, wallets, shops } = world.addresses;
    const all = await Promise.all([api, acquirer, bank, wallets, shops].map(isIdle));
    idle = all.every(Boolean) ? idle + 1 : 0;
    if (idle === 0) await sleep(5);
  }
}
