/**
 * Business time of all lives, in half-days. A life acts until it waits; when all of them wait, the clock may go on to the
 * next half-day that anybody waits for. Nothing here looks at a clock, so what a life does when follows from its plan.
 */
export interface Calendar {
  /** Half-days since the first. */
  readonly now: () => number;
  /** Resolves that many half-days from now, at least one. */
  wait(halfDays: number): Promise<void>;
  /** Lets a life begin now. It must not throw. */
  begin(life: () => Promise<void>): void;
  /** Acts of one life side by side; each may wait by itself. */
  together<Value>(acts: readonly (() => Promise<Value>)[]): Promise<Value[]>;
  /** Resolves when nobody acts, with the next half-day that somebody waits for; null when all lives have ended. */
  untilAllWait(): Promise<number | null>;
  /** This half-day has come: whoever waited for it acts. */
  reach(halfDay: number): void;
}

export function makeCalendar(): Calendar {
  const waiting = new Map<number, (() => void)[]>();
  let now = 0;
  let acting = 0;
  let onRest: (() => void) | null = null;
  const rest = (): void => {
    acting -= 1;
    if (acting === 0) onRest?.();
  };
  return {
    now: () => now,
    wait: (halfDays) => {
      const due = now + Math.max(1, halfDays);
      const waits = new Promise<void>((resolve) => waiting.set(due, [...(waiting.get(due) ?? []), resolve]));
      rest();
      return waits;
    },
    begin: (life) => {
      acting += 1;
      void life().then(rest);
    },
    together: (acts) => {
      acting += acts.length - 1;
      let left = acts.length;
      // The last to finish goes on as the life itself.
      const ended = (): void => {
        left -= 1;
        if (left > 0) rest();
      };
      return Promise.all(acts.map((act) => act().finally(ended)));
    },
    untilAllWait: async () => {
      if (acting > 0) await new Promise<void>((resolve) => (onRest = resolve));
      onRest = null;
      return waiting.size === 0 ? null : Math.min(...waiting.keys());
    },
    reach: (halfDay) => {
      now = halfDay;
      const due = waiting.get(halfDay) ?? [];
      waiting.delete(halfDay);
      acting += due.length;
      for (const resolve of due) resolve();
    },
  };
}
