/** What was acknowledged: every definite answer that reached the soak, and how long nobody got one. */
import { monotonicMs, sleep } from '../../../src/base/clock.ts';
import type { Acknowledgment } from './lanes.ts';

export interface CommitRecord {
  readonly seed: number;
  /** By lane, by step: the seq that was acknowledged; null where the answer carries none. */
  readonly lanes: readonly (bigint | null)[][];
  readonly counts: Counts;
  acknowledge(acknowledgment: Acknowledgment): void;
  /** The longest time without an acknowledgment since it was last asked. Milliseconds. */
  takeSilence(): number;
}

export interface Counts {
  acknowledged: number;
  committed: number;
  refused: number;
  /** Answers that left the outcome unknown. */
  unknownAnswers: number;
  /** Units that had at least one of those. */
  unknownUnits: number;
  /** Of these: in the journal already, as the repeat was told. */
  foundCommitted: number;
}

export function newCommitRecord(seed: number, lanes: number): CommitRecord {
  const counts: Counts = {
    acknowledged: 0,
    committed: 0,
    refused: 0,
    unknownAnswers: 0,
    unknownUnits: 0,
    foundCommitted: 0,
  };
  const steps: (bigint | null)[][] = Array.from({ length: lanes }, () => []);
  let last = monotonicMs();
  let silence = 0;
  return {
    seed,
    lanes: steps,
    counts,
    acknowledge: ({ lane, number, outcome, seq, unknown }) => {
      const known = steps[lane] as (bigint | null)[];
      if (number !== known.length) throw new Error(`lane ${lane} answered step ${number}, not ${known.length}`);
      known.push(seq);
      counts.acknowledged += 1;
      counts[outcome === 'refused' ? 'refused' : 'committed'] += 1;
      counts.unknownAnswers += unknown;
      if (unknown > 0) counts.unknownUnits += 1;
      if (outcome === 'found') counts.foundCommitted += 1;
      const now = monotonicMs();
      silence = Math.max(silence, now - last);
      last = now;
    },
    takeSilence: () => {
      const longest = Math.max(silence, monotonicMs() - last);
      silence = 0;
      return longest;
    },
  };
}

const SERVED_LIMIT_MS = 60_000;

/** Resolves when every lane has had two more answers on average: the load is full again. */
export async function untilServed(record: CommitRecord): Promise<void> {
  const began = monotonicMs();
  const wanted = record.counts.acknowledged + 2 * record.lanes.length;
  while (record.counts.acknowledged < wanted) {
    if (monotonicMs() - began > SERVED_LIMIT_MS)
      throw new Error(`${SERVED_LIMIT_MS / 1000} s after a kill the load is not served again`);
    await sleep(10);
  }
}

/** For the printed result; `seconds` under load. */
export function countsOf({ lanes, counts }: CommitRecord, seconds: number): { readonly [name: string]: unknown } {
  const { unknownUnits, foundCommitted, ...rest } = counts;
  return {
    unitsInFlight: lanes.length,
    ...rest,
    resolvedByKey: unknownUnits,
    ofTheseAlreadyCommitted: foundCommitted,
    unitsPerSecond: Math.round(counts.committed / seconds),
    seconds: Math.round(seconds * 10) / 10,
  };
}
