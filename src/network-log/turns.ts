/** So many at a time; who comes later waits for a turn, in the order of coming. */
export interface Turns {
  take(): Promise<void>;
  give(): void;
}

/** A counting semaphore, first come first served. */
export function createTurns(limit: number): Turns {
  const waiting: (() => void)[] = [];
  let free = limit;
  return {
    take: () => {
      if (free > 0) {
        free -= 1;
        return Promise.resolve();
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    give: () => {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}
