/**
 * The generator, a process of its own: leads lives in a closed loop, so many at a time, each on a connection of its own.
 * Payout runs pay the sellers while business goes on, and the last of them when it is over. A round ends when nothing that
 * the lives left behind is waiting: payouts are filed and handed to the bank, and every deadline job has had its say, though
 * business time must be advanced for that.
 */
import { monotonicMs, sleep } from '../../src/base/clock.ts';
import { browserHeaders, CARD, CARDHOLDER } from './card.ts';
import { answerQuestions } from './child.ts';
import { drain, passFiling } from './drain.ts';
import { type HttpAnswer, type HttpLine, openLine } from './http-line.ts';
import { type Checkout, live, REQUESTS, type RequestKind, STUB_TOKEN } from './life.ts';
import { runPayouts } from './payout-run.ts';

export interface Round {
  readonly url: string;
  readonly key: string;
  readonly marketplace: string;
  readonly sellers: readonly string[];
  readonly buyers: readonly string[];
  readonly lives: number;
  readonly atOnce: number;
  /** Makes the round's references and keys its own. */
  readonly name: string;
  /** Whether there are jobs to wait for: canned answers leave none. */
  readonly drains: boolean;
  readonly cards: Cards;
}

/**
 * `stub`: the token that no vault made, and a buyer nobody asks anything. `checkout`: the buyer's browser is known, so that
 * rules can ask for 3-D Secure, and the card is typed into the hosted fields of `vaultUrl`; without it the token is the stub.
 */
export type Cards = { readonly kind: 'stub' } | { readonly kind: 'checkout'; readonly vaultUrl?: string };

export interface RoundFigures {
  /** From the first request to the last job; its parts follow. */
  readonly seconds: number;
  readonly livesSeconds: number;
  readonly payoutSeconds: number;
  readonly filingSeconds: number;
  readonly deadlinesSeconds: number;
  readonly payouts: number;
  /** Milliseconds of every request; `tokenize` is the vault's. */
  readonly latencies: Readonly<Record<Timed, readonly number[]>>;
}

export type Timed = RequestKind | 'tokenize';
type Latencies = Record<Timed, number[]>;

/** Payout runs of a round. */
const RUNS = 4;
const LOOK_MS = 10;
const PRICE_CENTS = '12000';
/** With a checkout one order of so many costs what default rules ask for 3-D Secure from, wherever the buyer lives. */
const DEAR_EVERY = 20;
const DEAR_CENTS = '120000';

answerQuestions<Round>(leadRound);

async function leadRound(round: Round): Promise<RoundFigures> {
  const lines = await Promise.all(Array.from({ length: round.atOnce }, () => openLine(round.url)));
  const till = await openLine(round.url);
  const tills = await Promise.all(lines.map(() => openTill(round.cards)));
  const latencies = Object.fromEntries(['tokenize', ...REQUESTS].map((kind) => [kind, []])) as unknown as Latencies;
  const began = monotonicMs();
  let [next, led] = [0, 0];
  const leadLives = async (line: HttpLine, index: number): Promise<void> => {
    for (let number = next++; number < round.lives; number = next++) {
      await leadLife(round, number, { line, vault: tills[index] ?? null }, latencies);
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
  for (const line of [...lines, ...tills, till]) line?.close();
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

/** A browser's connection to the vault, if the round has one. */
async function openTill(cards: Cards): Promise<HttpLine | null> {
  return cards.kind === 'checkout' && cards.vaultUrl !== undefined ? openLine(cards.vaultUrl) : null;
}

interface Lines {
  readonly line: HttpLine;
  readonly vault: HttpLine | null;
}

function leadLife(round: Round, number: number, { line, vault }: Lines, latencies: Latencies): Promise<void> {
  const { key, sellers, buyers, name, cards } = round;
  const reference = `${name}-${number}`;
  const pick = (ids: readonly string[]): string => ids[number % ids.length] as string;
  const cents = cards.kind === 'checkout' && number % DEAR_EVERY === 1 ? DEAR_CENTS : PRICE_CENTS;
  const timed = async (kind: Timed, sending: () => Promise<HttpAnswer>): Promise<HttpAnswer> => {
    const began = monotonicMs();
    const answer = await sending();
    latencies[kind].push(monotonicMs() - began);
    return answer;
  };
  const checkout: Checkout = async () => {
    if (cards.kind === 'stub') return { token: STUB_TOKEN };
    if (vault === null) return { token: STUB_TOKEN, cardholder: CARDHOLDER };
    const answer = await timed('tokenize', () => tokenize(vault, round));
    if (answer.status !== 201) throw new Error(`no token: ${answer.status} ${answer.body}`);
    return { token: (JSON.parse(answer.body) as { token: string }).token, cardholder: CARDHOLDER };
  };
  return live({ seller: pick(sellers), buyer: pick(buyers), reference, cents }, checkout, ({ kind, path, body }) => {
    const headers = `authorization: Bearer ${key}\r\nidempotency-key: ${reference}-${kind}\r\n`;
    return timed(kind, () => line.send('POST', path, headers, body));
  });
}

/** The post of the hosted fields. */
function tokenize(vault: HttpLine, { marketplace, cards }: Round): Promise<HttpAnswer> {
  const origin = cards.kind === 'checkout' ? (cards.vaultUrl ?? '') : '';
  return vault.send('POST', '/v1/tokens', browserHeaders(origin), JSON.stringify({ marketplace, card: CARD }));
}
