/**
 * What the soak `node-kill` and its child tell each other: one order to the child, then one line for each acknowledgment
 * through its standard output. A line counts once its end has been read: what a killed child left unfinished is nothing.
 */
import type { Acknowledgment } from './lanes.ts';

/** To the child, once; the message `stop` ends it in order. */
export interface LanesOrder {
  readonly url: string;
  readonly seed: number;
  readonly from: readonly number[];
  readonly wereInFlight: boolean;
}

const LINE = /^(\d+) (\d+) (committed|found|refused) (\d+|-) (\d+)$/;

export const formatAcknowledgment = ({ lane, number, outcome, seq, unknown }: Acknowledgment): string =>
  `${lane} ${number} ${outcome} ${seq ?? '-'} ${unknown}\n`;

/** Null: not an acknowledgment. */
export function parseAcknowledgment(line: string): Acknowledgment | null {
  const [, lane, number, outcome, seq, unknown] = LINE.exec(line) ?? [];
  if (outcome === undefined) return null;
  return {
    lane: Number(lane),
    number: Number(number),
    outcome: outcome as Acknowledgment['outcome'], // the pattern knows no other
    seq: seq === '-' || seq === undefined ? null : BigInt(seq),
    unknown: Number(unknown),
  };
}

/** Calls `take` with each whole line of a stream of chunks. */
export function wholeLines(take: (line: string) => void): (chunk: unknown) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) take(line);
  };
}
