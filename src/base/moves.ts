/** State machines: the states with the legal moves out of each. The database repeats the states as a check. */
import { assert } from './assert.ts';

export type Moves = Readonly<Record<string, readonly string[]>>;

export const isLegalMove = (moves: Moves, from: string, to: string): boolean => moves[from]?.includes(to) === true;

/** An illegal move that gets this far is a bug: what may be refused was refused before. `what` names the row. */
export function assertMove(moves: Moves, what: string, from: string, to: string): void {
  assert(isLegalMove(moves, from, to), `${what}: ${from} → ${to} is not a move`);
}
