/**
 * Lanes: many callers of commit() at once, each with one unit in flight, that never give up. A unit whose outcome is
 * unknown goes out again under the same key until the answer is definite; an answer that the plan does not allow is a
 * failure, whatever was killed meanwhile.
 */
import { monotonicMs, sleep } from '../../../src/base/clock.ts';
import { Fault } from '../../../src/base/fault.ts';
import { toJson } from '../../../src/base/json.ts';
import type { Committer } from '../../../src/journal/index.ts';
import type { CommitResult } from '../../../src/journal/unit.ts';
import { keyOf, planStep, type Step } from './lane-plan.ts';

/** A definite answer to one step. */
export interface Acknowledgment {
  readonly lane: number;
  readonly number: number;
  /** `found`: committed by an earlier try whose answer was lost; its key said so. */
  readonly outcome: 'committed' | 'found' | 'refused';
  /** With `committed`. */
  readonly seq: bigint | null;
  /** Faults before it that left the outcome unknown. */
  readonly unknown: number;
}

export interface LanesSettings {
  readonly seed: number;
  /** The first step of each lane without a definite answer. */
  readonly from: readonly number[];
  /** Those steps were on their way when the process that sent them was killed: they may be in the journal. */
  readonly wereInFlight?: boolean;
  /** The lanes take turns over these. */
  readonly committers: readonly Committer[];
  readonly acknowledge: (acknowledgment: Acknowledgment) => void;
}

export interface Lanes {
  /** What a caller must never see: a wrong answer, a fault of no known kind, no answer at all. The lane ends with it. */
  readonly failures: readonly string[];
  /** How often which allowed fault was thrown. */
  readonly faults: ReadonlyMap<string, number>;
  /** No new units; resolves when every one that was sent has a definite answer. */
  stop(): Promise<void>;
}

/** What commit() may throw while something is being killed: the outcome is unknown, or certainly nothing happened. */
const ALLOWED_FAULTS = ['database_unavailable', 'database_full'];
const PAUSE_MS = 25;
const DEFINITE_LIMIT_MS = 120_000;

export function startLanes(settings: LanesSettings): Lanes {
  const failures: string[] = [];
  const faults = new Map<string, number>();
  const count = ({ code }: Fault): void => void faults.set(code, (faults.get(code) ?? 0) + 1);
  let stopped = false;
  const live = async (lane: number, from: number): Promise<void> => {
    const committer = settings.committers[lane % settings.committers.length] as Committer;
    for (let number = from; !stopped; number += 1) {
      const mayBeThere = number === from && settings.wereInFlight === true;
      settings.acknowledge(await insist(committer, planStep(settings.seed, lane, number), { mayBeThere, count }));
    }
  };
  const lanes = settings.from.map((from, lane) =>
    live(lane, from).catch(
      (error: unknown) => void failures.push(error instanceof Error ? error.message : String(error)),
    ),
  );
  return {
    failures,
    faults,
    stop: async () => {
      stopped = true;
      await Promise.all(lanes);
    },
  };
}

interface Insisting {
  readonly mayBeThere: boolean;
  readonly count: (fault: Fault) => void;
}

async function insist(committer: Committer, step: Step, { mayBeThere, count }: Insisting): Promise<Acknowledgment> {
  const began = monotonicMs();
  for (let unknown = 0; ; unknown += 1) {
    const result = await committer.commit(step.unit).catch((error: unknown) => allowed(step, error));
    if (!(result instanceof Fault)) {
      const outcome = judge(step, result, mayBeThere || unknown > 0);
      const seq = result.code === 'committed' ? result.seq : null;
      return { lane: step.lane, number: step.number, outcome, seq, unknown };
    }
    count(result);
    if (monotonicMs() - began > DEFINITE_LIMIT_MS)
      throw new Error(`${nameOf(step)}: no definite answer: ${result.message}`);
    await sleep(PAUSE_MS);
  }
}

function allowed(step: Step, error: unknown): Fault {
  if (error instanceof Fault && error.retryable && ALLOWED_FAULTS.includes(error.code)) return error;
  throw new Error(`${nameOf(step)}: commit() threw ${error}`, { cause: error });
}

/** The outcome that an answer tells of. Throws when the plan does not allow that answer. */
function judge(step: Step, result: CommitResult, mayBeThere: boolean): Acknowledgment['outcome'] {
  const isKnown = result.code === 'repeated' && toJson(result.answer) === toJson({ unit: step.key }) && !result.open;
  const agrees = isKnown && result.sameFields === step.sameFields;
  if (step.expected === 'committed') {
    if (result.code === 'committed') return 'committed';
    if (agrees && mayBeThere) return 'found';
  } else if (step.expected === result.code && (agrees || result.code !== 'repeated')) {
    return 'refused';
  }
  throw new Error(`${nameOf(step)}: answered ${toJson(result)} instead of ${step.expected}`);
}

const nameOf = ({ lane, number }: Step): string => `unit ${keyOf(lane, number)}`;
