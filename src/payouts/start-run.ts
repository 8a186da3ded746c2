/**
 * Starting a payout run: the run's row and the job of its first page. The command owns its key from here on, so the same
 * command again is the same run; how far that is, is read from its row.
 */
import { sleep } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, type Decision, deadline, insert, part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { findMarketplace } from '../parties/index.ts';
import type { PayoutDeps } from './deps.ts';
import type { PayoutRefusal } from './errors.ts';
import { type PayoutRun, payoutRuns } from './payout-run.ts';
import { countSellers, findPayoutRun } from './store.ts';

export const RUN_JOB = 'payouts.run';

export interface StartRun {
  readonly marketplace: Id<'mkt'>;
  /** Of the run: see PayoutRun. */
  readonly name: string;
}

/** `repeated`: the command had started this run before. */
export async function startRun(
  deps: PayoutDeps,
  command: CommandKey,
  input: StartRun,
): Promise<Result<{ readonly run: PayoutRun; readonly repeated: boolean }, PayoutRefusal>> {
  const started = await deps.journal.run(command, () => decide(deps, input));
  if (!started.ok) return started;
  if (started.value.kind === 'committed') return ok({ run: started.value.value, repeated: false });
  const { run } = started.value.answer as StartedRun;
  return ok({ run: await loadRun(deps, run), repeated: true });
}

const FIRST_LOOK_MS = 10;
const LAST_PAUSE_MS = 200;

/** The run once it has ended; as far as it is after `limitMs` of wall-clock time. */
export async function untilRunEnded(deps: PayoutDeps, id: Id<'run'>, limitMs: number): Promise<PayoutRun> {
  for (let waited = 0, pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 2, LAST_PAUSE_MS)) {
    const run = await loadRun(deps, id);
    if (run.state === 'done' || waited >= limitMs) return run;
    await sleep(pause);
    waited += pause;
  }
}

/** The kept answer of the command: the row has the rest. */
interface StartedRun {
  readonly run: Id<'run'>;
}

async function decide(
  deps: PayoutDeps,
  { marketplace, name }: StartRun,
): Promise<Result<Decision<PayoutRun>, PayoutRefusal>> {
  const { db } = deps.journal;
  if ((await findMarketplace(db, marketplace)) === null)
    return refuse('not_found', 'no such marketplace', { pointer: '/marketplace' });
  const at = deps.clock.now();
  const run: PayoutRun = {
    id: newId('run'),
    version: 1,
    state: 'running',
    marketplace,
    name,
    sellersPlanned: await countSellers(db, marketplace),
    sellersDone: 0,
    cursor: null,
    payouts: 0,
    total: zero('USD'),
    startedAt: at,
    endedAt: null,
  };
  const answer: StartedRun = { run: run.id };
  const started = part({
    events: [event('payout_run.started', run.id, { marketplace, name, sellers: run.sellersPlanned })],
    writes: [insert(payoutRuns, run)],
    jobs: [deadline(RUN_JOB, run.id, at)],
  });
  return ok({ unit: { at, ...started, answer }, value: run });
}

/** A run is written with the command that names it, and no row is ever deleted. */
async function loadRun(deps: PayoutDeps, id: Id<'run'>): Promise<PayoutRun> {
  return (await findPayoutRun(deps.journal.db, id)) as PayoutRun;
}
