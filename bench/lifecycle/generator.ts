/**
 * The generator, a process of its own: leads lives in a closed loop, so many at a time, each on a connection of its own.
 * Payout runs pay the sellers while business goes on, and the last of them when it is over. A round ends when nothing that
 * the lives left behind is waiting: payouts are filed and handed to the bank, and every deadline job has had its say, though
 * business time must be advanced for that.
 */
import { monotonicMs, sleep } from '../../src/base/clock.ts';
import { answerQuestions } from './child.ts';
import { drain, passFiling } from './drain.ts';
import { type HttpLine, openLine } from './http-line.ts';
import { live, REQUESTS, type RequestKind } from './life.ts';
import { runPayouts } from './payout-run.ts';

export interface Round {
  readonly url: string;
  readonly key: string;
  readonly sellers: readonly string[];
  readonly buyers: readonly string[];
  readonly lives: number;
  readonly atOnce: number;
  /** Makes the round's references and keys its own. */
  readonly name: string;
  /** Whether there are jobs to wait for: canned answers leave none. */
  readonly drains: boolean;
}

export interface RoundFigures {
  /** From the first request to the last job; its parts follow. */
  readonly seconds: number;
  readonly livesSeconds: number;
  readonly payoutSeconds: number;
  readonly filingSeconds: number;
  readonly deadlinesSeconds: number;
  readonly payouts: number;
  /** Milliseconds of every request. */
  readonly latencies: Readonly<Record<RequestKind, readonly number[]>>;
}

/** Payout runs of a round. */
const RUNS = 4;
const LOOK_MS = 10;

answerQuestions<Round>(leadRound);

async function leadRound(round: Round): Promise<RoundFigures> {
  const lines = await Promise.all(Array.from({ length: round.atOnce }, () => openLine(round.url)));
  const till = await openLine(round.url);
  const latencies = Object.fromEntries(REQUESTS.map((kind) => [kind, []])) as unknown as Record<RequestKind, number[]>;
  const began = monotonicMs();
  let [next, led] = [0, 0];
  const leadLives = async (line: HttpLine): Promise<void> => {
    for (let number = next++; number < round.lives; number = next++) {
      await leadLife(round, number, line, latencies);
      led += 1;
    }
  };
  const paying = payMeanwhile(till, round, () => led);
  await Promise.all(lines.map(leadLives));
  const lived = monotonicMs();
  const payouts = (await paying) + (await runPayouts(till, round));
  const paid = monotonicMs();
  const drained = round.drains ? await drain(till, round.key) : { filingSeconds: 0, deadlinesSeconds: 0 };
  const ended = monotonicMs();
  for (const line of [...lines, till]) line.close();
  return {
    seconds: (ended - began) / 1000,
    livesSeconds: (lived - began) / 1000,
    payoutSeconds: (paid - lived) / 1000,
    ...drained,
    payouts,
    latencies,
  };
}

/** A run each time another part of the lives has been led; the last part's comes when all are. */
async function payMeanwhile(till: HttpLine, round: Round, led: () => number): Promise<number> {
  let payouts = 0;
  for (let run = 1; run < RUNS; run += 1) {
    while (led() < (round.lives * run) / RUNS) await sleep(LOOK_MS);
    payouts += await runPayouts(till, { key: round.key, name: `${round.name}-${run}` });
    if (round.drains) await passFiling(till);
  }
  return payouts;
}

function leadLife(
  { key, sellers, buyers, name }: Round,
  number: number,
  line: HttpLine,
  latencies: Record<RequestKind, number[]>,
): Promise<void> {
  const reference = `${name}-${number}`;
  const pick = (ids: readonly string[]): string => ids[number % ids.length] as string;
  return live({ seller: pick(sellers), buyer: pick(buyers), reference }, async ({ kind, path, body }) => {
    const headers = `authorization: Bearer ${key}\r\nidempotency-key: ${reference}-${kind}\r\n`;
    const began = monotonicMs();
    const answer = await line.send('POST', path, headers, body);
    latencies[kind].push(monotonicMs() - began);
    return answer;
  });
}
