/**
 * One page of a payout run: the next sellers in the order of their ids, each paid everything by a unit of its own; then one
 * unit moves the run past them and enqueues the next page, or ends the run and has its payouts filed. Memory is that of one
 * page, whatever the marketplace has.
 *
 * Killed in the middle, the page is worked again: a seller's unit is keyed by run and seller, so nobody is paid twice, and
 * a payout that is there already is counted from the answer kept under its key. Every seller's unit holds to the run as the
 * page read it: once the run has moved on, what a slower worker still sends for this page is refused.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { isPositive, type Money, sum } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { recoverDebts } from '../debts/index.ts';
import { COMMITTED, FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import { commandKey, type Decision, deadline, merge, part, unchanged, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { findSeller, type Seller } from '../parties/index.ts';
import type { PayoutDeps } from './deps.ts';
import type { PayoutRefusal } from './errors.ts';
import { FILE_JOB } from './initiate-payout.ts';
import { loadFunds, loadFundsOf } from './load-funds.ts';
import { endRun, type PayoutRun, payoutRuns } from './payout-run.ts';
import { type Funds, type PlannedPayout, planPayout } from './plan-payout.ts';
import { RUN_JOB } from './start-run.ts';
import { findPayoutRun, sellersAfter } from './store.ts';

/** A page takes a fraction of a second, a job's lease a minute and more; so many units wait for the journal at once. */
export const SELLERS_A_PAGE = 1000;

/** The job: pays the next page of the run's sellers. */
export async function runPageJob(deps: PayoutDeps, job: Job, sellersAPage = SELLERS_A_PAGE): Promise<JobResult> {
  const { db } = deps.journal;
  const run = await findPayoutRun(db, job.subject as Id<'run'>);
  if (run === null || run.state === 'done') return FINISHED;
  const page = await sellersAfter(db, run.marketplace, run.cursor, sellersAPage);
  const paid = await payPage(deps, run, page);
  const moved = await deps.journal.run(undefined, async () => moveOn(deps, { run, page, paid, job, sellersAPage }));
  if (moved.ok) return COMMITTED;
  return { kind: 'again', afterMs: 1000, reason: moved.error.code };
}

/** What each payout of the page is for; sellers who get none are left out. */
async function payPage(deps: PayoutDeps, run: PayoutRun, page: readonly Seller[]): Promise<readonly Money[]> {
  const funds = await loadFundsOf(
    deps,
    page.map(({ id }) => id),
  );
  // After the balances: a balance that a payout of this run has emptied always comes with that payout's key.
  const kept = await deps.journal.findAnswers(
    SELLER_KEY.client,
    page.map(({ id }) => sellerKey(run, id)),
  );
  const begun = page.map(async (seller, index): Promise<Money | null> => {
    const known = kept.get(sellerKey(run, seller.id));
    return known === undefined ? paySeller(deps, run, seller, funds[index] as Funds) : amountIn(known.answer);
  });
  // Nothing of this page is under way any more when a fault of the world ends it.
  await Promise.allSettled(begun);
  return (await Promise.all(begun)).filter((amount) => amount !== null);
}

/** The answer kept under a seller's key of a run. */
interface RunPayout {
  readonly payout: Id<'po'>;
  readonly amount: Money;
}

const amountIn = (answer: unknown): Money => (answer as RunPayout).amount;

/** Run and seller are in the key; the fingerprint, which is the same for all of them, has only the command to tell. */
const SELLER_KEY = commandKey('payout_run', '', 'pay_in_run', {});

/** The run first: keys of one run lie together in the index, those of the next behind them. */
const sellerKey = (run: PayoutRun, seller: Id<'sel'>): string => `${run.id}:${seller}`;

/** Null when the seller gets nothing: blocked, owing or without a balance, now or when the unit would have committed. */
async function paySeller(deps: PayoutDeps, run: PayoutRun, seller: Seller, funds: Funds): Promise<Money | null> {
  const at = deps.clock.now();
  const recovered = isPositive(funds.owed) && (await recoverDebts(deps, seller.id)).ok;
  const planned = recovered ? await planAgain(deps, seller.id, at) : planPayout(seller, funds, at);
  if (!planned.ok) return null;
  let first: typeof planned | null = planned;
  const decide = async (): Promise<Result<Decision<RunPayout>, PayoutRefusal>> => {
    // The first time as the page was read; when that has changed meanwhile, as it is now.
    const current = first ?? (await planAgain(deps, seller.id, at));
    first = null;
    if (!current.ok) return current;
    const { payout } = current.value;
    const answer: RunPayout = { payout: payout.id, amount: payout.amount };
    const held = part({ guards: [unchanged(payoutRuns, run)] });
    return ok({ unit: { at, ...merge(current.value.part, held), answer }, value: answer });
  };
  const key = { ...SELLER_KEY, key: sellerKey(run, seller.id) };
  let paid = await deps.journal.run(key, decide);
  // The balance fell since the page was read: what is left of it is paid.
  if (!paid.ok && paid.error.code === 'insufficient_balance') paid = await deps.journal.run(key, decide);
  if (!paid.ok) return null;
  return amountIn(paid.value.kind === 'committed' ? paid.value.value : paid.value.answer);
}

async function planAgain(deps: PayoutDeps, id: Id<'sel'>, at: Instant): Promise<Result<PlannedPayout, PayoutRefusal>> {
  const { db } = deps.journal;
  const seller = await findSeller(db, id);
  if (seller === null) return refuse('unknown_party', 'no such seller');
  return planPayout(seller, await loadFunds(deps, id), at);
}

interface WorkedPage {
  readonly run: PayoutRun;
  readonly page: readonly Seller[];
  readonly paid: readonly Money[];
  readonly job: Job;
  readonly sellersAPage: number;
}

/** The run past this page: one unit with the end of this page's job. A page that is not full was the last. */
function moveOn(deps: PayoutDeps, worked: WorkedPage): Result<Decision<null>, PayoutRefusal> {
  const { run, page, paid, job } = worked;
  const at = deps.clock.now();
  const total = sum(paid, 'USD');
  const counts = {
    sellersDone: run.sellersDone + page.length,
    cursor: page.at(-1)?.id ?? run.cursor,
    payouts: run.payouts + paid.length,
    total: sum([run.total, total], 'USD'),
  };
  const last = page.length < worked.sellersAPage;
  const advanced = event('payout_run.advanced', run.id, { sellers: page.length, payouts: paid.length, total });
  const ended = event('payout_run.ended', run.id, {
    sellers: counts.sellersDone,
    payouts: counts.payouts,
    total: counts.total,
  });
  const next = last ? deadline(FILE_JOB, deps.bank, at) : deadline(RUN_JOB, run.id, at);
  const moved = part({
    events: last ? [advanced, ended] : [advanced],
    writes: [update(payoutRuns, run, { ...counts, ...(last ? endRun(run, at) : {}) })],
    jobs: last && counts.payouts === 0 ? [] : [next],
  });
  return ok({ unit: { at, ...moved, done: { job: job.id, lease: job.lease } }, value: null });
}
