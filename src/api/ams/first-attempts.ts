/**
 * First attempts to tell one client, made at once: so many at a time, the others wait for a turn. Their outcomes are handed on in
 * lots, each when the last attempt of the lot has ended: what is kept of a lot goes to the database as one batch, while the next
 * one is under way. One by one, each would be a transaction of its own (measured: a fifth of what a payment costs the database).
 */
import { createTurns } from '../../network-log/index.ts';

export type FirstAttempts = <Outcome>(attempt: () => Promise<Outcome>) => Promise<Outcome>;

interface Lot {
  /** How many have joined it, and how many of them have not ended. */
  size: number;
  underWay: number;
  readonly over: PromiseWithResolvers<void>;
}

const LOT = 64;

export function createFirstAttempts(atOnce: number): FirstAttempts {
  const turns = createTurns(atOnce);
  let open: Lot | null = null;
  const join = (): Lot => {
    const lot = open ?? { size: 0, underWay: 0, over: Promise.withResolvers() };
    lot.size += 1;
    lot.underWay += 1;
    open = lot.size < LOT ? lot : null;
    return lot;
  };
  const leave = (lot: Lot): Promise<void> => {
    lot.underWay -= 1;
    // Nobody joins what has begun to end: else a lot would go on for as long as somebody is always being told.
    if (open === lot) open = null;
    if (lot.underWay === 0) lot.over.resolve();
    return lot.over.promise;
  };
  return async (attempt) => {
    const lot = join();
    await turns.take();
    try {
      return await attempt();
    } finally {
      turns.give();
      await leave(lot);
    }
  };
}
