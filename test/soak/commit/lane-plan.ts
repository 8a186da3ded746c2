/**
 * What a lane commits, step by step: one order after another, each opened, paid in parts and released. A pure function of
 * seed, lane and step, so that whoever lost an answer can send the very same unit again, from another process too, and the
 * proof knows what every unit must have left. About one unit in twenty must be refused and leave nothing.
 */
import { addDays } from '../../../src/base/clock.ts';
import { seededRandom } from '../../../src/base/random.ts';
import { type CommitUnit, commandKey, deadline } from '../../../src/journal/index.ts';
import type { CommitResult } from '../../../src/journal/unit.ts';
import {
  AT,
  type Change,
  CLIENT,
  type Effect,
  idOf,
  MARKET_STANDS,
  ORDER_STEPS,
  type OrderPlan,
  opening,
  orderRow,
  payment,
  release,
} from './order-units.ts';

export interface Step {
  readonly lane: number;
  readonly number: number;
  /** The command's key; a step that repeats an earlier command has that one's. */
  readonly key: string;
  readonly unit: CommitUnit;
  /** The only right answer to the first try. */
  readonly expected: CommitResult['code'];
  /** With `repeated`: whether the fields agree with those the key was first used with. */
  readonly sameFields: boolean;
  /** Null: it is refused and must leave nothing. */
  readonly effect: Effect | null;
}

const REFUSED_STEP = 3;
const REFUSED_CHANCE = 0.4;
const REFUSALS = ['stale', 'overdrawn', 'taken', 'again', 'reused'] as const;
type Refusal = (typeof REFUSALS)[number];

interface PlannedOrder extends OrderPlan {
  readonly refusal: Refusal | null;
}

export function planStep(seed: number, lane: number, number: number): Step {
  const order = planOrder(seed, lane, Math.floor(number / ORDER_STEPS));
  const refused = number % ORDER_STEPS === REFUSED_STEP && order.refusal !== null;
  return refused ? refusedStep(order, number, order.refusal) : committedStep(order, number);
}

function planOrder(seed: number, lane: number, number: number): PlannedOrder {
  const mixed = Math.imul(seed, 0x9e3779b1) ^ Math.imul(lane, 0x85ebca6b) ^ Math.imul(number, 0xc2b2ae35);
  const random = seededRandom(mixed);
  const amounts = Array.from({ length: ORDER_STEPS }, () => BigInt(random.integer(1, 100_000)));
  const refusal = random.chance(REFUSED_CHANCE) ? random.pick(REFUSALS) : null;
  return { seed, lane, amounts, refusal, number, skipped: refusal === null ? null : REFUSED_STEP };
}

function committedStep(order: PlannedOrder, number: number): Step {
  const position = number % ORDER_STEPS;
  const row = orderRow(order, position);
  const act = position === 0 ? opening : position === ORDER_STEPS - 1 ? release : payment;
  const change = act(order, row, number);
  const guarded = { ...change, guards: [...change.guards, MARKET_STANDS] };
  return { ...stepOf(order, number, guarded), effect: change.effect };
}

/** A unit that the journal must refuse, or answer without doing anything. */
function refusedStep(order: PlannedOrder, number: number, refusal: Refusal): Step {
  const row = orderRow(order, REFUSED_STEP);
  const previous = committedStep(order, number - 1);
  switch (refusal) {
    case 'stale': {
      const stale = payment(order, { ...row, version: row.version - 1 }, number);
      return { ...stepOf(order, number, stale), expected: 'version_conflict' };
    }
    case 'overdrawn': {
      const captured = { ...row.captured, amount: row.captured.amount + 1n };
      return { ...stepOf(order, number, release(order, { ...row, captured })), expected: 'insufficient_balance' };
    }
    case 'taken': {
      const another = { ...orderRow(order, 0), id: idOf('ord', `taken ${row.id}`) };
      return { ...stepOf(order, number, opening(order, another, number)), expected: 'guard_failed' };
    }
    case 'again':
      return { ...previous, number, expected: 'repeated', effect: null };
    case 'reused': {
      const other = stepOf(order, number, payment(order, row, number), previous.key);
      return { ...other, expected: 'repeated', sameFields: false };
    }
  }
}

function stepOf({ lane }: PlannedOrder, number: number, change: Change, key = keyOf(lane, number)): Step {
  const { job, row } = change.effect;
  const unit: CommitUnit = {
    at: AT,
    // The step's number stands for the fields of a request: the same key with another number is another request.
    command: commandKey(CLIENT, key, 'soak', { number }),
    events: change.events,
    writes: change.writes,
    guards: change.guards,
    jobs: [deadline(job.kind, row.id, addDays(AT, 14), { unit: key })],
    answer: { unit: key },
  };
  return { lane, number, key, unit, expected: 'committed', sameFields: true, effect: null };
}

export const keyOf = (lane: number, number: number): string => `${lane}.${number}`;

/** The lane and the step that a key names; null for a key of no lane. */
export function stepOfKey(key: string): { readonly lane: number; readonly number: number } | null {
  const match = /^(\d+)\.(\d+)$/.exec(key);
  return match === null ? null : { lane: Number(match[1]), number: Number(match[2]) };
}
