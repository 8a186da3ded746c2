/**
 * `causeway payouts run` and `payouts runs`. The run works in the server; the command line only watches it, so that ending
 * the command, or losing the server for a moment, ends nothing.
 */
import type { Command } from 'commander';
import { sleep } from '../src/base/clock.ts';
import type { Money } from '../src/base/money.ts';
import { type Adder, LIMIT, MORE, type Tools } from './command.ts';
import { EXIT, type ExitCode, Unreachable } from './errors.ts';
import { part } from './http.ts';
import { count, money, table, time } from './output.ts';

interface RunView {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly sellersPlanned: number;
  readonly sellersDone: number;
  readonly payouts: number;
  readonly total: Money;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

const LOOK_MS = 250;
/** A server that is being restarted is back within this time. */
const PATIENCE_LOOKS = 120;

export function payoutRunCommands(payouts: Command, { add }: Adder): void {
  add<{ marketplace?: string; attempt?: string }>(
    payouts,
    'run',
    'Pay out every seller of a marketplace with an available balance',
    startAndWatch,
  )
    .option('--marketplace <id>', 'whose sellers; a marketplace’s own key needs none')
    .option('--attempt <key>', 'names this run (Idempotency-Key): the same name again is the same run');
  add<{ limit: number }>(payouts, 'runs', 'List payout runs, newest first', async ({ out, api }, { limit }) => {
    const found = await api().list<RunView>('/v1/payout-runs', {}, limit);
    out.show(found, ({ data }) => listText(data));
    if (found.more) out.note(MORE);
    return undefined;
  }).option(...LIMIT);
}

async function startAndWatch(
  tools: Tools,
  { marketplace, attempt = crypto.randomUUID() }: { marketplace?: string; attempt?: string },
): Promise<ExitCode | undefined> {
  const body = marketplace === undefined ? {} : { marketplace };
  const started = await tools
    .api()
    .post<RunView>('/v1/payout-runs', body, attempt, { prefer: 'respond-async' })
    .catch((error: unknown) => throwWithAttempt(error, attempt));
  const run = await watch(tools, started);
  tools.out.show(run, runText);
  if (run.state === 'done') return undefined;
  tools.out.note('The run goes on in the server; causeway payouts runs says how far it is.');
  return EXIT.interrupted;
}

/** The run as it ended, or as far as it was when the person stopped watching. */
async function watch(tools: Tools, started: RunView): Promise<RunView> {
  const interrupted = new AbortController();
  const forget = tools.onInterrupt(() => interrupted.abort());
  const progress = tools.out.progress();
  let run = started;
  try {
    while (run.state !== 'done' && !interrupted.signal.aborted) {
      progress.show(run.sellersDone, run.sellersPlanned, soFar(run));
      await sleep(LOOK_MS, interrupted.signal).catch(() => undefined);
      run = await look(tools, run);
    }
    if (run !== started) progress.show(run.sellersDone, run.sellersPlanned, soFar(run));
    return run;
  } finally {
    progress.end();
    forget();
  }
}

async function look(tools: Tools, { id }: RunView): Promise<RunView> {
  const api = tools.api();
  for (let failures = 1; ; failures += 1) {
    try {
      return await api.get<RunView>(`/v1/payout-runs/${part(id)}`);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      if (failures >= PATIENCE_LOOKS) throw new Unreachable(`${error.message}\nRun ${id} goes on once it is back.`);
      await sleep(LOOK_MS);
    }
  }
}

/** Without an answer the run may have begun: only the same name makes a repeat safe. */
function throwWithAttempt(error: unknown, attempt: string): never {
  if (!(error instanceof Unreachable)) throw error;
  throw new Unreachable(`${error.message}\nThe run may have begun. Repeat it with --attempt ${attempt}`, {
    cause: error,
  });
}

const soFar = ({ sellersDone, sellersPlanned, payouts, total }: RunView): string =>
  `${count(sellersDone)} of ${count(sellersPlanned, 'seller')}, ${count(payouts, 'payout')}, ${money(total)}`;

const runText = ({ payouts, total, state }: RunView): string =>
  payouts === 0 && state === 'done' ? 'nothing to pay out' : `${count(payouts, 'payout')} begun, ${money(total)}`;

const listText = (runs: readonly RunView[]): string =>
  table(
    runs,
    [
      { title: 'RUN', of: ({ id }) => id },
      { title: 'STATE', of: ({ state }) => state },
      {
        title: 'SELLERS',
        of: ({ sellersDone, sellersPlanned }) => `${count(sellersDone)}/${count(sellersPlanned)}`,
        right: true,
      },
      { title: 'PAYOUTS', of: ({ payouts }) => count(payouts), right: true },
      { title: 'TOTAL', of: ({ total }) => money(total), right: true },
      { title: 'STARTED', of: ({ startedAt }) => time(startedAt) },
      { title: 'ENDED', of: ({ endedAt }) => time(endedAt) },
      { title: 'NAME', of: ({ name }) => name },
    ],
    'no payout run yet',
  );
