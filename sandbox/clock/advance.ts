/**
 * Stepping business time. The clock never jumps over anything: it goes to the next instant at which some participant will
 * act by itself, tells everybody, waits until all are idle, and goes on. Two idle rounds in a row are asked for, because a
 * participant that has just been found idle may have been given work by another one a moment later.
 */
import { type Instant, monotonicMs, msOf, parseInstant, sleep } from '../../src/base/clock.ts';
import { answeredObject, call } from '../base/http-client.ts';
import type { ClockState, Participant } from './clock-state.ts';

export type AdvanceOutcome =
  | { readonly done: true; readonly now: Instant; readonly steps: number; readonly skipped: readonly string[] }
  | { readonly done: false; readonly busy: readonly string[] };

export interface AdvanceLimits {
  /** A participant silent for this long is skipped for the rest of the advance. Wall milliseconds. */
  readonly silentMs: number;
  /** A participant that is not idle after this long stops the advance. Wall milliseconds. */
  readonly busyMs: number;
}

export const DEFAULT_LIMITS: AdvanceLimits = { silentMs: 10_000, busyMs: 120_000 };

/** Waits between rounds, growing to the contract's 15 ms: an idle world is passed in a few milliseconds a step. */
const WAITS_MS = [1, 2, 4, 8, 15] as const;

/** Steps to `targetMs` since 1970 (not before now). */
export async function advance(state: ClockState, targetMs: number, limits: AdvanceLimits): Promise<AdvanceOutcome> {
  const skipped: Skipped = new Map();
  for (let steps = 0; ; steps += 1) {
    const settled = await settle(state, skipped, limits);
    if (!settled.idle) return { done: false, busy: settled.busy };
    if (msOf(state.now()) >= targetMs) return { done: true, now: state.now(), steps, skipped: [...skipped.keys()] };
    state.moveTo(Math.min(targetMs, settled.nextDueMs ?? targetMs));
  }
}

/** Names of the silent, each with the joining it was silent after. */
type Skipped = Map<string, number>;

type Settled =
  | { readonly idle: true; readonly nextDueMs: number | null }
  | { readonly idle: false; readonly busy: readonly string[] };

/** Tells everybody the offset and waits for two rounds in which all are idle. Between them only those who were busy are asked. */
async function settle(state: ClockState, skipped: Skipped, limits: AdvanceLimits): Promise<Settled> {
  const began = monotonicMs();
  const heard = new Map<string, number>();
  const told = new Map<string, number>();
  let awaited: ReadonlySet<string> | null = null;
  for (let round = 0, idleRounds = 0; ; round += 1) {
    const present = state
      .participants()
      .filter(({ name, joins }) => skipped.get(name) !== joins && awaited?.has(name) !== false);
    const answers = await Promise.all(present.map((participant) => ask(participant, state, told)));
    const at = monotonicMs();
    for (const { name, answered, joins } of answers) {
      if (answered) heard.set(name, at);
      else if (at - (heard.get(name) ?? began) >= limits.silentMs) skipped.set(name, joins);
    }
    const counted = answers.filter(({ name, joins }) => skipped.get(name) !== joins);
    const busy = counted.filter((answer) => !answer.idle).map((answer) => answer.name);
    idleRounds = busy.length === 0 && awaited === null ? idleRounds + 1 : 0;
    if (idleRounds === 2) return { idle: true, nextDueMs: earliest(counted.map((answer) => answer.nextDue)) };
    if (busy.length > 0 && at - began >= limits.busyMs) return { idle: false, busy };
    if (busy.length > 0) await sleep(WAITS_MS[Math.min(round, WAITS_MS.length - 1)] ?? 15);
    awaited = busy.length > 0 ? new Set(busy) : null;
  }
}

const GET_STATUS = { method: 'GET' } as const;

interface Answer {
  readonly name: string;
  readonly joins: number;
  readonly answered: boolean;
  readonly idle: boolean;
  readonly nextDue: Instant | null;
}

/** One question to one participant; it is told the offset with it whenever it has not confirmed it yet. */
async function ask(participant: Participant, state: ClockState, told: Map<string, number>): Promise<Answer> {
  const { name, url, joins } = participant;
  const silent: Answer = { name, joins, answered: false, idle: false, nextDue: null };
  const offsetMs = state.offsetMs();
  const question = told.get(name) === offsetMs ? GET_STATUS : { method: 'POST' as const, body: { offsetMs } };
  const answer = answeredObject(await call({ ...question, url, timeoutMs: 2_000 }));
  if (answer === null) return silent;
  told.set(name, offsetMs);
  const nextDue = parseInstant(answer.nextDue);
  // Somebody who is idle although his next instant has come is not: time moved on while he answered.
  const idle = answer.idle === true && (nextDue === null || msOf(nextDue) > msOf(state.now()));
  return { name, joins, answered: true, idle, nextDue };
}

function earliest(dues: readonly (Instant | null)[]): number | null {
  const known = dues.filter((due) => due !== null).map(msOf);
  return known.length === 0 ? null : Math.min(...known);
}
